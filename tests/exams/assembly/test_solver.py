"""The solver: right, the same every time, and what it says is missing is what is missing."""

import itertools
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.assembly.counting import check_paper
from exams.assembly.enums import SolveStatus
from exams.assembly.rules import Limits, PoolItem, Section, Specification, enemies_met, place, theory_item
from exams.assembly.solver import Solved, solve
from tests.factories.pools import LIMITS, THEORY, make_pool

SMALL = Specification(
    sections=(Section("single", 6, 1), Section("true_false", 2, 1), Section("multiple", 2, 2)),
    weights={"1": 7, "2": 5},
    syllabus=tuple(
        (function, f"{function}.{content}", f"{function}.{content}.K{number}")
        for function in "12"
        for content in (1, 2)
        for number in (1, 2)
    ),
    limits=Limits(Decimal("0.60"), Decimal("0.70"), 1, 1),
)


def items_of(solved: Solved) -> list[PoolItem]:
    """Return the items of the first form."""
    return [one.item for one in solved.paper]


def function(item: PoolItem) -> str:
    """Return the function of a theory item."""
    return item.parts[0].function


def missing_items(solved: Solved, specification: Specification) -> list[PoolItem]:
    """Return the items that the shortages ask for, one for each missing."""
    places = {(function, knowledge): content for function, content, knowledge in specification.syllabus}
    return [
        theory_item(
            -number,
            f"new{number}",
            short.type,
            (short.function, places[short.function, knowledge], knowledge),
            hard,
        )
        for number, (short, knowledge, hard) in enumerate(
            (
                (short, knowledge, hard)
                for short in solved.shortages
                for knowledge, hard in zip(short.knowledge, short.difficulties, strict=True)
            ),
            start=1,
        )
    ]


@st.composite
def pools(draw: st.DrawFn) -> list[PoolItem]:
    size = draw(st.integers(0, 60))
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(SMALL.syllabus),
                st.sampled_from(["single", "single", "single", "true_false", "multiple"]),
                st.integers(1, 5),
                st.integers(0, 3),
            ),
            min_size=size,
            max_size=size,
        )
    )
    return [
        theory_item(number, f"i{number:02}", item_type, point, difficulty, used=used)
        for number, (point, item_type, difficulty, used) in enumerate(rows)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pools(), st.integers(0, 10_000))
def test_paper_passes_the_independent_count_or_lacks_what_is_named(pool: list[PoolItem], seed: int) -> None:
    solved = solve(pool, SMALL, seed=seed)
    if solved.status == SolveStatus.OPTIMAL:
        assert check_paper(solved.paper, SMALL) == []
        assert set(items_of(solved)) <= set(pool)
        return
    assert solved.status == SolveStatus.INFEASIBLE
    assert solved.paper == solved.reasons == ()
    assert all(short.missing == len(short.knowledge) > 0 for short in solved.shortages)
    wanted = missing_items(solved, SMALL)
    mended = solve([*pool, *wanted], SMALL, seed=seed)
    assert mended.status == SolveStatus.OPTIMAL
    assert check_paper(mended.paper, SMALL) == []
    # No fewer would do: every item that was asked for is in the paper.
    assert set(wanted) <= set(items_of(mended))


@pytest.mark.parametrize("seed", range(3))
def test_theory_paper_from_two_thousand_items_is_proven_and_right(seed: int) -> None:
    pool = make_pool(2000)
    solved = solve(pool, THEORY, seed=seed)
    assert (solved.status, solved.gap) == (SolveStatus.OPTIMAL, 0.0)
    assert check_paper(solved.paper, THEORY) == []
    assert solved.paper == solve(pool, THEORY, seed=seed).paper


def test_seeds_give_different_papers() -> None:
    pool = make_pool(2000)
    first, second = (set(items_of(solve(pool, THEORY, seed=seed))) for seed in (1, 2))
    assert len(first & second) < 45


def test_items_used_less_are_preferred() -> None:
    fresh = make_pool(1000)
    pool = [replace(item, used=3 if item.id % 2 else 0) for item in fresh]
    chosen = Counter(item.used for item in items_of(solve(pool, THEORY, seed=1)))
    assert chosen[0] > 80


def test_shortage_names_function_type_and_number() -> None:
    pool = [item for item in make_pool(2000) if (function(item), item.type) != ("B", "single")]
    kept = [item for item in pool if function(item) != "B"] + [
        replace(item, type="true_false") for item in pool if function(item) == "B"
    ][:2]
    solved = solve(kept, THEORY, seed=1)
    assert solved.status == SolveStatus.INFEASIBLE
    assert {short.function for short in solved.shortages} == {"B"}
    assert sum(short.missing * (2 if short.type == "multiple" else 1) for short in solved.shortages) in {3, 4}


def test_empty_pool_lacks_a_whole_paper() -> None:
    solved = solve([], THEORY, seed=1)
    assert solved.status == SolveStatus.INFEASIBLE
    missing: Counter[str] = Counter()
    for short in solved.shortages:
        missing[short.type] += short.missing
    assert missing == {"single": 60, "true_false": 20, "multiple": 10}
    assert check_paper(place(missing_items(solved, THEORY), THEORY), THEORY) == []


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (
            {"limits": replace(LIMITS, facility_least=Decimal("0.6511"), facility_most=Decimal("0.6514"))},
            "facility",
        ),
        ({"limits": replace(LIMITS, least_per_work_content=7)}, "content"),
        ({"limits": replace(LIMITS, extra_per_knowledge=-2)}, "knowledge"),
        ({"sections": (Section("multiple", 50, 2),)}, "function"),
    ],
)
def test_blueprint_that_no_bank_can_serve_says_which_demand(wrong: dict[str, object], kind: str) -> None:
    solved = solve(make_pool(2000), replace(THEORY, **wrong), seed=1)  # type: ignore[arg-type]
    assert (solved.status, solved.shortages) == (SolveStatus.INFEASIBLE, ())
    assert kind in {clash.key[0] for clash in solved.clashes}


def test_sections_and_weights_of_different_sums_are_said_before_any_search() -> None:
    solved = solve(make_pool(500), replace(THEORY, sections=THEORY.sections[:2]), seed=1)
    assert "必须相等" in solved.reasons[0]


def test_time_limit_says_that_nothing_is_known_or_vouches_for_less() -> None:
    solved = solve(make_pool(2000), THEORY, seed=1, time_limit=1e-9)
    if solved.status == SolveStatus.UNKNOWN:
        assert (solved.clashes, solved.shortages) == ((), ())
    else:
        assert check_paper(solved.paper, THEORY) == []


def with_enemies(pool: list[PoolItem], pairs: set[tuple[int, int]]) -> list[PoolItem]:
    """Return the pool with these pairs of places in it made enemies."""
    enemies: dict[int, set[str]] = {}
    for first, second in pairs:
        if first != second and max(first, second) < len(pool):
            enemies.setdefault(first, set()).add(pool[second].code)
            enemies.setdefault(second, set()).add(pool[first].code)
    return [replace(item, enemies=frozenset(enemies.get(place, ()))) for place, item in enumerate(pool)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    pools(),
    st.sets(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=40),
    st.integers(0, 10_000),
)
def test_enemies_never_meet_and_what_is_missing_is_named(
    pool: list[PoolItem], pairs: set[tuple[int, int]], seed: int
) -> None:
    pool = with_enemies(pool, pairs)
    solved = solve(pool, SMALL, seed=seed)
    if solved.status == SolveStatus.OPTIMAL:
        assert enemies_met(items_of(solved)) == []
        assert check_paper(solved.paper, SMALL) == []
        return
    mended = solve([*pool, *missing_items(solved, SMALL)], SMALL, seed=seed)
    assert mended.status == SolveStatus.OPTIMAL
    assert check_paper(mended.paper, SMALL) == []


def test_enemies_that_were_chosen_together_are_told_apart() -> None:
    pool = make_pool(2000)
    chosen = items_of(solve(pool, THEORY, seed=1))
    places = {item.id: place for place, item in enumerate(pool)}
    pairs = {(places[one.id], places[other.id]) for one, other in itertools.pairwise(chosen)}
    apart = solve(with_enemies(pool, pairs), THEORY, seed=1)
    assert apart.status == SolveStatus.OPTIMAL
    assert check_paper(apart.paper, THEORY) == []
    # The count that knows no solver finds them in the paper that did not know of them.
    together = [item for item in with_enemies(pool, pairs) if item.id in {one.id for one in chosen}]
    assert len(check_paper(place(together, THEORY), THEORY)) == len(pairs)


def test_bank_of_enemies_lacks_their_replacements() -> None:
    point = [item for item in make_pool(2000) if function(item) == "B"]
    rest = [item for item in make_pool(2000) if function(item) != "B"]
    # All of one function are enemies of each other: one can stand, the rest must come anew.
    codes = frozenset(item.code for item in point)
    solved = solve([*rest, *(replace(i, enemies=codes - {i.code}) for i in point)], THEORY, seed=1)
    assert solved.status == SolveStatus.INFEASIBLE
    assert {short.function for short in solved.shortages} == {"B"}


def test_enemy_outside_the_pool_hinders_nothing() -> None:
    pool = [replace(item, enemies=frozenset({"elsewhere"})) for item in make_pool(500)]
    assert solve(pool, THEORY, seed=1).status == SolveStatus.OPTIMAL
