"""What a paper must satisfy, and an independent count of whether it does.

Nothing here knows the solver: `check_paper` is the second piece of code that counts.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from exams.bank.rules import FACILITY

Point = tuple[str, str, str]  # function, work content and knowledge point, each by its code


@dataclass(frozen=True, slots=True)
class Section:
    """`count` items of one type at `points` points each."""

    type: str
    count: int
    points: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Facility band (points-weighted mean), least items per work content, spare points per knowledge."""

    facility_least: Decimal
    facility_most: Decimal
    least_per_work_content: int
    extra_per_knowledge: int


@dataclass(frozen=True, slots=True)
class Specification:
    """Everything a paper is held to: `weights` gives each function's points, `syllabus` all knowledge."""

    sections: tuple[Section, ...]
    weights: Mapping[str, int]
    syllabus: tuple[Point, ...]
    limits: Limits

    @property
    def points(self) -> int:
        return sum(section.count * section.points for section in self.sections)

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)

    def points_of(self, item_type: str) -> int:
        """Return what one item of `item_type` is worth; 0 where the paper has none."""
        return next((section.points for section in self.sections if section.type == item_type), 0)


@dataclass(frozen=True, slots=True)
class PoolItem:
    """An item as the solver sees it.

    `used`: in how many frozen papers it stands. `enemies`: codes of the items it must not meet in a paper.
    """

    id: int
    code: str
    type: str
    function: str
    work_content: str
    knowledge: str
    difficulty: int
    used: int = 0
    enemies: frozenset[str] = frozenset()


def knowledge_caps(specification: Specification) -> dict[tuple[str, str], int]:
    """Return the most points that each (function, knowledge point) may carry.

    ⌈weight of the function ÷ number of its knowledge points⌉ plus the blueprint's spare points.
    Practice: domain.md 5 (a paper spreads over the 鉴定点).
    """
    sizes = Counter(function for function, _, _ in specification.syllabus)
    extra = specification.limits.extra_per_knowledge
    return {
        (function, knowledge): -(-specification.weights[function] // sizes[function]) + extra
        for function, _, knowledge in specification.syllabus
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


def arrange(items: Sequence[PoolItem], specification: Specification, seed: int) -> list[PoolItem]:
    """Return the items in a paper's order: sections as the blueprint lists them, shuffled within by the seed.

    The order depends on the items' codes and the seed alone, not on the order in which they come.
    Practice: domain.md 5 (同一题型集中，题序随机).
    """
    draw = random.Random(f"{seed} order")  # noqa: S311  order, not secrecy
    arranged = []
    for section in specification.sections:
        of_type = sorted((item for item in items if item.type == section.type), key=lambda item: item.code)
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


def digest(rows: Iterable[tuple[str, str, Sequence[int], int]]) -> str:
    """Return the SHA-256 of a paper: of item code, content checksum, option order and points, in order.

    Decision: D13 (a paper can be told from any other without showing its items).
    """
    content = [[code, checksum, list(order), points] for code, checksum, order, points in rows]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def mean_facility(items: Iterable[PoolItem], specification: Specification) -> Decimal:
    """Return the points-weighted mean of the items' expected facilities.

    Practice: domain.md 5 (middle difficulty about 0.65).
    """
    pairs = [(FACILITY[item.difficulty], specification.points_of(item.type)) for item in items]
    total = sum(points for _, points in pairs)
    return sum((facility * points for facility, points in pairs), Decimal(0)) / total if total else Decimal(0)


def points_by(items: Iterable[PoolItem], specification: Specification, attribute: str) -> dict[str, int]:
    """Return the points that the items give to each value of `attribute` (function, type, work_content …).

    Practice: domain.md 5.
    """
    totals: Counter[str] = Counter()
    for item in items:
        totals[getattr(item, attribute)] += specification.points_of(item.type)
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


def contradictions(specification: Specification) -> list[str]:
    """Return what no bank could satisfy: section points and weights that do not add up to the same.

    Standard: §2.2 (each function's points equal its weight)
    """
    weights = sum(specification.weights.values())
    if specification.points != weights:
        return [f"各大题分值合计 {specification.points} 分，各职业功能比重合计 {weights} 分，两者必须相等。"]
    return []


def check_paper(items: Sequence[PoolItem], specification: Specification) -> list[str]:
    """Return every demand that the paper misses, in words; an empty list for a paper that fits.

    Standard: §2.2 (each function's points equal its weight); the rest Practice: domain.md 5.
    """
    limits = specification.limits
    faults = []
    if len({item.id for item in items}) != len(items):
        faults.append("同一题目出现了两次。")
    faults += [f"互斥的题目 {first} 和 {second} 出现在同一卷。" for first, second in enemies_met(items)]
    counts = Counter(item.type for item in items)
    faults += [
        f"题型 {section.type} 应为 {section.count} 题，实为 {counts[section.type]} 题。"
        for section in specification.sections
        if counts[section.type] != section.count
    ]
    by_function = points_by(items, specification, "function")
    faults += [
        f"职业功能 {code} 应为 {weight} 分，实为 {by_function.get(code, 0)} 分。"
        for code, weight in specification.weights.items()
        if by_function.get(code, 0) != weight
    ]
    per_content = Counter((item.function, item.work_content) for item in items)
    contents = dict.fromkeys((function, content) for function, content, _ in specification.syllabus)
    faults += [
        f"工作内容 {content[1]} 至少 {limits.least_per_work_content} 题，实为 {per_content[content]} 题。"
        for content in contents
        if per_content[content] < limits.least_per_work_content
    ]
    carried: Counter[tuple[str, str]] = Counter()
    for item in items:
        carried[item.function, item.knowledge] += specification.points_of(item.type)
    faults += [
        f"知识点 {point[1]} 至多 {cap} 分，实为 {carried[point]} 分。"
        for point, cap in knowledge_caps(specification).items()
        if carried[point] > cap
    ]
    mean = mean_facility(items, specification)
    if not limits.facility_least <= mean <= limits.facility_most:
        faults.append(f"平均难度应在 {limits.facility_least}–{limits.facility_most} 之间，实为 {mean:.4f}。")
    return faults
