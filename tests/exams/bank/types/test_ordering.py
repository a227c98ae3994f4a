"""Ordering: letters that tell nothing, ranks, all or nothing, neighbours for half credit."""

import json
import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.rules import fold
from exams.bank.types import UnreadableAnswer
from exams.bank.types.ordering.kind import KIND
from exams.bank.types.parts import handles
from tests.exams.bank.types.records import EXPLANATION, answers, read, read_again, render, words

STEPS = ["倾听客户陈述", "表示歉意", "提出解决方案", "跟踪回访"]
COMPLAINT = {"stem": "把处理投诉的步骤排成正确的顺序。", "explanation": EXPLANATION, "steps": STEPS}


def content(**changes: Any) -> Any:
    found, problems = read(KIND, COMPLAINT | changes)
    assert not problems, problems
    return found


def ranked(*given_order: str, steps: Sequence[str] = STEPS) -> str:
    """Return the answer that puts the steps into this order; an empty text leaves a rank out."""
    letters = {text: letter for letter, text in handles(steps).items()}
    ranks = {letters[text]: str(rank) for rank, text in enumerate(given_order, start=1) if text}
    return json.dumps(ranks)


@pytest.mark.parametrize(
    ("given_order", "points", "half"),
    [
        ((0, 1, 2, 3), "6", "6"),
        ((1, 2, 3, 0), "0", "4"),
        ((3, 0, 1, 2), "0", "4"),
        ((1, 0, 2, 3), "0", "2"),
        ((0, 1, 3, 2), "0", "2"),
        ((2, 3, 0, 1), "0", "4"),
        ((0, 2, 1, 3), "0", "0"),
        ((3, 2, 1, 0), "0", "0"),
        ((0, 1), "0", "2"),
        ((0,), "0", "0"),
        ((), "0", "0"),
    ],
)
def test_mark_wants_the_whole_order_or_counts_neighbours(
    given_order: tuple[int, ...], points: str, half: str
) -> None:
    item = content()
    answer = KIND.parse(item, ranked(*(STEPS[index] for index in given_order)))
    assert KIND.mark(item, answer, Decimal(6)) == Decimal(points)
    assert KIND.mark(item, answer, Decimal(6), half_credit=True) == Decimal(half)


def test_mark_gives_full_points_for_one_order_only() -> None:
    item = content()
    full = [order for order in permutations(STEPS) if KIND.mark(item, ranked(*order), Decimal(1))]
    assert full == [tuple(STEPS)]
    halves = [KIND.mark(item, ranked(*order), Decimal(3), half_credit=True) for order in permutations(STEPS)]
    assert halves.count(Decimal(3)) == 1


def test_mark_ignores_a_rank_given_twice() -> None:
    item = content()
    letters = {text: letter for letter, text in handles(STEPS).items()}
    answer = json.dumps(dict(zip((letters[step] for step in STEPS), "1123", strict=True)))
    assert KIND.mark(item, answer, Decimal(6)) == 0
    assert KIND.mark(item, answer, Decimal(6), half_credit=True) == 2


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        (STEPS[:2], "3 到 8"),
        ([f"步骤{n}" for n in range(9)], "3 到 8"),
        ([], "空列表"),
        ("倾听", "列表"),
        ([*STEPS, "表示 歉意"], "相同"),
        ([*STEPS, " "], "1 到"),
        ([*STEPS, 5], "文字"),
        ([*STEPS, "长" * 201], "1 到"),
    ],
)
def test_read_names_what_is_wrong(steps: Any, word: str) -> None:
    _found, problems = read(KIND, COMPLAINT | {"steps": steps})
    assert problems
    assert any(word in problem for problem in problems), problems


@given(st.lists(words(), min_size=3, max_size=8, unique_by=fold), st.randoms(use_true_random=False))
def test_read_gives_back_what_was_written_and_the_key_is_right(
    steps: list[str], chance: random.Random
) -> None:
    item = content(steps=steps)
    assert read_again(KIND, item) == item
    assert KIND.mark(item, KIND.parse(item, ranked(*steps, steps=steps)), Decimal(7)) == 7
    order = list(range(KIND.orderable(item)))
    chance.shuffle(order)
    rows = KIND.question(item, order, "")["rows"]
    assert sorted(row["text"] for row in rows) == sorted(steps)


@given(answers())
def test_parse_is_idempotent_or_refuses(answer: str) -> None:
    item = content()
    try:
        parsed = KIND.parse(item, answer)
    except UnreadableAnswer:
        return
    assert KIND.parse(item, parsed) == parsed
    for half_credit in (False, True):
        assert 0 <= (KIND.mark(item, parsed, Decimal(3), half_credit=half_credit) or 0) <= 3
    KIND.question(item, range(4), parsed)
    KIND.review(item, range(4), parsed)
    given_fields = {f"answer.{name}": [value] for name, value in json.loads(parsed or "{}").items()}
    assert KIND.from_fields(item, given_fields) == parsed


@pytest.mark.parametrize(
    "answer", ["ABCD", '{"E":"1"}', '{"A":"5"}', '{"A":"0"}', '{"A":1}', '{"A":"１"}', "[]"]
)
def test_parse_refuses_what_no_page_sends(answer: str) -> None:
    with pytest.raises(UnreadableAnswer):
        KIND.parse(content(), answer)


def test_parse_leaves_out_blanks_and_sorts() -> None:
    assert KIND.parse(content(), '{"B":" 2 ","A":"1","C":""}') == '{"A":"1","B":"2"}'


def test_question_does_not_depend_on_the_order_of_the_steps() -> None:
    pages = {
        render(KIND, "question", KIND.question(content(steps=list(steps)), (2, 0, 3, 1), ""))
        for steps in permutations(STEPS)
    }
    assert len(pages) == 1  # a page that is the same for every key holds none


def test_printed_question_does_not_depend_on_the_order_of_the_steps() -> None:
    pages = {
        render(KIND, "print", KIND.printed(content(steps=list(steps)), (0, 1, 2, 3)))
        for steps in permutations(STEPS)
    }
    assert len(pages) == 1


def test_question_follows_the_drawn_order_and_then_the_answer() -> None:
    item = content()
    one = [row["text"] for row in KIND.question(item, (0, 1, 2, 3), "")["rows"]]
    other = [row["text"] for row in KIND.question(item, (3, 2, 1, 0), "")["rows"]]
    assert other == one[::-1]
    answered = KIND.question(item, (0, 1, 2, 3), ranked(*STEPS))["rows"]
    assert [row["text"] for row in answered] == STEPS
    assert render(KIND, "question", KIND.question(item, (0, 1, 2, 3), ranked(*STEPS))).count(" selected") == 4


def test_question_keeps_the_drawn_order_while_ranks_are_missing() -> None:
    item = content()
    drawn = [row["text"] for row in KIND.question(item, (1, 0, 3, 2), "")["rows"]]
    partly = KIND.question(item, (1, 0, 3, 2), ranked("", STEPS[0]))["rows"]
    assert [row["text"] for row in partly] == drawn
    assert [row["rank"] for row in partly if row["text"] == STEPS[0]] == ["2"]


def test_review_shows_the_right_order_and_the_ranks_given() -> None:
    item = content()
    context = KIND.review(item, range(4), ranked(STEPS[0], STEPS[2], STEPS[1], STEPS[3]))
    assert [(step["number"], step["given"], step["is_right"]) for step in context["steps"]] == [
        (1, 1, True),
        (2, 3, False),
        (3, 2, False),
        (4, 4, True),
    ]
    assert "正确" in render(KIND, "review", context)
    assert "未作答" in render(KIND, "review", KIND.review(item, range(4), ""))


def test_editor_gives_back_what_it_showed() -> None:
    item = content()
    shown = KIND.editor(item)
    assert render(KIND, "editor", shown).count('name="steps"') == 6
    assert KIND.from_editor({"steps": shown["steps"]}) == KIND.write(item)
    assert render(KIND, "editor", KIND.editor(None)).count('name="steps"') == 3
    assert KIND.from_editor({}) == {"steps": []}
