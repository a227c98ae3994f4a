"""The registrar's desk: sealed real attempts that wait for publication."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from certs.results.models import PartResult
from certs.results.queries.ledger import entry_of, part_names, retake_gap
from certs.results.rules import FULL_SCORE, Entry, Judgement, Retake, judge, published_on, retake
from exams.delivery.enums import AttemptKind
from exams.delivery.models import Attempt
from exams.marking.models import Score
from exams.marking.queries import scores_of
from syllabus.standard.models import Part


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A sealed real attempt that waits for publication, and what publishing it would write.

    `hindrance` is the rule that speaks against the sitting (D5), None where nothing does.
    """

    attempt: Attempt
    part: Part
    score: Score | None
    judgement: Judgement | None
    sat_on: date
    hindrance: Retake | None

    @property
    def is_absent(self) -> bool:
        return self.attempt.started_at is None

    @property
    def needs_confirmation(self) -> bool:
        return self.is_absent or bool(self.judgement and not self.judgement.passed)


def sat_on(attempt: Attempt) -> date:
    """Return the sitting day of a sealed attempt; where it was never started, the day it was sealed."""
    moment = attempt.started_at or attempt.sealed_at
    if moment is None:
        raise ValueError("an attempt that is neither started nor sealed has no sitting day")
    return published_on(moment)


def unpublished() -> QuerySet[Attempt]:
    """Return the sealed real attempts without a published result, oldest first."""
    published = PartResult.objects.filter(attempt__isnull=False).values("attempt_id")
    waiting = Attempt.objects.filter(kind=AttemptKind.REAL, sealed_at__isnull=False)
    return (
        waiting.exclude(pk__in=published)
        .select_related("person", "paper__level__standard", "centre")
        .order_by("sealed_at", "pk")
    )


def desk(attempts: Collection[Attempt]) -> list[DeskLine]:
    """Return desk lines for `attempts`, in a fixed number of queries."""
    scores = scores_of(attempt.pk for attempt in attempts)
    parts = part_names({attempt.paper.level_id for attempt in attempts})
    gap = retake_gap()
    entries: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    people = {attempt.person_id for attempt in attempts}
    for row in PartResult.objects.filter(person_id__in=people).select_related("level").order_by("pk"):
        entries[row.person_id, row.level.number].append(entry_of(row))
    return [_desk_line(attempt, scores.get(attempt.pk), parts, entries, gap) for attempt in attempts]


def _desk_line(
    attempt: Attempt,
    score: Score | None,
    parts: dict[tuple[int, str], Part],
    entries: dict[tuple[int, int], list[Entry]],
    gap: int,
) -> DeskLine:
    level, code, day = attempt.paper.level, attempt.paper.part, sat_on(attempt)
    codes = [part for level_id, part in parts if level_id == level.pk]
    step = retake(entries[attempt.person_id, level.number], codes, code, day, gap)
    part = parts[level.pk, code]
    judged = judge(score.points, part.pass_mark) if score and attempt.started_at else None
    return DeskLine(attempt, part, score, judged, day, None if step.may else step)


def has_full_score(attempt: Attempt) -> bool:
    """Return whether the attempt's paper can give a part result: out of 100, and no short one."""
    return attempt.paper.points == FULL_SCORE and not attempt.paper.is_short
