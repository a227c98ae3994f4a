"""Reads the whole bank and judges it: per level, part and pool (docs/item-report.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exams.bank.enums import CognitiveLevel, Difficulty, ItemState, Pool
from exams.bank.report import figures
from exams.bank.report.figures import PaperDemand, Thresholds
from exams.bank.report.likeness import NearPair, near_pairs
from exams.bank.report.stock import Row, Stock
from exams.bank.report.tasks import Tasks, tasks
from exams.bank.types import kinds
from syllabus.standard.enums import PartCode, RequirementKind
from syllabus.standard.models import Level
from syllabus.standard.queries import current_levels

_KIND_OF_PART = {PartCode.THEORY: RequirementKind.KNOWLEDGE, PartCode.SKILL: RequirementKind.SKILL}


@dataclass(frozen=True, slots=True)
class Near:
    """Two items of one level whose stems are near each other."""

    first: str
    second: str
    pools: tuple[str, str]
    parts: tuple[str, str]
    percent: int
    are_enemies: bool

    @property
    def is_open(self) -> bool:
        """Return whether nothing keeps the two apart; of a pair in two pools one gives the other away."""
        return not self.are_enemies or self.is_across

    @property
    def is_across(self) -> bool:
        return self.pools[0] != self.pools[1]


@dataclass(frozen=True, slots=True)
class Demanded:
    """A blueprint and the supply for it."""

    demand: PaperDemand
    supply: list[figures.Supply]

    @property
    def least(self) -> figures.Supply | None:
        return min(self.supply, key=lambda one: one.factor, default=None)

    @property
    def short(self) -> list[figures.Supply]:
        return [one for one in self.supply if one.is_short]


@dataclass(frozen=True, slots=True)
class Scope:
    """A level, part and pool."""

    level: Level
    part: str
    pool: str

    @property
    def part_label(self) -> str:
        return str(PartCode(self.part).label)

    @property
    def pool_label(self) -> str:
        return str(Pool(self.pool).label)


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of the items of one level, part and pool; all but `states` are of the approved ones.

    `outdated` are approved for an older edition, so that no paper may use them. `least` is what each
    requirement should have.
    """

    scope: Scope
    states: Mapping[str, int]
    outdated: int
    total: int
    least: int
    samples: int
    types: Mapping[str, int]
    coverage: list[figures.Covered]
    demanded: list[Demanded]
    keys: figures.Keys
    difficulties: Mapping[int, int]
    cognition: Mapping[str, int]
    mean_facility: Decimal | None
    unexplained: list[str]
    near: list[Near]
    tasks: Tasks

    @property
    def holes(self) -> list[figures.Covered]:
        return [one for one in self.coverage if one.is_hole]

    @property
    def covered(self) -> int:
        return len(self.coverage) - len(self.holes)

    @property
    def sample_share(self) -> Decimal:
        return figures.ratio(self.samples, self.total)

    @property
    def open_near(self) -> list[Near]:
        return [one for one in self.near if one.is_open]


@dataclass(frozen=True, slots=True)
class BankReport:
    thresholds: Thresholds
    sections: list[Section]


def bank_report(
    *,
    demands: Iterable[PaperDemand] = (),
    thresholds: Thresholds | None = None,
    level: int | None = None,
    part: str = "",
    pool: str = "",
) -> BankReport:
    """Return the report of the bank, or of one level, part and pool, in eight queries however large.

    `demands` are the papers that it should serve: blueprints belong to a higher room and are handed down.
    """
    held_to = thresholds or Thresholds()
    stock = Stock.read([one for one in current_levels() if level in {None, one.number}])
    near = _near(stock, held_to.near_percent)
    wanted = [one for one in demands if level in {None, one.level}]
    sections = [
        _section(stock, Scope(one, part_code, pool_code), held_to, wanted, near[one.number])
        for one in stock.levels
        for part_code in PartCode.values
        for pool_code in Pool.values
        if part in {"", part_code} and pool in {"", pool_code}
    ]
    return BankReport(held_to, sections)


def _near(stock: Stock, percent: int) -> dict[int, list[Near]]:
    """Return the near pairs of each level, of all parts and pools: who practises an item knows its twin."""
    found = {}
    for level in stock.levels:
        rows = {row.line.id: row for row in stock.rows if row.level == level.number}
        pairs = near_pairs({item: row.stem for item, row in rows.items()}, percent=percent)
        found[level.number] = [
            _near_items(rows[pair.first], rows[pair.second], pair, stock.enemies) for pair in pairs
        ]
    return found


def _near_items(one: Row, other: Row, pair: NearPair, enemies: frozenset[tuple[int, int]]) -> Near:
    first, second = sorted((one, other), key=lambda row: row.line.code)
    return Near(
        first.line.code,
        second.line.code,
        (first.pool, second.pool),
        (first.part, second.part),
        pair.percent,
        (pair.first, pair.second) in enemies,
    )


def _section(
    stock: Stock, scope: Scope, thresholds: Thresholds, demands: Sequence[PaperDemand], near: Sequence[Near]
) -> Section:
    level, part, pool = scope.level, scope.part, scope.pool
    rows = [row for row in stock.rows if (row.level, row.part, row.pool) == (level.number, part, pool)]
    approved = [row for row in rows if row.state == ItemState.APPROVED]
    lines = [row.line for row in approved if row.is_current_edition]
    places = [place for place in stock.places[level.pk] if place.kind == _KIND_OF_PART[PartCode(part)]]
    states = Counter(row.state for row in rows)
    states[ItemState.RETIRED] = stock.retired.get((level.number, part, pool), 0)
    types, difficulties = Counter(one.type for one in lines), Counter(one.difficulty for one in lines)
    cognition = Counter(one.cognition for one in lines)
    return Section(
        scope=scope,
        states={state: states[state] for state in ItemState.values},
        outdated=len(approved) - len(lines),
        total=len(lines),
        least=thresholds.least(level.number, part),
        samples=sum(line.is_sample for line in lines),
        types={code: types[code] for code, kind in kinds().items() if kind.part == part},
        coverage=figures.coverage(lines, places, thresholds.least(level.number, part)),
        demanded=[
            Demanded(one, figures.supply(lines, places, one, thresholds.factor(pool)))
            for one in demands
            if (one.level, one.part, one.pool) == (level.number, part, pool)
        ],
        keys=figures.keys(lines),
        difficulties={value: difficulties[value] for value in Difficulty.values},
        cognition={value: cognition[value] for value in CognitiveLevel.values},
        mean_facility=figures.mean_facility(lines),
        unexplained=[one.code for one in lines if part == PartCode.THEORY and not one.has_explanation],
        near=[one for one in near if (part, pool) in zip(one.parts, one.pools, strict=True)],
        tasks=tasks(lines, places),
    )
