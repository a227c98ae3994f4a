"""Reads what judging needs of the whole bank, in few queries and as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from exams.bank.enums import ItemState
from exams.bank.models import EnemyPair, Item, ItemCriterion
from exams.bank.report.figures import CriterionLine, Line, Place
from syllabus.standard.models import Level, Requirement

_AT_WORK = (ItemState.DRAFT, ItemState.IN_REVIEW, ItemState.SUSPENDED)
_ITEM = ("pk", "code", "part", "pool", "state", "is_sample")
_VERSION = (
    "pk",
    "level_id",
    "level__number",
    "type",
    "knowledge_id",
    "difficulty",
    "cognition",
    "stem",
    "options",
    "key",
    "explanation",
)


@dataclass(frozen=True, slots=True)
class Row:
    """An item that is not retired, by the version that counts: the approved one, else the newest."""

    line: Line
    level: int
    part: str
    pool: str
    state: str
    stem: str
    is_current_edition: bool


@dataclass(frozen=True, slots=True)
class Stock:
    """The items of some levels and what they stand against.

    `places`: the requirements of each level (pk), in its order. `retired`: how many items by
    level number, part and pool. `enemies`: pairs of item ids, the smaller first.
    """

    levels: list[Level]
    places: Mapping[int, list[Place]]
    rows: list[Row]
    retired: Mapping[tuple[int, str, str], int]
    enemies: frozenset[tuple[int, int]]

    @classmethod
    def read(cls, levels: list[Level]) -> Stock:
        """Read the bank of these levels in six queries."""
        places, requirements = _places(levels)
        numbers = [level.number for level in levels]
        editions = {level.pk for level in levels}
        criteria = _criteria(numbers)
        rows = [
            row
            for which, chosen in (
                ("approved", Q(state=ItemState.APPROVED)),
                ("current", Q(state__in=_AT_WORK)),
            )
            for row in _rows(which, chosen & _of_levels(which, numbers), editions, requirements, criteria)
        ]
        retired = Item.objects.filter(Q(state=ItemState.RETIRED) & _of_levels("current", numbers))
        groups = retired.order_by().values_list("current__level__number", "part", "pool")
        counted = {(number, part, pool): count for number, part, pool, count in groups.annotate(Count("pk"))}
        enemies = frozenset(EnemyPair.objects.values_list("first", "second"))
        return cls(levels, places, rows, counted, enemies)


def _of_levels(which: str, numbers: Sequence[int]) -> Q:
    return Q(**{f"{which}__level__number__in": numbers})


def _places(levels: Sequence[Level]) -> tuple[dict[int, list[Place]], dict[int, tuple[str, str]]]:
    """Return the requirements of each level in its order; and codes (requirement, function) of every one."""
    rows = Requirement.objects.select_related("work_content__function").order_by(
        "work_content__function__position", "work_content__position", "kind", "position", "pk"
    )
    found: dict[int, list[Place]] = {level.pk: [] for level in levels}
    codes = {}
    for row in rows:
        content = row.work_content
        function = content.function
        codes[row.pk] = (row.code, function.code)
        if function.level_id in found:
            place = Place(
                row.code,
                row.text,
                row.importance,
                content.code,
                function.code,
                function.name,
                function.weight,
                row.kind,
            )
            found[function.level_id].append(place)
    return found, codes


def _criteria(numbers: Sequence[int]) -> dict[int, tuple[CriterionLine, ...]]:
    """Return the criteria of versions, by version."""
    rows = ItemCriterion.objects.filter(version__level__number__in=numbers).order_by("version", "position")
    found: dict[int, list[CriterionLine]] = defaultdict(list)
    for version, requirement, function, least, most in rows.values_list(
        "version", "requirement__code", "requirement__work_content__function__code", "least", "most"
    ):
        found[version].append(CriterionLine(requirement, function, least, most))
    return {version: tuple(criteria) for version, criteria in found.items()}


def _rows(
    which: str,
    chosen: Q,
    editions: set[int],
    requirements: Mapping[int, tuple[str, str]],
    criteria: Mapping[int, tuple[CriterionLine, ...]],
) -> Iterable[Row]:
    fields = [*_ITEM, *(f"{which}__{name}" for name in _VERSION)]
    for values in Item.objects.filter(chosen).order_by("code").values_list(*fields).iterator(2000):
        item = dict(zip(_ITEM, values, strict=False))
        version = dict(zip(_VERSION, values[len(_ITEM) :], strict=True))
        requirement, function = requirements.get(version["knowledge_id"], ("", ""))
        line = Line(
            id=item["pk"],
            code=item["code"],
            type=version["type"],
            requirement=requirement,
            function=function,
            difficulty=version["difficulty"],
            cognition=version["cognition"],
            options=tuple(version["options"]),
            key=version["key"],
            has_explanation=bool(version["explanation"].strip()),
            is_sample=item["is_sample"],
            criteria=criteria.get(version["pk"], ()),
        )
        yield Row(
            line,
            version["level__number"],
            item["part"],
            item["pool"],
            item["state"],
            version["stem"],
            version["level_id"] in editions,
        )
