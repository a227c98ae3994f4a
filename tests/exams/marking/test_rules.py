"""Answers against keys, and points by function."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.types import Content
from exams.marking.errors import NeedsMarkers
from exams.marking.rules import FunctionPoints, MarkableItem, score_paper, score_response, shown_options

letters = st.sets(st.sampled_from("ABCDE")).map(lambda chosen: "".join(sorted(chosen)))
keys = st.sets(st.sampled_from("ABCDE"), min_size=2, max_size=4).map(lambda chosen: "".join(sorted(chosen)))


OPTIONS = {"single": 4, "multiple": 5, "true_false": 0}


def content(item_type: str, key: str) -> Content:
    return Content(item_type, "题干", tuple("甲乙丙丁戊"[: OPTIONS[item_type]]), key)


@pytest.mark.parametrize(
    ("item_type", "key", "answer", "half_credit", "points"),
    [
        ("single", "B", "B", True, "2"),
        ("single", "B", "A", True, "0"),
        ("single", "B", "", True, "0"),
        ("true_false", "T", "T", True, "2"),
        ("true_false", "T", "F", True, "0"),
        ("multiple", "ACD", "ACD", False, "2"),
        ("multiple", "ACD", "AC", False, "0"),
        ("multiple", "ACD", "AC", True, "1"),
        ("multiple", "ACD", "A", True, "1"),
        ("multiple", "ACD", "AB", True, "0"),
        ("multiple", "ACD", "ABCD", True, "0"),
        ("multiple", "ACD", "", True, "0"),
    ],
)
def test_response_is_scored(item_type: str, key: str, answer: str, half_credit: bool, points: str) -> None:
    assert score_response(content(item_type, key), answer, 2, half_credit) == Decimal(points)


def test_half_of_an_odd_point_is_exact() -> None:
    assert score_response(content("multiple", "AB"), "A", 1, True) == Decimal("0.5")


@given(key=keys, answer=letters, points=st.integers(1, 20))
def test_half_credit_never_takes_away(key: str, answer: str, points: int) -> None:
    strict = score_response(content("multiple", key), answer, points, False)
    kind = score_response(content("multiple", key), answer, points, True)
    assert 0 <= strict <= kind <= points
    assert (strict == points) == (answer == key)


def test_answer_that_people_mark_is_not_scored() -> None:
    with pytest.raises(NeedsMarkers):
        score_response(Content("short_answer", "题干"), "作答", 5, False)


def items() -> list[MarkableItem]:
    return [
        MarkableItem(1, content("single", "B"), 1, "B"),
        MarkableItem(2, content("multiple", "ACD"), 2, "1"),
        MarkableItem(3, content("true_false", "F"), 1, "1"),
    ]


def test_paper_is_scored_by_function_in_the_given_order() -> None:
    score = score_paper(items(), {1: "B", 2: "AC", 3: "T"}, ["1", "2", "B"], half_credit=True)
    assert score.points == 2
    assert score.full == 4
    assert score.by_function == (FunctionPoints("1", Decimal(1), 3), FunctionPoints("B", Decimal(1), 1))
    assert score.by_position == {1: Decimal(1), 2: Decimal(1), 3: Decimal(0)}


@given(st.dictionaries(st.integers(1, 3), st.sampled_from(["", "A", "B", "ACD", "F"])), st.booleans())
def test_paper_points_are_the_sum_of_functions_and_items(answers: dict[int, str], half: bool) -> None:
    score = score_paper(items(), answers, ["1", "B"], half_credit=half)
    assert score.points == sum(one.points for one in score.by_function) == sum(score.by_position.values())
    assert score.full == sum(one.full for one in score.by_function)


def test_item_of_an_unknown_function_is_a_fault() -> None:
    with pytest.raises(ValueError, match="functions the level does not have"):
        score_paper(items(), {}, ["1"], half_credit=False)


def test_shown_options_follow_both_orders() -> None:
    assert shown_options([2, 0, 1, 3], [3, 2, 1, 0]) == (3, 1, 0, 2)
    assert shown_options([2, 0, 1, 3], []) == (2, 0, 1, 3)
    assert shown_options([], [1, 0]) == (1, 0)
    assert shown_options([], []) == ()
