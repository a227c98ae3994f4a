"""Reads blueprint files (fixtures/blueprints)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from config.sources import Problems, Record, once, read_yaml, yaml_files
from exams.assembly.enums import QuotaAttribute
from exams.assembly.rules import Quota, Section
from exams.bank.enums import CognitiveLevel, Difficulty, Marking, Pool
from exams.bank.rules import FACILITY
from exams.bank.types import kinds
from syllabus.standard.enums import Importance, PartCode

_POINTS = 100  # every part is out of 100 (§1.7.4), and so are the weights
_CODE = r"(?!new$)[a-z0-9]+(-[a-z0-9]+)*"  # /blueprints/new/ is the page that makes one
_THOUSANDTH = Decimal("0.001")
_KEYS = (
    "code",
    "name",
    "level",
    "part",
    "pool",
    "minutes",
    "short",
    "sections",
    "mean_facility",
    "least_per_work_content",
    "extra_per_knowledge",
    "vector",
    "module",
    "quotas",
    "exposure_cap",
    "rest_days",
)


@dataclass(frozen=True, slots=True)
class BlueprintSource:
    """One blueprint as its file gives it; fields as in the model."""

    code: str
    name: str
    level_number: int
    part: str
    pool: str
    minutes: int | None
    is_short: bool
    facility_least: Decimal
    facility_most: Decimal
    least_per_work_content: int
    extra_per_knowledge: int | None
    sections: tuple[Section, ...]
    vector: str = ""
    module: str = ""
    quotas: tuple[Quota, ...] = ()
    exposure_cap: int | None = None
    rest_days: int = 0

    @property
    def checksum(self) -> str:
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return everything the blueprint says, as JSON knows it."""
        found: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return found


def read_blueprint_files(paths: Iterable[Path], problems: Problems) -> list[BlueprintSource]:
    """Return the blueprints of the files under `paths`, with every problem noted in `problems`."""
    records: list[Record] = []
    for path in yaml_files(paths, problems):
        if outermost := read_yaml(path, problems):
            outermost.only("blueprints")
            records += outermost.records("blueprints")
    once(records, lambda record: str(record.data.get("code") or ""), _("代码"))
    return [read_blueprint(record) for record in records]


def read_blueprint(record: Record) -> BlueprintSource:
    """Return what one blueprint's record says; every problem is noted in it."""
    record.only(*_KEYS)
    is_short = record.flag("short", default=False)
    least, most = _read_band(record)
    part = record.choice("part", PartCode.values)
    is_skill = part == PartCode.SKILL
    return BlueprintSource(
        code=record.text("code", most=40, pattern=_CODE),
        name=record.text("name", most=60),
        level_number=record.integer("level", least=1, most=3),
        part=part,
        pool=record.choice("pool", Pool.values),
        minutes=_read_minutes(record, is_short),
        is_short=is_short,
        facility_least=least,
        facility_most=most,
        least_per_work_content=record.integer(
            "least_per_work_content", least=0, most=20, default=0 if is_skill else 1
        ),
        extra_per_knowledge=_read_extra(record, is_skill),
        sections=_read_task_sections(record) if is_skill else _read_sections(record, is_short),
        vector=record.text("vector", default="", most=40, pattern=r"[a-z0-9]+(-[a-z0-9]+)*"),
        module=_read_module(record, is_skill),
        quotas=_read_quotas(record),
        exposure_cap=record.integer("exposure_cap", least=1, most=1000)
        if record.has("exposure_cap")
        else None,
        rest_days=record.integer("rest_days", least=0, most=3650, default=0),
    )


def _optional(record: Record, key: str, least: int, most: int) -> int | None:
    return record.integer(key, least=least, most=most) if record.has(key) else None


def _read_extra(record: Record, is_skill: bool) -> int | None:
    """Return the spare points per requirement; None: no limit, as in skill papers unless said."""
    if is_skill and not record.has("extra_per_knowledge"):
        return None
    return record.integer("extra_per_knowledge", least=0, most=100, default=1)


def _read_module(record: Record, is_skill: bool) -> str:
    """Return the function that a module paper is of, empty for other papers (D8)."""
    module = record.text("module", default="", most=10, pattern=r"[0-9]{1,2}")
    if module and is_skill:
        record.fail(_("模块只考理论知识（D8）。"), "module")
    if module and record.has("vector"):
        record.fail(_("模块卷只有一个职业功能，不能另选比重。"), "vector")
    return module


def _read_quotas(record: Record) -> tuple[Quota, ...]:
    rows = record.records("quotas", optional=True)
    found = []
    for row in rows:
        row.only("attribute", "value", "least", "most")
        attribute = row.choice("attribute", QuotaAttribute.values)
        value = row.choice("value", quota_values(attribute))
        least, most = (_optional(row, key, 0, _POINTS) for key in ("least", "most"))
        if least is None and most is None:
            row.fail(_("应写明 least 或 most。"))
        if least is not None and most is not None and most < least:
            row.fail(_("most 不能小于 least。"), "most")
        found.append(Quota(attribute, value, least, most))
    once(
        rows,
        lambda row: f"{row.data.get('attribute') or ''} {row.data.get('value') or ''}".strip(),
        _("要求"),
    )
    # In one order, whatever the file's: the same quotas are the same blueprint.
    return tuple(sorted(found, key=lambda one: (one.attribute, one.value)))


def quota_values(attribute: str) -> list[str]:
    """Return what an attribute of quotas may be."""
    values: dict[str, list[Any]] = {
        QuotaAttribute.COGNITION: CognitiveLevel.values,
        QuotaAttribute.IMPORTANCE: Importance.values,
        QuotaAttribute.DIFFICULTY: Difficulty.values,
    }
    return [str(one) for one in values.get(attribute, ())]


def _read_minutes(record: Record, is_short: bool) -> int | None:
    """Return the paper's own minutes; None stands for the part's, which a short paper cannot have."""
    if record.has("minutes"):
        return record.integer("minutes", least=1, most=600)
    if is_short:
        record.fail(_("短卷（short: true）必须写明 minutes。"), "minutes")
    return None


def _read_band(record: Record) -> tuple[Decimal, Decimal]:
    low, high = min(FACILITY.values()), max(FACILITY.values())
    band = record.record("mean_facility")
    if band is None:
        return low, high
    band.only("least", "most")
    texts = [band.text(key, most=5, pattern=r"0\.\d{1,3}") for key in ("least", "most")]
    try:
        least, most = (Decimal(text) for text in texts)
    except ArithmeticError:
        return low, high
    if not low <= least <= most <= high:
        words = {"low": low, "high": high}
        band.fail(_("平均难度的范围应在 %(low)s 到 %(high)s 之间，且 least 不大于 most。") % words, "least")
    return least.quantize(_THOUSANDTH), most.quantize(_THOUSANDTH)  # as they are stored: 0.65 is 0.650


def drawable_types(part: str) -> list[str]:
    """Return the types that a paper of a part can have; in theory those that the machine marks."""
    return [
        kind.code
        for kind in kinds().values()
        if kind.part == part and (part == PartCode.SKILL or kind.marking == Marking.AUTO)
    ]


def _read_task_sections(record: Record) -> tuple[Section, ...]:
    """Return the sections of a skill paper: so many tasks of a type, at least and at most."""
    if record.has("short"):
        record.fail(_("操作技能卷没有短卷。"), "short")
    rows = record.records("sections")
    once(rows, lambda row: str(row.data.get("type") or ""), _("题型"))
    found = []
    for row in rows:
        row.only("type", "count", "least")
        count = row.integer("count", least=1, most=20)
        least = _optional(row, "least", 0, 20)
        if least is not None and least > count:
            row.fail(_("least 不能大于 count。"), "least")
        found.append(Section(row.choice("type", drawable_types(PartCode.SKILL)), count, 0, least))
    return tuple(found)


def _read_sections(record: Record, is_short: bool) -> tuple[Section, ...]:
    rows = record.records("sections")
    once(rows, lambda row: str(row.data.get("type") or ""), _("题型"))
    for row in rows:
        row.only("type", "count", "points")
    sections = tuple(
        Section(
            row.choice("type", drawable_types(PartCode.THEORY)),
            row.integer("count", least=1, most=200),
            row.integer("points", least=1, most=_POINTS),
        )
        for row in rows
    )
    total = sum(section.count * section.points for section in sections)
    if sections and total != _POINTS:
        words = {"total": total, "points": _POINTS}
        record.fail(_("各大题合计 %(total)d 分，应为 %(points)d 分。") % words, "sections")
    if is_short and len({section.points for section in sections}) > 1:
        record.fail(_("短卷每题分值必须相同：比重要折算成整题。"), "sections")
    return sections
