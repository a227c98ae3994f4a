"""A frozen paper counted again, and the items that could stand in the place of one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.assembly.models import Paper
from exams.assembly.placing import placed_item
from exams.assembly.queries import (
    as_pool_item,
    drawn_pool,
    enemies_among,
    placed_items,
    recounted,
    stored_specification,
)
from exams.assembly.rules import Placed, PoolItem, Specification, check_paper, points_by
from exams.assembly.solutions import PlacedItem, digest_of
from exams.bank.models import ItemVersion


def faults_of(paper: Paper) -> list[str]:
    """Return what a stored paper misses of what it was frozen for, its hash included."""
    specification, frame = stored_specification(paper)
    items = placed_items(paper)
    faults = check_paper(recounted(items, frame), specification)
    if digest_of(items) != paper.sha256:
        faults.append(_("试卷内容与定稿时的摘要不符。"))
    return faults


@dataclass(frozen=True, slots=True)
class Trial:
    """An item in another's place, and what the paper would then miss."""

    item: PlacedItem
    faults: tuple[str, ...]


def equals_for(paper: Paper, position: int) -> list[Trial]:
    """Return the items of the bank that can take a place without a fault, the most alike first.

    Alike are the same requirements, then the same difficulty, then the same cognitive level.
    """
    specification, frame = stored_specification(paper)
    items = placed_items(paper)
    counted = recounted(items, frame)
    old = counted[position - 1]
    present = {one.version.item_id for one in items}
    pool = drawn_pool(paper.blueprint, paper.level, frame)
    found = []
    for item in pool.items:
        version = pool.versions[item.id]
        if item.barred or item.type != old.item.type or version.item_id in present:
            continue
        tried = _tried(_Place(paper, counted, position, specification), item, version)
        if not tried.faults:
            found.append((_difference(old.item, item), item.code, tried))
    return [tried for _difference_of_it, _code, tried in sorted(found, key=lambda one: one[:2])]


def trial(paper: Paper, position: int, version: ItemVersion) -> Trial:
    """Return one item in another's place, with what the paper would then miss."""
    specification, frame = stored_specification(paper)
    items = placed_items(paper)
    present = {one.version.item_id for one in items}
    enemies = enemies_among([*present, version.item_id]).get(version.item_id, frozenset())
    item = as_pool_item(version, frame, enemies)
    tried = _tried(_Place(paper, recounted(items, frame), position, specification), item, version)
    if version.item_id in present:
        return Trial(tried.item, (_("同一题目出现了两次。"), *tried.faults))
    return tried


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a paper: its items as the rules see them, and what it is held to."""

    paper: Paper
    counted: Sequence[Placed]
    position: int
    specification: Specification


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
