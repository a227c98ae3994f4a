"""The life of papers: a blueprint that the bank cannot serve, mended; three parallel forms, one item swapped,
approved by somebody else, sealed, printed; then a skill paper. On the shipped bank, with a real worker.
"""

import re
import subprocess
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, Page, Route, expect

from exams.assembly.models import Paper
from exams.assembly.queries import placed_items
from tests.factories.assembly import BlueprintFactory, BlueprintSectionFactory
from tests.factories.bank import ItemFactory, knowledge_points
from tests.factories.people import PASSWORD, item_manager
from tests.factories.standard import LevelFactory
from tests.journeys.walk import check_page, log_in, picture

MAKER, CHECKER = "13800000002", "13800000007"
NAME, CODE = "三级理论知识考试（平行卷）", "l3-theory-parallel"


@pytest.fixture
def bank(celery_worker) -> None:
    root = settings.FIXTURES_ROOT
    call_command("load_standard", str(root / "standards"), verbosity=0)
    call_command("load_items", str(root / "items" / "level3"), verbosity=0)
    call_command("load_blueprints", str(root / "blueprints"), verbosity=0)
    item_manager(mobile=MAKER, name="周敏")
    item_manager(mobile=CHECKER, name="郑国华")


def test_life_of_papers(bank, live_server, browser: Browser, browser_context_args, tmp_path: Path):
    base = live_server.url
    screen = {**browser_context_args, "viewport": {"width": 1280, "height": 860}}
    contexts = [browser.new_context(**screen) for _ in (MAKER, CHECKER)]
    maker, checker = (context.new_page() for context in contexts)
    log_in(maker, base, MAKER, PASSWORD)
    log_in(checker, base, CHECKER, PASSWORD)
    _write_a_blueprint(maker, base)
    _assemble_three_forms(maker)
    form_a = Paper.objects.get(form="A")
    _swap_an_item(maker, base, form_a)
    _cannot_approve_alone(maker, base, form_a)
    _cannot_look_unnamed(checker, base, form_a)
    _name_the_checker(maker)
    _approve(checker, base, form_a)
    _look_and_print_with_a_reason(maker, base, form_a, tmp_path)
    assert _verified(form_a.code).startswith(f"试卷 {form_a.code} 满足定稿时的全部要求，内容与摘要一致。")
    skill = _assemble_a_skill_paper(maker, base)
    _print_its_rubrics(maker, base, skill, tmp_path)
    assert _verified(skill.code).startswith(f"试卷 {skill.code} 满足定稿时的全部要求，内容与摘要一致。")
    for context in contexts:
        context.close()


@pytest.fixture
def small_bank(transactional_db) -> None:
    """Twenty singles of five points from a bank that has four items on every knowledge point."""
    level = LevelFactory(complete=True)
    blueprint = BlueprintFactory(code="small", extra_per_knowledge=10, facility_least=Decimal("0.550"))
    BlueprintSectionFactory(blueprint=blueprint, type="single", count=20, points=5)
    for number, point in enumerate(knowledge_points(level) * 4, start=1):
        ItemFactory(code=f"3-{number:03d}", knowledge=point, difficulty=number % 3 + 2)
    item_manager(mobile=MAKER)


def test_blueprint_is_checked_and_saved_without_scripts(
    small_bank, live_server, browser: Browser, browser_context_args
):
    base = live_server.url
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    log_in(page, base, MAKER, PASSWORD)
    page.goto(f"{base}/blueprints/small/")
    forecast, least = page.locator("#forecast"), page.locator("[name=quota_difficulty_2_least]")
    least.fill("105")
    page.get_by_role("button", name="试组一份").click()
    expect(forecast).to_contain_text("蓝图有错误")
    least.fill("100")
    page.get_by_role("button", name="再试一次").click()
    expect(forecast).to_contain_text("不能组成")
    expect(forecast.locator(".notice.bad")).to_contain_text("难度“较易”至少 100 分")
    expect(least).to_have_value("100")  # what was typed stays
    least.fill("20")
    page.get_by_role("button", name="再试一次").click()
    expect(forecast.locator(".pill")).to_have_text("能组成")
    page.get_by_role("button", name="计算", exact=True).click()
    expect(page.locator("#room")).to_contain_text("份")
    expect(page.locator("#room .pill")).to_have_text("上界已证明")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("main")).to_contain_text("已保存。")
    expect(least).to_have_value("20")
    context.close()


# --- The blueprint


def _write_a_blueprint(page: Page, base: str) -> None:
    page.goto(f"{base}/")
    check_page(page)
    page.goto(f"{base}/papers/")
    check_page(page)
    page.get_by_role("link", name="蓝图", exact=True).click()
    check_page(page)
    page.get_by_role("link", name="三级理论知识考试", exact=True).click()
    check_page(page)
    page.get_by_role("link", name="复制", exact=True).click()
    check_page(page)
    page.get_by_label("名称").fill(NAME)
    page.get_by_label("代码").fill(CODE)
    forecast = page.locator("#forecast")
    expect(forecast).to_contain_text("能组成")
    _ask_too_much(page)
    expect(forecast).to_contain_text("不能组成")
    expect(forecast.locator(".notice.bad")).to_contain_text("难度“很难”至少 60 分")
    expect(forecast).to_contain_text("没有找到只靠补充题目就能满足全部要求的办法")
    check_page(page)
    _mend(page)
    expect(forecast.locator(".pill", has_text="能组成")).to_have_text("能组成")
    page.get_by_role("button", name="计算", exact=True).click()
    expect(page.locator("#room")).to_contain_text("正好 3 份")
    expect(page.locator("#room")).to_contain_text("上界已证明")
    check_page(page)
    page.locator("#sections").evaluate("one => one.scrollIntoView()")
    picture(page, "blueprint")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(f"{base}/blueprints/{CODE}/")
    expect(page.locator("main")).to_contain_text("改动记录")
    check_page(page)


def _ask_too_much(page: Page) -> None:
    """Fewer singles for one more multiple, and more hard questions than a middling paper can have."""
    page.get_by_label("题量").nth(0).fill("58")
    page.get_by_label("题量").nth(2).fill("11")
    page.locator("[name=quota_difficulty_5_least]").fill("60")


def _mend(page: Page) -> None:
    page.locator("[name=quota_difficulty_5_least]").fill("4")


# --- Three parallel forms


def _assemble_three_forms(page: Page) -> None:
    page.get_by_role("link", name="用它组卷").click()
    page.get_by_label("卷数").fill("3")
    check_page(page)
    page.get_by_role("button", name="开始组卷").click()
    check_page(page)
    expect(page.get_by_role("heading", name="各卷并列")).to_be_visible(timeout=30_000)  # nobody reloads
    expect(page.locator("main")).to_contain_text("各卷平均难度")
    points = _rows_of(page, "各职业功能的分值")
    assert len(points) == 7
    assert all(len({wanted, *forms}) == 1 for wanted, *forms in points), points
    assert [sum(int(row[column]) for row in points) for column in range(4)] == [100] * 4
    for _wanted, *forms in _rows_of(page, "题型"):
        assert len(set(forms)) == 1, forms
    shared = _rows_of(page, "与其他卷相同的题目")
    assert {value for _wanted, *forms in shared for value in forms} == {"—", "0"}
    check_page(page)
    page.locator(".page-head").evaluate("one => one.scrollIntoView()")
    picture(page, "forms")
    page.get_by_role("button", name="把 3 份都存为草稿").click()
    expect(page.locator("main")).to_contain_text("草稿可以换题；由另一位有组卷权限的人核对批准后封存")
    check_page(page)


def _rows_of(page: Page, title: str) -> list[list[str]]:
    """Return what is wanted and what each form has, row by row, under a heading of the table."""
    group = page.locator("table.forms tbody").filter(has=page.get_by_role("rowheader", name=title))
    return [row.locator("td.n").all_inner_texts() for row in group.locator("tr:not(.group)").all()]


def _swap_an_item(page: Page, base: str, paper: Paper) -> None:
    page.get_by_role("link", name=f"A · {paper.code}").click()
    page.wait_for_url(f"{base}/papers/{paper.code}/")
    check_page(page)
    page.get_by_role("link", name="看题、换题").click()
    expect(page.locator("main")).to_contain_text("本次查看已记入试卷的记录")
    check_page(page)
    first = page.locator("#item-1")
    old = first.locator(".stem").inner_text()
    first.get_by_role("link", name="换题").click()
    check_page(page)
    new = page.locator("section.item .stem").first.inner_text()
    page.get_by_role("button", name="换上").first.click()
    expect(page.locator("main")).to_contain_text("复核无误，试卷仍满足全部要求")
    expect(first.locator(".stem")).to_have_text(new)
    assert new != old


# --- Two people


def _cannot_approve_alone(page: Page, base: str, paper: Paper) -> None:
    page.goto(f"{base}/papers/{paper.code}/")
    card = page.locator(".card").filter(has=page.get_by_role("heading", name="待批准"))
    expect(card).to_contain_text("独立复核（不经求解器，重新计数）：89 题、100 分")
    expect(card).to_contain_text("这份试卷由您定稿，须由另一位有组卷权限的人核对后批准。")
    expect(page.get_by_role("button", name="批准并封存")).to_have_count(0)
    check_page(page)


def _cannot_look_unnamed(page: Page, base: str, paper: Paper) -> None:
    page.goto(f"{base}/papers/?status=draft")
    check_page(page)
    page.get_by_role("link", name=paper.code).click()
    expect(page.locator("main")).to_contain_text("批准前要核对题目与答案；请定稿人先把您列为查看人。")
    expect(page.get_by_role("link", name="查看题目与答案")).to_have_count(0)
    expect(page.get_by_role("heading", name="打印", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="批准并封存")).to_have_count(0)
    check_page(page)
    assert page.goto(f"{base}/papers/{paper.code}/items/").status == 403
    check_page(page)


def _name_the_checker(page: Page) -> None:
    page.get_by_label("查看人").select_option(label="郑国华")
    page.get_by_role("button", name="指定为查看人").click()
    expect(page.locator("main")).to_contain_text("郑国华 现在可以查看这份试卷的题目。")
    check_page(page)


def _approve(page: Page, base: str, paper: Paper) -> None:
    page.goto(f"{base}/papers/{paper.code}/")
    page.get_by_role("link", name="查看题目与答案").click()
    expect(page.locator("section.item")).to_have_count(89)
    expect(page.get_by_role("link", name="换题")).to_have_count(0)  # who approves it changes nothing
    page.goto(f"{base}/papers/{paper.code}/")
    page.get_by_role("button", name="批准并封存").click()
    expect(page.locator("main")).to_contain_text(f"试卷 {paper.code} 已批准封存。")
    expect(page.locator(".page-head .pill", has_text="可用")).to_be_visible()
    check_page(page)


# --- After sealing


def _look_and_print_with_a_reason(page: Page, base: str, paper: Paper, folder: Path) -> None:
    page.goto(f"{base}/papers/{paper.code}/")
    page.get_by_role("link", name="查看题目与答案").click()
    expect(page.locator("main")).to_contain_text("试卷已封存。每次查看都要写明原因。")
    expect(page.locator("section.item")).to_have_count(0)
    check_page(page)
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator(".errorlist")).to_be_visible()
    page.get_by_label("查看原因").fill("考前核对印刷稿")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("section.item")).to_have_count(89)
    expect(page.get_by_role("link", name="换题")).to_have_count(0)
    stem = page.locator("#item-1 .stem").inner_text()
    check_page(page)
    page.goto(f"{base}/papers/{paper.code}/")
    expect(page.locator("main")).to_contain_text("考前核对印刷稿")
    text = _printed(page, "题本", "送印刷厂", folder)
    assert _squeezed(stem) in text
    page.reload()
    expect(page.locator("main")).to_contain_text("题本 · 送印刷厂")


def _printed(page: Page, piece: str, reason: str, folder: Path) -> str:
    """Print a piece of a sealed paper, and return the words of the PDF without blanks."""
    with page.expect_popup() as popup:
        page.locator("#prints").get_by_role("link", name=piece, exact=True).click()
    ask = popup.value
    ask.wait_for_load_state()
    check_page(ask)
    ask.get_by_label("打印原因").fill(reason)
    ask.route("**/*.pdf", _as_download)
    with ask.expect_download() as download:
        ask.get_by_role("button", name="生成 PDF").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.read_bytes()[:5] == b"%PDF-"
    ask.close()
    return _squeezed(_lines(path))


def _as_download(route: Route) -> None:
    """Let the browser save a PDF that its viewer would show."""
    answer = route.fetch()
    route.fulfill(
        response=answer, headers={**answer.headers, "content-disposition": "attachment; filename=one.pdf"}
    )


def _lines(pdf: Path) -> str:
    return subprocess.run(["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True, text=True).stdout


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _verified(code: str) -> str:
    out = StringIO()
    call_command("assemble", "--verify", code, stdout=out)
    return out.getvalue()


# --- A skill paper


def _assemble_a_skill_paper(page: Page, base: str) -> Paper:
    page.goto(f"{base}/papers/")
    page.get_by_role("link", name="组一份试卷").click()
    page.get_by_label("蓝图").select_option("l3-skill-live")
    check_page(page)
    page.get_by_role("button", name="开始组卷").click()
    expect(page.get_by_role("heading", name="本卷的构成")).to_be_visible(timeout=30_000)
    assert sum(int(value) for _wanted, value in _rows_of(page, "各职业功能的分值")) == 100
    check_page(page)
    page.get_by_role("button", name="存为草稿").click()
    paper = Paper.objects.get(part="skill")
    page.wait_for_url(f"{base}/papers/{paper.code}/")
    check_page(page)
    return paper


def _print_its_rubrics(page: Page, base: str, paper: Paper, folder: Path) -> None:
    """Print the keys of a draft, which takes no reason: the points of all tasks' criteria make 100."""
    address = page.locator("#prints").get_by_role("link", name="标准答案与评分标准", exact=True)
    pdf = page.request.get(base + str(address.get_attribute("href")))
    assert (pdf.status, pdf.headers["content-type"]) == (200, "application/pdf")
    path = folder / "key.pdf"
    path.write_bytes(pdf.body())
    sums = [int(points) for points in re.findall(r"^合计 (\d+)$", _lines(path), re.MULTILINE)]
    assert len(sums) == len(placed_items(paper))
    assert sum(sums) == 100
