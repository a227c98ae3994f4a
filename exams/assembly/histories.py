"""What became of a blueprint: each change with what it said before and after, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from exams.assembly.enums import BlueprintEventKind
from exams.assembly.models import Blueprint, BlueprintEvent
from exams.assembly.words import quota_name
from exams.bank.enums import Pool
from exams.bank.types import kinds
from syllabus.standard.enums import PartCode

_NOTHING = "—"
_MANY = 4


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a blueprint said differently before."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a blueprint with its changes; `is_back` where it came back into use."""

    event: BlueprintEvent
    changes: tuple[Change, ...]
    is_back: bool = False


def history_of(blueprint: Blueprint) -> list[Entry]:
    """Return the events of a blueprint, newest first, in one query."""
    found: list[Entry] = []
    before: Mapping[str, Any] = {}
    was_retired = False
    for event in blueprint.events.select_related("by").order_by("at", "pk"):
        changes = differences(before, event.detail) if before and event.detail else ()
        found.append(Entry(event, tuple(changes), was_retired))
        before = event.detail or before
        was_retired = event.kind == BlueprintEventKind.RETIRED
    return found[::-1]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return what two blueprints (as `BlueprintSource.as_json` gives them) say differently."""
    before, after = _said(old), _said(new)
    return [
        Change(label, before.get(label, _NOTHING), after.get(label, _NOTHING))
        for label in dict.fromkeys([*before, *after])
        if before.get(label, _NOTHING) != after.get(label, _NOTHING)
    ]


def section_words(sections: Sequence[Mapping[str, Any]], *, short: bool = False) -> str:
    """Return sections in words: 单项选择题 60×1、判断题 20×1; without points: 案例分析题 0–2.

    `short`: many sections that ask for the same are not named one by one.
    """
    amounts = {_amount_of(one) for one in sections}
    if short and len(sections) > _MANY and len(amounts) == 1:
        return _("%(count)d 种题型，各 %(amount)s") % {"count": len(sections), "amount": amounts.pop()}
    return "、".join(f"{_type_name(one['type'])} {_amount_of(one)}" for one in sections)


def _type_name(code: str) -> str:
    kind = kinds().get(code)  # a type may have gone since
    return str(kind.label) if kind else code


def _amount_of(section: Mapping[str, Any]) -> str:
    least, count = section.get("least"), section["count"]
    amount = str(count) if least is None or least == count else f"{least}–{count}"
    return f"{amount}×{section['points']}" if section["points"] else amount


def _said(detail: Mapping[str, Any]) -> dict[str, str]:
    part, pool = detail["part"], detail["pool"]
    facts: dict[str, object] = {
        _("名称"): detail["name"],
        _("级别"): detail["level_number"],
        _("鉴定项目"): dict(PartCode.choices).get(part, part),
        _("题库"): dict(Pool.choices).get(pool, pool),
        _("时长（分钟）"): detail["minutes"] or _("按标准"),
        _("短卷"): _("是") if detail["is_short"] else _("否"),
        _("大题"): section_words(detail["sections"]),
        _("平均难度"): f"{detail['facility_least']}–{detail['facility_most']}",
        _("每项工作内容至少"): detail["least_per_work_content"],
        _("知识点分值余量"): _amount(detail["extra_per_knowledge"]),
        _("比重"): detail.get("vector") or _("标准的比重"),
        _("模块"): detail.get("module") or _NOTHING,
        _("最多使用次数"): _amount(detail.get("exposure_cap")),
        _("使用后停歇天数"): detail.get("rest_days", 0),
    }
    quotas = {
        quota_name(one["attribute"], one["value"]): f"{_side(one['least'])}–{_side(one['most'])}"
        for one in detail.get("quotas", ())
    }
    return {label: str(value) for label, value in facts.items()} | quotas


def _amount(value: int | None) -> str:
    return _("不限") if value is None else str(value)


def _side(value: int | None) -> str:
    return "" if value is None else str(value)
