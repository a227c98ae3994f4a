"""Statistics from attempts as they are stored."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from config.jobs import after_commit
from exams.analysis.actions import StatisticsReport, update_statistics
from exams.assembly.models import Paper
from exams.bank.models import ItemStatistic
from exams.delivery.models import Attempt
from exams.marking.actions import mark
from exams.marking.models import Score
from tests.factories.assembly import PaperFactory, PaperItemFactory
from tests.factories.delivery import AttemptFactory, CentreFactory, answer
from tests.factories.people import PersonFactory
from tests.factories.standard import RuleFactory

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.UTC)
LATER = AT + datetime.timedelta(days=1)


@pytest.fixture
def paper() -> Paper:
    """Three single choice (key B), one true/false (T), one multiple choice (ACD); 20 points each."""
    paper: Paper = PaperFactory()
    RuleFactory(standard=paper.level.standard, code="marking.multiple_half_credit", value=False)
    return paper


def sit(paper: Paper, answers: dict[int, str], kind: str = "real") -> Attempt:
    """Let somebody give these answers, hand in and be marked."""
    clerk, centre = PersonFactory.build(), CentreFactory(code="0001") if kind == "real" else None
    clerk = PersonFactory() if kind == "real" else clerk
    attempt: Attempt = AttemptFactory(
        paper=paper, kind=kind, sealed=True, centre=centre, admitted_by=(clerk if kind == "real" else None)
    )
    for position, letters in answers.items():
        answer(attempt, position, letters)
    mark(attempt=attempt, at=AT)
    return attempt


def sit_many(paper: Paper, count: int) -> None:
    """Let `count` people sit: all have item 1 right, every second item 2, no one answers item 3."""
    for number in range(count):
        sit(paper, {1: "B", 2: "B" if number % 2 else "C", 4: "T" if number % 2 else "F", 5: "ACD"})


def figures(paper: Paper) -> dict[int, tuple[int, Decimal, Decimal | None]]:
    rows = ItemStatistic.objects.filter(version__paper_items__paper=paper)
    return {
        position: (answers, facility, discrimination)
        for position, answers, facility, discrimination in rows.values_list(
            "version__paper_items__position", "answers", "facility", "discrimination"
        )
    }


def test_statistics_say_what_candidates_did(paper: Paper) -> None:
    sit_many(paper, 20)
    assert update_statistics(at=AT) == StatisticsReport(kept=5, dropped=0)
    one, none, half = Decimal("1.0000"), Decimal("0.0000"), Decimal("0.5000")
    assert figures(paper) == {
        1: (20, one, None),
        2: (20, half, one),
        3: (20, none, None),  # left blank counts as wrong
        4: (20, half, one),
        5: (20, one, None),
    }
    assert set(ItemStatistic.objects.values_list("computed_at", flat=True)) == {AT}


def test_fewer_than_twenty_real_answers_give_no_statistic(paper: Paper) -> None:
    sit_many(paper, 19)
    AttemptFactory(paper=paper, sealed=True)  # not marked yet
    assert update_statistics(at=AT) == StatisticsReport(kept=0, dropped=0)
    sit(paper, {})
    assert update_statistics(at=AT).kept == 5
    assert figures(paper)[1][:2] == (20, Decimal("0.9500"))


def test_mocks_say_nothing(paper: Paper) -> None:
    for _ in range(20):
        sit(paper, {1: "B"}, kind="mock")
    assert update_statistics(at=AT).kept == 0


def test_again_replaces_and_drops_what_has_no_ground_any_more(paper: Paper) -> None:
    sit_many(paper, 20)
    update_statistics(at=AT)
    stale = PaperItemFactory().version
    ItemStatistic.objects.create(version=stale, answers=30, facility=Decimal("0.5"), computed_at=AT)
    sit(paper, {1: "C"})
    assert update_statistics(at=LATER) == StatisticsReport(kept=5, dropped=1)
    assert figures(paper)[1] == (21, Decimal("0.9524"), Decimal("0.4000"))
    assert set(ItemStatistic.objects.values_list("computed_at", flat=True)) == {LATER}
    before = figures(paper)
    update_statistics(at=LATER)
    assert figures(paper) == before


def test_the_score_that_counts_is_used(paper: Paper) -> None:
    sit_many(paper, 20)
    update_statistics(at=AT)
    known = figures(paper)[2]
    first = Score.objects.order_by("pk").first()
    assert first is not None
    Score.objects.create(
        attempt=first.attempt,
        marked_at=LATER,
        points=first.points + 20,
        full_points=100,
        by_function=first.by_function,
        supersedes=first,
        reason="复核",
    )
    update_statistics(at=LATER)
    answers, facility, discrimination = figures(paper)[2]
    assert (answers, facility) == known[:2]
    assert discrimination is not None
    assert discrimination < Decimal(1)


def test_papers_that_share_a_version_are_put_together(paper: Paper) -> None:
    other: Paper = PaperFactory()
    shared = paper.items.get(position=1).version
    other.items.model.objects.create(
        paper=other, position=6, version=shared, points=20, option_order=[3, 2, 1, 0]
    )
    for _ in range(10):
        sit(paper, {1: "B"})
        sit(other, {1: "B", 6: "C"})
    update_statistics(at=AT)
    row = ItemStatistic.objects.get()
    assert (row.version, row.answers, row.facility) == (shared, 20, Decimal("0.5000"))


@pytest.mark.parametrize("papers", [1, 3])
def test_queries_do_not_grow(paper: Paper, papers: int, django_assert_num_queries: Any) -> None:
    for one in [paper, *PaperFactory.create_batch(papers - 1)]:
        sit_many(one, 20)
    update_statistics(at=AT)
    with django_assert_num_queries(10):
        assert update_statistics(at=LATER).kept == 5 * papers


def test_task_runs_every_night(paper: Paper, django_capture_on_commit_callbacks: Any) -> None:
    assert "exams.update_statistics" in {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    sit_many(paper, 20)
    with django_capture_on_commit_callbacks(execute=True):
        after_commit("exams.update_statistics")
    assert ItemStatistic.objects.count() == 5
