"""The report of the bank as its page shows it: every figure with the list of items that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from exams.bank.enums import CognitiveLevel, Difficulty, ItemState
from exams.bank.report import BankReport, Problem, Section, problems
from exams.bank.report.figures import ALL, Shares, Supply
from exams.bank.report.judge import Demanded, Scope
from exams.bank.report.tasks import TaskFunction
from exams.bank.report.verdicts import per_cent
from exams.bank.types import type_label

_MOST_NEAR = 100


@dataclass(frozen=True, slots=True)
class Count:
    """A figure and the list of the items that it counts."""

    label: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    problem: Problem
    where: str
    url: str


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """The supply of one function: a cell for each type of the blueprint."""

    function: str
    name: str
    weight: int
    cells: list[tuple[Supply | None, str]]


@dataclass(frozen=True, slots=True)
class SupplyTable:
    name: str
    wanted: Decimal
    types: list[str]
    rows: list[SupplyRow]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Skill tasks of one function, in words by type."""

    task: TaskFunction
    types: str
    url: str


@dataclass(frozen=True, slots=True)
class SectionScreen:
    """One part and pool: charts are (title, rows of the chart component); holes (code, text, items, list)."""

    section: Section
    id: str
    states: list[Count]
    types: list[Count]
    tables: list[SupplyTable]
    key_charts: list[tuple[str, list[dict[str, Any]]]]
    spread_charts: list[tuple[str, list[dict[str, Any]]]]
    holes: list[tuple[str, str, int, str]]
    tasks: list[TaskRow]
    longest: str
    shortest: str
    chance: str
    near_left_out: int

    @property
    def near(self) -> list[Any]:
        return self.section.near[:_MOST_NEAR]


def section_screens(report: BankReport) -> list[SectionScreen]:
    """Return the sections that hold anything, or that a blueprint wants items of."""
    return [_screen(one) for one in report.sections if any(one.states.values()) or one.demanded]


def problem_rows(report: BankReport) -> list[ProblemRow]:
    """Return the problems, each with where it is and where to look."""
    return [ProblemRow(one, _where(one.scope), _problem_url(one)) for one in problems(report)]


def _where(scope: Scope) -> str:
    return f"{scope.part_label} · {scope.pool_label}"


def _problem_url(one: Problem) -> str:
    if one.query:
        return _list(one.scope, **one.query)
    if one.anchor:
        return f"#{_id(one.scope)}-{one.anchor}"
    if one.kind == "empty":
        query = {"level": one.scope.level.number, "part": one.scope.part}
        return f"{reverse('item_coverage')}?{urlencode(query)}"
    return _list(one.scope)


def _id(scope: Scope) -> str:
    return f"{scope.part}-{scope.pool}"


def _list(scope: Scope, **query: str) -> str:
    """Return the address of the list of a scope's approved items, narrowed further by `query`."""
    base = {"function": str(scope.level.number), "pool": scope.pool, "state": ItemState.APPROVED.value}
    return f"{reverse('items')}?{urlencode(base | query)}"


def _screen(section: Section) -> SectionScreen:
    scope = section.scope
    keys = section.keys
    key_charts = [
        (_("单项选择题的答案"), _share_rows(keys.single)),
        (_("多项选择题含某字母的比例"), _share_rows(keys.multiple)),
        (_("多项选择题的答案个数"), _share_rows(keys.sizes)),
        (_("判断题的答案"), _share_rows(keys.true_false, {"T": _("正确"), "F": _("错误")})),
    ]
    spread = [
        (_("难度"), _count_rows({f"{v} {Difficulty(v).label}": n for v, n in section.difficulties.items()})),
        (_("认知层次"), _count_rows({str(CognitiveLevel(v).label): n for v, n in section.cognition.items()})),
    ]
    return SectionScreen(
        section=section,
        id=_id(scope),
        states=[
            Count(str(ItemState(state).label), count, _list(scope, state=state))
            for state, count in section.states.items()
            if count
        ],
        types=[
            Count(type_label(code), count, _list(scope, type=code))
            for code, count in section.types.items()
            if count
        ],
        tables=[_table(scope, one) for one in section.demanded],
        key_charts=[(title, rows) for title, rows in key_charts if any(row["value"] for row in rows)],
        spread_charts=spread,
        holes=[
            (one.place.requirement, one.place.text, one.total, _list(scope, place=one.place.requirement))
            for one in section.holes
        ],
        tasks=[_task(scope, one) for one in section.tasks.functions],
        longest=per_cent(keys.longest.gain),
        shortest=per_cent(keys.shortest.gain),
        chance=per_cent(keys.longest.chance),
        near_left_out=max(0, len(section.near) - _MOST_NEAR),
    )


def _table(scope: Scope, one: Demanded) -> SupplyTable:
    rows: dict[str, SupplyRow] = {}
    types = list(dict.fromkeys(supply.type for supply in one.supply))
    for supply in one.supply:
        name = _("全部职业功能") if supply.function == ALL else supply.function_name
        label = "" if supply.function == ALL else supply.function
        row = rows.setdefault(
            supply.function, SupplyRow(label, name, supply.weight, [(None, "")] * len(types))
        )
        narrowed = {"type": supply.type}
        if supply.function != ALL:
            narrowed["function"] = f"{scope.level.number}:{supply.function.partition('.')[0]}"
        row.cells[types.index(supply.type)] = (supply, _list(scope, **narrowed))
    wanted = one.supply[0].wanted if one.supply else Decimal(0)
    return SupplyTable(one.demand.name, wanted, [type_label(code) for code in types], list(rows.values()))


def _task(scope: Scope, one: TaskFunction) -> TaskRow:
    types = "，".join(f"{type_label(code)} {count}" for code, count in sorted(one.types.items()))
    return TaskRow(one, types, _list(scope, function=f"{scope.level.number}:{one.function}"))


def _share_rows(shares: Shares, names: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    return [
        {
            "label": (names or {}).get(name, name),
            "value": count,
            "full": shares.total,
            "text": f"{count} · {per_cent(shares.share(name))}",
        }
        for name, count in shares.counts.items()
    ]


def _count_rows(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    total = sum(counts.values())
    return [
        {"label": name, "value": count, "full": total, "text": _("%(count)d 题") % {"count": count}}
        for name, count in counts.items()
    ]
