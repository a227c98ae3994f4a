"""What papers may be drawn from: the versions of the bank as the solver and the rules see them."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils import timezone

from exams.assembly.models import PaperItem
from exams.assembly.queries.frames import Asked, Frame
from exams.assembly.rules import Placed, PoolItem, PoolPart
from exams.assembly.solutions import PlacedItem
from exams.bank.models import EnemyPair, Item, ItemVersion
from exams.bank.queries import usable_versions
from syllabus.standard.models import Level


def pool_items(
    versions: Sequence[ItemVersion],
    frame: Frame,
    *,
    avoid: Collection[int] = (),
    blueprint: Asked | None = None,
    on: datetime.date | None = None,
) -> list[PoolItem]:
    """Return the versions as the solver sees them, with why some may not be drawn (`PoolItem.barred`).

    `avoid` are ids of papers whose items are not repeated; exposure cap and rest are the blueprint's, rest
    counted to the day `on`. Each item knows in how many frozen papers it stands (withdrawn ones too: what was
    shown was shown) and its enemies.
    """
    avoided = set(
        PaperItem.objects.filter(paper__in=avoid).values_list("version__item", flat=True) if avoid else ()
    )
    enemies = enemies_among([version.item_id for version in versions])
    return [
        as_pool_item(
            version,
            frame,
            enemies.get(version.item_id, frozenset()),
            _barred(version.item, avoided, blueprint, on),
        )
        for version in versions
    ]


def _barred(
    item: Item, avoided: Collection[int], blueprint: Asked | None, on: datetime.date | None
) -> frozenset[str]:
    found = {"avoided"} if item.pk in avoided else set()
    if blueprint is None:
        return frozenset(found)
    if blueprint.exposure_cap is not None and item.used_count >= blueprint.exposure_cap:
        found.add("exposed")
    if blueprint.rest_days and on and item.last_used_at:
        rested = (on - timezone.localdate(item.last_used_at)).days
        if rested < blueprint.rest_days:
            found.add("resting")
    return frozenset(found)


def enemies_among(items: Collection[int]) -> dict[int, frozenset[str]]:
    """Return the codes of each item's enemies, where both are among these items (ids); in one query."""
    found: dict[int, set[str]] = {}
    pairs = EnemyPair.objects.filter(first__in=items, second__in=items).order_by("pk")
    for first, first_code, second, second_code in pairs.values_list(
        "first_id", "first__code", "second_id", "second__code"
    ):
        found.setdefault(first, set()).add(second_code)
        found.setdefault(second, set()).add(first_code)
    return {item: frozenset(codes) for item, codes in found.items()}


def as_pool_item(
    version: ItemVersion,
    frame: Frame,
    enemies: frozenset[str] = frozenset(),
    barred: frozenset[str] = frozenset(),
) -> PoolItem:
    """Return one version as the solver and the rules see it: one part, or one for each criterion."""
    if version.knowledge_id:
        requirements = [(version.point, 0, 0)]
    else:
        requirements = [(one.requirement, one.least, one.most) for one in version.criteria.all()]
    parts = tuple(
        PoolPart(
            frame.owners[one.work_content.code], one.work_content.code, one.code, one.importance, least, most
        )
        for one, least, most in requirements
    )
    return PoolItem(
        id=version.pk,
        code=version.item.code,
        type=version.type,
        parts=parts,
        difficulty=version.difficulty,
        cognition=version.cognition,
        used=version.item.used_count,
        enemies=enemies,
        barred=barred,
    )


def recounted(items: Sequence[PlacedItem], frame: Frame) -> list[Placed]:
    """Return a paper's items as the rules see them, read from the bank and not from the solver."""
    enemies = enemies_among([one.version.item_id for one in items])
    return [
        Placed(
            as_pool_item(one.version, frame, enemies.get(one.version.item_id, frozenset())),
            one.criterion_points or (one.points,),
        )
        for one in items
    ]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pool of a blueprint: versions by id, and the same as the solver sees them."""

    versions: dict[int, ItemVersion]
    items: list[PoolItem]

    @property
    def sha256(self) -> str:
        """Return a digest of the pool's state: contents, use, enemies and what is barred."""
        rows = [
            [
                one.code,
                self.versions[one.id].checksum,
                one.used,
                sorted(one.enemies),
                sorted(one.barred),
            ]
            for one in sorted(self.items, key=lambda one: one.code)
        ]
        return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def drawn_pool(
    blueprint: Asked,
    level: Level,
    frame: Frame,
    *,
    avoid: Collection[int] = (),
    on: datetime.date | None = None,
) -> Drawn:
    """Return what a paper of this blueprint may be drawn from."""
    versions = usable_versions(level, blueprint.pool, blueprint.part)
    items = pool_items(versions, frame, avoid=avoid, blueprint=blueprint, on=on)
    return Drawn({version.pk: version for version in versions}, items)
