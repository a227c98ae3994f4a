"""What papers take: how long, how well proven, how it grows with the bank, and how much memory.

Generated banks (tests/factories/pools.py), one process. `gap` is what is left unproven: 0 is a proof.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from config.embedded.places import PROJECT
from exams.assembly.counting import check_paper
from exams.assembly.enums import SolveStatus
from exams.assembly.findings import Solved
from exams.assembly.rules import PoolItem, Specification, mean_facility
from exams.assembly.solver import SOLVER, room, solve, solve_forms
from tests.factories.pools import SKILL, THEORY, make_pool, make_tasks

RUNS, FORMS, TASKS = 15, 5, 300
SIZES = (500, 2_000, 20_000)
TARGET, TARGET_FORMS, TARGET_SPREAD = 0.3, 5.0, 0.005  # seconds, seconds, mean facility; on two cores
MEASURED = "wall time of solve(): building the model, proving the optimum, reading the paper"


def run() -> Iterator[dict[str, Any]]:
    """Yield every figure."""
    yield _papers("assembly_theory_level3_2000_items", make_pool(2_000), THEORY, RUNS, TARGET)
    yield _parallel(2_000)
    skill = _papers("assembly_skill_300_tasks", make_tasks(TASKS), SKILL, 5, None)
    yield skill | {"tasks": TASKS, "criteria": sum(len(task.parts) for task in make_tasks(TASKS))}
    for size in SIZES:
        yield _papers(f"assembly_theory_{size}_items", make_pool(size), THEORY, 5, None)
    yield from _impossible()
    for size in (500, 2_000):
        yield _room(size)
    for size in SIZES:
        yield _memory(size)


def _papers(
    figure: str, pool: Sequence[PoolItem], specification: Specification, runs: int, target: float | None
) -> dict[str, Any]:
    solved = [solve(pool, specification, seed=seed) for seed in range(runs)]
    seconds = [one.seconds for one in solved]
    statuses = sorted({str(one.status) for one in solved})
    faults = sum(len(check_paper(one.paper, specification)) for one in solved)
    found: dict[str, Any] = {
        "figure": figure,
        "median_seconds": round(statistics.median(seconds), 4),
        "worst_seconds": round(max(seconds), 4),
        "runs": runs,
        "gap": max(one.gap for one in solved),
        "status": "/".join(statuses),
        "faults": faults,
        "solver": SOLVER,
        "measured": MEASURED,
    }
    if target is not None:
        is_quick = statistics.median(seconds) <= target
        found |= {"target": target, "met": is_quick and statuses == ["optimal"] and not faults}
    return found


def _parallel(size: int) -> dict[str, Any]:
    pool = make_pool(size)
    solved = [solve_forms(pool, THEORY, seed=seed, forms=FORMS) for seed in range(5)]
    spread = max(_spread(one) for one in solved)
    median = statistics.median(one.seconds for one in solved)
    faults = sum(len(check_paper(form, THEORY)) for one in solved for form in one.forms)
    shared = sum(len(form) for one in solved for form in one.forms) - sum(
        len({placed.item.id for form in one.forms for placed in form}) for one in solved
    )
    return {
        "figure": f"assembly_{FORMS}_parallel_forms_{size}_items",
        "median_seconds": round(median, 3),
        "worst_seconds": round(max(one.seconds for one in solved), 3),
        "runs": len(solved),
        "target_seconds": TARGET_FORMS,
        "difference_in_mean_facility": spread,
        "target_difference": TARGET_SPREAD,
        "gap": max(one.gap for one in solved),
        "status": "/".join(sorted({str(one.status) for one in solved})),
        "items_shared": shared,
        "faults": faults,
        "met": median <= TARGET_FORMS and spread <= TARGET_SPREAD and not faults and not shared,
        "measured": f"wall time of {FORMS} disjoint forms; gap is by how much the difference could be less",
    }


def _spread(solved: Solved) -> float:
    means = [mean_facility(form) for form in solved.forms]
    return float(max(means) - min(means))


def _impossible() -> Iterator[dict[str, Any]]:
    """Yield a bank without the basics, one without hard items, and one that is enough for two papers only."""
    pool = make_pool(2_000)
    basics = [item for item in pool if item.parts[0].function == "B"]
    rest = [item for item in pool if item.parts[0].function != "B"]
    banks = {
        "no_item_of_a_function": (rest, 1),
        "no_hard_items": ([item for item in pool if item.difficulty < 3], 1),
        "five_forms_of_a_bank_for_two": ([*rest, *basics[:12]], 5),
    }
    for name, (bank, forms) in banks.items():
        solved = solve_forms(bank, THEORY, seed=1, forms=forms)
        yield {
            "figure": f"assembly_impossible_{name}",
            "seconds": round(solved.seconds, 3),
            "status": str(solved.status),
            "conflict": [" ".join(clash.key) for clash in solved.clashes],
            "missing": [clash.missing for clash in solved.clashes],
            "irreducible": solved.is_irreducible,
            "met": solved.status == SolveStatus.INFEASIBLE and solved.is_irreducible and bool(solved.clashes),
            "measured": "wall time of the proof that there is none, the irreducible conflict, and what is"
            " missing",
        }


def _room(size: int) -> dict[str, Any]:
    pool, begun = make_pool(size), time.perf_counter()
    found = room(pool, THEORY)
    return {
        "figure": f"assembly_room_{size}_items",
        "seconds": round(time.perf_counter() - begun, 3),
        "built": found.built,
        "most": found.most,
        "gap": None if found.most is None else found.most - found.built,
        "measured": "wall time of the proven upper bound, of building disjoint papers, and of what runs dry",
    }


def _memory(size: int) -> dict[str, Any]:
    """Return the growth of the peak resident size of a process of its own."""
    code = f"import django; django.setup(); import tests.bench.assembly as b; b.measure({size})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def measure(size: int) -> None:
    """Print what a bank, one paper and parallel forms of it add to the peak resident size."""
    before = _peak()
    pool = make_pool(size)
    bank = _peak()
    solve(pool, THEORY, seed=1)
    paper = _peak()
    solve_forms(pool, THEORY, seed=1, forms=FORMS if size > SIZES[0] else 2)
    figure = {
        "figure": f"assembly_memory_{size}_items",
        "bank_mb": round(bank - before, 1),
        "paper_mb": round(paper - bank, 1),
        "parallel_forms_mb": round(_peak() - paper, 1),
        "process_mb": round(_peak(), 1),
        "measured": "growth of the peak resident size: the bank, then one paper, then parallel forms",
    }
    sys.stdout.write(json.dumps(figure))


def _peak() -> float:
    # Not getrusage: its peak is inherited from the process that started this one.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
