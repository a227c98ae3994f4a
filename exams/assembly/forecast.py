"""What would come of a blueprint, stored or only typed: can the bank satisfy it, and how many times over?"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from exams.assembly.enums import SolveStatus
from exams.assembly.queries import Asked, Drawn, Frame, drawn_pool, specification_from
from exams.assembly.rules import PoolItem, Section, Specification, enemies_met, mean_facility
from exams.assembly.solutions import shortage_words
from exams.assembly.solver import Shortage, Solved, room, solve
from exams.assembly.words import clash_words
from exams.bank.types import type_label
from syllabus.standard.enums import Importance, PartCode
from syllabus.standard.models import Level, Requirement
from syllabus.standard.queries import LevelTree

SOLVE_SECONDS = 3.0  # somebody is typing: an answer that takes longer comes too late
DIAGNOSIS_SECONDS = 2.0
ROOM_SECONDS = 20.0
_SEED = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Drawable items of one section in one function; `needed` in proportion to the weight, None in skill."""

    label: str
    have: int
    needed: Decimal | None

    @property
    def is_short(self) -> bool:
        return self.needed is not None and self.have < self.needed.to_integral_value(ROUND_FLOOR)


@dataclass(frozen=True, slots=True)
class Row:
    """One function (or work content of a vector): its weight, the points in reach, its sections."""

    code: str
    name: str
    weight: int
    reach: int
    cells: tuple[Cell, ...]

    @property
    def is_short(self) -> bool:
        return self.reach < self.weight


@dataclass(frozen=True, slots=True)
class Column:
    """One section: what it asks for and how many drawable items there are."""

    label: str
    section: Section
    have: int

    @property
    def is_short(self) -> bool:
        return self.have < self.section.fewest


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the bank can do for a blueprint now.

    `drawable` of `fitting` items may be drawn; `barred` says why the others may not. `unreachable` are the
    core (X) requirements, of `core`, that no drawable item is about.
    """

    specification: Specification
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    fitting: int
    drawable: int
    barred: Mapping[str, int]
    enemies: int
    core: int
    unreachable: tuple[Requirement, ...]
    solved: Solved
    conflict: tuple[str, ...]
    shortages: tuple[str, ...]

    @property
    def status(self) -> SolveStatus:
        return self.solved.status

    @property
    def is_possible(self) -> bool:
        return bool(self.solved.forms)

    @property
    def mean(self) -> Decimal:
        """Return the mean facility of the paper that was found."""
        return mean_facility(self.solved.paper)


@dataclass(frozen=True, slots=True)
class Dry:
    """What one more paper would lack: so many items of a type in a function."""

    code: str
    name: str
    type: str
    missing: int


@dataclass(frozen=True, slots=True)
class RoomForecast:
    """How many disjoint papers the bank holds: `built`, and `most` where that is proven; `dry` first."""

    built: int
    most: int | None
    dry: tuple[Dry, ...]

    @property
    def is_exact(self) -> bool:
        return self.built == self.most


def forecast(
    blueprint: Asked, level: Level, tree: LevelTree, *, on: datetime.date, seconds: float = SOLVE_SECONDS
) -> Forecast:
    """Return what the bank can do for a blueprint on a day. Raises BlueprintUnusable."""
    specification, frame = specification_from(blueprint, tree)
    fitting = _fitting(drawn_pool(blueprint, level, frame, on=on), specification)
    free = [item for item in fitting if not item.barred]
    solved = solve(
        fitting, specification, seed=_SEED, time_limit=seconds, diagnosis=min(seconds, DIAGNOSIS_SECONDS)
    )
    core = _core(blueprint.part, tree, frame, specification)
    touched = {(part.function, part.requirement) for item in free for part in item.parts}
    return Forecast(
        specification=specification,
        columns=tuple(
            Column(type_label(one.type), one, sum(item.type == one.type for item in free))
            for one in specification.sections
        ),
        rows=_rows(free, specification, frame),
        fitting=len(fitting),
        drawable=len(free),
        barred=Counter(reason for item in fitting for reason in item.barred),
        enemies=len(enemies_met(free)),
        core=len(core),
        unreachable=tuple(one for place, one in core if place not in touched),
        solved=solved,
        conflict=tuple(clash_words(solved.clashes, frame.names, is_irreducible=solved.is_irreducible)),
        shortages=(
            *(shortage_words(one, frame.names)["text"] for one in solved.shortages),
            *solved.reasons,
        ),
    )


def room_for(
    blueprint: Asked, level: Level, tree: LevelTree, *, on: datetime.date, seconds: float = ROOM_SECONDS
) -> RoomForecast:
    """Return how many disjoint papers the bank holds on a day. Raises BlueprintUnusable."""
    specification, frame = specification_from(blueprint, tree)
    found = room(drawn_pool(blueprint, level, frame, on=on).items, specification, seconds=seconds)
    lacking = sorted(found.dry, key=lambda one: -one.missing)
    return RoomForecast(found.built, found.most, tuple(_dry(one, frame) for one in lacking))


def _dry(shortage: Shortage, frame: Frame) -> Dry:
    name = frame.names[shortage.function]
    return Dry(shortage.function, name, type_label(shortage.type), shortage.missing)


def _fitting(pool: Drawn, specification: Specification) -> list[PoolItem]:
    """Return the items that a paper could hold at all: of its types, about its functions."""
    return [
        item
        for item in pool.items
        if specification.has_type(item.type)
        and all(part.function in specification.weights for part in item.parts)
    ]


def _core(
    part: str, tree: LevelTree, frame: Frame, specification: Specification
) -> list[tuple[tuple[str, str], Requirement]]:
    """Return the core requirements that papers of this blueprint are about, each with its place."""
    wanted = {(function, requirement) for function, _content, requirement in specification.syllabus}
    found = []
    for function in tree.functions:
        for content in function.work_contents:
            for one in content.skills if part == PartCode.SKILL else content.knowledge:
                place = frame.owners[content.code], one.code
                if one.importance == Importance.CORE and place in wanted:
                    found.append((place, one))
    return found


def _rows(free: Sequence[PoolItem], specification: Specification, frame: Frame) -> tuple[Row, ...]:
    total = specification.points
    items: Counter[tuple[str, str]] = Counter()
    reach: Counter[str] = Counter()
    for item in free:
        each = specification.points_of(item.type)
        for function in {part.function for part in item.parts}:
            items[function, item.type] += 1
        for part in item.parts:
            reach[part.function] += each or part.most
    return tuple(
        Row(
            code,
            frame.names[code],
            weight,
            reach[code],
            tuple(
                Cell(
                    type_label(one.type),
                    items[code, one.type],
                    Decimal(one.count) * weight / total if one.points and total else None,
                )
                for one in specification.sections
            ),
        )
        for code, weight in specification.weights.items()
    )
