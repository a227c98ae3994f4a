"""What a paper must satisfy, as values, and what is computed of items that are placed in one."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from exams.bank.rules import FACILITY

Point = tuple[str, str, str]  # function, work content and requirement, each by its code
FORM_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Section:
    """`count` items of one type at `points` points each.

    `points` 0: what an item's criteria are given. `least`: where fewer than `count` will do.
    """

    type: str
    count: int
    points: int
    least: int | None = None

    @property
    def fewest(self) -> int:
        return self.count if self.least is None else self.least


@dataclass(frozen=True, slots=True)
class Quota:
    """Points that a paper has, at least and at most, on one value of an attribute; None leaves a side open.

    `attribute` is cognition, importance or difficulty.
    """

    attribute: str
    value: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Facility band (points-weighted mean), least per work content, spare points per knowledge point.

    Per work content items are counted in theory, points in skill. `extra_per_knowledge` None: no limit.
    """

    facility_least: Decimal
    facility_most: Decimal
    least_per_work_content: int
    extra_per_knowledge: int | None


@dataclass(frozen=True, slots=True)
class Specification:
    """Everything a paper is held to.

    `weights` gives the points of each function, or of a work content where a weight vector divides a function
    (then its code stands for the function everywhere). `syllabus` lists all requirements.
    """

    sections: tuple[Section, ...]
    weights: Mapping[str, int]
    syllabus: tuple[Point, ...]
    limits: Limits
    quotas: tuple[Quota, ...] = ()

    @property
    def points(self) -> int:
        return sum(self.weights.values())

    @property
    def count(self) -> int:
        """Return how many items a paper has at most."""
        return sum(section.count for section in self.sections)

    @property
    def has_criteria(self) -> bool:
        """Return whether points come from criteria: a skill paper."""
        return any(not section.points for section in self.sections)

    def points_of(self, item_type: str) -> int:
        """Return what one item of `item_type` is worth; 0 where its criteria say, or the paper has none."""
        return next((section.points for section in self.sections if section.type == item_type), 0)

    def has_type(self, item_type: str) -> bool:
        """Return whether the paper has a section of this type."""
        return any(section.type == item_type for section in self.sections)


@dataclass(frozen=True, slots=True)
class PoolPart:
    """What carries an item's points: its knowledge point, or one criterion of a task.

    `least` and `most` are a criterion's; both 0 where the section gives the points.
    """

    function: str
    work_content: str
    requirement: str
    importance: str = ""
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class PoolItem:
    """An item as the solver sees it.

    `used`: in how many frozen papers it stands. `enemies`: codes of the items it must not meet in a paper.
    `barred`: why it may not be drawn (avoided, exposed, resting); empty where it may.
    """

    id: int
    code: str
    type: str
    parts: tuple[PoolPart, ...]
    difficulty: int
    cognition: str = ""
    used: int = 0
    enemies: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


def theory_item(
    number: int, code: str, item_type: str, point: Point, difficulty: int, **facts: object
) -> PoolItem:
    """Return a pool item with one knowledge point.

    Decision: D9
    """
    return PoolItem(number, code, item_type, (PoolPart(*point),), difficulty, **facts)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in a paper with the points of each of its parts."""

    item: PoolItem
    points: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.points)

    def shares(self) -> Iterator[tuple[PoolPart, int]]:
        """Yield each part with its points."""
        return zip(self.item.parts, self.points, strict=True)


def place(items: Iterable[PoolItem], specification: Specification) -> list[Placed]:
    """Return items with the points of their sections, for papers whose sections give them.

    Practice: domain.md 5
    """
    return [Placed(item, (specification.points_of(item.type),) * len(item.parts)) for item in items]


def knowledge_caps(specification: Specification) -> dict[tuple[str, str], int]:
    """Return the most points that each (function, requirement) may carry; empty where there is no limit.

    ⌈weight of the function ÷ number of its requirements⌉ plus the blueprint's spare points.
    Practice: domain.md 5 (a paper spreads over the 鉴定点).
    """
    extra = specification.limits.extra_per_knowledge
    if extra is None:
        return {}
    sizes = Counter(function for function, _content, _point in specification.syllabus)
    return {
        (function, knowledge): -(-specification.weights[function] // sizes[function]) + extra
        for function, _content, knowledge in specification.syllabus
        if function in specification.weights
    }


def round_weights(weights: Mapping[str, int], questions: int) -> dict[str, int]:
    """Return whole questions per function, in proportion to the weights, by largest remainder.

    Ties go to the function that stands first, so that the same weights always give the same split.
    Decision: ADR 0006 (short mocks; said on screen).
    """
    total = sum(weights.values())
    exact = {code: Decimal(weight) * questions / total for code, weight in weights.items()}
    whole = {code: int(value.to_integral_value(ROUND_FLOOR)) for code, value in exact.items()}
    by_remainder = sorted(weights, key=lambda code: whole[code] - exact[code])  # stable: first function first
    for code in by_remainder[: questions - sum(whole.values())]:
        whole[code] += 1
    return whole


def arrange(paper: Sequence[Placed], specification: Specification, seed: int) -> list[Placed]:
    """Return the items in a paper's order: sections as the blueprint lists them, shuffled within by the seed.

    The order depends on the items' codes and the seed alone, not on the order in which they come.
    Practice: domain.md 5 (同一题型集中，题序随机).
    """
    draw = random.Random(f"{seed} order")  # noqa: S311  order, not secrecy
    arranged = []
    for section in specification.sections:
        of_type = sorted(
            (one for one in paper if one.item.type == section.type), key=lambda one: one.item.code
        )
        draw.shuffle(of_type)
        arranged += of_type
    return arranged


def shuffle_options(code: str, count: int, seed: int) -> list[int]:
    """Return the order in which an item shows its options: indexes into them, empty where it has none.

    Practice: domain.md 5 (选项顺序随机).
    """
    order = list(range(count))
    random.Random(f"{seed} {code}").shuffle(order)  # noqa: S311  order, not secrecy
    return order


@dataclass(frozen=True, slots=True)
class DigestRow:
    """What of an item in a paper enters the paper's digest."""

    code: str
    checksum: str
    order: Sequence[int]
    points: int
    criteria: Sequence[int] = field(default=())


def digest(rows: Iterable[DigestRow]) -> str:
    """Return the SHA-256 of a paper: item code, content checksum, option order and points, in order.

    Points of criteria enter where an item has them, so that digests of theory papers stay what they were.
    Decision: D13 (a paper can be told from any other without showing its items).
    """
    content = [
        [row.code, row.checksum, list(row.order), row.points] + [list(row.criteria)] * bool(row.criteria)
        for row in rows
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def mean_facility(paper: Iterable[Placed]) -> Decimal:
    """Return the points-weighted mean of the items' expected facilities; 0 of nothing.

    Practice: domain.md 5 (middle difficulty about 0.65).
    """
    pairs = [(FACILITY[one.item.difficulty], one.total) for one in paper]
    total = sum(points for _facility, points in pairs)
    return sum((facility * points for facility, points in pairs), Decimal(0)) / total if total else Decimal(0)


def points_by(paper: Iterable[Placed], attribute: str) -> dict[str, int]:
    """Return the points that a paper gives to each value of `attribute`.

    An attribute of the item (type, difficulty, cognition) or of its parts (function, work_content,
    requirement, importance).
    Practice: domain.md 5
    """
    totals: Counter[str] = Counter()
    for one in paper:
        for part, points in one.shares():
            owner = part if attribute in PoolPart.__slots__ else one.item
            totals[str(getattr(owner, attribute))] += points
    return dict(totals)


def enemies_met(items: Iterable[PoolItem]) -> list[tuple[str, str]]:
    """Return the pairs of enemies that stand among the items, each once, by code.

    Practice: domain.md 5 (an item must not answer or repeat another).
    """
    listed = list(items)
    present = {item.code for item in listed}
    pairs = {
        (min(item.code, code), max(item.code, code)) for item in listed for code in item.enemies & present
    }
    return sorted(pairs)


def contents_of(specification: Specification) -> list[tuple[str, str]]:
    """Return the functions that carry weight with their work contents, in the standard's order.

    Standard: §2.2
    """
    pairs = ((function, content) for function, content, _point in specification.syllabus)
    return [pair for pair in dict.fromkeys(pairs) if pair[0] in specification.weights]
