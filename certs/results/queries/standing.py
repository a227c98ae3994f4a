"""Where a person stands: what counts, what comes next, whether qualified and since when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from certs.people.models import Person
from certs.results.models import PartResult
from certs.results.queries.ledger import entry_of, parts_of, retake_gap, rows_of
from certs.results.rules import (
    Entry,
    QualificationOnDay,
    Retake,
    current_results,
    qualified_on,
    retake,
    was_qualified_on,
)
from syllabus.standard.models import Level, Part
from syllabus.standard.queries import current_levels


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One part of a level for one person on one day: the result that counts and what comes next."""

    part: Part
    row: PartResult | None
    next: Retake


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's standing in a level on a day; `qualified_on` is the first day of being qualified (D4)."""

    level: Level
    on: date
    parts: tuple[PartStanding, ...]
    qualified_on: date | None
    history: tuple[PartResult, ...]

    @property
    def has_results(self) -> bool:
        return bool(self.history)


def standing(person: Person, level: Level, on: date) -> Standing:
    """Return per part of `level` the current result and what may or must be done next, seen on `on`."""
    return _standing(level, parts_of(level), rows_of(person.pk, level.number), on, retake_gap())


def standings(person: Person, on: date) -> list[Standing]:
    """Return the person's standing in every current level, 三级 first, in a fixed number of queries."""
    levels, gap = current_levels(), retake_gap()
    rows = PartResult.objects.filter(person_id=person.pk).select_related("level__standard", "centre")
    by_number: dict[int, list[PartResult]] = defaultdict(list)
    for row in rows.order_by("published_at", "pk"):
        by_number[row.level.number].append(row)
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in Part.objects.filter(level__in=levels).order_by("position", "pk"):
        parts[part.level_id].append(part)
    return [_standing(level, parts[level.pk], by_number[level.number], on, gap) for level in levels]


def _standing(level: Level, parts: list[Part], rows: list[PartResult], on: date, gap: int) -> Standing:
    by_pk = {row.pk: row for row in rows}
    entries = [entry_of(row) for row in rows]
    codes = [part.code for part in parts]
    current = current_results(entries)
    found = []
    for part in parts:
        step = retake(entries, codes, part.code, on, gap)
        own = [entry for entry in current if entry.part == part.code]
        shows = step.because or (own[-1] if own else None)
        if step.may and own:  # what stands is the last result, whatever decided
            shows = own[-1]
        found.append(PartStanding(part, by_pk[shows.pk] if shows else None, step))
    return Standing(level, on, tuple(found), qualified_on(entries, codes), _history(rows, current))


def _history(rows: list[PartResult], current: tuple[Entry, ...]) -> tuple[PartResult, ...]:
    """Return the rows that count, the newest sitting first."""
    by_pk = {row.pk: row for row in rows}
    return tuple(by_pk[entry.pk] for entry in reversed(current))


@dataclass(frozen=True, slots=True)
class ProofLine:
    """What the ledger shows of one part on the day asked about."""

    part: Part
    row: PartResult | None
    is_valid: bool


@dataclass(frozen=True, slots=True)
class QualificationAnswer:
    """The answer to 'was this person qualified on day D?' with the rows that prove it."""

    level: Level
    decision: QualificationOnDay
    proofs: tuple[ProofLine, ...]


def qualification_answer(person: Person, level: Level, day: date) -> QualificationAnswer:
    """Return whether the person was qualified for `level` on `day`, with the deciding rows."""
    rows = {row.pk: row for row in rows_of(person.pk, level.number)}
    parts = {part.code: part for part in parts_of(level)}
    decision = was_qualified_on([entry_of(row) for row in rows.values()], parts, day)
    proofs = tuple(
        ProofLine(parts[proof.part], rows[proof.entry.pk] if proof.entry else None, proof.is_valid)
        for proof in decision.proofs
    )
    return QualificationAnswer(level, decision, proofs)
