"""Skill tasks of a bank: how many each function has, and what their criteria can carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exams.bank.report.figures import CriterionLine, Line, Place, ratio


@dataclass(frozen=True, slots=True)
class TaskFunction:
    """Skill tasks that have criteria in a function: by type, and the points that the criteria can carry."""

    function: str
    function_name: str
    weight: int
    types: Mapping[str, int]
    least: int
    most: int

    @property
    def count(self) -> int:
        return sum(self.types.values())

    @property
    def factor(self) -> Decimal:
        """Return for how many papers the criteria's most points are enough."""
        return (Decimal(self.most) / self.weight).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class TaskSum:
    """What the criteria of one task sum up to: least and most points."""

    code: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Tasks:
    """Skill tasks: by function, and the sums of each task's criteria."""

    functions: list[TaskFunction]
    sums: list[TaskSum]

    @property
    def mean_least(self) -> Decimal:
        return ratio(sum(one.least for one in self.sums), len(self.sums))

    @property
    def mean_most(self) -> Decimal:
        return ratio(sum(one.most for one in self.sums), len(self.sums))


def tasks(lines: Sequence[Line], places: Sequence[Place]) -> Tasks:
    """Return the skill tasks by function; a task counts in each function that its criteria name.

    Decision: D9
    """
    functions = {place.function: place for place in places}
    types: dict[str, Counter[str]] = {code: Counter() for code in functions}
    points: dict[str, list[CriterionLine]] = {code: [] for code in functions}
    for line in lines:
        for one in line.criteria:
            points.setdefault(one.function, []).append(one)
        for function in {one.function for one in line.criteria} & types.keys():
            types[function][line.type] += 1
    rows = [
        TaskFunction(
            code,
            place.function_name,
            place.weight,
            types[code],
            sum(one.least for one in points[code]),
            sum(one.most for one in points[code]),
        )
        for code, place in functions.items()
    ]
    sums = [
        TaskSum(line.code, sum(one.least for one in line.criteria), sum(one.most for one in line.criteria))
        for line in lines
        if line.criteria
    ]
    return Tasks(rows, sums)
