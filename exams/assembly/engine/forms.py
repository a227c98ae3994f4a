"""Parallel forms: equal in what is demanded, and as equal as can be in one measure, then near in another.

The first is difficulty, for one, the second information at the pass mark.

One after another against one common target, used items taken away; where that fails, with a shadow for the
forms to come; where that fails too, all in one model. Source: van der Linden (2005), ch. 6; the order of
tries is measured (docs/assembly.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from exams.assembly.engine.alike import fewer
from exams.assembly.engine.capacity import bound, next_form, without
from exams.assembly.engine.linear import INFINITY, Model, Progress, Watch
from exams.assembly.engine.problem import (
    Demand,
    Effort,
    Form,
    Item,
    Key,
    Measure,
    Specification,
    State,
    measured,
)
from exams.assembly.engine.solve import PoolIndex, add_form, entries, form_of, hold, information, share, solve

ANCHOR = "anchor"
INFORMATION = "information"
ANCHORS: Key = ("anchors",)
LIKE: Key = ("like",)
NEAR: Key = ("near",)
_SAME = 0.49  # of a step: nearer than a half is the same, also for a measure that has no steps
_WIDTHS = (_SAME, 1, 3)  # in steps, how far forms may lie from the target, tried in this order
_NEARNESS = (1, 2, 5, None)  # the same for the second measure; None: as it comes
_JOINT_SECONDS = 60.0  # the joint model of many forms is rarely proven: it is stopped

Told = Callable[[int, Progress], bool]
"""Hears which form (from 1) is sought and how it stands; answers whether to go on."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What parallel forms are to be equal in: a demand's measure, and the step in which it can differ."""

    demand: Demand
    step: float


def by_information(pool: Sequence[Item], ability: float, step: float) -> tuple[list[Item], Likeness]:
    """Return the pool with each item's information at an ability as a value, and likeness in its sum."""
    valued = [replace(one, values={**one.values, INFORMATION: information(one, ability)}) for one in pool]
    return valued, Likeness(Demand((INFORMATION,), Measure.COUNT, value=INFORMATION), step)


@dataclass(frozen=True, slots=True)
class Parallel:
    """Forms, and how far they lie apart in the measure. OPTIMAL: the spread is proven the least.

    `least_spread` is what is proven; `second_spread` how far they lie apart in the second measure, of which
    nothing is proven; `seconds` the duration.
    """

    state: State
    forms: tuple[Form, ...] = ()
    spread: float = 0.0
    least_spread: float = 0.0
    second_spread: float = 0.0
    seconds: float = 0.0


def parallel_forms(
    pool: Sequence[Item],
    specification: Specification,
    likeness: Likeness,
    *,
    forms: int,
    overlap: int = 0,
    second: Likeness | None = None,
    effort: Effort | None = None,
    told: Told | None = None,
) -> Parallel:
    """Return `forms` forms that share exactly `overlap` items and no others, as equal as can be.

    Equality in `likeness` comes first; among forms equal in it, those near each other in `second` are sought.
    Stopped, or out of time, before the last form: UNKNOWN and no forms.
    """
    begun = time.perf_counter()
    search = _Search(pool, specification, likeness, second, forms, overlap, effort or Effort(), told)
    return replace(search.run(), seconds=time.perf_counter() - begun)


@dataclass(slots=True)
class _Search:
    """One search for parallel forms; holds what every step of it needs."""

    pool: Sequence[Item]
    specification: Specification
    likeness: Likeness
    second: Likeness | None
    forms: int
    overlap: int
    effort: Effort
    told: Told | None
    until: float | None = None
    is_stopped: bool = False

    def __post_init__(self) -> None:
        self.pool = fewer(self.pool, self.specification, self.forms)
        if self.effort.seconds is not None:
            self.until = time.monotonic() + self.effort.seconds

    def run(self) -> Parallel:
        first = solve(self.pool, self.specification, effort=self._left(), watch=self._watch(1))
        if not first.forms or self.forms == 1:
            return Parallel(first.state, first.forms)
        if not self.overlap:
            highest = bound(self.pool, self.specification, seconds=self._left().seconds)
            if highest is not None and highest < self.forms:
                return Parallel(State.IMPOSSIBLE)
        for width in _WIDTHS:
            for nearness in _NEARNESS if self.second else (None,):
                held = self._near(first.forms[0], width, nearness)
                found = self._sequence(held, first.forms[0])
                if len(found) < self.forms and not self.overlap and nearness is None:
                    found = self._sequence_with_shadow(held)
                if len(found) == self.forms:
                    return self._judged(found, 0.0)
                if self._is_over():
                    return Parallel(State.UNKNOWN)
        return self._joint()

    def _left(self) -> Effort:
        return (
            self.effort
            if self.until is None
            else replace(self.effort, seconds=max(self.until - time.monotonic(), 0.05))
        )

    def _is_over(self) -> bool:
        return self.is_stopped or (self.until is not None and time.monotonic() >= self.until)

    def _watch(self, number: int) -> Watch | None:
        told = self.told
        if told is None:
            return None

        def watch(progress: Progress) -> bool:
            self.is_stopped = self.is_stopped or not told(number, progress)
            return not self.is_stopped

        return watch

    def _near(self, first: Form, width: float, nearness: float | None) -> Specification:
        """Return the demands with the first form's measures as targets, so many steps wide."""
        more = [_around(self.likeness, first, LIKE, width)]
        if self.second and nearness is not None:
            more.append(_around(self.second, first, NEAR, nearness))
        return replace(self.specification, demands=(*self.specification.demands, *more))

    def _sequence(self, held: Specification, first: Form) -> list[Form]:
        """Return forms one after another, the first given; fewer than wanted where the pool runs dry."""
        forms = [first]
        if self.overlap > len(first):
            return forms
        anchors = {one.item.id for one in _spread(first, self.overlap)}
        rest = [
            replace(item, tags=item.tags | {ANCHOR}) if item.id in anchors else item
            for item in self.pool
            if item.id in anchors or item.id not in {one.item.id for one in first}
        ]
        if anchors:
            all_of_them = Demand(ANCHORS, Measure.COUNT, frozenset({ANCHOR}), len(anchors), len(anchors))
            held = replace(held, demands=(*held.demands, all_of_them))
        while len(forms) < self.forms and not self._is_over():
            watch = self._watch(len(forms) + 1)
            form = next_form(rest, held, after=0, effort=self._left(), watch=watch)
            if not form:
                break
            forms.append(_plain(form))
            taken = {one.item.id for one in form} - anchors
            rest = [item for item in rest if item.id not in taken]
        return forms

    def _sequence_with_shadow(self, held: Specification) -> list[Form]:
        forms: list[Form] = []
        while len(forms) < self.forms and not self._is_over():
            after = self.forms - len(forms) - 1
            watch = self._watch(len(forms) + 1)
            rest = without(self.pool, forms)
            form = next_form(rest, held, after=after, effort=self._left(), watch=watch)
            if not form:
                break
            forms.append(form)
        return forms

    def _joint(self) -> Parallel:
        """Return the forms of one model that makes the largest difference between them the least."""
        model, index = Model(), PoolIndex(self.pool)
        copies = [add_form(model, self.pool) for _form in range(self.forms)]
        highest = model.column(cost=1, low=-INFINITY, high=INFINITY, whole=False)
        lowest = model.column(cost=-1, low=-INFINITY, high=INFINITY, whole=False)
        for columns in copies:
            hold(model, index, columns, self.specification)
            like = entries(index, columns, self.likeness.demand)
            model.row(like | {highest: -1}, -INFINITY, 0)
            model.row(like | {lowest: -1}, 0, INFINITY)
        share(model, copies, self.overlap)
        seconds = min(self._left().seconds or _JOINT_SECONDS, _JOINT_SECONDS)
        effort = replace(self.effort, seconds=seconds, absolute_gap=self.likeness.step * 0.5)
        answer = model.solve(effort, self._watch(self.forms))
        if not answer.values:
            return Parallel(answer.state)
        found = [form_of(self.pool, columns, answer.values) for columns in copies]
        return self._judged(found, answer.bound)

    def _judged(self, forms: Sequence[Form], proven: float) -> Parallel:
        values = [measured(form, self.likeness.demand) for form in forms]
        spread = max(values) - min(values)
        is_best = spread - proven < self.likeness.step - 1e-6
        state = State.OPTIMAL if is_best else State.FEASIBLE
        second = [measured(form, self.second.demand) for form in forms] if self.second else [0.0]
        return Parallel(state, tuple(forms), spread, max(proven, 0.0), max(second) - min(second))


def _around(likeness: Likeness, first: Form, key: Key, width: float) -> Demand:
    target, reach = measured(first, likeness.demand), width * likeness.step
    return replace(likeness.demand, key=key, least=target - reach, most=target + reach)


def _spread(form: Form, count: int) -> Form:
    """Return `count` items of a form, taken evenly over its tags: the anchors of all forms."""
    ordered = sorted(form, key=lambda one: (sorted(one.item.tags), one.item.id))
    return tuple(ordered[number * len(ordered) // count] for number in range(count)) if count else ()


def _plain(form: Form) -> Form:
    """Return a form without the mark of its anchors."""
    return tuple(replace(one, item=replace(one.item, tags=one.item.tags - {ANCHOR})) for one in form)
