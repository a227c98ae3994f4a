"""One form: it fits, it is the best there is, and there is none where the engine says so."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.assembly.engine.alike import fewer, most_alike
from exams.assembly.engine.problem import (
    Aim,
    Curve,
    Demand,
    Effort,
    Form,
    Item,
    Measure,
    Objective,
    Part,
    Specification,
    State,
    Unit,
    faults,
)
from exams.assembly.engine.solve import information, solve
from tests.exams.assembly.engine.banks import Bank, banks, cost, every_form, fits

ABILITIES = (-1.0, 0.0, 1.0)


@settings(max_examples=100)
@given(banks(most=8))
def test_form_is_the_cheapest_of_all_or_there_is_none(bank: Bank) -> None:
    outcome = solve(bank.items, bank.specification)
    all_of_them = [cost(form) for form in every_form(bank)]
    if not all_of_them:
        assert (outcome.state, outcome.forms) == (State.IMPOSSIBLE, ())
        return
    assert (outcome.state, outcome.gap) == (State.OPTIMAL, 0.0)
    assert fits(outcome.forms[0], bank.specification)
    assert faults(outcome.forms[0], bank.specification) == []
    assert cost(outcome.forms[0]) == round(outcome.value) == min(all_of_them)


@settings(max_examples=60)
@given(banks(most=7), st.integers(2, 3), st.integers(0, 2))
def test_several_forms_at_once_share_exactly_what_they_should(bank: Bank, forms: int, overlap: int) -> None:
    outcome = solve(bank.items, bank.specification, forms=forms, overlap=overlap)
    choices = {frozenset(one.item.id for one in form): cost(form) for form in every_form(bank)}
    together = [
        sum(choices[one] for one in some)
        for some in itertools.product(choices, repeat=forms)
        if _shares(some, overlap)
    ]
    if not together:
        assert outcome.state == State.IMPOSSIBLE
        return
    assert outcome.state == State.OPTIMAL
    assert _shares([frozenset(one.item.id for one in form) for form in outcome.forms], overlap)
    assert all(faults(form, bank.specification) == [] for form in outcome.forms)
    assert round(outcome.value) == min(together)


def _shares(some: Sequence[frozenset[str]], overlap: int) -> bool:
    common = frozenset.intersection(*some)
    return len(common) == overlap and all(
        one & other == common for one, other in itertools.combinations(some, 2)
    )


def gain(form: Form, ability: float) -> float:
    """Return the information of a form at an ability."""
    return sum(information(one.item, ability) for one in form)


def worth(form: Form, objective: Objective) -> float:
    """Return what an objective asks for, the better the higher."""
    gains = [(gain(form, ability), number) for ability, number in objective.points]
    if objective.aim == Aim.INFORMATION:
        return gains[0][0]
    if objective.aim == Aim.MAXIMIN:
        return min(found / number for found, number in gains)
    return -max(abs(found - number) for found, number in gains)


@settings(max_examples=80)
@given(
    banks(most=8, curves=True, free_points=False),
    st.sampled_from([Aim.INFORMATION, Aim.MAXIMIN, Aim.TARGET]),
    st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=3, max_size=3),
)
def test_information_is_the_best_of_all(bank: Bank, aim: Aim, numbers: list[float]) -> None:
    objective = Objective(aim, tuple(zip(ABILITIES, numbers, strict=True)))
    outcome = solve(bank.items, bank.specification, objective)
    found = [worth(form, objective) for form in every_form(bank)]
    if not found:
        assert outcome.state == State.IMPOSSIBLE
        return
    assert outcome.state == State.OPTIMAL
    assert faults(outcome.forms[0], bank.specification) == []
    assert worth(outcome.forms[0], objective) == pytest.approx(max(found), abs=2e-4)
    assert outcome.value == pytest.approx(abs(worth(outcome.forms[0], objective)), abs=1e-4)


@pytest.mark.parametrize(("guessing", "share"), [(0.0, 0.25), (0.2, 0.1666667)])
def test_information_of_a_curve_at_its_difficulty(guessing: float, share: float) -> None:
    # 2PL: a² ¼ at the difficulty; 3PL: a² (1 - p)/p ((p - c)/(1 - c))², p = 0.6: a² ⅙.
    assert Curve(1.2, 0.5, guessing).information(0.5) == pytest.approx(1.44 * share, rel=1e-5)
    assert information(Item("i", frozenset(), ()), 0.5) == 0


def _hard(size: int = 60, width: int = 150) -> tuple[list[Item], Specification]:
    """Return a knapsack whose proof takes a while: an even sum of two things, without pattern."""
    pool = [
        Item(
            f"k{n:03}",
            frozenset(),
            (Part(1, 1),),
            {"a": float(211 + n * 7919 % 9973), "b": float(307 + n * 6007 % 9539)},
            n * 104729 % 997,
        )
        for n in range(size)
    ]
    half = [sum(item.values[name] for item in pool) // 2 for name in "ab"]
    demands = tuple(
        Demand((name,), Measure.COUNT, least=number - width, most=number + width, value=name)
        for name, number in zip("ab", half, strict=True)
    )
    return pool, Specification(demands)


def test_wide_gap_is_told_and_not_called_proven() -> None:
    pool, specification = _hard()
    outcome = solve(pool, specification, effort=Effort(gap=0.5))
    assert outcome.state == State.FEASIBLE
    assert 0 < outcome.gap <= 0.5
    assert faults(outcome.forms[0], specification) == []
    assert solve(pool, specification, effort=Effort(absolute_gap=5000)).state == State.FEASIBLE


def test_gap_bounds_what_is_lost() -> None:
    pool, specification = _hard(24, 3000)
    best = solve(pool, specification)
    wide = solve(pool, specification, effort=Effort(gap=0.3))
    assert best.state == State.OPTIMAL
    assert best.value <= wide.value
    assert wide.value * (1 - wide.gap) <= best.value + 1e-6


def test_empty_pool_meets_what_asks_for_nothing() -> None:
    nothing = Specification((Demand(("size",), Measure.COUNT, most=3),))
    assert solve([], nothing).state == State.OPTIMAL
    some = replace(nothing, demands=(replace(nothing.demands[0], least=1),))
    assert solve([], some).state == State.IMPOSSIBLE


@settings(max_examples=60)
@given(banks(most=12, free_points=True, units=False), st.integers(1, 3))
def test_items_that_cannot_be_told_apart_are_left_out_without_loss(bank: Bank, forms: int) -> None:
    doubled = [*bank.items, *(replace(one, id=f"{one.id}b", cost=one.cost + 1) for one in bank.items)]
    kept = fewer(doubled, bank.specification, forms)
    assert {one.id for one in kept} <= {one.id for one in doubled}
    outcome = solve(doubled, bank.specification)
    plain = solve(doubled, replace(bank.specification, units={"": Unit(0, 99)}))  # a unit: none is left out
    assert outcome.state == plain.state
    assert outcome.value == pytest.approx(plain.value)


def test_most_alike_is_the_tightest_bound() -> None:
    item = Item("i", frozenset({"type=x"}), (Part(2, 4, frozenset({"topic=a"})),), {"f": 1.0})
    demands = (
        Demand(("size",), Measure.COUNT, most=9),
        Demand(("topic",), Measure.POINTS, frozenset({"topic=a"}), None, 7),
        Demand(("other",), Measure.POINTS, frozenset({"topic=b"}), None, 1),
        Demand(("weighed",), Measure.COUNT, most=1, value="f"),
    )
    assert most_alike(item, Specification(demands)) == 3
    assert most_alike(item, Specification(demands), forms=2) == 7
    assert most_alike(item, Specification(())) is None
