"""What the bank holds."""

from dataclasses import dataclass

from django.db.models import QuerySet

from exams.bank.enums import ItemState
from exams.bank.models import Item, ItemVersion
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Function, Level


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What a list of items is narrowed to; an empty value narrows nothing. `text` stands in stem or code."""

    text: str = ""
    level: int | None = None
    function: str = ""
    type: str = ""
    pool: str = ""
    state: str = ""
    difficulty: int | None = None


def usable_versions(level: Level, pool: str) -> list[ItemVersion]:
    """Return the approved versions of theory items that a paper of `level` may use, by item code.

    Usable is an approved item of `pool` whose approved version belongs to this very row of the level: an item
    written for an older edition waits until it is loaded again. A revision in review leaves it as it is.
    """
    items = Item.objects.filter(
        part=PartCode.THEORY, pool=pool, state=ItemState.APPROVED, approved__level=level
    )
    versions = ItemVersion.objects.filter(pk__in=items.values("approved_id"))
    return list(
        versions.select_related("item", "knowledge__work_content__function").order_by("item__code", "pk")
    )


def items(wanted: ItemFilter) -> QuerySet[Item]:
    """Return the items that fit, with their current version and its function, by code."""
    found = Item.objects.filter(current__isnull=False).select_related(
        "current__knowledge__work_content__function__level"
    )
    if wanted.text:
        found = found.filter(code__icontains=wanted.text) | found.filter(current__stem__icontains=wanted.text)
    narrow = {
        "current__knowledge__work_content__function__level__number": wanted.level,
        "current__knowledge__work_content__function__code": wanted.function,
        "current__type": wanted.type,
        "pool": wanted.pool,
        "state": wanted.state,
        "current__difficulty": wanted.difficulty,
    }
    return found.filter(**{path: value for path, value in narrow.items() if value}).order_by("code")


def functions_with_items() -> list[Function]:
    """Return the functions that have items, each code and level once, by level and position."""
    return list(
        Function.objects.filter(
            pk__in=Item.objects.filter(current__isnull=False).values(
                "current__knowledge__work_content__function"
            )
        )
        .select_related("level")
        .order_by("-level__number", "position", "-level__standard__edition")
    )


def item(code: str) -> Item | None:
    """Return the item of this code with its current version, or None."""
    return (
        Item.objects.filter(code=code, current__isnull=False)
        .select_related("current__knowledge__work_content__function__level__standard")
        .first()
    )
