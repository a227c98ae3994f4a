"""Worked calculation: figures, formulas and conclusions written out; a person marks the working."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sources import Record
from exams.bank.rules import fold
from exams.bank.types.calculation.kind import read_number
from exams.bank.types.contract import Content
from exams.bank.types.skill import tidy, whole
from exams.bank.types.written import WrittenKind

_SPARE_ROWS = 2
_COLUMNS = ("name", "key", "unit", "places", "expression")


class WorkedCalculation(WrittenKind):
    """计算分析题. Its results are for the marker: each names a quantity, its value and how it comes about.

    In a file, beside the keys of skill tasks (exams.bank.types.skill):

        results:
          - {name: 单次服务成本, key: "12.50", unit: 元, places: 2, expression: 50000/4000}

    Practice: domain.md 5 (计算: 客户盈利率, 客户让渡价值)
    """

    code = "worked_calculation"
    label = gettext_lazy("计算分析题")
    position = 17
    lines = 18
    keys = (*WrittenKind.keys, "results")

    def read_data(self, record: Record) -> dict[str, Any]:
        return super().read_data(record) | {"results": _read_results(record)}

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return super().review(content, order, answer) | {"results": content.data["results"]}

    def editor(self, content: Content | None) -> dict[str, Any]:
        shown = super().editor(content)
        rows = [{name: str(value) for name, value in row.items()} for row in shown["data"].get("results", [])]
        return shown | {"result_rows": [*rows, *({} for _row in range(_SPARE_ROWS))]}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        columns = [fields.get(f"result_{name}", ()) for name in _COLUMNS]
        rows = []
        for values in zip(*columns, strict=False):
            row: dict[str, Any] = {name: tidy(text) for name, text in zip(_COLUMNS, values, strict=True)}
            row["places"] = whole(row["places"])
            if found := {name: value for name, value in row.items() if value != ""}:
                rows.append(found)
        return super().from_editor(fields) | ({"results": rows} if rows else {})


def _read_results(record: Record) -> list[dict[str, Any]]:
    """Return the results of a task's record; each must compute to its key."""
    found = []
    seen: set[str] = set()
    for row in record.records("results"):
        row.only(*_COLUMNS)
        name = row.text("name", most=60)
        if name and fold(name) in seen:
            row.fail(_("结果“%(name)s”重复。") % {"name": name}, "name")
        seen.add(fold(name))
        found.append({"name": name, **read_number(row)})
    return found


KIND = WorkedCalculation()
