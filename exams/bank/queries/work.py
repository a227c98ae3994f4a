"""What work in the bank needs to know: the review queue, places of a level, people, codes."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import import_string

from exams.bank.enums import ItemState
from exams.bank.lifecycle import Actor
from exams.bank.models import Item, ItemReview
from exams.bank.queries.single import REVIEW
from syllabus.standard.enums import RequirementKind
from syllabus.standard.models import Level, Requirement


def open_reviews(actor: Actor, *, which: str) -> QuerySet[ItemReview]:
    """Return the reviews that wait, oldest first: `mine`, `free` (that I could take) or `all`."""
    waiting = (
        ItemReview.objects.filter(decided_at__isnull=True, version=F("version__item__current"))
        .exclude(version__item__state=ItemState.RETIRED)
        .select_related("version__item", "submitted_by", "reviewer")
        .order_by("submitted_at", "pk")
    )
    if which == "mine":
        return waiting.filter(reviewer=actor.pk)
    if which == "free":
        own = Q(submitted_by=actor.pk) | Q(version__created_by=actor.pk)
        return waiting.filter(reviewer__isnull=True).exclude(own)
    return waiting


@dataclass(frozen=True, slots=True)
class Place:
    """A work content with those of its requirements that items of a part may be about."""

    code: str
    name: str
    function: str
    requirements: list[Requirement]


def places(level: Level, *, kind: str = RequirementKind.KNOWLEDGE) -> list[Place]:
    """Return the work contents of a level with their knowledge points (or skills), in order."""
    rows = (
        Requirement.objects.filter(work_content__function__level=level, kind=kind)
        .select_related("work_content__function")
        .order_by("work_content__function__position", "work_content__position", "position", "pk")
    )
    found: dict[int, Place] = {}
    for row in rows:
        content = row.work_content
        place = found.setdefault(content.pk, Place(content.code, content.name, content.function.name, []))
        place.requirements.append(row)
    return list(found.values())


def reviewers() -> list[Any]:
    """Return the people who may review, by name."""
    found: list[Any] = import_string(settings.FIND_HOLDERS)(REVIEW)
    return found


def taken_codes(beginning: str) -> list[str]:
    """Return the codes that begin so."""
    return list(Item.objects.filter(code__startswith=beginning).values_list("code", flat=True))
