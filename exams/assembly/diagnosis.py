"""Why there is no paper: which demands cannot be met together, and what the bank lacks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from exams.assembly.engine.conflicts import find_conflict, find_missing
from exams.assembly.engine.problem import Effort, Item, Key
from exams.assembly.engine.problem import Specification as Demands
from exams.assembly.engine.solve import solve
from exams.assembly.enums import SolveStatus
from exams.assembly.findings import Clash, Shortage, Solved
from exams.assembly.rules import PoolItem, PoolPart, Specification
from exams.assembly.terms import engine_demands, engine_item, engine_pool
from exams.bank.rules import FACILITY

DIAGNOSIS_SECONDS = 20.0  # only the reasons of an infeasible paper are cut short by a clock, never a paper
_MIDDLE = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was impossible, and the seconds that each step of saying why may take."""

    specification: Specification
    forms: int
    overlap: int
    seconds: float


def why_not(pool: Sequence[PoolItem], wanted: Wanted, begun: float) -> Solved:
    """Return an infeasible result with its reasons: a conflict of demands, and what is missing.

    What is barred counts as a demand of its own here (none of those items), so that it can be named. Where
    one paper is possible and several are not, the conflict is one of what they need together.
    """
    specification, forms = wanted.specification, wanted.forms
    items, demands = engine_pool(pool, specification, 0), engine_demands(pool, specification)
    reasons: tuple[str, ...] = ()
    if forms > 1 and solve(items, demands, effort=Effort(wanted.seconds)).forms:
        words = {"forms": forms, "overlap": wanted.overlap}
        if wanted.overlap:
            text = _("一份试卷可以组成；%(forms)d 份恰好共用 %(overlap)d 题的试卷不能组成。")
            return _impossible(begun, (), True, (), (text % words,))
        reasons = (_("一份试卷可以组成；以下要求是 %(forms)d 份互不重复的试卷不能都满足的。") % words,)
    else:
        forms = 1
    free = [one for one in pool if not one.barred]
    shortages = shortages_of(free, specification, wanted.forms if not wanted.overlap else 1, wanted.seconds)
    imagined = _imagined(specification, pool)
    conflict = find_conflict(items, demands, forms=forms, seconds=wanted.seconds)
    bounds = {demand.key: (demand.least, demand.most) for demand in demands.demands}
    clashes = tuple(
        Clash(
            key,
            *bounds.get(key, (None, None)),
            _missing_for(
                items, demands, replace(wanted, forms=forms), key, keys=conflict.keys, imagined=imagined
            ),
        )
        for key in conflict.keys
    )
    is_irreducible = conflict.is_irreducible and all(
        _are_possible(items, demands, [one for one in conflict.keys if one != key], forms, wanted.seconds)
        for key in (conflict.keys if forms > 1 else ())  # of one form it is known
    )
    return _impossible(begun, clashes, is_irreducible, shortages, reasons)


def _impossible(
    begun: float,
    clashes: tuple[Clash, ...],
    is_irreducible: bool,
    shortages: tuple[Shortage, ...],
    reasons: tuple[str, ...],
) -> Solved:
    return Solved(
        SolveStatus.INFEASIBLE,
        0.0,
        time.perf_counter() - begun,
        clashes=clashes,
        is_irreducible=is_irreducible,
        shortages=shortages,
        reasons=reasons,
    )


def _are_possible(
    items: Sequence[Item], demands: Demands, keys: Sequence[Key], forms: int, seconds: float
) -> bool:
    """Return whether so many disjoint papers that are held to these demands only were found."""
    kept = Demands(tuple(one for one in demands.demands if one.key in keys))
    return bool(solve(items, kept, forms=forms, effort=Effort(seconds, gap=1.0)).forms)


def _missing_for(
    items: Sequence[Item],
    demands: Demands,
    wanted: Wanted,
    key: Key,
    *,
    keys: Sequence[Key],
    imagined: Sequence[PoolItem],
) -> int | None:
    """Return how many more items that a demand counts would let the conflict be met; None where none do."""
    specification = wanted.specification
    demand = next((one for one in demands.demands if one.key == key), None)
    if demand is None or key[0] in {"barred", "knowledge"}:
        return None
    wished = [
        item
        for item in (engine_item(one, specification) for one in imagined)
        if any(demand.tags <= item.tags | part.tags for part in item.parts)
    ]
    most = specification.count * wanted.forms
    found = find_missing(
        items, demands, wished, most=most, forms=wanted.forms, keys=keys, seconds=wanted.seconds
    )
    return None if not found else sum(one.count for one in found)


def shortages_of(
    pool: Sequence[PoolItem],
    specification: Specification,
    forms: int = 1,
    seconds: float = DIAGNOSIS_SECONDS,
) -> tuple[Shortage, ...]:
    """Return the fewest further items that would make the papers possible, by function and type.

    The same demands are solved again with imagined items (every difficulty of each type for each requirement)
    at a price and real items for free: what is imagined is what is missing. Among equally few, items of
    middle difficulty are asked for first. Empty where no bank could meet the demands.
    """
    imagined = _imagined(specification, pool)
    by_code = {item.code: item for item in imagined}
    wished = [engine_item(item, specification, abs(item.difficulty - _MIDDLE)) for item in imagined]
    found = find_missing(
        engine_pool(pool, specification, 0),
        engine_demands(pool, specification),
        wished,
        most=specification.count * forms,
        forms=forms,
        seconds=seconds,
    )
    missing: dict[tuple[str, str], list[PoolItem]] = {}
    for one in found or ():
        item = by_code[one.item.id]
        missing.setdefault((item.parts[0].function, item.type), []).extend([item] * one.count)
    return tuple(
        Shortage(
            f,
            t,
            len(items),
            tuple(i.parts[0].requirement for i in items),
            tuple(i.difficulty for i in items),
            tuple(i.cognition for i in items) if any(i.cognition for i in items) else (),
        )
        for (f, t), items in missing.items()
    )


def _imagined(specification: Specification, pool: Sequence[PoolItem]) -> list[PoolItem]:
    """Return one item of each type and difficulty for each requirement of a function with a weight.

    Where quotas ask for cognitive levels, there is one for each level that they name. A requirement has the
    importance that it has in the pool; one that no item asks about may have any that a quota names. A task is
    imagined with one criterion that may have any points.
    """
    named = {
        attribute: ["", *dict.fromkeys(q.value for q in specification.quotas if q.attribute == attribute)]
        for attribute in ("cognition", "importance")
    }
    known = {(part.function, part.requirement): [part.importance] for item in pool for part in item.parts}
    return [
        PoolItem(
            0,
            f"?{section.type}/{function}/{requirement}/{difficulty}/{cognition}/{importance}",
            section.type,
            (
                PoolPart(
                    function,
                    content,
                    requirement,
                    importance,
                    0 if section.points else 1,
                    0 if section.points else specification.weights[function],
                ),
            ),
            difficulty,
            cognition,
        )
        for function, content, requirement, importances in _told_apart(specification, known)
        for section in specification.sections
        for difficulty in sorted(FACILITY)
        for cognition in named["cognition"]
        for importance in importances or named["importance"]
    ]


def _told_apart(
    specification: Specification, known: Mapping[tuple[str, str], list[str]]
) -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield the requirements that some demand tells apart, with the importance that the pool knows.

    Without a limit per requirement one stands for all of its work content and importance; without a least
    number per work content one stands for all of its function. Fewer imagined items, a quicker answer.
    """
    seen = set()
    for function, content, requirement in specification.syllabus:
        importances = known.get((function, requirement), [])
        kind = (
            function,
            content if specification.limits.least_per_work_content else "",
            requirement if specification.limits.extra_per_knowledge is not None else "",
            *(importances if any(one.attribute == "importance" for one in specification.quotas) else ()),
        )
        if function in specification.weights and kind not in seen:
            seen.add(kind)
            yield function, content, requirement, importances
