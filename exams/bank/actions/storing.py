"""What every way of putting items into the bank shares: their requirements, and storing new versions."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.utils.translation import gettext as _

from exams.bank.enums import ItemEventKind, ItemState
from exams.bank.files import ItemSource
from exams.bank.models import Item, ItemCriterion, ItemEvent, ItemVersion
from exams.bank.types import get_kind
from syllabus.standard.enums import RequirementKind
from syllabus.standard.models import Level, Requirement

_ONE_LOADER_AT_A_TIME = 4_301_001  # key of the advisory lock; any number that nothing else uses

Points = Mapping[tuple[int, str], Requirement]
"""Requirements by the number of their level and their code."""


def lock_bank() -> None:
    """Wait until nobody else puts items into the bank; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_LOADER_AT_A_TIME])


def points_of(levels: Iterable[Level]) -> dict[tuple[int, str], Requirement]:
    """Return every requirement of these levels, by level number and code."""
    requirements = Requirement.objects.filter(work_content__function__level__in=list(levels)).select_related(
        "work_content__function__level"
    )
    return {(one.work_content.function.level.number, one.code): one for one in requirements}


def check_requirements(source: ItemSource, points: Points) -> None:
    """Note every requirement that the source names and its level does not have, or has as another kind."""
    point = points.get((source.level, source.knowledge))
    words = {"code": source.knowledge, "level": source.level}
    if point is None and source.knowledge:
        source.record.fail(_("级别 %(level)d 的现行标准没有知识点 %(code)s。") % words, "knowledge")
    elif point is not None and point.kind != RequirementKind.KNOWLEDGE:
        source.record.fail(_("%(code)s 是技能要求，题目应对应专业知识要求。") % words, "knowledge")
    for criterion in source.content.criteria:
        skill = points.get((source.level, criterion.requirement))
        words = {"code": criterion.requirement, "level": source.level}
        if skill is None:
            source.record.fail(_("级别 %(level)d 的现行标准没有技能要求 %(code)s。") % words, "criteria")
        elif skill.kind != RequirementKind.SKILL:
            source.record.fail(_("%(code)s 是专业知识要求，评分要点应对应技能要求。") % words, "criteria")


def level_of(source: ItemSource, points: Points) -> int:
    """Return the row of the level, in the edition that the source's requirements belong to."""
    code = source.knowledge or source.content.criteria[0].requirement
    return points[source.level, code].work_content.function.level_id


def add_versions(
    sources: Sequence[ItemSource],
    points: Points,
    known: Mapping[str, Item],
    *,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> list[ItemVersion]:
    """Store a new version of each source, and a draft item where there is none; `finish` must follow.

    `known`: the items there are, locked, with their current version. Each item's `current` is set but not
    stored, so that the caller decides on state and approved version first.
    """
    by_code = {source.code: source for source in sources}
    new = [_new_item(source, by, at) for source in sources if source.code not in known]
    Item.objects.bulk_create(new)
    items = {item.code: item for item in new} | dict(known)
    versions = ItemVersion.objects.bulk_create(
        _version(source, items[source.code], points, by, at) for source in sources
    )
    ItemCriterion.objects.bulk_create(
        ItemCriterion(
            version=version,
            position=position,
            requirement=points[by_code[version.item.code].level, one.requirement],
            text=one.text,
            least=one.least,
            most=one.most,
            levels=[{"points": level.points, "text": level.text} for level in one.levels],
        )
        for version in versions
        for position, one in enumerate(by_code[version.item.code].content.criteria, start=1)
    )
    for version in versions:
        version.item.current = version
    return versions


def finish(
    versions: Sequence[ItemVersion],
    new: Collection[str],
    *,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Store what the items of these versions now say of themselves, with an event for each."""
    items = [version.item for version in versions]
    Item.objects.bulk_update(items, ["current", "approved", "state"], batch_size=500)
    ItemEvent.objects.bulk_create(
        ItemEvent(
            item=version.item,
            kind=ItemEventKind.LOADED if version.item.code in new else ItemEventKind.REVISED,
            at=at,
            by_id=by.pk if by else None,
            detail={"version": version.number, "checksum": version.checksum, **(detail or {})},
        )
        for version in versions
    )


def _new_item(source: ItemSource, by: AbstractBaseUser | None, at: datetime.datetime) -> Item:
    return Item(
        code=source.code,
        part=get_kind(source.content.type).part,
        pool=source.pool,
        state=ItemState.DRAFT,
        is_sample=source.is_sample,
        created_at=at,
        created_by_id=by.pk if by else None,
    )


def _version(
    source: ItemSource,
    item: Item,
    points: Points,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> ItemVersion:
    return ItemVersion(
        item=item,
        number=item.current.number + 1 if item.current else 1,
        type=source.content.type,
        level_id=level_of(source, points),
        knowledge=points[source.level, source.knowledge] if source.knowledge else None,
        difficulty=source.difficulty,
        cognition=source.cognition,
        stem=source.stem,
        options=list(source.content.options),
        key=source.content.key,
        data=dict(source.content.data),
        explanation=source.content.explanation,
        checksum=source.checksum,
        created_at=at,
        created_by_id=by.pk if by else None,
    )
