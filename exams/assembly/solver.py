"""From a pool and a specification to papers, or to why there is none.

The band of difficulty is a constraint, not the objective (docs/assembly.md says why); the objective is a
seeded cost that also prefers items used less. The same pool, specification and seed give the same papers.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from exams.assembly.counting import contradictions
from exams.assembly.diagnosis import DIAGNOSIS_SECONDS, Wanted, shortages_of, why_not
from exams.assembly.engine import capacity as engine_capacity
from exams.assembly.engine.forms import Likeness, Told, parallel_forms
from exams.assembly.engine.linear import SOLVER
from exams.assembly.engine.problem import Effort, Form, State
from exams.assembly.engine.solve import solve as engine_solve
from exams.assembly.enums import SolveStatus
from exams.assembly.findings import Clash, Room, Shortage, Solved
from exams.assembly.parallel import is_open, parallel_papers
from exams.assembly.rules import Placed, PoolItem, Specification
from exams.assembly.terms import HUNDREDTHS, engine_demands, engine_pool, facility_demand, fits

__all__ = ["SOLVER", "Clash", "Room", "Shortage", "Solved", "room", "solve", "solve_forms"]

_STEP = 15.0  # facilities differ by 0.15: the least that two papers' sums differ by, in hundredths
_STATUS = {
    State.OPTIMAL: SolveStatus.OPTIMAL,
    State.FEASIBLE: SolveStatus.FEASIBLE,
    State.IMPOSSIBLE: SolveStatus.INFEASIBLE,
    State.UNKNOWN: SolveStatus.UNKNOWN,
}


def solve(
    pool: Sequence[PoolItem],
    specification: Specification,
    *,
    seed: int,
    time_limit: float | None = None,
    diagnosis: float = DIAGNOSIS_SECONDS,
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
    diagnosis: float = DIAGNOSIS_SECONDS,
) -> Solved:
    """Return parallel papers that share exactly `overlap` items, as equal in difficulty as can be.

    They have as many items of each type. `told` hears how the search stands and may stop it.
    """
    begun = time.perf_counter()
    if reasons := contradictions(specification):
        return Solved(SolveStatus.INFEASIBLE, reasons=tuple(reasons))
    fitting = [item for item in pool if fits(item, specification)]
    free = [item for item in fitting if not item.barred]
    items, demands = engine_pool(free, specification, seed), engine_demands(free, specification)
    effort = Effort(time_limit)
    if forms == 1:
        watch = None if told is None else lambda progress: told(1, progress)
        outcome = engine_solve(items, demands, effort=effort, watch=watch)
        state, found, gap, spread = outcome.state, outcome.forms, outcome.gap, 0.0
    else:
        like = Likeness(replace(facility_demand(specification), least=None, most=None), _STEP)
        parallel = parallel_papers(
            items, demands, specification, like, forms=forms, overlap=overlap, effort=effort, told=told
        )
        state, found = parallel.state, parallel.forms
        scale = specification.points * HUNDREDTHS
        spread, gap = parallel.spread / scale, (parallel.spread - parallel.least_spread) / scale
    seconds = time.perf_counter() - begun
    if found:
        by_code = {item.code: item for item in free}
        papers = tuple(_placed(form, by_code) for form in found)
        return Solved(_STATUS[state], gap, seconds, papers, spread)
    if state == State.UNKNOWN:
        return Solved(SolveStatus.UNKNOWN, 0.0, seconds)
    if forms > 1 and is_open(specification):
        apart = parallel_forms(items, demands, like, forms=forms, overlap=overlap, effort=effort, told=told)
        if apart.state != State.IMPOSSIBLE:  # then it is the types that stand in the way
            return Solved(SolveStatus.INFEASIBLE, 0.0, seconds, reasons=(_types_differ(forms),))
    return why_not(fitting, Wanted(specification, forms, overlap, diagnosis), begun)


def _types_differ(forms: int) -> str:
    text = _(
        "没有 %(forms)d 份各题型题量都相同的平行卷（已证明）。请给题目少的题型补充题目，"
        "或在蓝图中固定各大题的题量。"
    )
    return text % {"forms": forms}


def room(pool: Sequence[PoolItem], specification: Specification, *, seconds: float = 20.0) -> Room:
    """Return how many disjoint papers the pool holds, and what would run dry first."""
    if contradictions(specification):
        return Room(0, 0, ())
    free = [item for item in pool if fits(item, specification) and not item.barred]
    items, demands = engine_pool(free, specification, 0), engine_demands(free, specification)
    found = engine_capacity.capacity(items, demands, seconds=seconds)
    highest = len(found.built) if found.most is None else found.most
    return Room(len(found.built), found.most, shortages_of(free, specification, highest + 1))


def _placed(form: Form, by_code: dict[str, PoolItem]) -> tuple[Placed, ...]:
    return tuple(Placed(by_code[one.item.id], one.points) for one in form)
