import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.types import Content
from exams.delivery import rules
from exams.delivery.enums import AttemptState
from exams.delivery.errors import AnswerUnreadable

NOON = datetime.datetime(2026, 3, 10, 4, tzinfo=datetime.UTC)
kinds = st.sampled_from([("single", 4), ("multiple", 5), ("true_false", 0)])


@st.composite
def papers(draw: st.DrawFn) -> list[rules.PaperLine]:
    lines = draw(st.lists(kinds, min_size=1, max_size=40))
    lines.sort(key=lambda kind: ["single", "true_false", "multiple"].index(kind[0]))
    return [rules.PaperLine(number, kind, options) for number, (kind, options) in enumerate(lines, start=1)]


@given(lines=papers(), seed=st.integers(0, 2**62))
def test_candidate_order_permutes_items_within_sections_and_options_within_items(
    lines: list[rules.PaperLine], seed: int
) -> None:
    order = rules.candidate_order(lines, seed)
    kind_of = {line.position: line.type for line in lines}
    assert sorted(order.items) == [line.position for line in lines]
    assert [kind_of[position] for position in order.items] == [line.type for line in lines]
    assert {key: sorted(value) for key, value in order.options.items()} == {
        str(line.position): list(range(line.options)) for line in lines
    }
    assert order == rules.candidate_order(list(reversed(lines)), seed)


def test_candidate_order_differs_between_seeds() -> None:
    lines = [rules.PaperLine(number, "single", 4) for number in range(1, 61)]
    orders = [rules.candidate_order(lines, seed).items for seed in range(20)]
    assert len({tuple(order) for order in orders}) == 20


def test_shown_order_follows_the_papers_order_then_the_candidates() -> None:
    assert rules.shown_order([2, 0, 1, 3], [3, 0, 1, 2]) == [3, 2, 0, 1]
    assert rules.shown_order([], [3, 0, 1, 2]) == [3, 0, 1, 2]


def asked(kind: str, options: int) -> Content:
    return Content(kind, "题干", tuple(f"选项{number}" for number in range(options)))


@pytest.mark.parametrize(
    ("kind", "options", "answer"),
    [
        ("single", 4, ""),
        ("single", 4, "D"),
        ("multiple", 5, "ABCDE"),
        ("multiple", 5, "BD"),
        ("true_false", 0, "T"),
        ("true_false", 0, ""),
    ],
)
def test_checked_answer_accepts_what_fits(kind: str, options: int, answer: str) -> None:
    assert rules.checked_answer(asked(kind, options), answer) == answer


@given(kind=kinds, answer=st.text(max_size=8) | st.text("ABCDETF\x00", max_size=6))
def test_checked_answer_accepts_nothing_but_own_letters_in_order(kind: tuple[str, int], answer: str) -> None:
    try:
        rules.checked_answer(asked(*kind), answer)
    except AnswerUnreadable:
        return
    allowed = {"single": "ABCD", "multiple": "ABCDE", "true_false": "TF"}[kind[0]]
    assert set(answer) <= set(allowed)
    assert answer == "".join(sorted(set(answer)))
    assert len(answer) <= (5 if kind[0] == "multiple" else 1)


@pytest.mark.parametrize(
    ("late_by", "over", "left"),
    [(-61.5, False, 61), (-0.5, False, 0), (0, False, 0), (2.999, False, 0), (3, True, 0), (600, True, 0)],
)
def test_grace_extends_acceptance_but_not_the_clock(late_by: float, over: bool, left: int) -> None:
    now = NOON + datetime.timedelta(seconds=late_by)
    assert rules.is_over(now, NOON, 3) is over
    assert rules.seconds_left(now, NOON) == left


def test_an_attempt_that_has_not_begun_is_neither_over_nor_running() -> None:
    assert rules.is_over(NOON, None, 3) is False
    assert rules.seconds_left(NOON, None) == 0


def test_deadline_is_minutes_after_the_start() -> None:
    assert rules.deadline(NOON, 90) == NOON + datetime.timedelta(minutes=90)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00"), (59, "00:59"), (3521, "58:41"), (5400, "1:30:00"), (-5, "00:00")]
)
def test_clock_text(seconds: int, text: str) -> None:
    assert rules.clock_text(seconds) == text


def test_state_follows_from_the_moments() -> None:
    assert rules.state(None, None) == AttemptState.ADMITTED
    assert rules.state(NOON, None) == AttemptState.RUNNING
    assert rules.state(NOON, NOON) == AttemptState.SEALED
    assert rules.state(None, NOON) == AttemptState.SEALED


@given(st.lists(st.booleans(), min_size=1))
def test_first_open_is_the_first_without_an_answer(answered: list[bool]) -> None:
    number = rules.first_open(answered)
    assert number == (answered.index(False) + 1 if False in answered else 1)
