"""Parallel forms: they fit, share what they should, lie as near each other as is said, and end when told."""

import itertools
import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.assembly.engine.forms import Likeness, by_information, parallel_forms
from exams.assembly.engine.linear import Progress
from exams.assembly.engine.problem import (
    Curve,
    Demand,
    Effort,
    Item,
    Measure,
    Part,
    Specification,
    State,
    faults,
    measured,
)
from exams.assembly.engine.solve import information, solve
from tests.exams.assembly.engine.banks import Bank, banks, every_form

FACILITY = Likeness(Demand(("like",), Measure.POINTS, value="facility"), 30.0)


def shares(some: "list[set[str]]", overlap: int) -> bool:
    """Return whether sets share exactly so many, the same in all."""
    common = set.intersection(*some)
    return len(common) == overlap and all(
        one & other == common for one, other in itertools.combinations(some, 2)
    )


@settings(max_examples=80)
@given(banks(most=8, units=False), st.integers(2, 3), st.integers(0, 2))
def test_forms_fit_share_and_lie_as_near_as_said(bank: Bank, forms: int, overlap: int) -> None:
    found = parallel_forms(bank.items, bank.specification, FACILITY, forms=forms, overlap=overlap)
    exists = any(
        shares([set(one) for one in some], overlap)
        for some in itertools.product(
            {frozenset(one.item.id for one in form) for form in every_form(bank)}, repeat=forms
        )
    )
    assert bool(found.forms) == exists
    if not exists:
        assert found.state == State.IMPOSSIBLE
        return
    assert len(found.forms) == forms
    assert all(faults(form, bank.specification) == [] for form in found.forms)
    assert shares([{one.item.id for one in form} for form in found.forms], overlap)
    values = [measured(form, FACILITY.demand) for form in found.forms]
    assert max(values) - min(values) == pytest.approx(found.spread)
    assert found.least_spread <= found.spread + 1e-6


@settings(max_examples=50)
@given(banks(most=7, units=False, free_points=False))
def test_spread_that_is_proven_is_the_least(bank: Bank) -> None:
    found = parallel_forms(bank.items, bank.specification, FACILITY, forms=2)
    if found.state != State.OPTIMAL:
        return
    rows = [({c.item.id for c in form}, measured(form, FACILITY.demand)) for form in every_form(bank)]
    least = min(
        abs(value - other)
        for (one, value), (another, other) in itertools.product(rows, repeat=2)
        if not one & another
    )
    assert found.spread == pytest.approx(least)


def theory(size: int = 900) -> "tuple[list[Item], Specification]":
    """Return a pool with curves and a form of 30 items of three topics in a band of difficulty."""
    draw = random.Random(7)
    pool = [
        Item(
            f"i{n:04}",
            frozenset({f"topic={n % 3}"}),
            (Part(1, 1),),
            {"facility": draw.choice([45.0, 60.0, 75.0, 90.0])},
            draw.randrange(1000),
            Curve(draw.uniform(0.6, 1.8), draw.gauss(0, 1)),
        )
        for n in range(size)
    ]
    demands = [Demand(("topic", str(t)), Measure.COUNT, frozenset({f"topic={t}"}), 10, 10) for t in range(3)]
    band = Demand(("facility",), Measure.POINTS, least=1950, most=2010, value="facility")
    return pool, Specification((*demands, band))


def test_forms_are_also_near_in_information() -> None:
    pool, specification = theory()
    step = 0.01 * sum(information(item, 0.3) for item in pool) / len(pool) * 30  # a hundredth of a mean form
    pool, near = by_information(pool, 0.3, step)
    like = replace(FACILITY, step=15.0)
    plain = parallel_forms(pool, specification, like, forms=4)
    found = parallel_forms(pool, specification, like, second=near, forms=4)
    assert (plain.state, found.state, found.spread) == (State.OPTIMAL, State.OPTIMAL, 0)
    gains = [sum(information(one.item, 0.3) for one in form) for form in found.forms]
    assert max(gains) - min(gains) == pytest.approx(found.second_spread)
    assert found.second_spread <= 2 * step + 1e-6
    wild = [sum(information(one.item, 0.3) for one in form) for form in plain.forms]
    assert max(wild) - min(wild) > 2 * step
    assert shares([{one.item.id for one in form} for form in found.forms], 0)


def test_nearness_that_cannot_be_had_is_given_up_before_equal_difficulty() -> None:
    # Four items of one difficulty, of which two tell everything and two nothing: two forms of two items.
    pool = [
        Item(f"i{n}", frozenset(), (Part(1, 1),), {"facility": 60.0}, n, Curve(a, 0.0))
        for n, a in enumerate([2.0, 2.0, 0.1, 0.1])
    ]
    pool, near = by_information(pool, 0.0, 0.001)
    specification = Specification((Demand(("size",), Measure.COUNT, least=2, most=2),))
    found = parallel_forms(pool, specification, FACILITY, second=near, forms=2)
    assert (found.state, found.spread) == (State.OPTIMAL, 0)
    assert found.second_spread == pytest.approx(2.0 - 0.005)


def test_more_items_in_common_than_a_form_has_are_impossible() -> None:
    pool = [Item(f"i{n}", frozenset(), (Part(1, 1),), {"facility": 60.0}) for n in range(9)]
    three = Specification((Demand(("size",), Measure.COUNT, least=3, most=3),))
    assert parallel_forms(pool, three, FACILITY, forms=2, overlap=4).state == State.IMPOSSIBLE
    same = parallel_forms(pool, three, FACILITY, forms=2, overlap=3)
    assert shares([{one.item.id for one in form} for form in same.forms], 3)


def endless() -> "tuple[list[Item], Specification]":
    """Return a market split: small, without a solution that is found soon, and without a quick proof."""
    draw = random.Random(3)
    names = [f"v{n}" for n in range(6)]
    pool = [
        Item(f"i{n:02}", frozenset(), (Part(1, 1),), {name: float(draw.randrange(1, 100)) for name in names})
        for n in range(50)
    ]
    half = {name: sum(item.values[name] for item in pool) // 2 for name in names}
    return pool, Specification(
        tuple(Demand((n,), Measure.COUNT, least=half[n], most=half[n], value=n) for n in names)
    )


def test_search_ends_soon_when_told() -> None:
    pool, specification = endless()
    heard: list[tuple[int, Progress]] = []

    def told(form: int, progress: Progress) -> bool:
        heard.append((form, progress))
        return len(heard) < 2

    begun = time.perf_counter()
    found = parallel_forms(
        pool, specification, replace(FACILITY, step=1.0), forms=3, effort=Effort(60), told=told
    )
    assert time.perf_counter() - begun < 15
    assert (found.state, found.forms) == (State.UNKNOWN, ())
    assert [form for form, _progress in heard] == [1, 1]
    assert heard[0][1].value is None


def test_search_ends_when_its_time_is_over() -> None:
    pool, specification = endless()
    begun = time.perf_counter()
    outcome = solve(pool, specification, effort=Effort(1))
    assert time.perf_counter() - begun < 10
    assert (outcome.state, outcome.forms) == (State.UNKNOWN, ())
    assert parallel_forms(pool, specification, FACILITY, forms=2, effort=Effort(1)).state == State.UNKNOWN


def test_no_form_is_sought_after_being_stopped() -> None:
    pool, specification = theory(400)
    numbers: set[int] = set()

    def told(form: int, progress: Progress) -> bool:
        numbers.add(form)
        return False

    begun = time.perf_counter()
    found = parallel_forms(pool, specification, FACILITY, forms=12, effort=Effort(30), told=told)
    assert len(numbers) <= 1
    assert found.state in {State.UNKNOWN, State.OPTIMAL, State.FEASIBLE}
    assert len(found.forms) in {0, 12}
    assert time.perf_counter() - begun < 30
