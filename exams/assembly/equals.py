"""A frozen paper counted again, and the items that could stand in the place of one of its own."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.assembly.counting import check_paper
from exams.assembly.models import Paper, PaperItem
from exams.assembly.placing import placed_item
from exams.assembly.queries import (
    as_pool_item,
    drawn_pool,
    enemies_among,
    placed_items,
    recounted,
    stored_specification,
)
from exams.assembly.rows import faults_of_rows, is_countable, stale_items
from exams.assembly.rules import Placed, PoolItem, Specification, points_by
from exams.assembly.solutions import PlacedItem, digest_of
from exams.bank.models import ItemVersion


def faults_of(paper: Paper) -> list[str]:
    """Return what a stored paper misses of what it was frozen for, its hash included."""
    return _faults_of(paper, placed_items(paper))


def _faults_of(paper: Paper, items: Sequence[PlacedItem]) -> list[str]:
    specification, frame = stored_specification(paper)
    faults = faults_of_rows(paper, items)
    if all(map(is_countable, items)) and all(one.version.level_id == paper.level_id for one in items):
        faults += check_paper(recounted(items, frame), specification)
    if digest_of(items) != paper.sha256:
        faults.append(_("试卷内容与定稿时的摘要不符。"))
    return faults


def faults_of_draft(paper: Paper) -> list[str]:
    """Return what keeps a draft from its seal: faults, and items out of use or revised since."""
    items = placed_items(paper)
    return [*_faults_of(paper, items), *stale_items(items)]


@dataclass(frozen=True, slots=True)
class Trial:
    """An item in another's place, and what the paper would then miss."""

    item: PlacedItem
    faults: tuple[str, ...]


def equals_for(paper: Paper, position: int, *, on: datetime.date) -> list[Trial]:
    """Return the items of the bank that can take a place on a day without a fault, the most alike first.

    Alike are the same requirements, then the same difficulty, then the same cognitive level. None can take
    the place of an item that parallel forms have in common, and none of theirs is offered.
    """
    specification, frame = stored_specification(paper)
    items = placed_items(paper)
    counted = recounted(items, frame)
    old, elsewhere = counted[position - 1], in_other_forms(paper)
    if items[position - 1].version.item_id in elsewhere:
        return []
    taken = elsewhere.union(one.version.item_id for one in items)
    place = _Place(paper, counted, position, specification)
    pool = drawn_pool(paper.blueprint, paper.level, frame, avoid=_avoided(paper), on=on)
    found = []
    for item in pool.items:
        version = pool.versions[item.id]
        if item.barred or item.type != old.item.type or version.item_id in taken or not _may_fit(place, item):
            continue
        tried = _tried(place, item, version)
        if not tried.faults:
            found.append((_difference(old.item, item), item.code, tried))
    return [tried for _difference_of_it, _code, tried in sorted(found, key=lambda one: one[:2])]


def trial(paper: Paper, position: int, version: ItemVersion, *, on: datetime.date) -> Trial:
    """Return one item in another's place on a day, with what the paper would then miss."""
    specification, frame = stored_specification(paper)
    items = placed_items(paper)
    old, elsewhere = items[position - 1].version, in_other_forms(paper)
    present = {one.version.item_id for one in items}
    enemies = enemies_among([*present, version.item_id]).get(version.item_id, frozenset())
    item = as_pool_item(version, frame, enemies)
    tried = _tried(_Place(paper, recounted(items, frame), position, specification), item, version)
    faults = []
    if version.item_id in present:
        faults.append(_("同一题目出现了两次。"))
    if elsewhere & {old.item_id, version.item_id}:
        faults.append(_("平行卷共同的题目会因此改变。"))
    pool = drawn_pool(paper.blueprint, paper.level, frame, avoid=_avoided(paper), on=on)
    if not any(one.id == version.pk and not one.barred for one in pool.items):
        faults.append(_("这道题现在不能抽用：它不在题库的可用题目中，或已达到使用限制。"))
    return Trial(tried.item, (*faults, *tried.faults))


def in_other_forms(paper: Paper) -> frozenset[int]:
    """Return the ids of the items that the paper's parallel forms hold."""
    if paper.run_id is None:
        return frozenset()
    rows = PaperItem.objects.filter(paper__run=paper.run_id, paper__withdrawn_at__isnull=True)
    return frozenset(rows.exclude(paper=paper).values_list("version__item", flat=True))


def _avoided(paper: Paper) -> list[int]:
    return list(paper.run.avoid) if paper.run else []


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a paper: its items as the rules see them, and what it is held to."""

    paper: Paper
    counted: Sequence[Placed]
    position: int
    specification: Specification


def _may_fit(at: _Place, item: PoolItem) -> bool:
    """Return whether an item could give each function what the old one gave; it spares a whole count."""
    old = at.counted[at.position - 1]
    if not at.specification.points_of(item.type):
        return True
    return [part.function for part in item.parts] == [part.function for part in old.item.parts]


def _tried(at: _Place, item: PoolItem, version: ItemVersion) -> Trial:
    placed = Placed(item, _points(item, at.counted[at.position - 1], at.specification))
    others = [one for number, one in enumerate(at.counted, start=1) if number != at.position]
    faults = check_paper([*others, placed], at.specification)
    return Trial(placed_item(placed, version, at.paper.seed), tuple(faults))


def _points(item: PoolItem, old: Placed, specification: Specification) -> tuple[int, ...]:
    """Return points for an item's parts that give each function what the old item gave it, if they can.

    Each part gets its least, the rest goes to the parts in order. What does not come out even shows as a
    fault of the paper.
    """
    if fixed := specification.points_of(item.type):
        return (fixed,) * len(item.parts)
    left = points_by([old], "function")
    points = [part.least for part in item.parts]
    for part in item.parts:
        left[part.function] = left.get(part.function, 0) - part.least
    for number, part in enumerate(item.parts):
        more = max(0, min(part.most - part.least, left[part.function]))
        points[number] += more
        left[part.function] -= more
    return tuple(points)


def _difference(old: PoolItem, new: PoolItem) -> tuple[int, int, int]:
    wanted = {part.requirement for part in old.parts}
    return (
        len(wanted - {part.requirement for part in new.parts}),
        abs(old.difficulty - new.difficulty),
        int(old.cognition != new.cognition),
    )
