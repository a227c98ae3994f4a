"""From a pool and a specification to papers: the product's demands in the engine's terms and back.

The band of difficulty is a constraint, not the objective (docs/assembly.md says why); the objective is a
seeded cost that also prefers items used less. The same pool, specification and seed give the same papers.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from exams.assembly.engine import capacity as engine_capacity
from exams.assembly.engine.conflicts import find_conflict, find_missing
from exams.assembly.engine.forms import Likeness, Told, parallel_forms
from exams.assembly.engine.linear import SOLVER
from exams.assembly.engine.problem import (
    Demand,
    Effort,
    Form,
    Item,
    Key,
    Measure,
    Part,
    State,
)
from exams.assembly.engine.problem import Specification as Demands
from exams.assembly.engine.solve import solve as engine_solve
from exams.assembly.enums import SolveStatus
from exams.assembly.rules import (
    Placed,
    PoolItem,
    PoolPart,
    Specification,
    contents_of,
    contradictions,
    enemies_met,
    knowledge_caps,
)
from exams.bank.rules import FACILITY

__all__ = ["SOLVER", "Clash", "Room", "Shortage", "Solved", "room", "solve", "solve_forms"]

_USE_COST = 400  # one use weighs as much as 0.4 of the widest seeded difference
_SEEDED_COST = 1000
_MIDDLE = 3
_DIAGNOSIS_SECONDS = 20.0  # only the reasons of an infeasible paper are cut short by a clock, never a paper
_HUNDREDTHS = 100
_STEP = 15.0  # facilities differ by 0.15: the least that two papers' sums differ by, in hundredths
_STATUS = {
    State.OPTIMAL: SolveStatus.OPTIMAL,
    State.FEASIBLE: SolveStatus.FEASIBLE,
    State.IMPOSSIBLE: SolveStatus.INFEASIBLE,
    State.UNKNOWN: SolveStatus.UNKNOWN,
}
FACILITY_KEY: Key = ("facility",)


@dataclass(frozen=True, slots=True)
class Shortage:
    """`missing` more items of `type` in `function` would do: one on each of these knowledge points.

    `knowledge` and `difficulties` go together and have `missing` entries, a point as often as it needs items.
    """

    function: str
    type: str
    missing: int
    knowledge: tuple[str, ...]
    difficulties: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """A demand of a conflict: its key, its bounds, and how many more items of its kind would resolve it.

    `missing` is None where no number of items would (or none was found in time).
    """

    key: Key
    least: float | None
    most: float | None
    missing: int | None


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver can vouch for. `gap` is relative; a form stands in the pool's order.

    Without forms: `clashes` is a set of demands that cannot be met together, `is_irreducible` whether each is
    proven to be needed for that; `shortages` the fewest items that would make everything possible;
    `reasons` what else is to be said. `spread` is how far the forms' mean facilities lie apart.
    """

    status: SolveStatus
    gap: float = 0.0
    seconds: float = 0.0
    forms: tuple[tuple[Placed, ...], ...] = ()
    spread: float = 0.0
    clashes: tuple[Clash, ...] = ()
    is_irreducible: bool = True
    shortages: tuple[Shortage, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def paper(self) -> tuple[Placed, ...]:
        """Return the first form; empty where there is none."""
        return self.forms[0] if self.forms else ()


@dataclass(frozen=True, slots=True)
class Room:
    """How many disjoint papers a bank holds: `built` of them, at most `most` (None: not proven in time).

    `dry` is what the next one would lack first.
    """

    built: int
    most: int | None
    dry: tuple[Shortage, ...]


def solve(
    pool: Sequence[PoolItem],
    specification: Specification,
    *,
    seed: int,
    time_limit: float | None = None,
    diagnosis: float = _DIAGNOSIS_SECONDS,
) -> Solved:
    """Return a paper that meets every demand, proven cheapest; or why there is none.

    Without `time_limit` (seconds) the search runs until it has its proof, so the result never depends on the
    machine's speed. With one it may end as *feasible* with the gap that is left, or *unknown*. `diagnosis`:
    the seconds that each step of saying why there is none may take.
    """
    return solve_forms(pool, specification, seed=seed, forms=1, time_limit=time_limit, diagnosis=diagnosis)


def solve_forms(
    pool: Sequence[PoolItem],
    specification: Specification,
    *,
    seed: int,
    forms: int,
    overlap: int = 0,
    time_limit: float | None = None,
    told: Told | None = None,
    diagnosis: float = _DIAGNOSIS_SECONDS,
) -> Solved:
    """Return parallel papers that share exactly `overlap` items, as equal in difficulty as can be.

    `told` hears how the search stands and may stop it.
    """
    begun = time.perf_counter()
    if reasons := contradictions(specification):
        return Solved(SolveStatus.INFEASIBLE, reasons=tuple(reasons))
    fitting = [item for item in pool if _fits(item, specification)]
    free = [item for item in fitting if not item.barred]
    items, demands = engine_pool(free, specification, seed), engine_demands(free, specification)
    effort = Effort(time_limit)
    if forms == 1:
        watch = None if told is None else lambda progress: told(1, progress)
        outcome = engine_solve(items, demands, effort=effort, watch=watch)
        state, found, gap, spread = outcome.state, outcome.forms, outcome.gap, 0.0
    else:
        like = Likeness(replace(_facility(specification), least=None, most=None), _STEP)
        parallel = parallel_forms(
            items, demands, like, forms=forms, overlap=overlap, effort=effort, told=told
        )
        state, found = parallel.state, parallel.forms
        scale = specification.points * _HUNDREDTHS
        spread, gap = parallel.spread / scale, (parallel.spread - parallel.least_spread) / scale
    seconds = time.perf_counter() - begun
    if found:
        by_code = {item.code: item for item in free}
        papers = tuple(_placed(form, by_code) for form in found)
        return Solved(_STATUS[state], gap, seconds, papers, spread)
    if state == State.UNKNOWN:
        return Solved(SolveStatus.UNKNOWN, 0.0, seconds)
    return _why_not(fitting, specification, forms, begun, diagnosis)


def room(pool: Sequence[PoolItem], specification: Specification, *, seconds: float = 20.0) -> Room:
    """Return how many disjoint papers the pool holds, and what would run dry first."""
    if contradictions(specification):
        return Room(0, 0, ())
    free = [item for item in pool if _fits(item, specification) and not item.barred]
    items, demands = engine_pool(free, specification, 0), engine_demands(free, specification)
    found = engine_capacity.capacity(items, demands, seconds=seconds)
    highest = len(found.built) if found.most is None else found.most
    return Room(len(found.built), found.most, _shortages(free, specification, highest + 1))


# --- Into the engine's terms


def engine_pool(pool: Sequence[PoolItem], specification: Specification, seed: int) -> list[Item]:
    """Return the items as the engine takes them, with costs drawn from the seed."""
    draw = random.Random(seed)  # noqa: S311  spreads use, keeps no secret
    return [
        engine_item(item, specification, draw.randrange(_SEEDED_COST) + _USE_COST * item.used)
        for item in pool
    ]


def engine_item(item: PoolItem, specification: Specification, cost: int = 0) -> Item:
    """Return one item as the engine takes it."""
    points = specification.points_of(item.type)
    tags = {f"type={item.type}", f"difficulty={item.difficulty}", f"cognition={item.cognition}"}
    parts = tuple(
        Part(
            points or part.least,
            points or part.most,
            frozenset(
                {
                    f"function={part.function}",
                    f"content={part.function}/{part.work_content}",
                    f"requirement={part.function}/{part.requirement}",
                    f"importance={part.importance}",
                }
            ),
        )
        for part in item.parts
    )
    if not specification.has_criteria:  # one part: work contents are counted in items
        tags |= {tag for part in parts for tag in part.tags}
    tags |= {f"barred={reason}" for reason in item.barred}
    values = {"facility": float(FACILITY[item.difficulty] * _HUNDREDTHS)}
    return Item(item.code, frozenset(tags), parts, values, cost)


def engine_demands(pool: Iterable[PoolItem], specification: Specification) -> Demands:
    """Return everything a paper of this pool is held to, each demand under a key that names it."""
    limits = specification.limits
    demands = [
        Demand(("section", one.type), Measure.COUNT, frozenset({f"type={one.type}"}), one.fewest, one.count)
        for one in specification.sections
    ]
    demands += [
        Demand(("function", code), Measure.POINTS, frozenset({f"function={code}"}), weight, weight)
        for code, weight in specification.weights.items()
    ]
    if limits.least_per_work_content:
        measure = Measure.POINTS if specification.has_criteria else Measure.COUNT
        demands += [
            Demand(
                ("content", *pair),
                measure,
                frozenset({f"content={'/'.join(pair)}"}),
                limits.least_per_work_content,
            )
            for pair in contents_of(specification)
        ]
    demands += [
        Demand(("knowledge", *pair), Measure.POINTS, frozenset({f"requirement={'/'.join(pair)}"}), None, cap)
        for pair, cap in knowledge_caps(specification).items()
    ]
    demands.append(_facility(specification))
    demands += [
        Demand(
            ("quota", quota.attribute, quota.value),
            Measure.POINTS,
            frozenset({f"{quota.attribute}={quota.value}"}),
            quota.least,
            quota.most,
        )
        for quota in specification.quotas
    ]
    listed = list(pool)
    reasons = sorted({reason for item in listed for reason in item.barred})
    demands += [
        Demand(("barred", reason), Measure.COUNT, frozenset({f"barred={reason}"}), None, 0)
        for reason in reasons
    ]
    return Demands(tuple(demands), frozenset(enemies_met(listed)))


def _facility(specification: Specification) -> Demand:
    # In hundredths of a facility times points, so that every coefficient and bound is a whole number.
    limits, scale = specification.limits, specification.points * _HUNDREDTHS
    least, most = math.ceil(limits.facility_least * scale), math.floor(limits.facility_most * scale)
    return Demand(FACILITY_KEY, Measure.POINTS, frozenset(), least, most, "facility")


def _fits(item: PoolItem, specification: Specification) -> bool:
    return specification.has_type(item.type) and all(
        part.function in specification.weights for part in item.parts
    )


def _placed(form: Form, by_code: dict[str, PoolItem]) -> tuple[Placed, ...]:
    return tuple(Placed(by_code[one.item.id], one.points) for one in form)


# --- Why there is none


def _why_not(
    pool: Sequence[PoolItem], specification: Specification, forms: int, begun: float, seconds: float
) -> Solved:
    """Return an infeasible result with its reasons: a conflict of demands, and what is missing.

    What is barred counts as a demand of its own here (none of those items), so that it can be named.
    """
    demands = engine_demands(pool, specification)
    items = engine_pool(pool, specification, 0)
    clashes: tuple[Clash, ...] = ()
    is_irreducible = True
    shortages = _shortages([one for one in pool if not one.barred], specification, forms, seconds)
    if forms == 1:
        conflict = find_conflict(items, demands, seconds=seconds)
        bounds = {demand.key: demand for demand in demands.demands}
        clashes = tuple(
            Clash(
                key,
                bounds[key].least if key in bounds else None,
                bounds[key].most if key in bounds else None,
                _missing_for(items, demands, specification, key, conflict.keys, seconds=seconds),
            )
            for key in conflict.keys
        )
        is_irreducible = conflict.is_irreducible
    return Solved(
        SolveStatus.INFEASIBLE,
        0.0,
        time.perf_counter() - begun,
        clashes=clashes,
        is_irreducible=is_irreducible,
        shortages=shortages,
    )


def _missing_for(
    items: Sequence[Item],
    demands: Demands,
    specification: Specification,
    key: Key,
    keys: Sequence[Key],
    *,
    seconds: float,
) -> int | None:
    """Return how many more items that a demand counts would let the conflict be met; None where none do."""
    demand = next((one for one in demands.demands if one.key == key), None)
    if demand is None or key[0] in {"barred", "knowledge"}:
        return None
    wished = [
        item
        for item in (engine_item(one, specification) for one in _imagined(specification))
        if any(demand.tags <= item.tags | part.tags for part in item.parts)
    ]
    found = find_missing(items, demands, wished, most=specification.count, keys=keys, seconds=seconds)
    return None if not found else sum(one.count for one in found)


def _shortages(
    pool: Sequence[PoolItem],
    specification: Specification,
    forms: int = 1,
    seconds: float = _DIAGNOSIS_SECONDS,
) -> tuple[Shortage, ...]:
    """Return the fewest further items that would make the papers possible, by function and type.

    The same demands are solved again with imagined items (every difficulty of each type for each requirement)
    at a price and real items for free: what is imagined is what is missing. Among equally few, items of
    middle difficulty are asked for first. Empty where no bank could meet the demands.
    """
    imagined = _imagined(specification)
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
            f, t, len(items), tuple(i.parts[0].requirement for i in items), tuple(i.difficulty for i in items)
        )
        for (f, t), items in missing.items()
    )


def _imagined(specification: Specification) -> list[PoolItem]:
    """Return one item of each type and difficulty for each requirement of a function with a weight.

    Where quotas ask for cognitive levels or importance, there is one for each value that they name.
    A task is imagined with one criterion that may have any points.
    """
    named = {
        attribute: ["", *dict.fromkeys(q.value for q in specification.quotas if q.attribute == attribute)]
        for attribute in ("cognition", "importance")
    }
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
        for function, content, requirement in specification.syllabus
        if function in specification.weights
        for section in specification.sections
        for difficulty in sorted(FACILITY)
        for cognition in named["cognition"]
        for importance in named["importance"]
    ]
