"""Ordering in a browser: buttons, ranks and keys move steps; the form's fields always hold the answer."""

import json

import pytest
from playwright.sync_api import Page

from config.settings import ITEM_TYPES
from exams.bank.types.ordering.kind import KIND
from exams.bank.types.parts import handles
from tests.exams.bank.types.records import render
from tests.exams.bank.types.test_ordering import STEPS, content, ranked

MODULE = ITEM_TYPES / "ordering" / "static" / "item_types" / "ordering" / "ordering.js"
LISTEN = "window.changes = 0; document.addEventListener('change', () => (window.changes += 1));"


@pytest.fixture
def question(page: Page) -> Page:
    """Open the question with nothing answered, in the order of its letters."""
    html = render(KIND, "question", KIND.question(content(), (0, 1, 2, 3), ""))
    page.set_content(f"<main id='main'><form id='answer_form'>{html.split('<script')[0]}</form></main>")
    page.evaluate(LISTEN)
    page.add_script_tag(content=MODULE.read_text(), type="module")
    page.wait_for_selector("[data-move=keep]")
    return page


def steps(page: Page) -> list[str]:
    return page.locator("[data-text]").all_inner_texts()


def answer(page: Page) -> str:
    fields = page.evaluate("Object.fromEntries(new FormData(document.forms[0]))")
    return KIND.from_fields(content(), {name: [value] for name, value in fields.items()})


def move(page: Page, step: str, where: str) -> None:
    page.locator("[data-step]").filter(has_text=step).locator(f"[data-move={where}]").click()


def test_steps_are_unanswered_until_touched_and_may_be_taken_as_they_stand(question: Page) -> None:
    shown = steps(question)
    assert answer(question) == ""
    question.get_by_role("button", name="就按现在的顺序作答").click()
    assert steps(question) == shown
    assert json.loads(answer(question)) == json.loads(ranked(*shown))
    assert question.evaluate("window.changes") == 1


def test_buttons_move_a_step_and_tell_it(question: Page) -> None:
    first, second, *rest = steps(question)
    move(question, first, "down")
    assert steps(question) == [second, first, *rest]
    assert json.loads(answer(question)) == json.loads(ranked(second, first, *rest))
    assert question.locator("[role=status]").inner_text() == f"“{first}”现在是第 2 步"
    move(question, second, "up")  # it is the first already
    assert steps(question) == [second, first, *rest]
    assert question.evaluate("window.changes") == 2


def test_keys_move_a_step_to_the_end_without_losing_the_focus(question: Page) -> None:
    first, *rest = steps(question)
    question.get_by_role("button", name=f"下移：{first}").focus()
    for _press in range(4):
        question.keyboard.press("Enter")
    assert steps(question) == [*rest, first]
    assert question.evaluate("document.activeElement.ariaLabel") == f"下移：{first}"


def test_a_rank_moves_a_step_and_the_others_make_room(question: Page) -> None:
    first, *rest = steps(question)
    question.get_by_label(first).first.select_option("3")
    assert steps(question) == [rest[0], rest[1], first, rest[2]]
    assert json.loads(answer(question)) == json.loads(ranked(rest[0], rest[1], first, rest[2]))
    assert question.evaluate("window.changes") == 1


def test_the_list_follows_an_answer_from_elsewhere(question: Page) -> None:
    letters = {text: letter for letter, text in handles(STEPS).items()}
    for rank, step in enumerate(STEPS, start=1):
        question.evaluate(
            """([name, rank]) => {
                const field = document.forms[0].elements[name];
                field.value = rank;
                field.dispatchEvent(new CustomEvent('answer:set', { bubbles: true }));
            }""",
            [f"answer.{letters[step]}", str(rank)],
        )
    assert steps(question) == STEPS
    assert json.loads(answer(question)) == json.loads(ranked(*STEPS))
