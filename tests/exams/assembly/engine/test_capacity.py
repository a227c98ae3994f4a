"""How many disjoint forms a pool holds: none share an item, and no more exist than the bound says."""

from dataclasses import replace

from hypothesis import given, settings

from exams.assembly.engine.capacity import bound, capacity, next_form
from exams.assembly.engine.problem import Demand, Effort, Item, Measure, Part, Specification, faults
from tests.exams.assembly.engine.banks import Bank, banks, every_form


def most_disjoint(choices: "list[frozenset[str]]") -> int:
    """Return how many disjoint sets there are at most among these, by trying."""
    best = 0
    for number, one in enumerate(choices):
        rest = [other for other in choices[number + 1 :] if not one & other]
        if len(rest) >= best:
            best = max(best, 1 + most_disjoint(rest))
    return best


@settings(max_examples=80)
@given(banks(most=8))
def test_built_are_disjoint_and_fit_and_no_more_exist_than_the_bound(bank: Bank) -> None:
    found = capacity(bank.items, bank.specification)
    ids = [one.item.id for form in found.built for one in form]
    assert len(ids) == len(set(ids))
    assert all(faults(form, bank.specification) == [] for form in found.built)
    sets = sorted({frozenset(one.item.id for one in form) for form in every_form(bank)}, key=sorted)
    by_trying = most_disjoint([one for one in sets if one])
    assert found.most is not None
    assert len(found.built) <= by_trying <= found.most


@settings(max_examples=60)
@given(banks(most=9, units=False))
def test_shadow_leaves_enough_for_the_forms_to_come(bank: Bank) -> None:
    form = next_form(bank.items, bank.specification, after=1, effort=Effort())
    if not form:
        return
    assert faults(form, bank.specification) == []
    taken = {one.item.id for one in form}
    rest = [item for item in bank.items if item.id not in taken]
    without_enemies = replace(bank.specification, enemies=frozenset())
    left = bound(rest, without_enemies)
    assert left is not None
    assert left >= 1


def test_shadow_builds_what_one_after_another_misses() -> None:
    # The cheapest form takes both rare items; with a shadow each form takes one.
    rare = [Item(f"r{n}", frozenset({"rare"}), (Part(1, 1),), cost=0) for n in range(2)]
    plain = [Item(f"p{n}", frozenset(), (Part(1, 1),), cost=9) for n in range(2)]
    demands = (
        Demand(("size",), Measure.COUNT, least=2, most=2),
        Demand(("rare",), Measure.COUNT, frozenset({"rare"}), least=1),
    )
    found = capacity([*rare, *plain], Specification(demands))
    assert (len(found.built), found.most) == (2, 2)


def test_bound_without_time_is_no_bound() -> None:
    pool = [Item(f"i{n}", frozenset({f"t{n % 7}"}), (Part(1, 1),)) for n in range(3000)]
    demands = tuple(
        Demand((f"t{n}",), Measure.COUNT, frozenset({f"t{n}"}), least=n + 1, most=n + 3) for n in range(7)
    )
    specification = Specification(demands)
    known = bound(pool, specification)
    assert known is not None
    assert bound(pool, specification, seconds=1e-9) in {None, known}
