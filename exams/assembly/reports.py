"""What a paper, frozen or only solved, is made of: the figures of its report."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exams.assembly.models import Paper
from exams.assembly.queries import as_pool_item, placed_items, repeats
from exams.assembly.rules import Limits, Section, Specification, mean_facility, points_by
from exams.assembly.solutions import PlacedItem, Solution
from exams.bank.enums import CognitiveLevel, Difficulty
from exams.bank.types import type_label
from syllabus.standard.queries import level_tree


@dataclass(frozen=True, slots=True)
class TypeLine:
    """One section: how many items of a type at how many points."""

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


def report_on_solution(solution: Solution) -> Report:
    """Return the report of a paper that is not stored."""
    return _report(solution.items, solution.specification, solution.function_names, but=None)


def report_on_paper(paper: Paper) -> Report:
    """Return the report of a frozen paper, against what it was held to when frozen."""
    specification, names = stored_specification(paper)
    return _report(placed_items(paper), specification, names, but=paper)


def stored_specification(paper: Paper) -> tuple[Specification, dict[str, str]]:
    """Return what the paper was held to, and the functions' names in its edition."""
    tree = level_tree(paper.level)
    stored = paper.specification
    limits = stored["limits"]
    specification = Specification(
        tuple(Section(**section) for section in stored["sections"]),
        # In the order of the standard: JSON of the database keeps none.
        {one.code: stored["weights"][one.code] for one in tree.functions if one.code in stored["weights"]},
        tuple(
            (function.code, content.code, knowledge.code)
            for function in tree.functions
            for content in function.work_contents
            for knowledge in content.knowledge
        ),
        Limits(
            Decimal(limits["facility_least"]),
            Decimal(limits["facility_most"]),
            limits["least_per_work_content"],
            limits["extra_per_knowledge"],
        ),
    )
    return specification, {function.code: function.name for function in tree.functions}


def _report(
    placed: Sequence[PlacedItem],
    specification: Specification,
    names: Mapping[str, str],
    *,
    but: Paper | None,
) -> Report:
    items = [as_pool_item(one.version) for one in placed]
    by_type = points_by(items, specification, "type")
    counts = Counter(item.type for item in items)
    difficulties = Counter(item.difficulty for item in items)
    cognition = Counter(one.version.cognition for one in placed)
    return Report(
        count=len(items),
        points=sum(by_type.values()),
        functions=_function_rows(points_by(items, specification, "function"), specification, names),
        types=[
            TypeLine(type_label(s.type), counts[s.type], s.points, by_type.get(s.type, 0))
            for s in specification.sections
        ],
        difficulties=[_items_row(f"{one.value} {one.label}", difficulties[one.value]) for one in Difficulty],
        cognition=[_items_row(str(one.label), cognition[one.value]) for one in CognitiveLevel],
        mean=mean_facility(items, specification),
        limits=specification.limits,
        contents_covered=len({(item.function, item.work_content) for item in items}),
        contents=len({(function, content) for function, content, _knowledge in specification.syllabus}),
        knowledge_covered=len({(item.function, item.knowledge) for item in items}),
        knowledge=len(specification.syllabus),
        repeats=repeats([one.version for one in placed], but=but),
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
