"""A blueprint being written: what it begins with, what the form sends, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sources import Problem, Problems, record_of
from exams.assembly.enums import QuotaAttribute
from exams.assembly.errors import BlueprintUnusable
from exams.assembly.exporting import as_record
from exams.assembly.files import BlueprintSource, drawable_types, quota_values, read_blueprint
from exams.assembly.forms.blueprints import FULL, MODULE, SHORT, BlueprintForm
from exams.assembly.models import Blueprint
from exams.assembly.queries import frame_of, source_of
from exams.assembly.words import value_name
from exams.bank.enums import Pool
from exams.bank.types import type_label
from syllabus.standard.enums import PartCode
from syllabus.standard.queries import LevelTree

_SPARE_ROWS = 2
_ROW_KEYS = ("type", "count", "least", "points")
_NUMBERS = ("minutes", "least_per_work_content", "extra_per_knowledge", "exposure_cap", "rest_days")
_BAND = {"least": "facility_least", "most": "facility_most"}
_SECTIONS = {
    FULL: (("single", 60, 1), ("true_false", 20, 1), ("multiple", 10, 2)),
    MODULE: (("single", 20, 2), ("true_false", 10, 2), ("multiple", 10, 4)),
    SHORT: (("single", 14, 5), ("true_false", 4, 5), ("multiple", 2, 5)),
}
_BANDS = {FULL: ("0.645", "0.655"), MODULE: ("0.620", "0.680"), SHORT: ("0.625", "0.675")}
_EXTRAS = {FULL: 1, MODULE: 12, SHORT: 4}
_LABELS: dict[str, str | Promise] = {
    "code": gettext_lazy("代码"),
    "name": gettext_lazy("名称"),
    "minutes": gettext_lazy("时长"),
    "sections": gettext_lazy("大题"),
    "type": gettext_lazy("题型"),
    "count": gettext_lazy("题量"),
    "points": gettext_lazy("每题分值"),
    "vector": gettext_lazy("比重"),
    "module": gettext_lazy("模块"),
    "least_per_work_content": gettext_lazy("每项工作内容至少"),
    "extra_per_knowledge": gettext_lazy("分值余量"),
    "exposure_cap": gettext_lazy("最多使用次数"),
    "rest_days": gettext_lazy("停歇天数"),
    "least": gettext_lazy("最少"),
    "most": gettext_lazy("最多"),
    "mean_facility": gettext_lazy("平均难度"),
}


@dataclass(slots=True)
class SectionRow:
    """One line of the table of sections, as typed; a line without a type is not used."""

    type: str = ""
    count: object = ""
    least: object = ""
    points: object = ""
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class QuotaRow:
    """Points asked for one value of an attribute, as typed."""

    attribute: str
    value: str
    label: str
    least: object = ""
    most: object = ""
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class QuotaGroup:
    label: str
    rows: list[QuotaRow]


@dataclass(slots=True)
class BlueprintDraft:
    """A new blueprint for a level, part and pool (from a preset, `start`, or `copied`), or `row` changed."""

    tree: LevelTree
    part: str
    pool: str
    row: Blueprint | None = None
    start: str = FULL
    copied: Blueprint | None = None
    taken: frozenset[str] = frozenset()
    found: list[Problem] = field(default_factory=list)

    @property
    def is_skill(self) -> bool:
        return self.part == PartCode.SKILL

    @property
    def part_label(self) -> str:
        return str(PartCode(self.part).label)

    @property
    def pool_label(self) -> str:
        return str(Pool(self.pool).label)

    @property
    def weights(self) -> list[tuple[str, list[str]]]:
        """Return each function with its weight under the standard and under each vector, in words."""
        columns = [[_weight(line.weight, line.parts) for line in one.lines] for one in self.tree.vectors]
        return [
            (f"{function.code} {function.name}", [str(function.weight), *(column[at] for column in columns)])
            for at, function in enumerate(self.tree.functions)
        ]

    @property
    def types(self) -> list[tuple[str, str]]:
        """Return the types that such a paper can have, each with its name."""
        return [(code, type_label(code)) for code in drawable_types(self.part)]

    def stored(self) -> dict[str, Any]:
        """Return the record to begin with."""
        if self.row:
            return as_record(source_of(self.row))
        fixed = {"level": self.tree.level.number, "part": self.part, "pool": self.pool}
        if self.copied:
            record = as_record(source_of(self.copied)) | fixed
            if self.copied.level_number != self.tree.level.number:
                record.pop("vector", None)
                record.pop("module", None)
            name = _("%(name)s（副本）") % {"name": record["name"]}
            return record | {"code": self._free(self.copied.code), "name": name[:60]}
        return self._preset() | fixed

    def _preset(self) -> dict[str, Any]:
        level = self.tree.level
        middle = {FULL: self.part}.get(self.start, self.start)
        name = {PartCode.SKILL: _("操作技能考核"), PartCode.THEORY: _("理论知识考试")}[PartCode(self.part)]
        name = {MODULE: _("模块考核"), SHORT: _("理论短卷")}.get(self.start, name)
        record: dict[str, Any] = {
            "code": self._free(f"l{level.number}-{middle}-{self.pool}"),
            "name": f"{level.name}{name}",
        }
        if self.is_skill:
            sections = [{"type": code, "count": 2, "least": 0} for code in drawable_types(self.part)]
            return record | {"sections": sections, "mean_facility": {"least": "0.450", "most": "0.750"}}
        rows = [{"type": code, "count": count, "points": each} for code, count, each in _SECTIONS[self.start]]
        least, most = _BANDS[self.start]
        record |= {
            "sections": rows,
            "mean_facility": {"least": least, "most": most},
            "least_per_work_content": 0 if self.start == SHORT else 1,
            "extra_per_knowledge": _EXTRAS[self.start],
        }
        if self.start == SHORT:
            record |= {"short": True, "minutes": 20}
        return record

    def _free(self, wanted: str) -> str:
        base = re.sub(r"-\d+$", "", wanted) if wanted in self.taken else wanted
        number, code = 1, wanted
        while code in self.taken:
            number += 1
            code = f"{base}-{number}"
        return code[:40]

    def sent(self, data: QueryDict) -> dict[str, Any]:
        """Return the record that a posted form says; what is blank is left out, as in a file."""
        record: dict[str, Any] = {
            "code": self.row.code if self.row else data.get("code", "").strip(),
            "name": data.get("name", ""),
            "level": self.tree.level.number,
            "part": self.part,
            "pool": self.pool,
            "vector": data.get("vector", "").strip(),
            "sections": _sections(data, self.is_skill),
            "mean_facility": {key: data.get(name, "").strip() or None for key, name in _BAND.items()},
            "quotas": [
                {"attribute": row.attribute, "value": row.value, "least": row.least, "most": row.most}
                for group in self.quota_groups({})
                for row in group.rows
                if _take(row, data)
            ],
        }
        if not self.is_skill:
            record |= {"short": True if data.get("short") else None, "module": data.get("module", "").strip()}
        record |= {name: _number(data.get(name, "")) for name in _NUMBERS}
        return {key: value for key, value in record.items() if value not in (None, "", [])}

    def read(self, record: Mapping[str, Any]) -> BlueprintSource:
        """Return what a record says; every fault is then in `found`."""
        problems = Problems()
        read = record_of(record, problems)
        source = read_blueprint(read)
        try:
            frame_of(source, self.tree)
        except BlueprintUnusable as unusable:
            read.fail(unusable.message, unusable.key)
        if not self.row and source.code in self.taken:
            read.fail(_("代码 %(code)s 已有蓝图使用，请另取一个。") % {"code": source.code}, "code")
        self.found = problems.sorted()
        return source

    def form(self, record: Mapping[str, Any], checksum: str) -> BlueprintForm:
        """Return the fields with what a record says, and what is wrong with it."""
        band = record.get("mean_facility", {})
        data = {**record, **{name: band.get(key, "") for key, name in _BAND.items()}, "checksum": checksum}
        form = BlueprintForm(data, tree=self.tree, part=self.part, is_new=self.row is None)
        form.show(self.messages)
        return form

    @property
    def messages(self) -> dict[str, list[str]]:
        """Return what is wrong in words: by field, by sections.1, by quotas.1; what has no field by ''."""
        found: dict[str, list[str]] = {}
        for problem in self.found:
            outer, *inner = problem.key.split(".")
            place = outer
            if outer == "mean_facility":
                place = _BAND.get(inner[0] if inner else "", _BAND["least"])
            elif inner:
                place = f"{outer}.{inner[0]}"
            found.setdefault(place, []).append(_in_words(problem.message))
        return found

    def said(self) -> list[str]:
        """Return everything that is wrong, each sentence once."""
        return list(dict.fromkeys(text for texts in self.messages.values() for text in texts))

    def section_rows(self, record: Mapping[str, Any]) -> list[SectionRow]:
        """Return the lines of the table of sections, spare ones at the end."""
        messages = self.messages
        rows = []
        for number, one in enumerate(record.get("sections", ()), start=1):
            said = {key: one.get(key, "") for key in _ROW_KEYS}
            rows.append(SectionRow(**said, errors=messages.get(f"sections.{number}", [])))
        return rows + [SectionRow() for _spare in range(_SPARE_ROWS)]

    def quota_groups(self, record: Mapping[str, Any]) -> list[QuotaGroup]:
        """Return a line for everything that points may be asked of, by attribute."""
        messages = self.messages
        given = {
            (one["attribute"], one["value"]): (one, messages.get(f"quotas.{number}", []))
            for number, one in enumerate(record.get("quotas", ()), start=1)
        }
        return [
            QuotaGroup(str(label), [_quota_row(attribute, one, given) for one in quota_values(attribute)])
            for attribute, label in QuotaAttribute.choices
        ]


def _weight(weight: int, parts: Sequence[tuple[str, int]]) -> str:
    """Return a weight with its parts: 15（职业道德 10、基础知识 5）."""
    if not parts:
        return str(weight)
    return f"{weight}（{'、'.join(f'{name} {part}' for name, part in parts)}）"


def _quota_row(
    attribute: str, value: str, given: Mapping[tuple[str, str], tuple[Mapping[str, Any], list[str]]]
) -> QuotaRow:
    one, errors = given.get((attribute, value), ({}, []))
    name = value_name(attribute, value)
    label = name if attribute == QuotaAttribute.COGNITION else f"{value} {name}"
    return QuotaRow(attribute, value, label, _shown(one, "least"), _shown(one, "most"), errors)


def _shown(record: Mapping[str, Any], key: str) -> object:
    value = record.get(key)
    return "" if value is None else value


def _take(row: QuotaRow, data: QueryDict) -> bool:
    row.least, row.most = (
        _number(data.get(f"quota_{row.attribute}_{row.value}_{side}", "")) for side in ("least", "most")
    )
    return row.least is not None or row.most is not None


def _sections(data: QueryDict, is_skill: bool) -> list[dict[str, Any]]:
    keys = ("type", "count", "least") if is_skill else ("type", "count", "points")
    columns: Sequence[list[str]] = [data.getlist(f"section_{key}") for key in keys]
    found = []
    for item_type, *numbers in zip(*columns, strict=False):
        if item_type:
            row = {"type": item_type} | dict(zip(keys[1:], map(_number, numbers), strict=True))
            found.append({key: value for key, value in row.items() if value is not None})
    return found


def _number(text: str) -> int | str | None:
    """Return a whole number; else the text itself, so that the reader says so; None of nothing."""
    text = text.strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text or None


def _in_words(message: str) -> str:
    """Return a message with the keys of files in people's words; what was typed stays as it is."""
    head, mark, typed = re.sub(r"（short: true）", "", message).partition("，实为")
    if not mark:
        head, mark, typed = head.partition("：")
    pattern = rf" ?\b({'|'.join(sorted(_LABELS, key=len, reverse=True))})\b ?"
    return re.sub(pattern, lambda match: str(_LABELS[match[1]]), head, flags=re.ASCII) + mark + typed
