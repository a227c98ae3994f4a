"""Parallel papers equal by type too, where the blueprint leaves the sections open (skill papers).

Fixed sections make every form alike by type. Where a section may have fewer items, all forms have as many
items of each type, and the same points of each where that is found: a first paper is solved, and what it has
of each type is demanded of all forms. Where that fails for some first papers, all forms are one model, held
to equal numbers of items only.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from exams.assembly.engine.forms import Likeness, Parallel, Told, parallel_forms
from exams.assembly.engine.linear import INFINITY, Model, Progress
from exams.assembly.engine.problem import Demand, Effort, Item, Measure, State, measured
from exams.assembly.engine.problem import Specification as Demands
from exams.assembly.engine.solve import PoolIndex, add_form, entries, form_of, hold, share
from exams.assembly.engine.solve import solve as engine_solve
from exams.assembly.rules import Specification

_TRIES = 3  # first papers that are tried
_SECONDS = 60.0  # one model of many forms is rarely proven: it is stopped


def parallel_papers(
    items: Sequence[Item],
    demands: Demands,
    specification: Specification,
    like: Likeness,
    *,
    forms: int,
    overlap: int,
    effort: Effort,
    told: Told | None,
) -> Parallel:
    """Return parallel forms, each with as many items of each type as the others.

    IMPOSSIBLE: there are none. A spread counts as proven the least whatever the types only where it is none,
    or where one model has found it.
    """
    search = _Search(items, demands, specification, like, forms, overlap, effort, _Watch(told))
    if not is_open(specification):
        return search.fixed()
    return search.alike() or search.all_at_once()


def is_open(specification: Specification) -> bool:
    """Return whether papers of a specification can differ in what they have of each type."""
    return any(not one.points or one.fewest < one.count for one in specification.sections)


class _Watch:
    """Passes on how the search stands, and remembers that it was stopped."""

    def __init__(self, told: Told | None) -> None:
        self.told, self.is_stopped = told, False

    def __call__(self, form: int, progress: Progress) -> bool:
        self.is_stopped = self.is_stopped or (self.told is not None and not self.told(form, progress))
        return not self.is_stopped

    def first(self, progress: Progress) -> bool:
        return self(1, progress)


@dataclass(slots=True)
class _Search:
    """One search for parallel papers; holds what every step of it needs."""

    items: Sequence[Item]
    demands: Demands
    specification: Specification
    like: Likeness
    forms: int
    overlap: int
    effort: Effort
    watch: _Watch
    until: float | None = None

    def __post_init__(self) -> None:
        if self.effort.seconds is not None:
            self.until = time.monotonic() + self.effort.seconds

    def fixed(self, items: Sequence[Item] = (), more: Sequence[Demand] = ()) -> Parallel:
        """Return forms with fixed sections, or fixed by further demands."""
        demands = replace(self.demands, demands=(*self.demands.demands, *more))
        return parallel_forms(
            items or self.items,
            demands,
            self.like,
            forms=self.forms,
            overlap=self.overlap,
            effort=self._left(),
            told=self.watch,
        )

    def alike(self) -> Parallel | None:
        """Return forms that have of each type what a first paper has; None where none were found."""
        enough = replace(self.demands, demands=(*self.demands.demands, *self._enough()))
        for attempt in range(_TRIES):
            drawn = _redrawn(self.items, attempt)
            first = engine_solve(drawn, enough, effort=self._left(), watch=self.watch.first)
            if not first.forms:
                return Parallel(first.state)  # where impossible, equal numbers of items are not to be had
            values = [(demand, measured(first.forms[0], demand)) for demand in self._types(*Measure)]
            found = self.fixed(drawn, [replace(one, least=value, most=value) for one, value in values])
            if found.forms:
                return _only_what_is_proven(found)
            if self.watch.is_stopped or (self.until is not None and time.monotonic() >= self.until):
                return Parallel(State.UNKNOWN)
        return None

    def all_at_once(self) -> Parallel:
        """Return the forms of one model: any number of items of a type, so long as all have the same."""
        model, index = Model(), PoolIndex(self.items)
        copies = [add_form(model, self.items) for _form in range(self.forms)]
        highest = model.column(cost=1, low=-INFINITY, high=INFINITY, whole=False)
        lowest = model.column(cost=-1, low=-INFINITY, high=INFINITY, whole=False)
        for columns in copies:
            hold(model, index, columns, self.demands)
            measure = entries(index, columns, self.like.demand)
            model.row(measure | {highest: -1}, -INFINITY, 0)
            model.row(measure | {lowest: -1}, 0, INFINITY)
        for demand, (one, other) in product(self._types(Measure.COUNT), pairwise(copies)):
            minus = {column: -value for column, value in entries(index, other, demand).items()}
            model.row(entries(index, one, demand) | minus, 0, 0)
        share(model, copies, self.overlap)
        seconds = min(self._left().seconds or _SECONDS, _SECONDS)
        effort = replace(self.effort, seconds=seconds, absolute_gap=self.like.step * 0.5)
        answer = model.solve(effort, lambda progress: self.watch(self.forms, progress))
        if not answer.values:
            return Parallel(answer.state)
        found = tuple(form_of(self.items, columns, answer.values) for columns in copies)
        values = [measured(form, self.like.demand) for form in found]
        spread, least = max(values) - min(values), max(answer.bound, 0.0)
        state = State.OPTIMAL if spread - least < self.like.step - 1e-6 else State.FEASIBLE
        return Parallel(state, found, spread, least)

    def _left(self) -> Effort:
        if self.until is None:
            return self.effort
        return replace(self.effort, seconds=max(self.until - time.monotonic(), 0.05))

    def _types(self, *measures: Measure) -> list[Demand]:
        """Return what is counted of each type, without bounds."""
        return [
            Demand(("alike", str(measure), one.type), measure, frozenset({f"type={one.type}"}))
            for one in self.specification.sections
            for measure in measures
        ]

    def _enough(self) -> list[Demand]:
        """Return that a form has no more of a type than all forms can have."""
        shared = self.overlap * (self.forms - 1)  # a shared item stands for one in every form
        types = self._types(Measure.COUNT)
        counts = [(one, sum(one.tags <= item.tags for item in self.items)) for one in types]
        return [replace(one, most=(count + shared) // self.forms) for one, count in counts]


def _redrawn(items: Sequence[Item], attempt: int) -> list[Item]:
    """Return the items with their costs dealt out anew, so that another first paper is the cheapest."""
    costs = [item.cost for item in items]
    if attempt:
        random.Random(attempt).shuffle(costs)  # noqa: S311  spreads use, keeps no secret
    return [replace(item, cost=cost) for item, cost in zip(items, costs, strict=True)]


def _only_what_is_proven(found: Parallel) -> Parallel:
    if not found.spread:
        return found
    return replace(found, state=State.FEASIBLE, least_spread=0.0)
