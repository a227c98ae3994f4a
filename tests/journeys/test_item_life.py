"""The life of an item: drafted for a hole, returned, mended, approved, and seen in the coverage picture."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from exams.bank.models import Item
from tests.factories.bank_files import load_shipped
from tests.factories.people import PASSWORD, item_reviewer, item_writer
from tests.journeys.walk import check_page, log_in, log_out, picture

WRITER, REVIEWER = "13800000005", "13800000006"
STEM = "一家连锁酒店的客户投诉房间与预订不符，请阅读材料，回答问题。"
HOLE = "/items/new/?type=case&level=3&pool=practice&knowledge=6.2.S2"


@pytest.fixture
def bank(transactional_db) -> None:
    load_shipped()
    item_writer(mobile=WRITER)
    item_reviewer(mobile=REVIEWER)


def test_life_of_a_case(bank, live_server, browser: Browser, browser_context_args):
    base = live_server.url
    context = browser.new_context(**browser_context_args, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    log_in(page, base, WRITER, PASSWORD)
    _find_the_hole(page, base)
    _draft(page)
    log_out(page, base)
    log_in(page, base, REVIEWER, PASSWORD)
    _return(page, base)
    log_out(page, base)
    log_in(page, base, WRITER, PASSWORD)
    _mend(page, base)
    log_out(page, base)
    log_in(page, base, REVIEWER, PASSWORD)
    _approve(page, base)
    _see_it_covered(page, base)
    context.close()


def _find_the_hole(page: Page, base: str) -> None:
    page.goto(f"{base}/items/")
    check_page(page)
    page.locator("[name=text]").fill("投诉")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("#items tbody tr").first).to_contain_text("投诉")
    picture(page, "items")
    page.get_by_role("link", name="覆盖", exact=True).click()
    page.get_by_role("link", name="操作技能考核").click()
    expect(page.get_by_role("link", name="为 6.2.S2 写一道案例分析题（练习库）")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="为 6.2.S2 写一道案例分析题（练习库）").click()
    page.wait_for_url(f"{base}{HOLE}")


def _draft(page: Page) -> None:
    check_page(page)
    page.locator("[name=difficulty]").select_option("3")
    page.locator("[name=cognition]").select_option("apply")
    page.locator("#id_stem").fill(STEM)
    page.locator("[name=material]").fill("客户预订海景房，到店后只剩普通房，前台让他等到晚上八点。")
    _question(page, 1, "这位客户为什么不满？", "期望落空，且没有人主动道歉和补救。")
    _question(page, 2, "请写出处理这件投诉的步骤。", "倾听、致歉、查明、提出方案、跟进。")
    page.get_by_role("button", name="预览与检查").click()
    expect(page.locator("#preview")).to_contain_text("改正后才能预览")  # no criterion yet
    _criterion(page, 0, "说出期望落空与补救缺失", 2, 8)
    _criterion(page, 1, "步骤完整、次序合理", 4, 12)
    page.get_by_role("button", name="预览与检查").click()
    expect(page.locator("#preview")).to_contain_text("考生看到的")
    check_page(page)
    picture(page, "item-editor")
    page.get_by_role("button", name="试答：对照答案").click()
    expect(page.locator("#check")).to_contain_text("人工评分")
    page.get_by_role("button", name="保存并提交审题").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3-S-P16")
    check_page(page)


def _question(page: Page, number: int, stem: str, answer: str) -> None:
    page.locator(f"[name='q{number}.type']").select_option("short_answer")
    page.locator(f"[name='q{number}.stem']").fill(stem)
    page.locator(f"[name='q{number}.model_answer']").fill(answer)


def _criterion(page: Page, row: int, text: str, least: int, most: int) -> None:
    page.locator("[name=criterion_text]").nth(row).fill(text)
    page.locator("[name=criterion_requirement]").nth(row).fill("6.2.S2")
    page.locator("[name=criterion_least]").nth(row).fill(str(least))
    page.locator("[name=criterion_most]").nth(row).fill(str(most))


def _return(page: Page, base: str) -> None:
    page.goto(f"{base}/items/review/")
    check_page(page)
    page.get_by_role("button", name="领取 3-S-P16").click()
    check_page(page)
    page.get_by_label("审题意见").fill("第 2 问请写明要求几步。")
    page.get_by_role("button", name="退回修改").click()
    page.wait_for_url(f"{base}/items/review/")


def _mend(page: Page, base: str) -> None:
    page.goto(f"{base}/items/?mine=on")
    page.get_by_role("link", name="3-S-P16").click()
    expect(page.locator("main")).to_contain_text("第 2 问请写明要求几步。")
    check_page(page)
    page.get_by_role("link", name="修改", exact=True).click()
    check_page(page)
    page.locator("[name='q2.stem']").fill("请写出处理这件投诉的五个步骤。")
    page.get_by_role("button", name="保存并提交审题").click()
    expect(page.locator("#difference")).to_contain_text("第 2 版")
    expect(page.locator("#difference ins").first).to_contain_text("五个")


def _approve(page: Page, base: str) -> None:
    page.goto(f"{base}/items/review/")
    page.get_by_role("button", name="领取 3-S-P16").click()
    picture(page, "item-review")
    page.get_by_role("button", name="审定", exact=True).click()
    page.wait_for_url(f"{base}/items/review/")
    item = Item.objects.get(code="3-S-P16")
    assert (item.state, item.approved_id) == ("approved", item.current_id)


def _see_it_covered(page: Page, base: str) -> None:
    page.goto(f"{base}/items/coverage/?part=skill")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="6.2.S2"))
    approved = Item.objects.filter(
        state="approved",
        approved__level__number=3,
        approved__criteria__requirement__code="6.2.S2",
    ).distinct()
    assert approved.filter(code="3-S-P16").exists()
    expect(row.locator("td.s1").first).to_be_visible()
    counts = row.locator("td.s1, td.s2, td.s3, td.s4").all_inner_texts()
    assert sum(int(re.match(r"\s*(\d+)", text)[1]) for text in counts) == approved.count()
    check_page(page)
    picture(page, "coverage")
