"""Why there is no form: an irreducible set of demands, found by deletion, and what would help each.

A set of demands is irreducible when it cannot be met and any one of it taken away lets the rest be met.
Source: Chinneck (2008), Feasibility and Infeasibility in Optimization, ch. 6 (deletion filter).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from exams.assembly.engine.linear import INFINITY, Model
from exams.assembly.engine.problem import Demand, Effort, Item, Key, Specification
from exams.assembly.engine.solve import (
    PoolIndex,
    add_demand,
    add_enemies,
    add_form,
    add_units,
    entries,
    is_possible,
)

ENEMIES: Key = ("enemies",)
UNITS: Key = ("units",)
_PRICE = 1000  # of an imagined item: so many that differ in cost only never outweigh one more item


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands that cannot be met together. `is_irreducible`: every one of them is needed for that (proven).

    It is not proven where a single test ran out of time.
    """

    keys: tuple[Key, ...]
    is_irreducible: bool


def find_conflict(
    pool: Sequence[Item], specification: Specification, *, forms: int = 1, seconds: float = 20.0
) -> Conflict:
    """Return an irreducible conflict of an impossible specification.

    Demands are taken away one after another, the later ones first, and left away where it stays impossible.
    First in the relaxation, where a test is quick: what cannot be met in fractions cannot be met at all.
    Then in whole items. Of several disjoint forms the sums are tested (`can_be_met`).
    """
    until = time.monotonic() + seconds
    alike, counts = merged(pool, specification)
    index = PoolIndex(alike)
    keys = _keys(specification) if forms == 1 else list(dict.fromkeys(d.key for d in specification.demands))
    sure = True

    def possible(kept: Sequence[Key], *, relaxed: bool) -> bool | None:
        left = max(until - time.monotonic(), 0.05)
        return can_be_met(
            index, specification, kept, seconds=left, relaxed=relaxed, forms=forms, counts=counts
        )

    if possible(keys, relaxed=True) is False:
        keys, _all_sure = _delete(keys, lambda kept: possible(kept, relaxed=True))
    keys, sure = _delete(keys, lambda kept: possible(kept, relaxed=False))
    return Conflict(tuple(keys), sure)


def _keys(specification: Specification) -> list[Key]:
    found = list(dict.fromkeys(demand.key for demand in specification.demands))
    return found + [ENEMIES] * bool(specification.enemies) + [UNITS] * bool(specification.units)


def _delete(keys: Sequence[Key], possible: Callable[[Sequence[Key]], bool | None]) -> tuple[list[Key], bool]:
    """Return what is left when all that can be missed is deleted, and whether every answer was sure.

    Blocks are tried before single demands: most of a long list has nothing to do with the conflict.
    """
    kept, sure = list(keys), True
    size = max(len(kept) // 4, 1)
    while size:
        end = len(kept)
        while end > 0:
            start = max(end - size, 0)
            answer = possible(kept[:start] + kept[end:])
            if answer is False:
                del kept[start:end]
            elif answer is None and size == 1:
                sure = False
            end = start
        size //= 2
    return kept, sure


def can_be_met(
    index: PoolIndex,
    specification: Specification,
    keys: Iterable[Key],
    *,
    seconds: float,
    relaxed: bool = False,
    forms: int = 1,
    counts: Sequence[int] | None = None,
) -> bool | None:
    """Return whether the demands of these keys can be met together; None where the time was not enough.

    `counts`: how many of each item of the pool there are, where not one (`merged`).

    With several forms their sums are asked for, each item once: what is impossible then is impossible for
    disjoint forms. Enemies and units are of one form only and left out.
    """
    kept = set(keys)
    model = Model()
    columns = add_form(model, index.pool, counts=counts)
    for demand in specification.demands:
        if demand.key in kept:
            add_demand(model, index, columns, times(demand, forms))
    if ENEMIES in kept and forms == 1:
        add_enemies(model, index, columns, specification)
    if UNITS in kept and forms == 1:
        add_units(model, index, columns, specification)
    return is_possible(model.solve(Effort(seconds=seconds), relaxed=relaxed))


def times(demand: Demand, forms: int) -> Demand:
    """Return what several forms together have of what a demand bounds in one."""
    least, most = demand.least, demand.most
    return replace(
        demand,
        least=None if least is None else least * forms,
        most=None if most is None else most * forms,
    )


def merged(pool: Sequence[Item], specification: Specification) -> tuple[list[Item], list[int]]:
    """Return items that no demand tells apart as one, and how many each stands for.

    Whether a form is possible stays the same, and large pools become small. Items with enemies, of a unit, or
    with parts that leave their points open stay apart.
    """
    tags: frozenset[str] = frozenset().union(*(one.tags for one in specification.demands))
    values = sorted({one.value for one in specification.demands if one.value})
    apart = {one for pair in specification.enemies for one in pair}
    found: dict[object, list[Item]] = {}
    for item in pool:
        is_open = any(part.least != part.most for part in item.parts)
        kind: object = item.id
        if not (is_open or item.unit or item.id in apart):
            parts = tuple((part.least, part.tags & tags) for part in item.parts)
            kind = item.tags & tags, parts, tuple(item.values.get(value) for value in values)
        found.setdefault(kind, []).append(item)
    return [items[0] for items in found.values()], [len(items) for items in found.values()]


@dataclass(frozen=True, slots=True)
class Missing:
    """An imagined item, and how many of it would help."""

    item: Item
    count: int


def find_missing(
    pool: Sequence[Item],
    specification: Specification,
    imagined: Sequence[Item],
    *,
    most: int,
    forms: int = 1,
    keys: Iterable[Key] | None = None,
    seconds: float = 20.0,
) -> list[Missing] | None:
    """Return the fewest imagined items (each up to `most` times) that make `forms` disjoint forms possible.

    An imagined item's `cost` decides between equally few. Only the demands of `keys` count, where given. With
    several forms their sums are asked for: what one form may have, several may have as often. None where no
    number helps, or none was found in time.
    """
    kept = None if keys is None else set(keys)
    demands = [one for one in specification.demands if kept is None or one.key in kept]
    model = Model()
    alike, counts = merged(pool, replace(specification, demands=tuple(demands)))
    real, wished = PoolIndex(alike), PoolIndex(imagined)
    columns = add_form(model, alike, counts=counts)
    wishes = add_form(model, imagined, most=most)
    for demand in demands:
        low = -INFINITY if demand.least is None else demand.least * forms
        high = INFINITY if demand.most is None else demand.most * forms
        model.row(entries(real, columns, demand) | entries(wished, wishes, demand), low, high)
    if forms == 1 and (kept is None or ENEMIES in kept):
        add_enemies(model, real, columns, specification)
    if forms == 1 and (kept is None or UNITS in kept):
        add_units(model, real, columns, specification)
    for item, wish in zip(imagined, wishes.chosen, strict=True):
        model.costs[wish] = _PRICE + item.cost
    answer = model.solve(Effort(seconds=seconds))
    if not answer.values:
        return None
    counts = [round(answer.values[wish]) for wish in wishes.chosen]
    return [Missing(item, count) for item, count in zip(imagined, counts, strict=True) if count]
