"""The exam room in a real browser: keyboard, resume elsewhere, a lost network, the deadline."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from exams.delivery.models import Attempt, Response, ResponseRevision
from tests.exams.delivery.conftest import shift
from tests.factories.delivery import AttemptFactory

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("marking_rule"),
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, live_server: LiveServer, settings: Any) -> Iterator[Opens]:
    """Open an address of an attempt as its candidate, in a browser of its own each time."""
    contexts: list[BrowserContext] = []

    def open_page(attempt: Attempt, name: str = "room", *more: object, size: Any = None) -> Page:
        client = Client()
        client.force_login(attempt.person, backend="certs.people.backends.IdentifierBackend")
        context = browser.new_context(viewport=size or DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        }
        context.add_cookies([{**cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + reverse(name, args=[attempt.pk, *more]))
        return page

    yield open_page
    for context in contexts:
        context.close()


def receipt(page: Page) -> Any:
    return page.locator("#receipt")


def saved(number: int) -> re.Pattern[str]:
    return re.compile(rf"^第 {number} 题已保存 \d\d:\d\d:\d\d$")


def answers(attempt: Attempt) -> dict[int, tuple[str, bool]]:
    rows = Response.objects.filter(attempt=attempt).values_list("position", "answer", "flagged")
    return {position: (letters, flagged) for position, letters, flagged in rows}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_candidate_confirms_answers_by_keyboard_and_hands_in(opens: Opens, size: dict[str, int]) -> None:
    attempt = AttemptFactory(kind="mock")
    page = opens(attempt, size=size)
    page.get_by_label(re.compile("我是上述考生本人")).check()
    page.get_by_role("button", name="开始作答").click()
    expect(page.locator("#stem")).to_be_visible()
    page.wait_for_load_state()  # the page is to be seen before its module listens to keys
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("b")
    expect(receipt(page)).to_have_text(saved(1))
    expect(receipt(page)).to_be_in_viewport()
    expect(page.locator("#clock")).to_be_in_viewport()
    page.keyboard.press("f")
    expect(page.locator("[data-mark='1']")).to_have_class(re.compile("done flag"))
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("/2/$"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("/4/$"))
    page.keyboard.press("A")
    expect(receipt(page)).to_have_text(saved(4))
    page.get_by_role("button", name="下一题").click()
    expect(page).to_have_url(re.compile("/5/$"))
    for letter in "dac":
        page.keyboard.press(letter)
    page.keyboard.press("a")
    expect(receipt(page)).to_have_text(saved(5))
    expect(page.locator("[data-count=answered]")).to_have_text("3")
    page.get_by_role("button", name="检查并交卷").click()
    expect(page.get_by_role("heading", name="还有 2 题未答")).to_be_visible()
    assert answers(attempt) == {1: ("B", True), 4: ("T", False), 5: ("CD", False)}
    page.get_by_role("button", name="确认交卷").click()
    expect(page.get_by_role("heading", name="本场考试已封卷")).to_be_visible()
    attempt.refresh_from_db()
    assert attempt.seal_reason == "handed_in"


def test_candidate_continues_on_another_machine_and_the_older_tab_sees_the_newer_answer(opens: Opens) -> None:
    attempt = AttemptFactory(kind="mock", started=True)
    first = opens(attempt)
    first.keyboard.press("b")
    expect(receipt(first)).to_have_text(saved(1))
    second = opens(attempt)
    expect(second).to_have_url(re.compile("/2/$"))
    second.keyboard.press("ArrowLeft")
    expect(second.locator("[name=answer][value=B]")).to_be_checked()
    second.keyboard.press("c")
    expect(receipt(second)).to_have_text(saved(1))
    first.keyboard.press("d")
    expect(receipt(first)).to_have_text("第 1 题在另一窗口已有更新的作答，现已显示")
    expect(first.locator("[name=answer][value=C]")).to_be_checked()
    assert answers(attempt) == {1: ("C", False)}
    first.keyboard.press("d")
    expect(receipt(first)).to_have_text(saved(1))
    assert answers(attempt) == {1: ("D", False)}


def test_answer_given_without_network_is_kept_and_acknowledged_later(opens: Opens) -> None:
    attempt = AttemptFactory(kind="mock", started=True)
    page = opens(attempt)
    page.context.set_offline(True)
    page.keyboard.press("c")
    expect(receipt(page)).to_have_text("第 1 题未保存，正在重试")
    page.keyboard.press("ArrowRight")
    expect(receipt(page)).to_have_text(re.compile("网络不通|未保存"))
    expect(page).to_have_url(re.compile("/1/$"))
    assert answers(attempt) == {}
    page.context.set_offline(False)
    expect(receipt(page)).to_have_text(saved(1), timeout=20_000)
    assert answers(attempt) == {1: ("C", False)}


def test_answer_ticked_before_the_module_has_loaded_is_saved_when_it_has(opens: Opens) -> None:
    attempt = AttemptFactory(started=True)
    page = opens(attempt)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/exam*.js", hold)
    page.reload(wait_until="commit")
    page.locator(".opt").nth(1).click()
    page.locator("input[name=flagged]").check(force=True)
    assert answers(attempt) == {}
    page.wait_for_timeout(200)  # the request for the module may come after the tick
    for route in held:
        route.continue_()
    page.unroute("**/exam*.js")
    expect(receipt(page)).to_have_text(saved(1))
    (found,) = answers(attempt).values()
    assert found[0]
    assert found[1]


def test_unsaved_answer_survives_closing_the_page(opens: Opens) -> None:
    attempt = AttemptFactory(kind="mock", started=True)
    page = opens(attempt)
    page.route("**/answers/", lambda route: route.abort())
    page.keyboard.press("d")
    expect(receipt(page)).to_have_text("第 1 题未保存，正在重试")
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(page.url)
    expect(receipt(again)).to_have_text(saved(1))
    expect(again.locator("[name=answer][value=D]")).to_be_checked()
    assert answers(attempt) == {1: ("D", False)}


def test_leaving_with_an_unsaved_answer_is_asked_about(opens: Opens) -> None:
    page = opens(AttemptFactory(kind="mock", started=True))
    page.route("**/answers/", lambda route: route.abort())
    page.locator(".opt").first.click()
    expect(receipt(page)).to_have_text("第 1 题未保存，正在重试")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]


def test_lost_receipt_is_sent_again_and_stored_once(opens: Opens) -> None:
    attempt = AttemptFactory(kind="mock", started=True)
    page = opens(attempt)
    lost = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)  # the server has saved; its answer does not arrive
        route.abort()

    page.route("**/answers/", lose_the_first)
    page.keyboard.press("a")
    expect(receipt(page)).to_have_text(saved(1), timeout=10_000)
    assert lost == [200]
    assert ResponseRevision.objects.filter(attempt=attempt).count() == 1


def test_deadline_stops_the_page_and_seals(opens: Opens) -> None:
    attempt = AttemptFactory(kind="mock", started=True)
    shift(attempt, past=-4)
    page = opens(attempt)
    page.keyboard.press("b")
    expect(receipt(page)).to_have_text(saved(1))
    expect(page.locator("[name=answer]").first).to_be_disabled(timeout=8_000)
    expect(page.get_by_role("heading", name="本场考试已封卷")).to_be_visible(timeout=15_000)
    attempt.refresh_from_db()
    assert (attempt.seal_reason, attempt.sealed_at) == ("deadline", attempt.deadline_at)
    assert answers(attempt) == {1: ("B", False)}


def test_room_works_without_javascript(browser: Browser, live_server: LiveServer, settings: Any) -> None:
    attempt = AttemptFactory(kind="mock")
    client = Client()
    client.force_login(attempt.person, backend="certs.people.backends.IdentifierBackend")
    with browser.new_context(java_script_enabled=False, viewport=PHONE, locale="zh-CN") as context:
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + reverse("room", args=[attempt.pk]))
        page.get_by_label(re.compile("我是上述考生本人")).check()
        page.get_by_role("button", name="开始作答").click()
        page.locator("[name=answer][value=C]").check()
        page.get_by_role("button", name="下一题").click()
        expect(page).to_have_url(re.compile("/2/$"))
        page.locator("[name=answer][value=A]").check()
        page.locator("[data-mark='5']").click()
        expect(page).to_have_url(re.compile("/5/$"))
        page.get_by_role("button", name="检查并交卷").click()
        page.get_by_role("button", name="确认交卷").click()
        expect(page.get_by_role("heading", name="本场考试已封卷")).to_be_visible()
    assert answers(attempt) == {1: ("C", False), 2: ("A", False)}
