"""What assembly works from, and the papers there are."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Count, Q, QuerySet

from exams.assembly.errors import UnknownBlueprint, UnknownPapers
from exams.assembly.models import Blueprint, Paper, PaperItem
from exams.assembly.rules import Limits, PoolItem, Section, Specification, round_weights
from exams.assembly.solutions import PlacedItem
from exams.bank.enums import Marking
from exams.bank.models import EnemyPair, ItemVersion
from exams.bank.types import get_kind
from syllabus.standard.models import Level, Part
from syllabus.standard.queries import level_tree


def blueprints() -> QuerySet[Blueprint]:
    """Return every blueprint with its sections, full papers first."""
    return Blueprint.objects.prefetch_related("sections").order_by(
        "-level_number", "part", "is_short", "pool", "code"
    )


def find_blueprint(*, level: int, part: str, pool: str, code: str = "") -> Blueprint:
    """Return the blueprint of this code, or the first full one, for level, part and pool.

    Raises UnknownBlueprint.
    """
    found = Blueprint.objects.filter(level_number=level, part=part, pool=pool)
    found = found.filter(code=code) if code else found.filter(is_short=False)
    if (blueprint := found.order_by("code").first()) is None:
        raise UnknownBlueprint(code or f"{level} {part} {pool}")
    return blueprint


def specification_of(blueprint: Blueprint, level: Level) -> tuple[Specification, dict[str, str]]:
    """Return what a paper of this blueprint is held to under this edition, and the functions' names."""
    tree = level_tree(level)
    rows = blueprint.sections.order_by("position", "pk")
    sections = tuple(Section(row.type, row.count, row.points) for row in rows)
    weights = {function.code: function.weight for function in tree.functions}
    if blueprint.is_short and sections:
        questions = round_weights(weights, sum(section.count for section in sections))
        weights = {code: count * sections[0].points for code, count in questions.items()}
    limits = Limits(
        blueprint.facility_least,
        blueprint.facility_most,
        blueprint.least_per_work_content,
        blueprint.extra_per_knowledge,
    )
    syllabus = tuple(
        (function.code, content.code, knowledge.code)
        for function in tree.functions
        for content in function.work_contents
        for knowledge in content.knowledge
    )
    names = {function.code: function.name for function in tree.functions}
    return Specification(sections, weights, syllabus, limits), names


def pool_items(versions: Sequence[ItemVersion], avoid: Collection[int] = ()) -> list[PoolItem]:
    """Return the versions as the solver sees them, items of the papers `avoid` (ids) left out.

    Types that people mark are left out too: a paper is marked by the machine. Each item knows in how many
    frozen papers it stands (withdrawn ones too: what was shown was shown) and its enemies.
    """
    avoided = set(
        PaperItem.objects.filter(paper__in=avoid).values_list("version__item", flat=True) if avoid else ()
    )
    enemies = enemies_among([version.item_id for version in versions])
    return [
        as_pool_item(version, enemies.get(version.item_id, frozenset()))
        for version in versions
        if version.item_id not in avoided and get_kind(version.type).marking == Marking.AUTO
    ]


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


def as_pool_item(version: ItemVersion, enemies: frozenset[str] = frozenset()) -> PoolItem:
    """Return one version as the solver and the rules see it."""
    content = version.point.work_content
    return PoolItem(
        id=version.pk,
        code=version.item.code,
        type=version.type,
        function=content.function.code,
        work_content=content.code,
        knowledge=version.point.code,
        difficulty=version.difficulty,
        used=version.item.used_count,
        enemies=enemies,
    )


def papers(
    *, status: str = "", blueprint: Blueprint | None = None, pool: str = "", text: str = ""
) -> QuerySet[Paper]:
    """Return the papers that fit, newest first. `status`: usable, withdrawn or empty for both."""
    found = Paper.objects.select_related("blueprint", "level__standard").annotate(size=Count("items"))
    if status:
        found = found.filter(withdrawn_at__isnull=status == "usable")
    if blueprint:
        found = found.filter(blueprint=blueprint)
    narrow = Q(pool=pool) if pool else Q()
    return found.filter(narrow, code__icontains=text).order_by("-frozen_at", "-pk")


def usable_papers(*, part: Part, pool: str) -> list[Paper]:
    """Return the papers of this part and edition that are not withdrawn, by code."""
    found = Paper.objects.filter(level=part.level_id, part=part.code, pool=pool, withdrawn_at__isnull=True)
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
    return [
        PlacedItem(row.version, row.points, tuple(row.option_order))
        for row in rows.order_by("position", "pk")
    ]


def repeats(versions: Iterable[ItemVersion], *, but: Paper | None = None) -> dict[str, int]:
    """Return how many of these items stand in other papers that are not withdrawn, by paper code."""
    rows = PaperItem.objects.filter(
        version__item__in=[version.item_id for version in versions], paper__withdrawn_at__isnull=True
    )
    if but:
        rows = rows.exclude(paper=but)
    return dict(rows.values_list("paper__code").annotate(items=Count("pk")).order_by("paper__code"))
