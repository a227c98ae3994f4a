"""The blueprints there are, each in one line."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import Count, Q

from exams.assembly.histories import section_words
from exams.assembly.models import Blueprint
from exams.assembly.queries import blueprints, source_of
from syllabus.standard.models import Level, WeightVector
from syllabus.standard.queries import current_levels, functions_of


@dataclass(frozen=True, slots=True)
class Line:
    """A blueprint in short. `papers`: those made by it that are not withdrawn.

    `weights` names its weight vector or module; empty where the standard's own weights hold.
    """

    row: Blueprint
    sections: str
    weights: str
    papers: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The blueprints of one level: in use, and retired."""

    level: Level
    lines: list[Line]
    retired: list[Line]


def shelves() -> list[Shelf]:
    """Return the blueprints by level, 三级 first; in seven queries whatever their number."""
    levels = current_levels()
    names = _names(levels)
    made = Count("papers", filter=Q(papers__withdrawn_at__isnull=True))
    found: dict[int, list[Line]] = {}
    for row in blueprints(with_retired=True).annotate(made=made):
        sections = section_words([asdict(one) for one in source_of(row).sections], short=True)
        key = (row.level_number, row.module or row.vector)
        weights = names.get(key, key[1])
        found.setdefault(row.level_number, []).append(Line(row, sections, weights, row.made))
    return [
        Shelf(
            level,
            [one for one in found.get(level.number, []) if one.row.retired_at is None],
            [one for one in found.get(level.number, []) if one.row.retired_at is not None],
        )
        for level in levels
    ]


def _names(levels: list[Level]) -> dict[tuple[int, str], str]:
    """Return what modules and weight vectors are called, by level and code."""
    numbers = {level.pk: level.number for level in levels}
    functions = functions_of(levels)
    found = {
        (numbers[pk], one.code): f"{one.code} {one.name}" for pk, rows in functions.items() for one in rows
    }
    vectors = WeightVector.objects.filter(level__in=levels)
    return found | {(numbers[one.level_id], one.code): one.name for one in vectors}
