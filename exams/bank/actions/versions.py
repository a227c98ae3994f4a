"""Storing what an item says: versions are only added."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.sources import Problems, record_of
from exams.bank.enums import ItemState
from exams.bank.errors import ContentRefused, ItemRefused
from exams.bank.files import ItemSource, read_item
from exams.bank.models import Item, ItemCriterion, ItemEvent, ItemVersion
from exams.bank.queries.single import Someone
from exams.bank.types import Content
from syllabus.standard.enums import RequirementKind
from syllabus.standard.models import Level, Requirement


def lock_item(item: Item) -> Item:
    """Return the item with its versions, its row locked."""
    rows = Item.objects.select_for_update(of=("self",)).select_related("current", "approved")
    return rows.get(pk=item.pk)


def note(
    item: Item,
    kind: str,
    *,
    by: Someone | None,
    at: datetime.datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append an event to an item."""
    ItemEvent.objects.create(
        item=item, kind=kind, at=at, by_id=by.pk if by else None, detail=dict(detail or {})
    )


def reason_of(text: str) -> str:
    """Return a reason, trimmed; ItemRefused where there is none."""
    if not text.strip():
        raise ItemRefused(_("请写明原因。"))
    return text.strip()[:1000]


def read_draft(record: Mapping[str, Any], *, level: int, pool: str, problems: Problems) -> ItemSource:
    """Return what an editor's record says, read like a file's; every problem is noted with its field."""
    return read_item(record_of(record, problems), level, pool, False, ItemState.DRAFT)


def requirements_of(source: ItemSource, level: Level, problems: Problems) -> dict[str, Requirement]:
    """Return the requirements that a draft names, by code; what the level does not have is a problem."""
    wanted = {source.knowledge: "knowledge"} if source.knowledge else {}
    for number, one in enumerate(source.content.criteria, start=1):
        wanted.setdefault(one.requirement, f"criteria.{number}.requirement")
    rows = Requirement.objects.filter(work_content__function__level=level, code__in=wanted)
    found = {row.code: row for row in rows}
    for code, key in wanted.items():
        kind = RequirementKind.KNOWLEDGE if key == "knowledge" else RequirementKind.SKILL
        if code and (code not in found or found[code].kind != kind):
            words = {"level": level.name, "kind": kind.label, "code": code}
            problems.add("", 0, _("%(level)s的现行标准没有%(kind)s %(code)s。") % words, key)
    return found


def refuse_problems(problems: Problems) -> None:
    """Raise ContentRefused where there are any."""
    if problems:
        raise ContentRefused(problems.sorted())


def add_version(
    item: Item,
    source: ItemSource,
    *,
    level: Level,
    requirements: Mapping[str, Requirement],
    by: Someone | None,
    at: datetime.datetime,
) -> ItemVersion:
    """Add the next version to a locked item and make it the newest one."""
    content = source.content
    version = ItemVersion.objects.create(
        item=item,
        number=item.current.number + 1 if item.current else 1,
        type=content.type,
        level=level,
        knowledge=requirements.get(source.knowledge),
        difficulty=source.difficulty,
        cognition=source.cognition,
        stem=source.stem,
        options=list(content.options),
        key=content.key,
        data=dict(content.data),
        explanation=content.explanation,
        checksum=source.checksum,
        created_at=at,
        created_by_id=by.pk if by else None,
    )
    ItemCriterion.objects.bulk_create(_criteria(version, content, requirements))
    item.current = version
    item.save(update_fields=["current"])
    return version


def _criteria(
    version: ItemVersion, content: Content, requirements: Mapping[str, Requirement]
) -> list[ItemCriterion]:
    return [
        ItemCriterion(
            version=version,
            position=position,
            requirement=requirements[one.requirement],
            text=one.text,
            least=one.least,
            most=one.most,
            levels=[{"points": level.points, "text": level.text} for level in one.levels],
        )
        for position, one in enumerate(content.criteria, start=1)
    ]
