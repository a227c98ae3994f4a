"""Pure rules of papers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.assembly.counting import check_paper, contradictions
from exams.assembly.rules import (
    DigestRow,
    PoolItem,
    Section,
    Specification,
    arrange,
    digest,
    knowledge_caps,
    mean_facility,
    place,
    points_by,
    round_weights,
    shuffle_options,
    theory_item,
)
from tests.factories.pools import LIMITS, THEORY, WEIGHTS, make_pool

POOL = make_pool(2000)
SMALL = Specification(
    sections=(Section("single", 2, 1), Section("multiple", 1, 2)),
    weights={"1": 3, "2": 1},
    syllabus=(("1", "1.1", "1.1.K1"), ("1", "1.2", "1.2.K1"), ("2", "2.1", "2.1.K1")),
    limits=replace(LIMITS, facility_least=Decimal("0.6"), facility_most=Decimal("0.7")),
)


def item(number: int, item_type: str, knowledge: str, difficulty: int = 3) -> PoolItem:
    content = knowledge.rpartition(".")[0]
    return theory_item(number, f"i{number}", item_type, (content[0], content, knowledge), difficulty)


GOOD = [item(1, "single", "1.1.K1"), item(2, "multiple", "1.2.K1"), item(3, "single", "2.1.K1", 2)]


def test_paper_that_fits_has_no_fault() -> None:
    assert check_paper(place(GOOD, SMALL), SMALL) == []


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ([GOOD[0], GOOD[1], GOOD[0]], "出现了两次"),
        (GOOD[:2], "题型 single 应为 2 题，实为 1 题"),
        (GOOD[:2], "职业功能 2 应为 1 分，实为 0 分"),
        (GOOD[:2], "工作内容 2.1 至少 1 题，实为 0 题"),
        ([GOOD[0], item(2, "multiple", "1.1.K1"), GOOD[2]], "工作内容 1.2 至少 1 题"),
        ([item(1, "single", "1.1.K1", 1), GOOD[1], item(3, "single", "2.1.K1", 1)], "平均难度应在"),
        ([*GOOD, item(4, "single", "1.1.K1")], "题型 single 应为 2 题，实为 3 题"),
    ],
)
def test_every_fault_of_a_paper_is_named(paper: list[PoolItem], words: str) -> None:
    assert any(words in fault for fault in check_paper(place(paper, SMALL), SMALL))


def test_knowledge_point_over_its_cap_is_a_fault() -> None:
    tight = replace(SMALL, limits=replace(SMALL.limits, extra_per_knowledge=0))
    assert knowledge_caps(tight) == {("1", "1.1.K1"): 2, ("1", "1.2.K1"): 2, ("2", "2.1.K1"): 1}
    paper = [item(1, "single", "1.1.K1"), item(2, "multiple", "1.1.K1")]
    assert "知识点 1.1.K1 至多 2 分，实为 3 分。" in check_paper(place(paper, tight), tight)


@pytest.mark.parametrize(
    ("function", "cap"), [("1", 4), ("2", 3), ("3", 3), ("4", 3), ("5", 3), ("6", 3), ("B", 2)]
)
def test_knowledge_cap_is_the_rounded_up_share_plus_one(function: str, cap: int) -> None:
    caps = {cap for (of, _knowledge), cap in knowledge_caps(THEORY).items() if of == function}
    assert caps == {cap}


def test_short_mock_of_level_3_gets_whole_questions() -> None:
    assert round_weights(WEIGHTS, 20) == {"1": 4, "2": 3, "3": 3, "4": 3, "5": 3, "6": 3, "B": 1}


@given(
    st.dictionaries(st.text(min_size=1, max_size=2), st.integers(1, 100), min_size=1, max_size=8),
    st.integers(0, 200),
)
def test_rounded_weights_add_up_and_stay_within_one_question(weights: dict[str, int], questions: int) -> None:
    whole = round_weights(weights, questions)
    total = sum(weights.values())
    assert sum(whole.values()) == questions
    assert list(whole) == list(weights)
    assert all(abs(whole[code] - Decimal(weights[code]) * questions / total) < 1 for code in weights)


@given(st.lists(st.integers(0, 1999), unique=True, max_size=90))
def test_mean_facility_is_weighted_by_points_and_within_the_scale(numbers: list[int]) -> None:
    paper = place([POOL[number] for number in numbers], THEORY)
    points = sum(points_by(paper, "function").values())
    assert points == sum(points_by(paper, "type").values())
    assert (Decimal("0.3") <= mean_facility(paper) <= Decimal("0.9")) if paper else points == 0


def test_sections_that_do_not_meet_the_weights_are_a_contradiction() -> None:
    assert contradictions(THEORY) == []
    assert "100 分" in contradictions(replace(THEORY, sections=THEORY.sections[:2]))[0]


@given(st.integers(0, 2**31), st.randoms())
def test_arranging_depends_on_the_seed_and_not_on_the_order_given(seed: int, draw: object) -> None:
    paper = place(make_pool(60), THEORY)
    mixed = paper.copy()
    draw.shuffle(mixed)  # type: ignore[attr-defined]
    arranged = arrange(mixed, THEORY, seed)
    assert arranged == arrange(paper, THEORY, seed)
    assert sorted(one.item.id for one in arranged) == [one.item.id for one in paper]
    types = [one.item.type for one in arranged]
    assert types == sorted(types, key=["single", "true_false", "multiple"].index)


def test_arranging_differs_between_seeds() -> None:
    paper = place(make_pool(60), THEORY)
    assert arrange(paper, THEORY, 1) != arrange(paper, THEORY, 2)


@given(st.text(max_size=10), st.integers(0, 5), st.integers(0, 2**31))
def test_option_order_is_a_permutation_that_stays(code: str, count: int, seed: int) -> None:
    order = shuffle_options(code, count, seed)
    assert sorted(order) == list(range(count))
    assert order == shuffle_options(code, count, seed)


def test_option_orders_put_the_first_option_everywhere() -> None:
    places = [shuffle_options(f"3-{number}", 4, 7).index(0) for number in range(400)]
    assert all(70 < places.count(place) < 130 for place in range(4))


def test_digest_tells_order_options_points_criteria_and_content_apart() -> None:
    row = DigestRow("i1", "aa", [0, 1], 1)
    others = [
        replace(row, code="i2"),
        replace(row, checksum="ab"),
        replace(row, order=[1, 0]),
        replace(row, points=2),
        replace(row, criteria=[1]),
    ]
    digests = {digest([row]), digest([row, row]), digest([]), *(digest([other]) for other in others)}
    assert len(digests) == 8
    assert digest([row, others[0]]) != digest([others[0], row])
    assert digest([row]) == digest([replace(row, order=(0, 1))])
