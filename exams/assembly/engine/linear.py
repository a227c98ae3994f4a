"""A mixed-integer model in rows, and its way to HiGHS. One thread and a fixed order: the same every time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import highspy
import numpy as np

from exams.assembly.engine.problem import Effort, State

INFINITY = highspy.kHighsInf
SOLVER = f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call]
_FOUND = highspy.SolutionStatus.kSolutionStatusFeasible
_IMPOSSIBLE = frozenset(
    {
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    }
)
_PROVEN = 1e-9
_WHOLE = 1.0  # costs are whole numbers: less than this apart is a proof
_NO_BOUND = 1.0  # the gap where no bound was found yet: costs are not negative
_LOOK_EVERY = 0.5  # seconds between two looks at whether the search goes on


@dataclass(frozen=True, slots=True)
class Progress:
    """How a search stands: seconds gone, best value and bound so far, relative gap; None before the first."""

    seconds: float
    value: float | None
    bound: float | None
    gap: float | None


Watch = Callable[[Progress], bool]
"""Told how it goes, answers whether to go on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Values of the columns, where there are any, and how good they are proven to be."""

    state: State
    values: list[float]
    value: float
    bound: float
    gap: float


@dataclass(slots=True)
class Model:
    """Columns with costs and bounds, rows with bounds; the least cost is sought."""

    costs: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def column(self, *, cost: float = 0, low: float = 0, high: float = 1, whole: bool = True) -> int:
        """Add a column and return its number."""
        self.costs.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, entries: Mapping[int, float] | Iterable[tuple[int, float]], low: float, high: float) -> int:
        """Add a row Σ coefficient × column within bounds and return its number."""
        self.starts.append(len(self.index))
        for column, coefficient in entries.items() if isinstance(entries, Mapping) else entries:
            self.index.append(column)
            self.value.append(coefficient)
        self.row_low.append(low)
        self.row_high.append(high)
        return len(self.row_low) - 1

    def solve(self, effort: Effort, watch: Watch | None = None, *, relaxed: bool = False) -> Answer:
        """Return the best values; `relaxed` lets whole columns be fractions."""
        if not self.costs:  # HiGHS calls a model without columns empty, whether its rows hold or not
            self.column(high=0, whole=False)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        options = {
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": effort.gap,
            "mip_abs_gap": effort.absolute_gap,
        }
        if effort.seconds is not None:
            options["time_limit"] = max(effort.seconds, 0.01)
        for option, setting in options.items():
            solver.setOptionValue(option, setting)
        if watch:
            look = _Looker(watch)
            solver.cbMipInterrupt += look.at_search
            solver.cbSimplexInterrupt += look.at_simplex
        solver.passModel(self._program(relaxed=relaxed))
        solver.run()
        return _answer(solver, is_whole=not relaxed and any(self.whole))

    def _program(self, *, relaxed: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.costs), len(self.row_low)
        lp.col_cost_ = np.array(self.costs, dtype=np.double)
        lp.col_lower_ = np.array(self.low, dtype=np.double)
        lp.col_upper_ = np.array(self.high, dtype=np.double)
        lp.row_lower_ = np.array(self.row_low, dtype=np.double)
        lp.row_upper_ = np.array(self.row_high, dtype=np.double)
        if not relaxed:
            kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
            lp.integrality_ = [kinds[one] for one in self.whole]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array([*self.starts, len(self.index)], dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.index, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self.value, dtype=np.double)
        return lp


class _Looker:
    """Passes to a watch how the search stands, now and then, and its answer back."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._begun = self._last = time.monotonic()

    def at_search(self, event: highspy.highs.HighsCallbackEvent) -> None:
        out = event.data_out
        best, bound = out.mip_primal_bound, out.mip_dual_bound
        has_best = abs(best) < INFINITY
        self._tell(
            event,
            best if has_best else None,
            bound if abs(bound) < INFINITY else None,
            out.mip_gap if has_best and math.isfinite(out.mip_gap) else None,
        )

    def at_simplex(self, event: highspy.highs.HighsCallbackEvent) -> None:
        self._tell(event, None, None, None)  # of a relaxation nothing is known before its end

    def _tell(
        self,
        event: highspy.highs.HighsCallbackEvent,
        best: float | None,
        bound: float | None,
        gap: float | None,
    ) -> None:
        now = time.monotonic()
        if now - self._last < _LOOK_EVERY:
            return
        self._last = now
        if not self._watch(Progress(now - self._begun, best, bound, gap)):
            event.interrupt()


def _answer(solver: highspy.Highs, *, is_whole: bool) -> Answer:
    info, status = solver.getInfo(), solver.getModelStatus()
    if info.primal_solution_status != _FOUND:
        state = State.IMPOSSIBLE if status in _IMPOSSIBLE else State.UNKNOWN
        return Answer(state, [], 0.0, 0.0, 0.0)
    # A search that may end within a wider gap says which gap is left: that is not a proof.
    value = info.objective_function_value
    within = not is_whole or info.mip_gap <= _PROVEN or abs(value - info.mip_dual_bound) < _WHOLE
    is_best = status == highspy.HighsModelStatus.kOptimal and within
    return Answer(
        State.OPTIMAL if is_best else State.FEASIBLE,
        list(solver.getSolution().col_value),
        value,
        info.mip_dual_bound if is_whole else value,
        _gap(info.mip_gap) if is_whole and not is_best else 0.0,
    )


def _gap(found: float) -> float:
    return found if math.isfinite(found) else _NO_BOUND
