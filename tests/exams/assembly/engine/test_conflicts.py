"""Why there is none: what is named cannot be met, without any one of it the rest can; what lacks helps."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from exams.assembly.engine.conflicts import ENEMIES, UNITS, can_be_met, find_conflict, find_missing, merged
from exams.assembly.engine.problem import (
    Demand,
    Item,
    Key,
    Measure,
    Part,
    Specification,
    State,
    Unit,
    faults,
)
from exams.assembly.engine.solve import PoolIndex, solve
from tests.exams.assembly.engine.banks import TOPICS, TYPES, Bank, banks, every_form
from tests.exams.assembly.engine.banks import UNITS as UNIT_NAMES

IMAGINED = [
    Item(f"?{kind}/{topic}/{points}/{facility}", frozenset({f"type={kind}"}), parts, {"facility": facility})
    for kind in TYPES
    for topic in TOPICS
    for points in (1, 2, 3)
    for facility in (30.0, 60.0, 90.0)
    for parts in [(Part(points, points, frozenset({f"topic={topic}"})),)]
]


def only(specification: Specification, keys: "set[Key]") -> Specification:
    """Return a specification with no demands but these."""
    return Specification(
        tuple(one for one in specification.demands if one.key in keys),
        specification.enemies if ENEMIES in keys else frozenset(),
        specification.units if UNITS in keys else {},
    )


def test_items_that_no_demand_tells_apart_are_one_column_for_the_search_of_conflicts() -> None:
    parts = (Part(1, 1, frozenset({"topic=a", "colour=red"})),)
    many = [Item(f"{n}", frozenset({"type=x", f"shelf={n}"}), parts, {"facility": 60.0}) for n in range(5000)]
    other = Item("other", frozenset({"type=y"}), parts)
    demands = (Demand(("n",), Measure.COUNT, frozenset({"type=x"}), 3, 3),)
    enemies = frozenset({("0", "1")})
    alike, counts = merged([*many, other], Specification(demands, enemies))
    assert [one.id for one in alike] == ["0", "1", "2", "other"]
    assert counts == [1, 1, 4998, 1]
    wanted = Specification((*demands, Demand(("y",), Measure.COUNT, frozenset({"type=y"}), 2, None)), enemies)
    assert find_conflict([*many, other], wanted).keys == (("y",),)
    missing = find_missing([*many, other], wanted, [replace(other, id="?")], most=5)
    assert missing is not None
    assert [(one.item.id, one.count) for one in missing] == [("?", 1)]


@settings(max_examples=120)
@given(banks(most=8))
def test_conflict_is_one_and_none_of_it_can_be_missed(bank: Bank) -> None:
    if solve(bank.items, bank.specification).state != State.IMPOSSIBLE:
        return
    conflict = find_conflict(bank.items, bank.specification)
    keys = set(conflict.keys)
    assert conflict.is_irreducible
    assert keys
    index = PoolIndex(bank.items)
    assert can_be_met(index, bank.specification, keys, seconds=20) is False
    named = only(bank.specification, keys)
    assert next(every_form(replace(bank, specification=named)), None) is None
    for key in keys:
        assert can_be_met(index, bank.specification, keys - {key}, seconds=20) is True
        rest = only(bank.specification, keys - {key})
        assert next(every_form(replace(bank, specification=rest)), None) is not None


@settings(max_examples=60)
@given(banks(most=8))
def test_conflict_is_the_same_every_time_and_in_the_order_of_the_demands(bank: Bank) -> None:
    if solve(bank.items, bank.specification).state != State.IMPOSSIBLE:
        return
    found = find_conflict(bank.items, bank.specification).keys
    assert found == find_conflict(list(bank.items), bank.specification).keys
    order = [one.key for one in bank.specification.demands] + [ENEMIES, UNITS]
    assert list(found) == sorted(found, key=order.index)


@settings(max_examples=60)
@given(banks(most=8, free_points=False))
def test_what_is_missing_makes_it_possible_and_less_does_not(bank: Bank) -> None:
    found = find_missing(bank.items, bank.specification, IMAGINED, most=6)
    if found is None:  # no bank could
        return
    wished = [replace(one.item, id=f"{one.item.id}#{n}") for one in found for n in range(one.count)]
    mended = solve([*bank.items, *wished], bank.specification)
    assert mended.state == State.OPTIMAL
    assert faults(mended.forms[0], bank.specification) == []
    is_possible = solve(bank.items, bank.specification).state == State.OPTIMAL
    assert is_possible == (not wished)
    chosen = {one.item.id for one in mended.forms[0]}
    assert {one.id for one in wished} <= chosen


@settings(max_examples=60)
@given(banks(most=8, units=False), st.integers(2, 3))
def test_conflict_of_several_forms_is_one(bank: Bank, forms: int) -> None:
    index, everything = PoolIndex(bank.items), [one.key for one in bank.specification.demands]
    if can_be_met(index, bank.specification, everything, seconds=20, forms=forms):
        return
    conflict = find_conflict(bank.items, bank.specification, forms=forms)
    keys = set(conflict.keys)
    assert can_be_met(index, bank.specification, keys, seconds=20, forms=forms) is False
    assert solve(bank.items, only(bank.specification, keys), forms=forms).state == State.IMPOSSIBLE
    for key in keys:
        assert can_be_met(index, bank.specification, keys - {key}, seconds=20, forms=forms) is True


def test_time_that_is_over_is_not_called_a_proof() -> None:
    pool = [Item(f"i{n}", frozenset(), (Part(1, 1),), {"a": float(n * 7919 % 997)}) for n in range(400)]
    parity = [Demand((f"d{n}",), Measure.COUNT, least=n + 0.2, most=n + 0.8) for n in range(3)]
    conflict = find_conflict(pool, Specification(tuple(parity)), seconds=1e-9)
    assert set(conflict.keys) <= {one.key for one in parity}


def test_enemies_and_units_are_named_where_they_stand_in_the_way() -> None:
    pool = [Item(f"i{n}", frozenset(), (Part(1, 1),), unit=UNIT_NAMES[0]) for n in range(3)]
    two = Demand(("size",), Measure.COUNT, least=2, most=2)
    all_enemies = frozenset({("i0", "i1"), ("i0", "i2"), ("i1", "i2")})
    assert find_conflict(pool, Specification((two,), all_enemies)).keys == (("size",), ENEMIES)
    whole = {UNIT_NAMES[0]: Unit(3, 3)}
    assert find_conflict(pool, Specification((two,), units=whole)).keys == (("size",), UNITS)
