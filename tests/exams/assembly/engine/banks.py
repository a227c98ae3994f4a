"""Small random banks and demands, and an oracle that tries every choice: nothing of the engine's is in it."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from exams.assembly.engine.problem import (
    Chosen,
    Curve,
    Demand,
    Form,
    Item,
    Measure,
    Part,
    Specification,
    Unit,
)

TYPES, TOPICS, UNITS = ("choice", "essay"), ("algebra", "geometry"), ("text", "map")


@dataclass(frozen=True)
class Bank:
    """A pool and what a form of it is held to."""

    items: tuple[Item, ...]
    specification: Specification


@st.composite
def items(draw: st.DrawFn, number: int, *, free_points: bool, units: bool, curves: bool) -> Item:
    """Draw one item of one or two parts."""
    parts = []
    for _part in range(draw(st.integers(1, 2))):
        least = draw(st.integers(1, 3))
        most = least + (draw(st.integers(0, 2)) if free_points else 0)
        parts.append(Part(least, most, frozenset({f"topic={draw(st.sampled_from(TOPICS))}"})))
    curve = None
    if curves:
        curve = Curve(draw(st.sampled_from([0.6, 1.0, 1.7])), draw(st.sampled_from([-1.5, 0.0, 1.0])), 0.2)
    return Item(
        f"i{number:02}",
        frozenset({f"type={draw(st.sampled_from(TYPES))}"}),
        tuple(parts),
        {"facility": draw(st.sampled_from([30.0, 60.0, 90.0]))},
        draw(st.integers(0, 9)),
        curve,
        draw(st.sampled_from(["", "", *UNITS])) if units else "",
    )


@st.composite
def demands(draw: st.DrawFn) -> tuple[Demand, ...]:
    """Draw demands of every kind, often contradictory."""
    count = draw(st.integers(1, 4))
    found = [Demand(("size",), Measure.COUNT, least=count, most=count + draw(st.integers(0, 1)))]
    for name in TYPES:
        if draw(st.booleans()):
            tags = frozenset({f"type={name}"})
            found.append(Demand(("type", name), Measure.COUNT, tags, *draw(bounds(4))))
    for name in TOPICS:
        if draw(st.booleans()):
            tags = frozenset({f"topic={name}"})
            found.append(Demand(("topic", name), Measure.POINTS, tags, *draw(bounds(8))))
    if draw(st.booleans()):
        least, width = draw(st.integers(0, 400)), draw(st.integers(0, 300))
        found.append(Demand(("facility",), Measure.POINTS, least=least, most=least + width, value="facility"))
    return tuple(found)


@st.composite
def bounds(draw: st.DrawFn, highest: int) -> tuple[int | None, int | None]:
    """Draw a least and a most, either of which may be open."""
    low, high = sorted(draw(st.tuples(st.integers(0, highest), st.integers(0, highest))))
    return draw(st.sampled_from([(low, high), (low, None), (None, high)]))


@st.composite
def banks(
    draw: st.DrawFn,
    *,
    most: int = 9,
    free_points: bool = True,
    units: bool = True,
    curves: bool = False,
) -> Bank:
    """Draw a pool of up to `most` items, demands, enemies and units."""
    size = draw(st.integers(0, most))
    pool = tuple(
        draw(items(number, free_points=free_points, units=units, curves=curves)) for number in range(size)
    )
    pairs = draw(st.sets(st.tuples(st.integers(0, most - 1), st.integers(0, most - 1)), max_size=4))
    enemies = frozenset((pool[a].id, pool[b].id) for a, b in pairs if a < b < size)
    sizes = {name: Unit(*draw(st.sampled_from([(1, 1), (2, 2), (2, 3), (1, 4)]))) for name in UNITS}
    return Bank(pool, Specification(draw(demands()), enemies, sizes if units else {}))


def every_form(bank: Bank) -> Iterator[Form]:
    """Yield every form that fits: all choices of items, and all points of their parts."""
    for choice in every_choice(bank.items):
        spans = [[range(part.least, part.most + 1) for part in item.parts] for item in choice]
        for given in itertools.product(*(itertools.product(*one) for one in spans)):
            form = tuple(Chosen(item, points) for item, points in zip(choice, given, strict=True))
            if fits(form, bank.specification):
                yield form


def every_choice(pool: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """Yield every set of items, the empty one first."""
    return itertools.chain.from_iterable(itertools.combinations(pool, n) for n in range(len(pool) + 1))


def fits(form: Form, specification: Specification) -> bool:
    """Return whether a form meets everything; counted here anew, without the engine's own count."""
    ids = {one.item.id for one in form}
    if any(one in ids and other in ids for one, other in specification.enemies):
        return False
    for name, unit in specification.units.items():
        size = sum(one.item.unit == name for one in form)
        if size and not unit.least <= size <= unit.most:
            return False
    return all(_lies_within(amount(form, demand), demand) for demand in specification.demands)


def amount(form: Form, demand: Demand) -> float:
    """Return what a form has of what a demand counts."""
    total = 0.0
    for one in form:
        weight = one.item.values[demand.value] if demand.value else 1
        if demand.measure == Measure.COUNT:
            total += weight if demand.tags <= one.item.tags else 0
            continue
        for part, points in zip(one.item.parts, one.points, strict=True):
            total += weight * points if demand.tags <= (one.item.tags | part.tags) else 0
    return total


def _lies_within(found: float, demand: Demand) -> bool:
    low = -math.inf if demand.least is None else demand.least
    high = math.inf if demand.most is None else demand.most
    return low - 1e-6 <= found <= high + 1e-6


def cost(form: Form) -> int:
    """Return what a form costs."""
    return sum(one.item.cost for one in form)
