"""Matching: letters that tell nothing, a share of the points for each pair, right items left over."""

import json
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.rules import fold
from exams.bank.types import UnreadableAnswer
from exams.bank.types.matching.kind import KIND
from exams.bank.types.parts import handles
from tests.exams.bank.types.records import EXPLANATION, answers, read, read_again, render, words

LEFTS = ["前台接待", "投诉专员", "客户经理"]
RIGHTS = ["登记来访客户", "受理客户投诉", "维护重点客户"]
UNUSED = ["编制年度预算"]


def record(rights: Any = RIGHTS, **changes: Any) -> dict[str, Any]:
    pairs = [{"left": left, "right": right} for left, right in zip(LEFTS, rights, strict=True)]
    return {
        "stem": "把岗位与职责对应起来。",
        "explanation": EXPLANATION,
        "pairs": pairs,
        "unused": UNUSED,
        **changes,
    }


def content(**changes: Any) -> Any:
    found, problems = read(KIND, record(**changes))
    assert not problems, problems
    return found


def chosen(*rights: str, among: Any = (*RIGHTS, *UNUSED)) -> str:
    """Return the answer that gives the left items, in order, these right ones; an empty text gives none."""
    letters = {text: letter for letter, text in handles(among).items()}
    return json.dumps({str(n): letters[right] for n, right in enumerate(rights, start=1) if right})


@pytest.mark.parametrize(
    ("rights", "points"),
    [
        (RIGHTS, "3"),
        ([RIGHTS[0], RIGHTS[2], RIGHTS[1]], "1"),
        ([RIGHTS[0], RIGHTS[1], ""], "2"),
        ([RIGHTS[0], RIGHTS[0], RIGHTS[0]], "1"),
        ([UNUSED[0], RIGHTS[1], RIGHTS[2]], "2"),
        ([RIGHTS[1], RIGHTS[2], RIGHTS[0]], "0"),
        (["", "", ""], "0"),
    ],
)
@pytest.mark.parametrize("half_credit", [False, True])
def test_mark_gives_each_pair_its_share(rights: list[str], points: str, half_credit: bool) -> None:
    item = content()
    answer = KIND.parse(item, chosen(*rights))
    assert KIND.mark(item, answer, Decimal(3), half_credit=half_credit) == Decimal(points)


def test_mark_cuts_a_share_off_and_gives_all_for_all() -> None:
    item = content()
    assert KIND.mark(item, chosen(RIGHTS[0], RIGHTS[1]), Decimal(1)) == Decimal("0.6666")
    assert KIND.mark(item, chosen(*RIGHTS), Decimal(1)) == 1


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"pairs": []}, "空列表"),
        ({"pairs": [{"left": "前台", "right": "登记"}]}, "2 到 8"),
        ({"pairs": [{"left": f"左{n}", "right": f"右{n}"} for n in range(9)]}, "2 到 8"),
        ({"pairs": ["前台=登记"]}, "键: 值"),
        ({"pairs": [{"left": "前台"}, {"left": "经理", "right": "维护"}]}, "缺少 right"),
        (
            {"pairs": [{"left": "前台", "right": "甲", "key": "乙"}, {"left": "经理", "right": "维护"}]},
            "不认识的键",
        ),
        ({"pairs": [{"left": "前台", "right": "甲"}, {"left": "前 台", "right": "乙"}]}, "相同"),
        ({"pairs": [{"left": "前台", "right": "甲"}, {"left": "经理", "right": "甲"}]}, "相同"),
        ({"unused": [RIGHTS[0]]}, "相同"),
        ({"unused": []}, "空列表"),
        ({"unused": [f"余{n}" for n in range(5)]}, "最多 4"),
        ({"unused": "编制"}, "列表"),
    ],
)
def test_read_names_what_is_wrong(changes: dict[str, Any], word: str) -> None:
    _found, problems = read(KIND, record(**changes))
    assert problems
    assert any(word in problem for problem in problems), problems


@given(
    lefts=st.lists(words(), min_size=2, max_size=8, unique_by=fold),
    rights=st.lists(words(), min_size=12, max_size=12, unique_by=fold),
    unused=st.integers(0, 4),
)
def test_read_gives_back_what_was_written_and_the_key_is_right(
    lefts: list[str], rights: list[str], unused: int
) -> None:
    pairs = [{"left": left, "right": right} for left, right in zip(lefts, rights, strict=False)]
    data = record() | {"pairs": pairs, "unused": rights[8 : 8 + unused]}
    if not unused:
        del data["unused"]
    item, problems = read(KIND, data)
    assert not problems
    assert read_again(KIND, item) == item
    among = rights[: len(lefts)] + rights[8 : 8 + unused]
    answer = KIND.parse(item, chosen(*rights[: len(lefts)], among=among))
    assert KIND.mark(item, answer, Decimal(7)) == 7
    assert KIND.orderable(item) == len(among)


@given(answers())
def test_parse_is_idempotent_or_refuses(answer: str) -> None:
    item = content()
    try:
        parsed = KIND.parse(item, answer)
    except UnreadableAnswer:
        return
    assert KIND.parse(item, parsed) == parsed
    assert 0 <= (KIND.mark(item, parsed, Decimal(3)) or 0) <= 3
    KIND.question(item, range(4), parsed)
    KIND.review(item, range(4), parsed)
    given_fields = {f"answer.{name}": [value] for name, value in json.loads(parsed or "{}").items()}
    assert KIND.from_fields(item, given_fields) == parsed


@pytest.mark.parametrize(
    "answer", ["ABC", '{"4":"A"}', '{"1":"E"}', '{"1":"AB"}', '{"1":null}', "[]", '{"0":"A"}']
)
def test_parse_refuses_what_no_page_sends(answer: str) -> None:
    with pytest.raises(UnreadableAnswer):
        KIND.parse(content(), answer)


@pytest.mark.parametrize("view", ["question", "print"])
def test_page_does_not_depend_on_the_pairs(view: str) -> None:
    pages = set()
    for among in permutations([*RIGHTS, *UNUSED]):
        item = content(rights=among[:3], unused=[among[3]])
        order = (2, 0, 3, 1)
        context = KIND.question(item, order, "") if view == "question" else KIND.printed(item, order)
        pages.add(render(KIND, view, context))
    assert len(pages) == 1  # a page that is the same for every key holds none


def test_question_follows_the_drawn_order_and_shows_the_answer() -> None:
    item = content()
    one = KIND.question(item, (0, 1, 2, 3), "")["choices"]
    other = KIND.question(item, (3, 2, 1, 0), "")["choices"]
    assert [choice["text"] for choice in other] == [choice["text"] for choice in one][::-1]
    assert [choice["shown"] for choice in other] == ["A", "B", "C", "D"]
    page = render(KIND, "question", KIND.question(item, (3, 2, 1, 0), chosen(*RIGHTS)))
    assert page.count(" selected") == 3


@pytest.mark.parametrize(
    ("answer", "word"), [(chosen(*RIGHTS), "正确"), (chosen(UNUSED[0]), "错误"), ("", "未作答")]
)
def test_review_shows_choices_and_key(answer: str, word: str) -> None:
    page = render(KIND, "review", KIND.review(content(), range(4), answer))
    assert word in page
    assert all(text in page for text in (*LEFTS, *RIGHTS, *UNUSED))


def test_editor_gives_back_what_it_showed() -> None:
    item = content()
    shown = KIND.editor(item)
    page = render(KIND, "editor", shown)
    assert (page.count('name="pair_left"'), page.count('name="unused"')) == (5, 3)
    sent = {
        "pair_left": [pair[0] for pair in shown["pairs"]],
        "pair_right": [pair[1] for pair in shown["pairs"]],
        "unused": shown["unused"],
    }
    assert KIND.from_editor(sent) == KIND.write(item)


def test_editor_keeps_half_a_pair_for_the_reader_to_refuse() -> None:
    assert KIND.from_editor({"pair_left": ["前台", ""], "pair_right": ["", ""]}) == {
        "pairs": [{"left": "前台", "right": ""}]
    }
    assert render(KIND, "editor", KIND.editor(None)).count('name="pair_left"') == 2
