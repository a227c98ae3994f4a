"""A pool of items and a specification, as values, in van der Linden's terms.

An item has tags (`type=single`), values (`facility`), parts that carry points, optionally the parameters of
its response curve and a unit (items with a common stimulus). A demand bounds a count or a sum of points over
the items and parts that have all of its tags.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Tags = frozenset[str]
Key = tuple[str, ...]
NO_TAGS: Tags = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """What carries points in an item: whole points from `least` to `most`, chosen by the solver."""

    least: int
    most: int
    tags: Tags = NO_TAGS


@dataclass(frozen=True, slots=True)
class Curve:
    """Parameters of the three-parameter logistic model: discrimination, difficulty, guessing.

    Source: Birnbaum (1968); with guessing 0 it is the 2PL, with discrimination 1 besides the Rasch model.
    """

    discrimination: float
    difficulty: float
    guessing: float = 0.0

    def information(self, ability: float) -> float:
        """Return Fisher's information at an ability (logits)."""
        a, c = self.discrimination, self.guessing
        p = c + (1 - c) / (1 + math.exp(-a * (ability - self.difficulty)))
        return a * a * (1 - p) / p * ((p - c) / (1 - c)) ** 2


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a pool. `cost` is what choosing it costs (whole, not negative)."""

    id: str
    tags: Tags
    parts: tuple[Part, ...]
    values: Mapping[str, float] = field(default_factory=dict)
    cost: int = 0
    curve: Curve | None = None
    unit: str = ""


class Measure(StrEnum):
    """What a demand counts."""

    COUNT = "count"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Demand:
    """Bounds of a count of items, or of the points of parts, that have all `tags`; None leaves a side open.

    `value` names an item's value that weighs each item or point: points × facility, for one. `key` names the
    demand: what cannot be met together is told by these keys.
    """

    key: Key
    measure: Measure
    tags: Tags = NO_TAGS
    least: float | None = None
    most: float | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """How many items of a unit stand in a paper that has any of them; all of them where both are its size."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Specification:
    """What every form is held to. `enemies` are pairs of ids that must not meet in a form."""

    demands: tuple[Demand, ...]
    enemies: frozenset[tuple[str, str]] = frozenset()
    units: Mapping[str, Unit] = field(default_factory=dict)


class Aim(StrEnum):
    """What is best. Source: van der Linden (2005), Linear Models for Optimal Test Design, ch. 1 and 5."""

    CHEAPEST = "cheapest"
    """Least cost."""
    INFORMATION = "information"
    """Most information at the one ability of `points`."""
    MAXIMIN = "maximin"
    """Most of the least information at `points`, each relative to its number."""
    TARGET = "target"
    """Least of the largest deviation from the information that `points` ask for."""


@dataclass(frozen=True, slots=True)
class Objective:
    """An aim and its points: pairs of ability and relative weight (maximin) or target (target)."""

    aim: Aim = Aim.CHEAPEST
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item in a form, with the points of each of its parts."""

    item: Item
    points: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.points)


Form = tuple[Chosen, ...]


class State(StrEnum):
    """What a search found out."""

    OPTIMAL = "optimal"
    """Nothing is better: proven."""
    FEASIBLE = "feasible"
    """Fits; something may be better by as much as the gap."""
    IMPOSSIBLE = "impossible"
    """Nothing fits: proven."""
    UNKNOWN = "unknown"
    """The time was over, or it was cancelled, before anything was found or excluded."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to try. Without `seconds` the result never depends on the speed of the machine.

    `gap` is the relative gap at which a search may end, `absolute_gap` the absolute one, in costs or in
    ten-thousandths of information. A form that is one or more from its bound is FEASIBLE, with its gap.
    """

    seconds: float | None = None
    gap: float = 0.0
    absolute_gap: float = 0.999  # costs are whole numbers: less than one apart is a proof


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a search. `gap` is relative, `value` the objective's, `seconds` its duration."""

    state: State
    forms: tuple[Form, ...] = ()
    gap: float = 0.0
    value: float = 0.0
    seconds: float = 0.0


def measured(form: Iterable[Chosen], demand: Demand) -> float:
    """Return what a form has of what a demand bounds."""
    total = 0.0
    for chosen in form:
        weight = chosen.item.values.get(demand.value, 0.0) if demand.value else 1.0
        if demand.measure == Measure.COUNT:
            total += weight * (demand.tags <= chosen.item.tags)
        else:
            pairs = zip(chosen.item.parts, chosen.points, strict=True)
            total += weight * sum(n for part, n in pairs if demand.tags <= chosen.item.tags | part.tags)
    return total


def faults(form: Sequence[Chosen], specification: Specification) -> list[Key]:
    """Return the keys of what a form misses, counted without the solver; empty where it fits.

    `("enemies", a, b)`, `("unit", u)`, `("points", id)` and `("repeat", id)` beside the demands' own keys.
    """
    found: list[Key] = []
    ids = [one.item.id for one in form]
    found += [("repeat", one) for one in sorted({one for one in ids if ids.count(one) > 1})]
    for chosen in form:
        pairs = zip(chosen.item.parts, chosen.points, strict=True)
        if any(not part.least <= points <= part.most for part, points in pairs):
            found.append(("points", chosen.item.id))
    for demand in specification.demands:
        value = measured(form, demand)
        low, high = demand.least, demand.most
        if (low is not None and value < low - 1e-6) or (high is not None and value > high + 1e-6):
            found.append(demand.key)
    present = set(ids)
    found += [("enemies", *pair) for pair in sorted(specification.enemies) if present.issuperset(pair)]
    for name, unit in specification.units.items():
        size = sum(one.item.unit == name for one in form)
        if size and not unit.least <= size <= unit.most:
            found.append(("unit", name))
    return found
