"""Reads blueprint files (fixtures/blueprints)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from config.sources import Problems, Record, once, read_yaml, yaml_files
from exams.assembly.rules import Section
from exams.bank.enums import Marking, Pool
from exams.bank.rules import FACILITY
from exams.bank.types import kinds
from syllabus.standard.enums import PartCode

_POINTS = 100  # every part is out of 100 (§1.7.4), and so are the weights
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
    extra_per_knowledge: int
    sections: tuple[Section, ...]

    @property
    def checksum(self) -> str:
        text = json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def read_blueprint_files(paths: Iterable[Path], problems: Problems) -> list[BlueprintSource]:
    """Return the blueprints of the files under `paths`, with every problem noted in `problems`."""
    records: list[Record] = []
    for path in yaml_files(paths, problems):
        if outermost := read_yaml(path, problems):
            outermost.only("blueprints")
            records += outermost.records("blueprints")
    once(records, lambda record: str(record.data.get("code") or ""), _("代码"))
    return [_read_blueprint(record) for record in records]


def _read_blueprint(record: Record) -> BlueprintSource:
    record.only(*_KEYS)
    is_short = record.flag("short", default=False)
    least, most = _read_band(record)
    return BlueprintSource(
        code=record.text("code", most=40, pattern=r"[a-z0-9]+(-[a-z0-9]+)*"),
        name=record.text("name", most=60),
        level_number=record.integer("level", least=1, most=3),
        part=record.choice("part", [PartCode.THEORY]),  # the bank has theory items only
        pool=record.choice("pool", Pool.values),
        minutes=_read_minutes(record, is_short),
        is_short=is_short,
        facility_least=least,
        facility_most=most,
        least_per_work_content=record.integer("least_per_work_content", least=0, most=20, default=1),
        extra_per_knowledge=record.integer("extra_per_knowledge", least=0, most=100, default=1),
        sections=_read_sections(record, is_short),
    )


def _read_minutes(record: Record, is_short: bool) -> int | None:
    """Return the paper's own minutes; None stands for the part's, which a short paper cannot have."""
    if record.has("minutes"):
        return record.integer("minutes", least=1, most=600)
    if is_short:
        record.fail(_("短卷（short: true）必须写明 minutes。"))
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
    return least, most


def _drawable_types() -> list[str]:
    """Return the types that a theory paper can have: those that the machine marks."""
    return [
        kind.code
        for kind in kinds().values()
        if kind.part == PartCode.THEORY and kind.marking == Marking.AUTO
    ]


def _read_sections(record: Record, is_short: bool) -> tuple[Section, ...]:
    rows = record.records("sections")
    once(rows, lambda row: str(row.data.get("type") or ""), _("题型"))
    for row in rows:
        row.only("type", "count", "points")
    sections = tuple(
        Section(
            row.choice("type", _drawable_types()),
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
