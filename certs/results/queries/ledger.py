"""Reading the ledger itself: rows, entries for the rules, search."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from certs.people.queries import people_called
from certs.results.enums import Outcome
from certs.results.models import PartResult
from certs.results.rules import Entry, judge
from exams.sittings.models import Centre
from syllabus.standard.models import Level, Part
from syllabus.standard.queries import rule_value

RETAKE_GAP = "results.retake_gap_days"


def entry_of(row: PartResult) -> Entry:
    """Return what the rules need of a ledger row."""
    return Entry(
        pk=row.pk,
        part=row.part,
        outcome=row.outcome,
        sat_on=row.sat_on,
        published_on=row.published_on,
        valid_through=row.valid_through,
        score=row.score,
        supersedes=row.supersedes_id,
    )


def ledger_rows() -> QuerySet[PartResult]:
    """Return the whole ledger with what its lists show, newest first."""
    return PartResult.objects.select_related(
        "person", "level__standard", "centre", "published_by", "superseded_by"
    ).order_by("-published_at", "-pk")


def rows_of(person_id: int, level_number: int) -> list[PartResult]:
    """Return a person's ledger of one level over all editions, superseded rows included, oldest first."""
    rows = PartResult.objects.filter(person_id=person_id, level__number=level_number)
    return list(rows.select_related("level__standard", "centre").order_by("published_at", "pk"))


def entries_of(person_id: int, level_number: int) -> list[Entry]:
    """Return the same ledger as the rules want it."""
    return [entry_of(row) for row in rows_of(person_id, level_number)]


def parts_of(level: Level) -> list[Part]:
    """Return the parts of a level in order."""
    return list(Part.objects.filter(level_id=level.pk).order_by("position", "pk"))


def part_names(level_ids: Collection[int]) -> dict[tuple[int, str], Part]:
    """Return the parts by level row and code, for lists that show many results."""
    return {(part.level_id, part.code): part for part in Part.objects.filter(level_id__in=set(level_ids))}


def retake_gap() -> int:
    """Return the days that must lie between two sittings of the same part (D5)."""
    return int(str(rule_value(RETAKE_GAP)))


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A ledger row with its states derived for one day; `state` is valid, expired, superseded or none."""

    row: PartResult
    part: Part
    state: str


def search_ledger(
    text: str = "", *, outcome: str = "", level: int | None = None, part: str = ""
) -> QuerySet[PartResult]:
    """Return the ledger rows that fit, newest first; `text` is an identifier or part of a name."""
    rows = ledger_rows()
    if text := text.replace("\x00", "").strip():
        known = [person.pk for person in people_called(text)]
        rows = rows.filter(Q(person_id__in=known) | Q(person__name__icontains=text))
    if outcome:
        rows = rows.filter(outcome=outcome)
    if level:
        rows = rows.filter(level__number=level)
    return rows.filter(part=part) if part else rows


def ledger_lines(rows: Iterable[PartResult], on: date) -> list[LedgerLine]:
    """Return `rows` with their states on the day `on`; one query, however many rows."""
    known = list(rows)
    parts = part_names({row.level_id for row in known})
    return [LedgerLine(row, parts[row.level_id, row.part], _state(row, on)) for row in known]


def _state(row: PartResult, on: date) -> str:
    if hasattr(row, "superseded_by"):
        return "superseded"
    if row.valid_through is None:
        return "none"
    return "valid" if row.valid_through >= on else "expired"


def centres_for(person: Any, permission: str) -> list[Centre]:
    """Return the centres for which the person holds the permission, by code."""
    return [centre for centre in Centre.objects.order_by("code") if person.has_perm(permission, centre)]


def outcome_of(score: Decimal, pass_mark: Decimal) -> Outcome:
    """Return what a score comes to against a pass mark."""
    return Outcome.PASSED if judge(score, pass_mark).passed else Outcome.FAILED
