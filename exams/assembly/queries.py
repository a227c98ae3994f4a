"""What assembly works from, and the papers there are."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from exams.assembly.enums import PaperState
from exams.assembly.errors import BlueprintUnusable, UnknownBlueprint, UnknownPapers
from exams.assembly.models import Blueprint, Paper, PaperItem
from exams.assembly.rules import (
    Limits,
    Placed,
    PoolItem,
    PoolPart,
    Quota,
    Section,
    Specification,
    round_weights,
)
from exams.assembly.solutions import PlacedItem
from exams.bank.models import EnemyPair, Item, ItemVersion
from exams.bank.queries import usable_versions
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level, Part
from syllabus.standard.queries import LevelTree, level_tree

_POINTS = 100  # every part and every module is out of 100 (§1.7.4, D8)


def blueprints(*, with_retired: bool = False) -> QuerySet[Blueprint]:
    """Return the blueprints in use with their sections and quotas, full papers first."""
    found = Blueprint.objects.prefetch_related("sections", "quotas")
    if not with_retired:
        found = found.filter(retired_at__isnull=True)
    return found.order_by("-level_number", "part", "module", "is_short", "vector", "pool", "code")


def find_blueprint(*, level: int, part: str, pool: str, code: str = "") -> Blueprint:
    """Return the blueprint of this code, or the first full one, for level, part and pool.

    Raises UnknownBlueprint.
    """
    found = Blueprint.objects.filter(level_number=level, part=part, pool=pool, retired_at__isnull=True)
    found = found.filter(code=code) if code else found.filter(is_short=False, module="", vector="")
    if (blueprint := found.order_by("code").first()) is None:
        raise UnknownBlueprint(code or f"{level} {part} {pool}")
    return blueprint


@dataclass(frozen=True, slots=True)
class Frame:
    """What the standard gives a blueprint: points, requirements and names, under its weight vector.

    `names` are of functions and work contents by code, in the standard's order.

    Where the vector divides a function, a work content stands for it: `owners` gives each work content's
    code the key under which its points count.
    """

    weights: dict[str, int]
    names: dict[str, str]
    syllabus: tuple[tuple[str, str, str], ...]
    owners: dict[str, str]


def frame_of(blueprint: Blueprint, tree: LevelTree) -> Frame:
    """Return the frame of a blueprint in an edition. Raises BlueprintUnusable."""
    return _frame(blueprint.part, blueprint.module, blueprint.vector, blueprint.code, tree)


def _frame(part: str, module: str, vector: str, code: str, tree: LevelTree) -> Frame:
    weights, names, owners = _weights(module, vector, code, tree)
    syllabus = tuple(
        (owners[content.code], content.code, requirement.code)
        for function in tree.functions
        for content in function.work_contents
        for requirement in (content.skills if part == PartCode.SKILL else content.knowledge)
        if owners[content.code] in weights
    )
    return Frame(weights, names, syllabus, owners)


def _weights(
    module: str, vector: str, code: str, tree: LevelTree
) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    owners = {
        content.code: function.code for function in tree.functions for content in function.work_contents
    }
    names: dict[str, str] = {}
    for function in tree.functions:
        names[function.code] = function.name
        names |= {content.code: content.name for content in function.work_contents}
    if module:
        if module not in {function.code for function in tree.functions}:
            raise BlueprintUnusable(code, "module", module)
        return {module: _POINTS}, names, owners
    if not vector:
        return {function.code: function.weight for function in tree.functions}, names, owners
    table = next((one for one in tree.vectors if one.row.code == vector), None)
    if table is None:
        raise BlueprintUnusable(code, "vector", vector)
    by_content = {one.work_content_id: one.weight for one in table.row.weights.all() if one.work_content_id}
    by_function = {one.function_id: one.weight for one in table.row.weights.all() if one.function_id}
    weights: dict[str, int] = {}
    for function in tree.functions:
        if function.row.pk in by_function:
            weights[function.code] = by_function[function.row.pk]
        for content in function.work_contents:
            if content.row.pk in by_content:
                weights[content.code] = by_content[content.row.pk]
                owners[content.code] = content.code
    return weights, names, owners


def specification_of(blueprint: Blueprint, level: Level) -> tuple[Specification, Frame]:
    """Return what a paper of this blueprint is held to under this edition, and its frame."""
    frame = frame_of(blueprint, level_tree(level))
    rows = blueprint.sections.order_by("position", "pk")
    sections = tuple(Section(row.type, row.count, row.points, row.least) for row in rows)
    weights = frame.weights
    if blueprint.is_short and sections:
        questions = round_weights(weights, sum(section.count for section in sections))
        weights = {code: count * sections[0].points for code, count in questions.items()}
    limits = Limits(
        blueprint.facility_least,
        blueprint.facility_most,
        blueprint.least_per_work_content,
        blueprint.extra_per_knowledge,
    )
    quotas = tuple(
        Quota(row.attribute, row.value, row.least, row.most)
        for row in blueprint.quotas.order_by("attribute", "value")
    )
    return Specification(sections, weights, frame.syllabus, limits, quotas), frame


def pool_items(
    versions: Sequence[ItemVersion],
    frame: Frame,
    *,
    avoid: Collection[int] = (),
    blueprint: Blueprint | None = None,
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
    item: Item, avoided: Collection[int], blueprint: Blueprint | None, on: datetime.date | None
) -> frozenset[str]:
    found = {"avoided"} if item.pk in avoided else set()
    if blueprint is None:
        return frozenset(found)
    if blueprint.exposure_cap is not None and item.used_count >= blueprint.exposure_cap:
        found.add("exposed")
    if blueprint.rest_days and on and item.last_used_at:
        rested = (on - item.last_used_at.date()).days
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
    blueprint: Blueprint,
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
    """Return the sealed papers of this part and edition that are not withdrawn, by code; no modules."""
    found = Paper.objects.filter(
        level=part.level_id,
        part=part.code,
        pool=pool,
        state=PaperState.SEALED,
        module="",
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
    """Return what the paper was held to when it was frozen, and its frame in its edition."""
    stored = paper.specification
    limits = stored["limits"]
    frame = frame_of_paper(paper)
    specification = Specification(
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
    return specification, frame


def frame_of_paper(paper: Paper) -> Frame:
    """Return the frame that a paper was frozen in, whatever its blueprint says now."""
    return _frame(paper.part, paper.module, paper.vector, paper.code, level_tree(paper.level))


def repeats(versions: Iterable[ItemVersion], *, but: Paper | None = None) -> dict[str, int]:
    """Return how many of these items stand in other papers that are not withdrawn, by paper code."""
    rows = PaperItem.objects.filter(
        version__item__in=[version.item_id for version in versions], paper__withdrawn_at__isnull=True
    )
    if but:
        rows = rows.exclude(paper=but)
    return dict(rows.values_list("paper__code").annotate(items=Count("pk")).order_by("paper__code"))
