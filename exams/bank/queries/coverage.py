"""Coverage of a level: how many items of each type and pool every requirement has."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from exams.bank.enums import ItemState, Pool
from exams.bank.lifecycle import Actor
from exams.bank.models import Item
from exams.bank.queries.listing import visible_to
from exams.bank.queries.work import Place, places
from exams.bank.types import ItemKind, kinds
from syllabus.standard.enums import PartCode, RequirementKind
from syllabus.standard.models import Level, Requirement

LEAST_PER_POOL = 2
"""Approved items that a requirement needs in each pool; four in all keep papers from repeating."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Items of one requirement, type and pool: approved ones, and those still at work."""

    type: str
    label: str
    pool: str
    approved: int
    at_work: int

    @property
    def shade(self) -> int:
        """Return how dark the cell is, 0 to 4."""
        return min(self.approved, 4)


@dataclass(frozen=True, slots=True)
class PoolCells:
    """The cells of a pool in a row, with their sum."""

    pool: str
    label: str
    cells: list[Cell]

    @property
    def approved(self) -> int:
        return sum(cell.approved for cell in self.cells)

    @property
    def is_hole(self) -> bool:
        return self.approved < LEAST_PER_POOL


@dataclass(frozen=True, slots=True)
class Row:
    requirement: Requirement
    pools: list[PoolCells]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a work content."""

    place: Place
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The picture of a level and part. `types` stand in the order of the columns within each pool."""

    level: Level
    part: str
    types: list[ItemKind]
    groups: list[Group]

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def holes(self) -> list[tuple[str, int]]:
        """Return how many requirements lack items, by the pool's label."""
        lacking = Counter(one.pool for row in self.rows for one in row.pools if one.is_hole)
        return [(str(pool.label), lacking[pool.value]) for pool in Pool]

    @property
    def approved(self) -> int:
        return sum(one.approved for row in self.rows for one in row.pools)


def coverage(level: Level, part: str, viewer: Actor) -> Coverage:
    """Return the coverage of a level's part, in three queries.

    Counted is what papers may use now: approved items of the level's own edition. Beside it what is at work
    (drafts, revisions, in review) as far as `viewer` may see it. A skill task counts for each requirement
    that its criteria name.
    """
    is_skill = part == PartCode.SKILL
    types = [kind for kind in kinds().values() if kind.part == part]
    counts = _counts(level, part, "approved", Item.objects.filter(state=ItemState.APPROVED))
    at_work = _counts(
        level,
        part,
        "current",
        Item.objects.filter(visible_to(viewer))
        .exclude(state__in=[ItemState.RETIRED, ItemState.SUSPENDED])
        .exclude(approved=F("current")),
    )
    kind = RequirementKind.SKILL if is_skill else RequirementKind.KNOWLEDGE
    groups = [
        Group(place, [_row(one, types, counts, at_work) for one in place.requirements])
        for place in places(level, kind=kind)
    ]
    return Coverage(level, part, types, groups)


_Counts = Mapping[tuple[int, str, str], int]


def _counts(level: Level, part: str, which: str, items: QuerySet[Item]) -> _Counts:
    path = f"{which}__criteria__requirement" if part == PartCode.SKILL else f"{which}__knowledge"
    rows = (
        items.filter(part=part, **{f"{which}__level": level})
        .order_by()
        .values_list(path, f"{which}__type", "pool")
        .annotate(count=Count("pk", distinct=True))
    )
    return {(requirement, item_type, pool): count for requirement, item_type, pool, count in rows}


def _row(requirement: Requirement, types: list[ItemKind], counts: _Counts, at_work: _Counts) -> Row:
    pools = []
    for pool in Pool:
        cells = []
        for kind in types:
            place = (requirement.pk, kind.code, pool.value)
            cells.append(
                Cell(kind.code, str(kind.label), pool.value, counts.get(place, 0), at_work.get(place, 0))
            )
        pools.append(PoolCells(pool.value, str(pool.label), cells))
    return Row(requirement, pools)
