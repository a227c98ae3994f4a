"""Chooses the items of one form, or of several that share a stated number of items, in one model."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from exams.assembly.engine.alike import fewer
from exams.assembly.engine.linear import INFINITY, Answer, Model, Watch
from exams.assembly.engine.problem import (
    Aim,
    Chosen,
    Demand,
    Effort,
    Form,
    Item,
    Measure,
    Objective,
    Outcome,
    Specification,
    State,
)

_SCALE = 1e4  # information is sought in ten-thousandths, so that cost only ever decides between equals


@dataclass(slots=True)
class Columns:
    """The columns of one form: `chosen` of each item, `points` of each part; None where they follow."""

    chosen: list[int]
    points: list[list[int | None]] = field(default_factory=list)


class PoolIndex:
    """Which items and parts have which tags, so that a demand looks only at those it concerns."""

    def __init__(self, pool: Sequence[Item]) -> None:
        self.pool = pool
        self._items: dict[str, list[int]] = defaultdict(list)
        self._parts: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, item in enumerate(pool):
            for tag in item.tags:
                self._items[tag].append(number)
            for place, part in enumerate(item.parts):
                for tag in item.tags | part.tags:
                    self._parts[tag].append((number, place))

    def items(self, demand: Demand) -> Iterable[int]:
        """Return the numbers of the items that have a demand's tags."""
        if not demand.tags:
            return range(len(self.pool))
        rarest = min(demand.tags, key=lambda tag: (len(self._items.get(tag, ())), tag))
        return (n for n in self._items.get(rarest, ()) if demand.tags <= self.pool[n].tags)

    def parts(self, demand: Demand) -> Iterable[tuple[int, int]]:
        """Return item and part numbers that have a demand's tags between them."""
        if not demand.tags:
            return ((n, place) for n, item in enumerate(self.pool) for place in range(len(item.parts)))
        rarest = min(demand.tags, key=lambda tag: (len(self._parts.get(tag, ())), tag))
        return (
            (n, place)
            for n, place in self._parts.get(rarest, ())
            if demand.tags <= self.pool[n].tags | self.pool[n].parts[place].tags
        )


def add_form(
    model: Model,
    pool: Sequence[Item],
    *,
    whole: bool = True,
    most: float = 1,
    counts: Sequence[int] | None = None,
) -> Columns:
    """Add the columns of a form, and what ties a part's points to its item.

    Each item may be chosen `most` times; with `counts`, as often as that says of it.
    """
    highs = [most] * len(pool) if counts is None else counts
    columns = Columns([model.column(high=high, whole=whole) for high in highs])
    for number, item in enumerate(pool):
        row: list[int | None] = []
        for part in item.parts:
            if part.least == part.most:
                row.append(None)
                continue
            points = model.column(high=part.most * highs[number], whole=whole)
            chosen = columns.chosen[number]
            model.row([(points, 1), (chosen, -part.least)], 0, INFINITY)
            model.row([(points, 1), (chosen, -part.most)], -INFINITY, 0)
            row.append(points)
        columns.points.append(row)
    return columns


def entries(index: PoolIndex, columns: Columns, demand: Demand) -> dict[int, float]:
    """Return a demand as coefficients of a form's columns."""
    found: dict[int, float] = defaultdict(float)
    if demand.measure == Measure.COUNT:
        for number in index.items(demand):
            found[columns.chosen[number]] += _weight(index.pool[number], demand)
    else:
        for number, place in index.parts(demand):
            item, points = index.pool[number], columns.points[number][place]
            weight = _weight(item, demand)
            if points is None:
                found[columns.chosen[number]] += weight * item.parts[place].least
            else:
                found[points] += weight
    return {column: coefficient for column, coefficient in found.items() if coefficient}


def _weight(item: Item, demand: Demand) -> float:
    return item.values.get(demand.value, 0.0) if demand.value else 1.0


def add_demand(model: Model, index: PoolIndex, columns: Columns, demand: Demand) -> None:
    """Add the row of a demand to a form."""
    low = -INFINITY if demand.least is None else demand.least
    high = INFINITY if demand.most is None else demand.most
    model.row(entries(index, columns, demand), low, high)


def add_enemies(model: Model, index: PoolIndex, columns: Columns, specification: Specification) -> None:
    """Add a row for each pair of enemies that are both in the pool."""
    place = {item.id: number for number, item in enumerate(index.pool)}
    for one, other in sorted(specification.enemies):
        if one in place and other in place:
            model.row([(columns.chosen[place[one]], 1), (columns.chosen[place[other]], 1)], -INFINITY, 1)


def add_units(model: Model, index: PoolIndex, columns: Columns, specification: Specification) -> None:
    """Add the rows that keep the items of a unit together."""
    members: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(index.pool):
        if item.unit in specification.units:
            members[item.unit].append(columns.chosen[number])
    for name in sorted(members):
        unit, chosen = specification.units[name], members[name]
        has_any = model.column()
        model.row([*((one, 1.0) for one in chosen), (has_any, -unit.least)], 0, INFINITY)
        model.row([*((one, 1.0) for one in chosen), (has_any, -unit.most)], -INFINITY, 0)
        model.row([*((one, 1.0) for one in chosen), (has_any, -1)], 0, INFINITY)


def hold(model: Model, index: PoolIndex, columns: Columns, specification: Specification) -> None:
    """Add everything that a specification demands of a form."""
    for demand in specification.demands:
        add_demand(model, index, columns, demand)
    add_enemies(model, index, columns, specification)
    add_units(model, index, columns, specification)


def solve(
    pool: Sequence[Item],
    specification: Specification,
    objective: Objective | None = None,
    *,
    forms: int = 1,
    overlap: int = 0,
    effort: Effort | None = None,
    watch: Watch | None = None,
) -> Outcome:
    """Return `forms` forms that each fit and share exactly `overlap` items, the best by the objective."""
    begun = time.perf_counter()
    pool = fewer(pool, specification, forms)
    model, index = Model(), PoolIndex(pool)
    copies = [add_form(model, pool) for _form in range(forms)]
    for columns in copies:
        hold(model, index, columns, specification)
    share(model, copies, overlap)
    _seek(model, pool, copies, objective or Objective())
    answer = model.solve(effort or Effort(), watch)
    found = tuple(form_of(pool, columns, answer.values) for columns in copies) if answer.values else ()
    seconds = time.perf_counter() - begun
    return Outcome(answer.state, found, answer.gap, _value(answer, objective), seconds)


def share(model: Model, copies: Sequence[Columns], overlap: int) -> None:
    """Let the forms share exactly `overlap` items, each of them in every form; the others stand in one."""
    if len(copies) < 2:
        return
    anchors = []
    for chosen in zip(*(columns.chosen for columns in copies), strict=True):
        row = [(column, 1.0) for column in chosen]
        if not overlap:
            model.row(row, -INFINITY, 1)
            continue
        anchor = model.column()
        anchors.append(anchor)
        model.row([*row, (anchor, 1.0 - len(copies))], -INFINITY, 1)
        for column in chosen:
            model.row([(column, 1), (anchor, -1)], 0, INFINITY)
    if overlap:
        model.row([(anchor, 1.0) for anchor in anchors], overlap, overlap)


def _seek(model: Model, pool: Sequence[Item], copies: Sequence[Columns], objective: Objective) -> None:
    for columns in copies:
        for item, chosen in zip(pool, columns.chosen, strict=True):
            model.costs[chosen] += item.cost
    if objective.aim == Aim.CHEAPEST:
        return
    for columns in copies:
        for chosen in columns.chosen:
            model.costs[chosen] = 0  # information alone decides
    if objective.aim == Aim.INFORMATION:
        (ability, _weight_of_it), *_rest = objective.points
        for columns in copies:
            for item, chosen in zip(pool, columns.chosen, strict=True):
                model.costs[chosen] = -_SCALE * information(item, ability)
        return
    is_maximin = objective.aim == Aim.MAXIMIN
    end = model.column(cost=-_SCALE if is_maximin else _SCALE, high=INFINITY, whole=False)
    for columns in copies:
        for ability, number in objective.points:
            gains = [
                (chosen, gain)
                for item, chosen in zip(pool, columns.chosen, strict=True)
                if (gain := information(item, ability))
            ]
            if is_maximin:
                model.row([*gains, (end, -number)], 0, INFINITY)
            else:
                model.row([*gains, (end, -1.0)], -INFINITY, number)
                model.row([*gains, (end, 1.0)], number, INFINITY)


def information(item: Item, ability: float) -> float:
    """Return an item's information at an ability; 0 where it has no curve."""
    return item.curve.information(ability) if item.curve else 0.0


def form_of(pool: Sequence[Item], columns: Columns, values: Sequence[float]) -> Form:
    """Return the form that the columns' values choose, in the pool's order."""
    found = []
    for item, chosen, points in zip(pool, columns.chosen, columns.points, strict=True):
        if round(values[chosen]):
            given = (
                part.least if column is None else round(values[column])
                for part, column in zip(item.parts, points, strict=True)
            )
            found.append(Chosen(item, tuple(given)))
    return tuple(found)


def _value(answer: Answer, objective: Objective | None) -> float:
    if objective is None or objective.aim == Aim.CHEAPEST:
        return answer.value
    return abs(answer.value) / _SCALE


def is_possible(answer: Answer) -> bool | None:
    """Return whether a search found something, excluded it, or (None) neither."""
    if answer.values:
        return True
    return False if answer.state == State.IMPOSSIBLE else None
