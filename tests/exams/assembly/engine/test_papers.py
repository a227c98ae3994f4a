"""The product's papers: theory and skill, one or several, impossible ones, and the same in any process."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from config.embedded.places import PROJECT
from exams.assembly.counting import check_paper
from exams.assembly.engine.conflicts import can_be_met
from exams.assembly.engine.linear import Progress
from exams.assembly.engine.problem import Chosen, faults
from exams.assembly.engine.solve import PoolIndex
from exams.assembly.enums import SolveStatus
from exams.assembly.findings import Solved
from exams.assembly.rules import (
    Limits,
    Placed,
    PoolItem,
    PoolPart,
    Quota,
    Section,
    Specification,
    mean_facility,
)
from exams.assembly.solver import room, solve, solve_forms
from exams.assembly.terms import engine_demands, engine_item, engine_pool
from tests.factories.pools import SKILL, THEORY, make_pool, make_tasks

POINTS = tuple((f, f"{f}.{c}", f"{f}.{c}.K{n}") for f in "12" for c in (1, 2) for n in (1, 2))
BAND = Limits(Decimal("0.60"), Decimal("0.70"), 1, 1)
LEVELS = (Quota("cognition", "apply", 2, 5), Quota("cognition", "recall", None, 4))
SMALL = Specification((Section("single", 4, 1), Section("multiple", 2, 2)), {"1": 5, "2": 3}, POINTS, BAND)
TASKS = Specification(
    (Section("case", 2, 0, least=0), Section("essay", 2, 0, least=1)),
    {"1": 12, "2": 8},
    POINTS,
    Limits(Decimal("0.30"), Decimal("0.90"), 0, None),
)


@st.composite
def items(draw: st.DrawFn) -> list[PoolItem]:
    """Draw a bank of theory items, some of them enemies, some barred."""
    size = draw(st.integers(8, 40))
    found = []
    for number in range(size):
        point = draw(st.sampled_from(POINTS))
        found.append(
            PoolItem(
                number,
                f"i{number:02}",
                draw(st.sampled_from(["single", "single", "multiple"])),
                (PoolPart(*point, draw(st.sampled_from("XY"))),),
                draw(st.integers(1, 5)),
                draw(st.sampled_from(["recall", "understand", "apply"])),
                draw(st.integers(0, 2)),
                frozenset({f"i{draw(st.integers(0, size - 1)):02}"} - {f"i{number:02}"})
                if draw(st.integers(0, 3)) == 0
                else frozenset(),
                frozenset({"resting"}) if draw(st.integers(0, 5)) == 0 else frozenset(),
            )
        )
    return found


@st.composite
def tasks(draw: st.DrawFn) -> list[PoolItem]:
    """Draw skill tasks of one to four criteria over both functions."""
    found = []
    for number in range(draw(st.integers(1, 14))):
        parts = []
        for _criterion in range(draw(st.integers(1, 4))):
            least = draw(st.integers(1, 4))
            most = least + draw(st.integers(0, 4))
            parts.append(PoolPart(*draw(st.sampled_from(POINTS)), "", least, most))
        kind = draw(st.sampled_from(["case", "essay"]))
        found.append(PoolItem(number, f"t{number:02}", kind, tuple(parts), draw(st.integers(1, 5))))
    return found


def chosen(paper: Sequence[Placed], specification: Specification) -> list[Chosen]:
    """Return a paper as the engine's form."""
    return [Chosen(engine_item(one.item, specification), one.points) for one in paper]


def confirm(solved: Solved, pool: Sequence[PoolItem], specification: Specification) -> None:
    """Check what is said about an impossible paper."""
    demands, index = engine_demands(pool, specification), PoolIndex(engine_pool(pool, specification, 0))
    keys = {clash.key for clash in solved.clashes}
    assert solved.is_irreducible
    assert can_be_met(index, demands, keys, seconds=20) is False
    assert all(can_be_met(index, demands, keys - {key}, seconds=20) for key in keys)


def added(solved: Solved, specification: Specification) -> list[PoolItem]:
    """Return the items that the shortages ask for."""
    contents = {(function, point): content for function, content, point in specification.syllabus}
    found: list[PoolItem] = []
    for short in solved.shortages:
        levels = short.cognitions or ("",) * short.missing
        for point, hard, level in zip(short.knowledge, short.difficulties, levels, strict=True):
            most = specification.weights[short.function] if specification.has_criteria else 0
            part = PoolPart(short.function, contents[short.function, point], point, "", min(most, 1), most)
            number = -1 - len(found)
            found.append(PoolItem(number, f"new{number}", short.type, (part,), hard, level))
    return found


@settings(max_examples=50)
@given(items(), st.booleans(), st.integers(0, 99))
def test_theory_paper_fits_or_what_is_said_is_so(pool: list[PoolItem], has_quotas: bool, seed: int) -> None:
    specification = replace(SMALL, quotas=LEVELS if has_quotas else ())
    solved = solve(pool, specification, seed=seed)
    if solved.paper:
        assert solved.status == SolveStatus.OPTIMAL
        assert check_paper(solved.paper, specification) == []
        assert not any(one.item.barred for one in solved.paper)
        assert faults(chosen(solved.paper, specification), engine_demands(pool, specification)) == []
        return
    confirm(solved, pool, specification)
    mended = solve([*pool, *added(solved, specification)], specification, seed=seed)
    assert check_paper(mended.paper, specification) == []
    assert mended.status == SolveStatus.OPTIMAL


@settings(max_examples=50)
@given(tasks(), st.integers(0, 99))
def test_skill_paper_gives_each_function_its_weight_or_what_is_said_is_so(
    pool: list[PoolItem], seed: int
) -> None:
    solved = solve(pool, TASKS, seed=seed)
    if solved.paper:
        assert solved.status == SolveStatus.OPTIMAL
        assert check_paper(solved.paper, TASKS) == []
        return
    confirm(solved, pool, TASKS)
    mended = solve([*pool, *added(solved, TASKS)], TASKS, seed=seed)
    assert check_paper(mended.paper, TASKS) == []
    assert mended.paper


@settings(max_examples=40)
@given(items(), st.integers(2, 3), st.integers(0, 2))
def test_parallel_papers_fit_and_share_exactly(pool: list[PoolItem], forms: int, overlap: int) -> None:
    solved = solve_forms(pool, SMALL, seed=1, forms=forms, overlap=overlap)
    if not solved.forms:
        assert solved.status == SolveStatus.INFEASIBLE
        assert solved.clashes or solved.reasons
        return
    assert [check_paper(form, SMALL) for form in solved.forms] == [[]] * forms
    ids = [{one.item.id for one in form} for form in solved.forms]
    assert all(
        len(one & other) == overlap == len(set.intersection(*ids))
        for one, other in itertools.combinations(ids, 2)
    )
    means = [mean_facility(form) for form in solved.forms]
    assert abs(float(max(means) - min(means)) - solved.spread) < 1e-9


def test_skill_papers_of_a_large_bank_are_proven_and_parallel() -> None:
    pool = make_tasks(120)
    solved = solve(pool, SKILL, seed=1)
    assert (solved.status, check_paper(solved.paper, SKILL)) == (SolveStatus.OPTIMAL, [])
    pair = solve_forms(pool, SKILL, seed=1, forms=2)
    assert [check_paper(form, SKILL) for form in pair.forms] == [[], []]
    assert not {one.item.id for one in pair.forms[0]} & {one.item.id for one in pair.forms[1]}


def test_several_papers_that_the_bank_is_too_small_for() -> None:
    pool = make_pool(2000)
    basics = [item for item in pool if item.parts[0].function == "B"][:12]
    few = [item for item in pool if item.parts[0].function != "B"] + basics
    assert solve(few, THEORY, seed=1).status == SolveStatus.OPTIMAL
    solved = solve_forms(few, THEORY, seed=1, forms=4)
    assert solved.status == SolveStatus.INFEASIBLE
    assert [clash.key for clash in solved.clashes] == [("function", "B")]
    assert solved.is_irreducible
    assert "4 份" in solved.reasons[0]
    mended = solve_forms([*few, *added(solved, THEORY)], THEORY, seed=1, forms=4)
    assert [check_paper(form, THEORY) for form in mended.forms] == [[]] * 4


def test_room_is_built_and_proven() -> None:
    found = room(make_pool(500), THEORY)
    assert found.built == found.most == 4
    assert found.dry
    assert room([], THEORY).most == 0


def test_stopped_parallel_papers_are_unknown_and_not_fewer() -> None:
    def told(_form: int, _progress: Progress) -> bool:
        return False

    solved = solve_forms(make_pool(2000), THEORY, seed=1, forms=12, time_limit=0.3, told=told)
    assert solved.status == SolveStatus.UNKNOWN
    assert solved.forms == ()


CALL = """
import json, django
django.setup()
from exams.assembly.solver import solve_forms
from tests.factories.pools import SKILL, THEORY, make_pool, make_tasks
two = solve_forms(make_pool(700), THEORY, seed=5, forms=2)
found = [two, solve_forms(make_tasks(80), SKILL, seed=5, forms=1)]
print(json.dumps([[[p.item.code, p.points] for p in form] for one in found for form in one.forms]))
"""


def test_same_seed_gives_the_same_papers_in_every_process() -> None:
    """Hash seeds differ, so that no order of a set can hide in a paper."""
    said = []
    for hash_seed in ("1", "2"):
        variables = {
            **os.environ,
            "PYTHONHASHSEED": hash_seed,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(PROJECT),
        }
        done = subprocess.run(
            [sys.executable, "-c", CALL],
            cwd=PROJECT,
            env=variables,
            check=True,
            capture_output=True,
            text=True,
        )
        said.append(json.loads(done.stdout))
    assert said[0] == said[1]
    assert len(said[0]) == 3
