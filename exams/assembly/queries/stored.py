"""The papers there are, and what each holds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from exams.assembly.enums import PaperEventKind, PaperState
from exams.assembly.errors import PaperUnreadable, UnknownPapers
from exams.assembly.models import Blueprint, Paper, PaperItem
from exams.assembly.queries.frames import Frame, make_frame
from exams.assembly.rules import Limits, Quota, Section, Specification
from exams.assembly.solutions import PlacedItem
from exams.bank.models import ItemVersion
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Part
from syllabus.standard.queries import level_tree


def papers(
    *, status: str = "", blueprint: Blueprint | None = None, pool: str = "", text: str = ""
) -> QuerySet[Paper]:
    """Return the papers that fit, newest first. `status`: draft, usable, withdrawn or empty for all."""
    found = Paper.objects.select_related("blueprint", "level__standard").annotate(size=Count("items"))
    if status:
        found = found.filter(withdrawn_at__isnull=status != "withdrawn")
    if status in {"draft", "usable"}:
        found = found.filter(state=PaperState.DRAFT if status == "draft" else PaperState.SEALED)
    if blueprint:
        found = found.filter(blueprint=blueprint)
    narrow = Q(pool=pool) if pool else Q()
    return found.filter(narrow, code__icontains=text).order_by("-frozen_at", "-pk")


def usable_papers(*, part: Part, pool: str) -> list[Paper]:
    """Return the sealed full papers of this part and edition that are not withdrawn, by code."""
    found = Paper.objects.filter(
        level=part.level_id,
        part=part.code,
        pool=pool,
        state=PaperState.SEALED,
        module="",
        is_short=False,
        withdrawn_at__isnull=True,
    )
    return list(found.select_related("level", "blueprint").order_by("code"))


def paper_ids(codes: Iterable[str]) -> list[int]:
    """Return the ids of the papers of these codes, in their order. Raises UnknownPapers."""
    wanted = list(dict.fromkeys(codes))
    known = dict(Paper.objects.filter(code__in=wanted).values_list("code", "pk"))
    if unknown := [code for code in wanted if code not in known]:
        raise UnknownPapers(unknown)
    return [known[code] for code in wanted]


def placed_items(paper: Paper) -> list[PlacedItem]:
    """Return the items of a frozen paper in its order."""
    rows = paper.items.select_related("version__item", "version__knowledge__work_content__function")
    if paper.part == PartCode.SKILL:
        rows = rows.prefetch_related("version__criteria__requirement__work_content__function")
    return [
        PlacedItem(row.version, row.points, tuple(row.option_order), tuple(row.criterion_points))
        for row in rows.order_by("position", "pk")
    ]


def stored_specification(paper: Paper) -> tuple[Specification, Frame]:
    """Return what the paper was held to when it was frozen, and its frame in its edition.

    Raises PaperUnreadable.
    """
    frame = frame_of_paper(paper)
    try:
        return _specification(paper.specification, frame), frame
    except (AttributeError, KeyError, TypeError, ArithmeticError):
        raise PaperUnreadable(paper.code) from None


def _specification(stored: Any, frame: Frame) -> Specification:
    limits = stored["limits"]
    return Specification(
        tuple(Section(**section) for section in stored["sections"]),
        # In the order of the standard: JSON of the database keeps none.
        {code: stored["weights"][code] for code in frame.names if code in stored["weights"]},
        frame.syllabus,
        Limits(
            Decimal(limits["facility_least"]),
            Decimal(limits["facility_most"]),
            limits["least_per_work_content"],
            limits["extra_per_knowledge"],
        ),
        tuple(Quota(**quota) for quota in stored.get("quotas", ())),
    )


def has_swapped(paper: Paper, person: int) -> bool:
    """Return whether a person (id) has put an item into the paper."""
    return paper.events.filter(kind=PaperEventKind.SWAPPED, by=person).exists()


def frame_of_paper(paper: Paper) -> Frame:
    """Return the frame that a paper was frozen in, whatever its blueprint says now."""
    return make_frame(paper.part, paper.module, paper.vector, paper.code, level_tree(paper.level))


def repeats(versions: Iterable[ItemVersion], *, but: Paper | None = None) -> dict[str, int]:
    """Return how many of these items stand in other papers that are not withdrawn, by paper code."""
    rows = PaperItem.objects.filter(
        version__item__in=[version.item_id for version in versions], paper__withdrawn_at__isnull=True
    )
    if but:
        rows = rows.exclude(paper=but)
    return dict(rows.values_list("paper__code").annotate(items=Count("pk")).order_by("paper__code"))
