"""From a pool and a specification to a paper, by mixed-integer programming on HiGHS.

One thread, integer costs, a fixed row and column order and no clock: the same pool, specification and seed
give the same paper. The band of difficulty is a constraint, not the objective (docs/assembly.md says why);
the objective is a seeded cost that also prefers items used less.
"""

import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from exams.assembly.enums import SolveStatus
from exams.assembly.rules import PoolItem, Specification, contradictions, enemies_met, knowledge_caps
from exams.bank.rules import FACILITY

SOLVER = f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call]
_USE_COST = 400  # one use weighs as much as 0.4 of the widest seeded difference
_SEEDED_COST = 1000
_MISSING_COST = 1000  # so many missing items that differ in difficulty only never outweigh one more item
_MIDDLE = 3
_DIAGNOSIS_SECONDS = 20.0  # only the reasons of an infeasible paper are cut short by a clock, never a paper
_IMPOSSIBLE = frozenset(
    {
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
        highspy.HighsModelStatus.kModelEmpty,
    }
)
# Demands that a blueprint may get wrong, and what to say; tried in this order.
_DEMANDS = {
    "facility": "平均难度的范围太窄，请放宽。",
    "content": "每项工作内容的最少题数太多，请减少。",
    "knowledge": "每个知识点的分值上限太低，请增加余量。",
    "function": "各大题的每题分值凑不出各职业功能的比重，请调整题型或分值。",
    "section": "题型和题量与其他要求不合，请调整。",
}


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
class Solved:
    """What the solver can vouch for. `gap` is relative; `items` stands in the pool's order."""

    status: SolveStatus
    gap: float
    seconds: float
    items: tuple[PoolItem, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class _Model:
    """Columns with costs and most-values, rows with bounds, in the order they were added."""

    costs: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    rows: dict[tuple[object, ...], int] = field(default_factory=dict)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def row(self, key: tuple[object, ...], lower: float, upper: float) -> None:
        self.rows[key] = len(self.lower)
        self.lower.append(lower)
        self.upper.append(upper)

    def column(self, cost: float, most: float, entries: dict[tuple[object, ...], float]) -> None:
        self.costs.append(cost)
        self.most.append(most)
        self.starts.append(len(self.index))
        for key, coefficient in entries.items():
            if key in self.rows and coefficient:
                self.index.append(self.rows[key])
                self.value.append(coefficient)

    def solve(self, time_limit: float | None) -> highspy.Highs:
        lp = highspy.HighsLp()
        count = len(self.costs)
        lp.num_col_, lp.num_row_ = count, len(self.lower)
        lp.col_cost_ = np.array(self.costs, dtype=np.double)
        lp.col_lower_ = np.zeros(count)
        lp.col_upper_ = np.array(self.most, dtype=np.double)
        lp.row_lower_ = np.array(self.lower, dtype=np.double)
        lp.row_upper_ = np.array(self.upper, dtype=np.double)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * count
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array([*self.starts, len(self.index)], dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.index, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self.value, dtype=np.double)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        for option, setting in {
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.999,
        }.items():
            solver.setOptionValue(
                option, setting
            )  # costs are integers, so an absolute gap under 1 is a proof
        if time_limit is not None:
            solver.setOptionValue("time_limit", time_limit)
        solver.passModel(lp)
        solver.run()
        return solver


def solve(
    pool: Sequence[PoolItem], specification: Specification, *, seed: int, time_limit: float | None = None
) -> Solved:
    """Return a paper that meets every demand, proven cheapest; or why there is none.

    Without `time_limit` (seconds) the search runs until it has its proof, so the result never depends on the
    machine's speed. With one it may end as *feasible* with the gap that is left.
    """
    begun = time.perf_counter()
    if reasons := contradictions(specification):
        return Solved(SolveStatus.INFEASIBLE, 0.0, 0.0, reasons=tuple(reasons))
    pool = [
        item for item in pool if specification.points_of(item.type) and item.function in specification.weights
    ]
    model = _demands(specification, pool)
    draw = random.Random(seed)  # noqa: S311  spreads use, keeps no secret
    for item in pool:
        model.column(draw.randrange(_SEEDED_COST) + _USE_COST * item.used, 1, _entries(item, specification))
    solver = model.solve(time_limit)
    info, status = solver.getInfo(), solver.getModelStatus()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        if status not in _IMPOSSIBLE:
            reasons = ["在限定时间内没有找到满足全部要求的试卷；这不说明无法组成，请延长时间再试。"]
            return Solved(SolveStatus.INFEASIBLE, 0.0, time.perf_counter() - begun, reasons=tuple(reasons))
        shortages = _shortages(pool, specification)
        reasons = [] if shortages else _unmeetable(specification)
        return Solved(SolveStatus.INFEASIBLE, 0.0, time.perf_counter() - begun, (), shortages, tuple(reasons))
    chosen = tuple(item for item, x in zip(pool, solver.getSolution().col_value, strict=True) if x > 0.5)
    optimal = status == highspy.HighsModelStatus.kOptimal
    gap = 0.0 if optimal else float(info.mip_gap)
    return Solved(
        SolveStatus.OPTIMAL if optimal else SolveStatus.FEASIBLE, gap, time.perf_counter() - begun, chosen
    )


def _demands(specification: Specification, pool: Sequence[PoolItem] = ()) -> _Model:
    """Return the rows: one for each demand of the specification and pair of enemies, no columns yet."""
    model = _Model()
    limits, total = specification.limits, specification.points
    for section in specification.sections:
        model.row(("section", section.type), section.count, section.count)
    for function, weight in specification.weights.items():
        model.row(("function", function), weight, weight)
    if limits.least_per_work_content:
        for function, content in dict.fromkeys((f, c) for f, c, _ in specification.syllabus):
            model.row(("content", function, content), limits.least_per_work_content, highspy.kHighsInf)
    for (function, knowledge), cap in knowledge_caps(specification).items():
        model.row(("knowledge", function, knowledge), 0, cap)
    # In hundredths of a facility times points, so that every coefficient and bound is a whole number.
    least, most = limits.facility_least * total * 100, limits.facility_most * total * 100
    model.row(("facility",), float(math.ceil(least)), float(math.floor(most)))
    for pair in enemies_met(pool):
        model.row(("enemies", *pair), 0, 1)
    return model


def _entries(item: PoolItem, specification: Specification) -> dict[tuple[object, ...], float]:
    points = specification.points_of(item.type)
    return {
        ("section", item.type): 1,
        ("function", item.function): points,
        ("content", item.function, item.work_content): 1,
        ("knowledge", item.function, item.knowledge): points,
        ("facility",): points * int(FACILITY[item.difficulty] * 100),
        # Of pairs whose other item is not in the pool there is no row, and so no entry.
        **{("enemies", *sorted((item.code, enemy))): 1 for enemy in sorted(item.enemies)},
    }


def _shortages(pool: Sequence[PoolItem], specification: Specification) -> tuple[Shortage, ...]:
    """Return the fewest further items that would make the paper possible, by function and type.

    The same demands are solved again with imagined items (every difficulty of each type for each knowledge
    point) at a price and real items for free: what is imagined is what is missing. Among equally few, items
    of middle difficulty are asked for first. Empty where no bank could meet the demands.
    """
    model = _demands(specification, pool)
    for item in pool:
        model.column(0, 1, _entries(item, specification))
    imagined = _imagined(specification)
    for item in imagined:
        model.column(
            _MISSING_COST + abs(item.difficulty - _MIDDLE), specification.count, _entries(item, specification)
        )
    solver = model.solve(_DIAGNOSIS_SECONDS)
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return ()
    values = solver.getSolution().col_value[len(pool) :]
    missing: dict[tuple[str, str], list[PoolItem]] = {}
    for item, value in zip(imagined, values, strict=True):
        if count := round(value):
            missing.setdefault((item.function, item.type), []).extend([item] * count)
    return tuple(
        Shortage(f, t, len(items), tuple(i.knowledge for i in items), tuple(i.difficulty for i in items))
        for (f, t), items in missing.items()
    )


def _imagined(specification: Specification) -> list[PoolItem]:
    """Return one item of each type and difficulty for each knowledge point of a function with a weight."""
    return [
        PoolItem(0, "", section.type, function, content, knowledge, difficulty)
        for function, content, knowledge in specification.syllabus
        if function in specification.weights
        for section in specification.sections
        for difficulty in sorted(FACILITY)
    ]


def _unmeetable(specification: Specification) -> list[str]:
    """Return which demand stands against the others, when not even a bank of every kind of item would do."""
    for kind, words in _DEMANDS.items():
        model = _demands(specification)
        for key, row in model.rows.items():
            if key[0] == kind:
                model.lower[row], model.upper[row] = 0, highspy.kHighsInf
        for item in _imagined(specification):
            model.column(0, specification.count, _entries(item, specification))
        info = model.solve(_DIAGNOSIS_SECONDS).getInfo()
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            return [f"蓝图的要求互相矛盾，再多的题目也无法组成：{words}"]
    return ["蓝图的要求互相矛盾，再多的题目也无法组成。"]
