"""How many disjoint forms a pool holds: a proven upper bound, and as many as were built."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exams.assembly.engine.alike import fewer
from exams.assembly.engine.linear import INFINITY, Model, Watch
from exams.assembly.engine.problem import Effort, Form, Item, Specification, State
from exams.assembly.engine.solve import PoolIndex, add_form, entries, form_of, hold, solve

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Capacity:
    """`built` disjoint forms, and no more than `most`, proven; `most` is None where time ran out before."""

    built: tuple[Form, ...]
    most: int | None


def bound(pool: Sequence[Item], specification: Specification, *, seconds: float | None = 20.0) -> int | None:
    """Return a number that the disjoint forms of a pool cannot exceed; None where time ran out.

    k disjoint forms together meet every demand k times with items used once: how large k can be then is a
    linear program, whose optimum in fractions is a bound. Enemies may stand in different forms, so they are
    left out; so are units.
    """
    model, index = Model(), PoolIndex(pool)
    columns = add_form(model, pool)
    forms = model.column(cost=-1, high=max(len(pool), 1), whole=False)
    for demand in specification.demands:
        found = entries(index, columns, demand)
        if demand.least is not None:
            model.row(found | {forms: -demand.least}, 0, INFINITY)
        if demand.most is not None:
            model.row(found | {forms: -demand.most}, -INFINITY, 0)
    answer = model.solve(Effort(seconds=seconds), relaxed=True)
    # Values of a search that was cut short are no bound.
    return math.floor(answer.values[forms] + _ROUNDING) if answer.state == State.OPTIMAL else None


def capacity(
    pool: Sequence[Item], specification: Specification, *, most: int = 50, seconds: float = 20.0
) -> Capacity:
    """Return how many disjoint forms there are at most, and forms built one after another, at most `most`.

    Where one after another falls short of the bound, each form leaves the next ones enough by a shadow: the
    rest of the pool must still meet every demand as often as forms are wanted.
    Source: van der Linden and Adema (1998), big-shadow-test method.
    """
    until = time.monotonic() + seconds
    highest = bound(pool, specification, seconds=seconds)
    wanted = min(most if highest is None else highest, most)
    built = _one_after_another(pool, specification, wanted, until, shadow=False)
    while len(built) < wanted and time.monotonic() < until:
        other = _one_after_another(pool, specification, wanted, until, shadow=True)
        built = max(built, other, key=len)
        wanted -= 1
    return Capacity(tuple(built), highest)


def _one_after_another(
    pool: Sequence[Item], specification: Specification, wanted: int, until: float, *, shadow: bool
) -> list[Form]:
    rest = list(pool)
    forms: list[Form] = []
    while len(forms) < wanted and (left := until - time.monotonic()) > 0:
        after = wanted - len(forms) - 1
        form = next_form(rest, specification, after=after if shadow else 0, effort=Effort(left))
        if not form:
            break
        forms.append(form)
        taken = {chosen.item.id for chosen in form}
        rest = [item for item in rest if item.id not in taken]
    return forms


def next_form(
    pool: Sequence[Item],
    specification: Specification,
    *,
    after: int,
    effort: Effort,
    watch: Watch | None = None,
) -> Form:
    """Return a form that leaves, in fractions, enough for `after` more; empty where none was found."""
    if not after:
        outcome = solve(pool, specification, effort=effort, watch=watch)
        return outcome.forms[0] if outcome.forms else ()
    pool = fewer(pool, specification, after + 1)
    model, index = Model(), PoolIndex(pool)
    columns = add_form(model, pool)
    hold(model, index, columns, specification)
    for item, chosen in zip(pool, columns.chosen, strict=True):
        model.costs[chosen] = item.cost
    shadow = add_form(model, pool, whole=False)
    for demand in specification.demands:
        low = -INFINITY if demand.least is None else demand.least * after
        high = INFINITY if demand.most is None else demand.most * after
        model.row(entries(index, shadow, demand), low, high)
    for one, other in zip(columns.chosen, shadow.chosen, strict=True):
        model.row([(one, 1), (other, 1)], -INFINITY, 1)
    answer = model.solve(effort, watch)
    return form_of(pool, columns, answer.values) if answer.values else ()


def without(pool: Iterable[Item], forms: Iterable[Form]) -> list[Item]:
    """Return the items that stand in none of the forms."""
    taken = {chosen.item.id for form in forms for chosen in form}
    return [item for item in pool if item.id not in taken]
