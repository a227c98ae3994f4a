"""Figures over a bank, against banks small enough to count by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.report import figures
from exams.bank.report.figures import ALL, CriterionLine, Line, PaperDemand, Place, Shares, Thresholds
from exams.bank.report.tasks import tasks

PLACES = [
    Place("1.1.K1", "甲", "X", "1.1", "1", "功能一", 60, "knowledge"),
    Place("1.1.K2", "乙", "X", "1.1", "1", "功能一", 60, "knowledge"),
    Place("2.1.K1", "丙", "Y", "2.1", "2", "功能二", 40, "knowledge"),
]
DEMAND = PaperDemand("b", "蓝图", 3, "theory", "live", {"single": 10, "true_false": 5})


def line(number: int = 1, **facts: object) -> Line:
    one = Line(
        id=number,
        code=f"3-{number}",
        type="single",
        requirement="1.1.K1",
        function="1",
        difficulty=3,
        cognition="recall",
        options=("甲", "乙", "丙", "丁"),
        key="A",
        has_explanation=True,
        is_sample=False,
    )
    return replace(one, **facts)  # type: ignore[arg-type]


def test_coverage_counts_by_type_and_names_holes() -> None:
    lines = [line(1), line(2, type="true_false", key="T", options=()), line(3, requirement="2.1.K1")]
    rows = figures.coverage(lines, PLACES, least=2)
    assert [(one.place.requirement, dict(one.counts), one.is_hole) for one in rows] == [
        ("1.1.K1", {"single": 1, "true_false": 1}, False),
        ("1.1.K2", {}, True),
        ("2.1.K1", {"single": 1}, True),
    ]


def test_skill_task_covers_each_requirement_of_its_criteria_once() -> None:
    criteria = (
        CriterionLine("1.1.K1", "1", 2, 6),
        CriterionLine("1.1.K1", "1", 1, 2),
        CriterionLine("2.1.K1", "2", 3, 4),
    )
    task = line(requirement="", function="", type="essay", criteria=criteria, options=(), key="")
    assert [one.total for one in figures.coverage([task], PLACES, least=1)] == [1, 0, 1]
    found = tasks([task], PLACES)
    assert [(one.function, dict(one.types), one.least, one.most) for one in found.functions] == [
        ("1", {"essay": 1}, 3, 8),
        ("2", {"essay": 1}, 3, 4),
    ]
    assert [(one.code, one.least, one.most) for one in found.sums] == [("3-1", 6, 12)]
    assert (found.mean_least, found.mean_most) == (6, 12)
    assert [one.factor for one in found.functions] == [Decimal("0.13"), Decimal("0.10")]


def test_supply_is_held_against_the_weights() -> None:
    lines = [line(number) for number in range(15)] + [line(20, requirement="2.1.K1", function="2")]
    rows = figures.supply(lines, PLACES, DEMAND, Decimal("2.5"))
    assert [(one.function, one.type, one.have, one.need, one.factor, one.missing) for one in rows] == [
        ("1", "single", 15, 6, Decimal("2.50"), 0),
        ("1", "true_false", 0, 3, Decimal("0.00"), 8),
        ("2", "single", 1, 4, Decimal("0.25"), 9),
        ("2", "true_false", 0, 2, Decimal("0.00"), 5),
    ]
    assert [one.is_short for one in rows] == [False, True, True, True]


def test_supply_follows_a_vector_that_divides_a_function() -> None:
    demand = replace(DEMAND, counts={"single": 10}, weights={"1.1": 30, "2": 70})
    rows = figures.supply([line(1), line(2, requirement="2.1.K1", function="2")], PLACES, demand, Decimal(1))
    assert [(one.function, one.have, one.need) for one in rows] == [("1.1", 1, 3), ("2", 1, 7)]


def test_type_with_fewer_questions_than_functions_is_judged_over_all() -> None:
    demand = replace(DEMAND, counts={"single": 1, "multiple": 0})
    rows = figures.supply([line(1), line(2, requirement="2.1.K1", function="2")], PLACES, demand, Decimal(3))
    assert [(one.function, one.have, one.need, one.missing) for one in rows] == [(ALL, 2, 1, 1)]


def test_skill_requirements_and_levels_have_their_own_least() -> None:
    least = Thresholds().least
    assert (least(3, "theory"), least(2, "theory"), least(1, "theory"), least(3, "skill")) == (4, 2, 2, 1)
    assert Thresholds(least_per_requirement=3).least(1, "theory") == 3


@given(st.integers(0, 200), st.integers(2, 60), st.integers(1, 99), st.decimals("0.1", "5", places=1))
def test_missing_items_are_just_enough(have: int, count: int, weight: int, wanted: Decimal) -> None:
    places = [replace(PLACES[0], weight=weight), replace(PLACES[2], weight=100 - weight)]
    demand = replace(DEMAND, counts={"single": count})
    first = figures.supply([line(n) for n in range(have)], places, demand, wanted)[0]
    assert first.is_short == (first.missing > 0)
    assert have + first.missing >= first.need * wanted
    assert first.missing == 0 or have + first.missing - 1 < first.need * wanted


def test_keys_are_counted_by_place() -> None:
    lines = [
        *(line(number, key=key) for number, key in enumerate("AABD")),
        line(10, type="multiple", key="ACD", options=tuple("甲乙丙丁戊")),
        line(11, type="multiple", key="AE", options=tuple("甲乙丙丁戊")),
        *(line(20 + number, type="true_false", key=key, options=()) for number, key in enumerate("TTF")),
        line(30, type="essay", key="", options=()),
    ]
    keys = figures.keys(lines)
    assert (keys.single.counts, keys.single.total) == ({"A": 2, "B": 1, "C": 0, "D": 1}, 4)
    assert keys.single.deviation == Decimal("0.25")
    assert keys.multiple.counts == {"A": 2, "B": 0, "C": 1, "D": 1, "E": 1}
    assert keys.multiple.deviation == Decimal("0.5")  # half of the items more than the mean of one item
    assert keys.sizes.counts == {"2": 1, "3": 1, "4": 0}
    assert keys.true_false.counts == {"T": 2, "F": 1}
    assert keys.true_false.share("T") == Decimal("0.6667")


def test_nothing_has_no_shares() -> None:
    keys = figures.keys([])
    assert (keys.single.deviation, keys.longest.gain, keys.length_ratio) == (0, 0, None)
    assert keys.single.shares == {"A": 0, "B": 0, "C": 0, "D": 0}
    assert figures.mean_facility([]) is None
    assert tasks([], PLACES).mean_most == 0


def test_guessing_by_length_gains_what_it_should() -> None:
    lines = [
        line(1, options=("最长的选项", "短", "短二", "短三"), key="A"),  # longest alone: 1
        line(2, options=("长长", "长二", "短", "短"), key="B"),  # two longest: ½; the shortest are wrong
        line(3, options=("长长", "长二", "短", "短"), key="C"),  # two shortest: ½
        line(4, options=("同", "样", "长", "短"), key="D"),  # all alike: ¼ either way
    ]
    keys = figures.keys(lines)
    assert (keys.longest.gain, keys.longest.clear) == (Decimal("0.4375"), 1)
    assert (keys.shortest.gain, keys.shortest.clear) == (Decimal("0.1875"), 0)
    assert keys.longest.chance == keys.shortest.chance == Decimal("0.2500")
    assert keys.length_ratio == Decimal("1.5882")  # 9/4 to 17/12 characters


@given(st.lists(st.tuples(st.lists(st.integers(1, 9), min_size=4, max_size=4), st.sampled_from("ABCD"))))
def test_shares_and_gains_lie_between_nothing_and_all(rows: list[tuple[list[int], str]]) -> None:
    lines = [
        line(number, options=tuple("字" * length for length in lengths), key=key)
        for number, (lengths, key) in enumerate(rows)
    ]
    keys = figures.keys(lines)
    assert sum(keys.single.counts.values()) == len(rows)
    assert all(0 <= guess.gain <= 1 for guess in (keys.longest, keys.shortest))
    assert 0 <= keys.single.deviation <= Decimal("0.75")


def test_mean_facility_follows_difficulty() -> None:
    assert figures.mean_facility([line(1, difficulty=1), line(2, difficulty=5)]) == Decimal("0.6000")


@pytest.mark.parametrize(("pool", "factor"), [("live", "3.5"), ("practice", "2.5")])
def test_wanted_factor_depends_on_the_pool(pool: str, factor: str) -> None:
    assert Thresholds().factor(pool) == Decimal(factor)


def test_shares_of_letters() -> None:
    shares = Shares({"A": 1, "B": 3}, 4)
    assert shares.shares == {"A": Decimal("0.25"), "B": Decimal("0.75")}
    assert shares.deviation == Decimal("0.25")
