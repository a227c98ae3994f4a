"""What a bank is worth as a whole: pure figures over its items. Shares are Decimal, never float."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from exams.bank.rules import FACILITY, LETTERS, fold

_PLACES = Decimal("0.0001")
_LOWEST_LEVEL = 3  # 三级: most candidates, most sittings


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a bank is held to. Practice: domain.md 5, unless said otherwise."""

    factor_live: Decimal = Decimal("3.5")
    """How many papers' worth of items each function × type holds in the live pool (our target)."""
    factor_practice: Decimal = Decimal("2.5")
    least_per_requirement: int | None = None
    """Approved items on each knowledge point in each pool; None: four in 三级, two above (our target)."""
    tasks_live: int = 3
    """How many skill tasks each function has in the live pool (our target)."""
    tasks_practice: int = 2
    key_deviation: Decimal = Decimal("0.05")
    """How far the share of a key's letter may lie from an equal share: a fifth of the quarter."""
    longest_share: Decimal = Decimal("0.30")
    """What always guessing the longest (or shortest) option may gain in single choice; chance gains 0.25."""
    true_deviation: Decimal = Decimal("0.05")
    """How far the share of true statements may lie from one half."""
    facility_least: Decimal = Decimal("0.60")
    facility_most: Decimal = Decimal("0.70")
    near_percent: int = 60
    least_items: int = 20
    """Shares of fewer items than this are shown and not judged."""

    def factor(self, pool: str) -> Decimal:
        """Return the factor wanted of a pool."""
        return self.factor_live if pool == "live" else self.factor_practice

    def tasks(self, pool: str) -> int:
        """Return how many skill tasks of each function are wanted of a pool."""
        return self.tasks_live if pool == "live" else self.tasks_practice

    def least(self, level: int, part: str) -> int:
        """Return how many items are wanted on each requirement of a level and part."""
        if part == "skill":
            return 1
        if self.least_per_requirement is not None:
            return self.least_per_requirement
        return 4 if level == _LOWEST_LEVEL else 2


@dataclass(frozen=True, slots=True)
class Place:
    """A requirement and where it stands; `weight` is its function's."""

    requirement: str
    text: str
    importance: str
    work_content: str
    function: str
    function_name: str
    weight: int
    kind: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion of a skill task as judging sees it."""

    requirement: str
    function: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Line:
    """An approved item as judging sees it.

    `requirement` and `function` are empty for skill tasks: their criteria say both.
    """

    id: int
    code: str
    type: str
    requirement: str
    function: str
    difficulty: int
    cognition: str
    options: tuple[str, ...]
    key: str
    has_explanation: bool
    is_sample: bool
    criteria: tuple[CriterionLine, ...] = ()

    @property
    def requirements(self) -> frozenset[str]:
        """Return the requirements that the item is about."""
        return frozenset(one.requirement for one in self.criteria) or frozenset({self.requirement})


@dataclass(frozen=True, slots=True)
class PaperDemand:
    """What one paper of a blueprint needs: so many items of each type.

    `weights` gives the points of functions or work contents where they are not the standard's own.
    """

    code: str
    name: str
    level: int
    part: str
    pool: str
    counts: Mapping[str, int]
    weights: Mapping[str, int] = field(default_factory=dict)


# --- Coverage -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Covered:
    """How many items a requirement has, by type."""

    place: Place
    counts: Mapping[str, int]
    is_hole: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def coverage(lines: Iterable[Line], places: Sequence[Place], least: int) -> list[Covered]:
    """Return every requirement with its items by type; a hole has fewer than `least`.

    A skill task counts for each requirement that its criteria name.
    Practice: domain.md 5
    """
    counts: dict[str, Counter[str]] = {place.requirement: Counter() for place in places}
    for line in lines:
        for requirement in line.requirements & counts.keys():
            counts[requirement][line.type] += 1
    return [Covered(one, c := counts[one.requirement], c.total() < least) for one in places]


ALL = "*"
"""Stands for all functions together."""


# --- Supply -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Supply:
    """Items of one type in one function: how many there are, and how many one paper needs there."""

    function: str
    function_name: str
    weight: int
    type: str
    have: int
    need: Decimal
    wanted: Decimal

    @property
    def factor(self) -> Decimal:
        """Return for how many papers the items are enough."""
        return (self.have / self.need).quantize(Decimal("0.01"))

    @property
    def is_short(self) -> bool:
        return self.have < self.need * self.wanted

    @property
    def missing(self) -> int:
        """Return how many more items would reach the wanted factor."""
        wanted = (self.need * self.wanted).to_integral_value(ROUND_CEILING)
        return max(0, int(wanted) - self.have)


def supply(
    lines: Iterable[Line], places: Sequence[Place], demand: PaperDemand, wanted: Decimal
) -> list[Supply]:
    """Return the supply of each function × type of a blueprint, in the standard's and blueprint's order.

    A paper needs items of a type in proportion of the function's weight: 60 single choice and a weight of
    20 of 100 make 12. A type that has fewer questions than there are functions cannot stand in each: it is
    judged over all of them, under the function `ALL`.
    Standard: §2.2
    """
    owner = {
        place.requirement: place.work_content if place.work_content in demand.weights else place.function
        for place in places
    }
    names = {place.function: place.function_name for place in places}
    weights = demand.weights or {place.function: place.weight for place in places}
    have = Counter((owner.get(line.requirement, ""), line.type) for line in lines)
    total = sum(weights.values())
    found = []
    for item_type, count in demand.counts.items():
        if count < len(weights):
            held = sum(have[code, item_type] for code in weights)
            found.append(Supply(ALL, "", total, item_type, held, Decimal(count), wanted))
            continue
        found += [
            Supply(code, names.get(code, ""), weight, item_type, have[code, item_type], need, wanted)
            for code, weight in weights.items()
            if (need := Decimal(count * weight) / total)
        ]
    order = {code: number for number, code in enumerate([*weights, ALL])}
    return sorted((one for one in found if one.need), key=lambda one: order[one.function])


# --- Keys ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each of some things happens, of `total`."""

    counts: Mapping[str, int]
    total: int

    def share(self, name: str) -> Decimal:
        """Return a share of all, 0 of nothing."""
        return ratio(self.counts[name], self.total)

    @property
    def shares(self) -> dict[str, Decimal]:
        return {name: self.share(name) for name in self.counts}

    @property
    def deviation(self) -> Decimal:
        """Return how far the farthest share lies from their mean, an equal share; 0 of nothing."""
        if not self.total:
            return Decimal(0)
        equal = Decimal(sum(self.counts.values())) / len(self.counts)
        return (max(abs(count - equal) for count in self.counts.values()) / self.total).quantize(_PLACES)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a guess by length gains in single choice: `gain` of 1, chance, and how often it is alone right."""

    total: int
    gain: Decimal
    chance: Decimal
    clear: int


@dataclass(frozen=True, slots=True)
class Keys:
    """Where keys stand and what gives them away.

    `single` and `true_false` count items by key; `multiple` counts items whose key has a letter, `sizes` how
    many letters keys have. `length_ratio`: mean length of right options to that of wrong ones.
    """

    single: Shares
    multiple: Shares
    sizes: Shares
    true_false: Shares
    longest: Guess
    shortest: Guess
    length_ratio: Decimal | None


def keys(lines: Iterable[Line]) -> Keys:
    """Return where the keys of choice items stand, and whether their length gives them away.

    Practice: domain.md 5
    """
    by_type: dict[str, list[Line]] = {"single": [], "multiple": [], "true_false": []}
    for line in lines:
        if line.type in by_type:
            by_type[line.type].append(line)
    single, multiple, judged = by_type.values()
    has_letter = Counter(letter for line in multiple for letter in line.key)
    key_sizes = Counter(str(len(line.key)) for line in multiple)
    return Keys(
        single=_shares("ABCD", Counter(line.key for line in single), len(single)),
        multiple=_shares(LETTERS, has_letter, len(multiple)),
        sizes=_shares("234", key_sizes, len(multiple)),
        true_false=_shares("TF", Counter(line.key for line in judged), len(judged)),
        longest=_guess(single, max),
        shortest=_guess(single, min),
        length_ratio=_length_ratio([*single, *multiple]),
    )


def _shares(names: str, counts: Mapping[str, int], total: int) -> Shares:
    return Shares({name: counts.get(name, 0) for name in names}, total)


def _guess(lines: Sequence[Line], pick: Callable[[list[int]], int]) -> Guess:
    """Return what choosing the longest (max) or shortest (min) option gains, ties shared out."""
    gained, clear = Decimal(0), 0
    for line in lines:
        lengths = [len(fold(option)) for option in line.options]
        end = pick(lengths)
        if lengths[LETTERS.index(line.key)] == end:
            gained += Decimal(1) / lengths.count(end)
            clear += lengths.count(end) == 1
    chance = sum((Decimal(1) / len(line.options) for line in lines), Decimal(0))
    return Guess(len(lines), ratio(gained, len(lines)), ratio(chance, len(lines)), clear)


def _length_ratio(lines: Sequence[Line]) -> Decimal | None:
    lengths: dict[bool, list[int]] = {True: [], False: []}
    for line in lines:
        for letter, option in zip(LETTERS, line.options, strict=False):
            lengths[letter in line.key].append(len(fold(option)))
    if not lengths[True] or not any(lengths[False]):
        return None
    right, wrong = (Decimal(sum(found)) / len(found) for found in (lengths[True], lengths[False]))
    return (right / wrong).quantize(_PLACES)


# --- Spread -------------------------------------------------------------------------------------------------


def mean_facility(lines: Iterable[Line]) -> Decimal | None:
    """Return the mean expected facility; None of nothing.

    Practice: domain.md 5
    """
    found = [FACILITY[line.difficulty] for line in lines]
    return (sum(found, Decimal(0)) / len(found)).quantize(_PLACES) if found else None


def ratio(part: Decimal | int, whole: int) -> Decimal:
    """Return a share to four places, 0 of nothing.

    Practice: domain.md 5
    """
    return (Decimal(part) / whole).quantize(_PLACES) if whole else Decimal(0)
