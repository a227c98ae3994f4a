"""The whole way through the product, on the shipped standard and bank, with a real worker.

A visitor signs up, sits a short mock and sees why; an officer admits her to a frozen 100-point paper, which
she answers by keyboard; the registrar enters the skill score and publishes; the worker issues the
certificate; anyone verifies it.
"""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from certs.certificates.models import Certificate
from certs.people.models import Person
from exams.assembly.actions import seal_paper
from exams.assembly.models import Paper, PaperItem
from exams.delivery.models import Attempt
from exams.sittings.actions import create_centre
from tests.factories.bank_files import load_shipped
from tests.factories.people import PASSWORD, exam_officer, item_manager, make_id_number, registrar
from tests.journeys.walk import check_page, log_in, log_out, picture

NAME = "林晓"
NUMBER = make_id_number(4242)
MOBILE = "13912345678"


@pytest.fixture
def world(celery_worker, settings) -> Paper:
    settings.DEMO = True  # the shipped items are samples, which no other mode lets into a real sitting (D13)
    load_shipped()
    create_centre(code="0101", name="城东职业培训考点")
    exam_officer(mobile="13800000003")
    registrar(mobile="13800000004")
    call_command(
        "assemble",
        "--level",
        "3",
        "--part",
        "theory",
        "--pool",
        "live",
        "--seed",
        "7",
        "--freeze",
        stdout=_Quiet(),
    )
    paper = Paper.objects.get(pool="live")
    return seal_paper(paper=paper, by=item_manager(), at=timezone.now())


class _Quiet:
    def write(self, text: str) -> None:
        """The paper is looked at in the database."""


def test_whole_way(world: Paper, live_server, browser: Browser, browser_context_args):
    base = live_server.url
    context = browser.new_context(**browser_context_args, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    _look_around(page, base)
    _sign_up(page, base)
    _sit_a_mock(page, base)
    log_out(page, base)
    _admit(page, base, world)
    _sit_the_real_paper(page, base)
    _publish(page, base)
    _fetch_and_verify(page, base)
    context.close()


def _look_around(page: Page, base: str) -> None:
    for path in (
        "/",
        "/standard/",
        "/standard/3/",
        "/standard/2/",
        "/standard/rules/",
        "/verify/",
        "/login/",
        "/privacy/",
    ):
        assert page.goto(base + path).status == 200, path
        check_page(page)
        if path == "/standard/3/":
            picture(page, "standard")


def _sign_up(page: Page, base: str) -> None:
    page.goto(f"{base}/sign-up/")
    check_page(page)
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("证件号码").fill(NUMBER)
    page.get_by_label("手机号码").fill(MOBILE)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password_again]").fill(PASSWORD)
    page.locator("input[name=consent_account]").check()
    page.locator("main button.primary").click()
    expect(page.locator("details.menu summary")).to_contain_text(NAME)
    page.goto(f"{base}/")
    check_page(page)


def _sit_a_mock(page: Page, base: str) -> None:
    page.goto(f"{base}/mock/")
    check_page(page)
    page.get_by_role("button", name="开始模拟考试").first.click()
    check_page(page)
    _start(page)
    check_page(page)
    _answer_all(page, Attempt.objects.get(kind="mock"), wrong=6)
    picture(page, "room")
    _hand_in(page)
    page.goto(f"{base}/mock/{Attempt.objects.get(kind='mock').pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("70.0 分")
    check_page(page)
    picture(page, "mock-result")
    page.get_by_role("link", name="只看失分的题").click()
    expect(page.locator("article.item")).to_have_count(6)


def _admit(page: Page, base: str, paper: Paper) -> None:
    log_in(page, base, "13800000003", PASSWORD)
    check_page(page)
    page.goto(f"{base}/admissions/")
    check_page(page)
    page.goto(f"{base}/admissions/admit/")
    page.locator("[name=identifier]").fill(NUMBER)
    page.locator("[name=paper]").select_option(str(paper.pk))
    page.locator("[name=centre]").select_option(label="0101 城东职业培训考点")
    check_page(page)
    page.get_by_role("button", name="准予考试").click()
    page.goto(f"{base}/admissions/")
    expect(page.locator("main")).to_contain_text(NAME)
    picture(page, "admissions")
    log_out(page, base)


def _sit_the_real_paper(page: Page, base: str) -> None:
    log_in(page, base, MOBILE, PASSWORD)
    page.get_by_role("link", name="进入考场").click()
    check_page(page)
    _start(page)
    attempt = Attempt.objects.get(kind="real")
    explanations = PaperItem.objects.filter(paper=attempt.paper).values_list(
        "version__explanation", flat=True
    )
    assert not any(text in page.content() for text in explanations)
    _answer_all(page, attempt, wrong=18)
    _hand_in(page)
    check_page(page)
    assert not any(text in page.content() for text in explanations)
    log_out(page, base)


def _publish(page: Page, base: str) -> None:
    log_in(page, base, "13800000004", PASSWORD)
    check_page(page)
    page.goto(f"{base}/results/record/")
    page.locator("[name=identifier]").fill(MOBILE)
    page.locator("[name=level]").select_option("3")
    page.locator("[name=part]").select_option("skill")
    page.locator("[name=kind]").select_option(index=0)
    page.locator("[name=score]").fill("71.5")
    page.locator("[name=sat_on]").fill(datetime.date.today().isoformat())  # noqa: DTZ011  the browser's today
    page.locator("[name=centre]").select_option(label="0101 城东职业培训考点")
    check_page(page)
    page.get_by_role("button", name="记入台账").click()
    page.goto(f"{base}/results/")
    row = page.locator("tr", has_text=NAME)
    for _ in range(20):  # the worker marks what was sealed
        if "评分中" not in row.inner_text():
            break
        page.wait_for_timeout(500)
        page.reload()
    check_page(page)
    picture(page, "publish")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="公布所选成绩").click()
    page.goto(f"{base}/results/people/{Person.objects.get(mobile=MOBILE).pk}/")
    check_page(page)
    log_out(page, base)


def _fetch_and_verify(page: Page, base: str) -> None:
    log_in(page, base, MOBILE, PASSWORD)
    page.goto(f"{base}/my/results/")
    check_page(page)
    picture(page, "results")
    page.goto(f"{base}/certificates/")
    for _ in range(40):  # the worker prints
        if Certificate.objects.filter(issued_at__isnull=False).exists():
            break
        page.wait_for_timeout(500)
    page.reload()
    check_page(page)
    certificate = Certificate.objects.get()
    expect(page.locator("main")).to_contain_text(str(certificate.number))
    pdf = page.request.get(f"{base}/certificates/{certificate.number}/pdf/")
    assert (pdf.status, pdf.body()[:5]) == (200, b"%PDF-")
    log_out(page, base)
    assert page.request.get(f"{base}/certificates/{certificate.number}/pdf/", max_redirects=0).status == 302
    page.goto(f"{base}/verify/")
    page.locator("[name=number]").fill(str(certificate.number))
    page.locator("[name=name]").fill(NAME)
    page.locator("main button.primary").click()
    expect(page.locator("main")).to_contain_text("有效")
    expect(page.locator("main")).not_to_contain_text(NAME)
    check_page(page)
    picture(page, "verify")


# --- In the room --------------------------------------------------------------------------------------------


def _start(page: Page) -> None:
    page.locator("input[name=confirmed]").check()
    page.get_by_role("button", name="开始作答").click()
    page.locator("#answer_form").wait_for()
    page.wait_for_load_state()  # the page is to be seen before its module listens to keys


def _answer_all(page: Page, attempt: Attempt, *, wrong: int) -> None:
    """Answer every question by keyboard in the order the candidate sees, the first `wrong` ones wrongly."""
    items = {
        one.position: one for one in PaperItem.objects.filter(paper=attempt.paper).select_related("version")
    }
    for number, position in enumerate(attempt.item_order, start=1):
        expect(page.locator("#room")).to_have_attribute("data-number", str(number))
        key = items[position].version.key
        is_wrong = number <= wrong
        for letter in _shown(page, _other(key) if is_wrong else key):
            page.keyboard.press(letter)
        expect(page.locator("#receipt")).to_contain_text(f"第 {number} 题已保存")
        if number < len(attempt.item_order):
            page.keyboard.press("ArrowRight")


def _other(key: str) -> str:
    return {"T": "F", "F": "T"}.get(key) or next(letter for letter in "ABCD" if letter not in key)


def _shown(page: Page, letters: str) -> list[str]:
    """Return the letters on screen of the version's own `letters`."""
    return [
        str(page.locator(f"input[name=answer][value={one}]").get_attribute("data-letter")) for one in letters
    ]


def _hand_in(page: Page) -> None:
    page.get_by_role("button", name="检查并交卷").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("全部题目均已作答")
    check_page(page)
    page.get_by_role("button", name="确认交卷").click()
    page.locator("#hand_in_form").wait_for(state="detached")
