"""How long one 三级 theory paper takes from a generated bank of 2,000 items."""

import statistics
from collections.abc import Iterator
from typing import Any

from exams.assembly.rules import check_paper
from exams.assembly.solver import SOLVER, solve
from tests.factories.pools import THEORY, make_pool

RUNS = 15
TARGET = 0.3  # seconds, median, on two cores


def run() -> Iterator[dict[str, Any]]:
    """Yield the median time of papers of different seeds, and whether each was proven and right."""
    pool = make_pool(2000)
    solved = [solve(pool, THEORY, seed=seed) for seed in range(RUNS)]
    seconds = [one.seconds for one in solved]
    statuses = sorted({str(one.status) for one in solved})
    faults = sum(len(check_paper(one.paper, THEORY)) for one in solved)
    yield {
        "figure": "assembly_theory_level3_2000_items",
        "median_seconds": round(statistics.median(seconds), 4),
        "worst_seconds": round(max(seconds), 4),
        "runs": RUNS,
        "target": TARGET,
        "met": statistics.median(seconds) <= TARGET and statuses == ["optimal"] and not faults,
        "status": "/".join(statuses),
        "faults": faults,
        "solver": SOLVER,
        "measured": "wall time of solve(): building the model, proving the optimum, reading the paper",
    }
