"""What a paper, frozen or only solved, is made of: the figures of its report."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exams.assembly.models import Paper
from exams.assembly.queries import placed_items, recounted, repeats, stored_specification
from exams.assembly.rules import (
    Limits,
    Placed,
    Specification,
    contents_of,
    mean_facility,
    points_by,
)
from exams.assembly.solutions import FormOfPaper, PlacedItem, Solution
from exams.bank.enums import CognitiveLevel, Difficulty
from exams.bank.types import type_label


@dataclass(frozen=True, slots=True)
class TypeLine:
    """One section: how many items of a type at how many points; `points_each` 0 where criteria say."""

    label: str
    count: int
    points_each: int
    points: int


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of a paper: `functions`, `difficulties` and `cognition` are rows for the chart component.

    `repeats` counts the items that other papers have too, by their code.
    """

    count: int
    points: int
    functions: list[dict[str, Any]]
    types: list[TypeLine]
    difficulties: list[dict[str, Any]]
    cognition: list[dict[str, Any]]
    mean: Decimal
    limits: Limits
    contents_covered: int
    contents: int
    knowledge_covered: int
    knowledge: int
    repeats: dict[str, int]


def report_on_solution(solution: Solution, form: FormOfPaper) -> Report:
    """Return the report of a form that is not stored."""
    return _report(form.items, form.placed, solution.specification, solution.names, but=None)


def report_on_paper(paper: Paper) -> Report:
    """Return the report of a frozen paper, against what it was held to when frozen."""
    specification, frame = stored_specification(paper)
    items = placed_items(paper)
    return _report(items, recounted(items, frame), specification, frame.names, but=paper)


def _report(
    items: Sequence[PlacedItem],
    placed: Sequence[Placed],
    specification: Specification,
    names: Mapping[str, str],
    *,
    but: Paper | None,
) -> Report:
    by_type = points_by(placed, "type")
    counts = Counter(one.item.type for one in placed)
    difficulties = Counter(one.item.difficulty for one in placed)
    cognition = Counter(one.item.cognition for one in placed)
    parts = [part for one in placed for part in one.item.parts]
    return Report(
        count=len(placed),
        points=sum(by_type.values()),
        functions=_function_rows(points_by(placed, "function"), specification, names),
        types=[
            TypeLine(type_label(s.type), counts[s.type], s.points, by_type.get(s.type, 0))
            for s in specification.sections
            if counts[s.type]
        ],
        difficulties=[_items_row(f"{one.value} {one.label}", difficulties[one.value]) for one in Difficulty],
        cognition=[_items_row(str(one.label), cognition[one.value]) for one in CognitiveLevel],
        mean=mean_facility(placed),
        limits=specification.limits,
        contents_covered=len({(part.function, part.work_content) for part in parts}),
        contents=len(contents_of(specification)),
        knowledge_covered=len({(part.function, part.requirement) for part in parts}),
        knowledge=len(specification.syllabus),
        repeats=repeats([one.version for one in items], but=but),
    )


def _items_row(label: str, count: int) -> dict[str, Any]:
    return {"label": label, "value": count, "text": _("%(count)d 题") % {"count": count}}


def _function_rows(
    points: Mapping[str, int], specification: Specification, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    rows = []
    for code, weight in specification.weights.items():
        value = points.get(code, 0)
        text = f"{value} {'=' if value == weight else '≠'} {weight}"
        rows.append({"label": names[code], "value": value, "full": weight, "text": text})
    return rows
