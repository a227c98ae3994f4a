"""Facility and discrimination: against numbers worked out otherwise, and where there are none."""

import statistics
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.analysis.rules import AnswerGroup, figures


def groups_of(rows: list[tuple[int, int]], full: int = 2, paper: int = 100) -> list[AnswerGroup]:
    """Return the groups of candidates who earned (points on the item, points on all others)."""
    by_earned: dict[int, list[int]] = defaultdict(list)
    for earned, others in rows:
        by_earned[earned].append(earned + others)
    return [
        AnswerGroup(
            len(totals),
            Decimal(earned),
            Decimal(full),
            Decimal(sum(totals)),
            Decimal(sum(total**2 for total in totals)),
            Decimal(paper),
        )
        for earned, totals in by_earned.items()
    ]


def test_known_figures() -> None:
    # Ten right with 60 … 78 on the rest, ten wrong with 40 … 58: worked out by hand.
    rows = [(2, 60 + 2 * n) for n in range(10)] + [(0, 40 + 2 * n) for n in range(10)]
    found = figures(groups_of(rows))
    assert found is not None
    assert (found.answers, found.facility) == (20, Decimal("0.5000"))
    assert found.discrimination == Decimal("0.8671")


def test_too_few_answers_say_nothing() -> None:
    rows = [(2, 50 + n) for n in range(19)]
    assert figures(groups_of(rows)) is None
    assert figures([]) is None
    assert figures([], least=0) is None
    assert figures(groups_of(rows), least=19) is not None


def test_discrimination_needs_candidates_that_differ() -> None:
    for rows in ([(2, n) for n in range(30)], [(n % 3, 50) for n in range(30)]):
        found = figures(groups_of(rows))
        assert found is not None
        assert found.discrimination is None


def test_own_points_do_not_count_for_an_item() -> None:
    # The rest of the paper is the same for all: only the item itself moves the totals.
    found = figures(groups_of([(n % 2 * 2, 60) for n in range(40)]))
    assert found is not None
    assert found.discrimination is None


def test_item_that_is_the_whole_paper_has_no_discrimination() -> None:
    found = figures(groups_of([(n % 2 * 100, 0) for n in range(40)], full=100))
    assert found is not None
    assert (found.facility, found.discrimination) == (Decimal("0.5000"), None)


def test_papers_of_different_sizes_are_put_together() -> None:
    rows = [(n % 3, 30 + n) for n in range(40)]
    twice = [(2 * earned, 2 * others) for earned, others in rows]
    alone = figures(groups_of(rows))
    assert alone is not None
    both = figures([*groups_of(rows), *groups_of(twice, full=4, paper=200)])
    assert both is not None
    assert (both.answers, both.facility) == (80, alone.facility)
    assert both.discrimination == alone.discrimination


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 98)), min_size=20, max_size=80))
def test_figures_are_the_mean_and_the_correlation(rows: list[tuple[int, int]]) -> None:
    found = figures(groups_of(rows))
    assert found is not None
    shares, rests = [earned / 2 for earned, _ in rows], [others / 98 for _, others in rows]
    assert float(found.facility) == pytest.approx(statistics.fmean(shares), abs=6e-5)
    if len(set(shares)) == 1 or len(set(rests)) == 1:
        assert found.discrimination is None
    else:
        assert found.discrimination is not None
        assert float(found.discrimination) == pytest.approx(statistics.correlation(shares, rests), abs=6e-5)
