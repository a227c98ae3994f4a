"""Item types in a real browser: typing is saved in pauses, several fields at once, editors of their own."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from exams.delivery.models import Attempt, Response, ResponseRevision
from tests.exams.delivery.test_browser import opens, receipt, saved  # noqa: F401  (a fixture)
from tests.factories.delivery import AttemptFactory
from tests.factories.types import paper_of

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("marking_rule"),
]
Opens = Callable[..., Page]


def started(*codes: str) -> Attempt:
    attempt: Attempt = AttemptFactory(kind="mock", started=True, paper=paper_of(*codes))
    return attempt


def answers(attempt: Attempt) -> dict[int, Any]:
    return dict(Response.objects.filter(attempt=attempt).values_list("position", "answer"))


def test_text_is_saved_in_pauses_and_letters_are_letters(opens: Opens) -> None:  # noqa: F811
    attempt = started("short_answer", "single")
    page = opens(attempt)
    field = page.locator("textarea[name=answer]")
    field.click()
    page.keyboard.type("abf 先致歉，后核实。", delay=20)
    page.keyboard.press("ArrowLeft")
    expect(receipt(page)).to_have_text(saved(1))
    assert page.url.endswith("/1/")
    assert answers(attempt) == {1: "abf 先致歉，后核实。"}
    assert not Response.objects.get().flagged
    assert ResponseRevision.objects.filter(attempt=attempt).count() <= 2
    expect(page.locator("[data-count=answered]")).to_have_text("1")


def test_text_is_sent_at_once_when_its_question_is_left(opens: Opens) -> None:  # noqa: F811
    attempt = started("short_answer", "single")
    page = opens(attempt)
    page.locator("textarea[name=answer]").press_sequentially("先核实")
    page.get_by_role("button", name="下一题").click()
    expect(page).to_have_url(re.compile("/2/$"))
    expect(receipt(page)).to_have_text(saved(1))
    page.keyboard.press("b")
    expect(receipt(page)).to_have_text(saved(2))
    page.keyboard.press("ArrowLeft")
    expect(page.locator("textarea[name=answer]")).to_have_value("先核实")
    page.get_by_role("button", name="清除作答").click()
    expect(page.locator("textarea[name=answer]")).to_have_value("")
    expect(receipt(page)).to_have_text(saved(1))
    assert answers(attempt) == {1: "", 2: "B"}


def test_newer_text_of_another_window_is_shown(opens: Opens) -> None:  # noqa: F811
    attempt = started("reply")
    first, second = opens(attempt), opens(attempt)
    expect(first.locator("word-count")).to_have_text("已写 0 字")
    for text in ("第二窗口", "第二窗口，再改"):
        second.locator("textarea[name=answer]").fill(text)
        second.locator("textarea[name=answer]").blur()
        expect(receipt(second)).to_have_text(saved(1))
    first.locator("textarea[name=answer]").fill("旧窗口")
    first.locator("textarea[name=answer]").blur()
    expect(receipt(first)).to_have_text("第 1 题在另一窗口已有更新的作答，现已显示")
    expect(first.locator("textarea[name=answer]")).to_have_value("第二窗口，再改")
    expect(first.locator("word-count")).to_have_text("已写 7 字")
    assert answers(attempt) == {1: "第二窗口，再改"}


def test_text_survives_closing_the_page(opens: Opens) -> None:  # noqa: F811
    attempt = started("essay", "single")
    page = opens(attempt)
    page.route("**/answers/", lambda route: route.abort())
    page.locator("textarea[name=answer]").fill("未送达的方案")
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(page.url)
    expect(receipt(again)).to_have_text(saved(1))
    expect(again.locator("textarea[name=answer]")).to_have_value("未送达的方案")


def test_questions_of_a_case_are_answered_by_themselves(opens: Opens) -> None:  # noqa: F811
    attempt = started("case_choice", "single")
    page = opens(attempt)
    page.locator("[name='answer.q2'][value=F]").check()
    expect(receipt(page)).to_have_text(saved(1))
    page.keyboard.press("a")  # the second question has the focus
    expect(page.locator("[name='answer.q2'][value=T]")).to_be_checked()
    page.locator("[name='answer.q1'][value=C]").check()
    expect(page.locator("#receipt.wait")).to_have_count(0)
    page.reload()
    expect(page.locator("[name='answer.q1'][value=C]")).to_be_checked()
    assert answers(attempt) == {1: '{"q1":"C","q2":"T"}'}


def test_scripts_of_types_run_after_moving_between_questions(opens: Opens) -> None:  # noqa: F811
    attempt = started("single", "ordering", "flow_chart")
    page = opens(attempt)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("/2/$"))
    page.locator("[data-move=keep]").click()
    expect(receipt(page)).to_have_text(saved(2))
    assert answers(attempt)[2].startswith('{"')
    page.get_by_role("button", name="下一题").click()
    page.locator("[data-add]").first.click()
    expect(receipt(page)).to_have_text(saved(3))
    assert answers(attempt)[3]
