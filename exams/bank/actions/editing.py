"""Writing items: every save is a new version, and nothing that somebody else saved is lost."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from config.sources import Problems
from exams.bank.actions.versions import (
    add_version,
    lock_item,
    note,
    read_draft,
    refuse_problems,
    requirements_of,
)
from exams.bank.enums import ItemEventKind, ItemState
from exams.bank.errors import ItemChanged, ItemRefused
from exams.bank.files import ItemSource
from exams.bank.lifecycle import Actor, check_edit
from exams.bank.models import Item, ItemComment, ItemVersion
from exams.bank.queries import near_items, standing_of, taken_codes
from exams.bank.queries.similar import REFUSE_FROM
from exams.bank.queries.single import Someone, actor_of
from exams.bank.rules import code_prefix, next_code
from exams.bank.types import get_kind
from syllabus.standard.models import Level

_ONE_CODE_AT_A_TIME = 4_301_001  # the loaders' lock too: both look at codes and stems of the whole bank


def draft_item(
    *, record: Mapping[str, Any], level: Level, pool: str, by: Someone, at: datetime.datetime
) -> Item:
    """Store a new item as a draft; its code is the next free one. ContentRefused names every fault.

    `record` is what a file would say of the item, without its code.
    """
    actor = actor_of(by)
    if not (actor.writes or actor.manages):
        raise ItemRefused(_("没有编写题目的权限。"))
    with transaction.atomic():
        _one_at_a_time()
        code = suggested_code(record, level=level, pool=pool)
        source = checked_draft({"code": code, **record}, level=level, pool=pool, actor=actor)
        item = Item.objects.create(
            code=code,
            part=get_kind(source.content.type).part,
            pool=pool,
            state=ItemState.DRAFT,
            is_sample=False,
            created_at=at,
            created_by_id=by.pk,
        )
        requirements = requirements_of(source, level, Problems())
        version = add_version(item, source, level=level, requirements=requirements, by=by, at=at)
        note(item, ItemEventKind.DRAFTED, by=by, at=at, detail={"version": version.number})
    return item


def suggested_code(record: Mapping[str, Any], *, level: Level, pool: str) -> str:
    """Return the next free code for a record's place."""
    kind = get_kind(str(record["type"]))
    place = "S" if kind.part == "skill" else str(record.get("knowledge") or "?")
    prefix = code_prefix(level.number, place, "L" if pool == "live" else "P")
    return next_code(level.number, place, pool, taken_codes(prefix))


def revise_item(
    *,
    item: Item,
    record: Mapping[str, Any],
    level: Level,
    seen: int,
    by: Someone,
    at: datetime.datetime,
) -> ItemVersion:
    """Store what was written as the item's next version; the same content stores nothing.

    `seen` is the number of the version that the writer began from: ItemChanged where there is a newer one.
    An approved version stays in papers until this one is approved.
    """
    actor = actor_of(by)
    with transaction.atomic():
        _one_at_a_time()
        locked = lock_item(item)
        check_edit(standing_of(locked, actor), actor)
        current = locked.current
        assert current is not None, "an item that can be opened has a version"
        if current.number != seen:
            raise ItemChanged(current.number)
        source = checked_draft(
            {"code": locked.code, **record}, level=level, pool=locked.pool, actor=actor, besides=locked.pk
        )
        if current.checksum == source.checksum and current.level_id == level.pk:
            return current
        requirements = requirements_of(source, level, Problems())
        version = add_version(locked, source, level=level, requirements=requirements, by=by, at=at)
        if locked.state == ItemState.IN_REVIEW:  # a file changed what was in review, so nobody is at it
            locked.state = ItemState.DRAFT
            locked.save(update_fields=["state"])
        note(locked, ItemEventKind.REVISED, by=by, at=at, detail={"version": version.number})
    return version


def checked_draft(
    record: Mapping[str, Any], *, level: Level, pool: str, actor: Actor, besides: int | None = None
) -> ItemSource:
    """Return what a record says; ContentRefused names every fault, a stem that stands in the bank too."""
    problems = Problems()
    source = read_draft(record, level=level.number, pool=pool, problems=problems)
    requirements_of(source, level, problems)
    if not problems:
        for near in near_items(source.stem, viewer=actor, besides=besides, least=REFUSE_FROM, most=1):
            words = {"code": near.item.code, "percent": near.percent}
            problems.add("", 0, _("题干与 %(code)s 几乎相同（相似度 %(percent)d%%）。") % words, "stem")
    refuse_problems(problems)
    return source


def comment_on(*, item: Item, text: str, by: Someone, at: datetime.datetime) -> ItemComment:
    """Add a remark to the newest version of an item."""
    if not text.strip():
        raise ItemRefused(_("请写下意见再提交。"))
    assert item.current is not None, "an item that can be opened has a version"
    return ItemComment.objects.create(
        item=item, version=item.current, at=at, by_id=by.pk, text=text.strip()[:4000]
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_CODE_AT_A_TIME])
