"""What skill tasks share: material, criteria with points, a model answer, common errors; a person marks them.

In a file, beside the common keys:

    material: 材料（选填）
    model_answer: 参考答案
    common_errors: [常见错误, …]        # 选填
    criteria:
      - {requirement: 6.2.S2, text: 评分要点, least: 2, most: 6,
         levels: [{points: 6, text: …}, {points: 3, text: …}, {points: 0, text: …}]}

Levels are from the most points down, each "from this many points on". They are written for `most` points;
a paper that gives a criterion fewer scales them (`scaled_levels`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from config.sources import Record
from exams.bank.enums import Marking
from exams.bank.rules import fold
from exams.bank.text import faults
from exams.bank.types.contract import Content, Criterion, ItemKind, RubricLevel, checked_text

MOST_TEXT = 10_000
_MOST_POINTS = 100
_LEVEL_LINE = re.compile(r"(\d{1,3})\s*[分:：、\s]\s*(.*)")
_SPARE_ROWS = 2


class SkillKind(ItemKind):
    """A task of the skill part: marked by people against criteria, each of one skill requirement (D9)."""

    part = "skill"
    marking = Marking.HUMAN
    keys: ClassVar[tuple[str, ...]] = ("material", "model_answer", "common_errors", "criteria")
    needs_model_answer: ClassVar[bool] = True

    # --- Files

    def read(self, record: Record) -> Content:
        stem = marked_text(record, "stem")
        data = self.read_data(record)
        return Content(
            self.code,
            stem,
            explanation=marked_text(record, "explanation", default=""),
            data=data,
            criteria=read_criteria(record),
        )

    def read_data(self, record: Record) -> dict[str, Any]:
        """Return what stands in `data`: what every task has, without what is blank."""
        found: dict[str, Any] = {
            "material": marked_text(record, "material", default=""),
            "model_answer": marked_text(
                record, "model_answer", default=None if self.needs_model_answer else ""
            ),
        }
        if record.has("common_errors"):
            found["common_errors"] = [one.value for one in record.texts("common_errors", most=300)]
        return {key: value for key, value in found.items() if value}

    def write(self, content: Content) -> dict[str, Any]:
        return {**content.data, "criteria": write_criteria(content.criteria)}

    # --- Sitting

    def orderable(self, content: Content) -> int:
        return 0

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return {"material": content.data.get("material", ""), "answer": answer}

    def parse(self, content: Content, answer: str) -> str:
        text = checked_text(answer)
        return text if text.strip() else ""

    # --- Showing

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return self.question(content, order, answer) | {
            "model_answer": content.data.get("model_answer", ""),
            "common_errors": content.data.get("common_errors", []),
            "criteria": content.criteria,
        }

    # --- Editing

    def editor(self, content: Content | None) -> dict[str, Any]:
        data = content.data if content else {}
        return {
            "content": content,
            "data": data,
            "common_errors": "\n".join(data.get("common_errors", [])),
            "criteria_rows": criterion_rows(content.criteria if content else ()),
        }

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        errors = [line.strip() for line in first(fields, "common_errors").splitlines()]
        found: dict[str, Any] = {
            "material": tidy(first(fields, "material")),
            "model_answer": tidy(first(fields, "model_answer")),
            "common_errors": [line for line in errors if line],
            "criteria": criteria_of_rows(fields),
        }
        return {key: value for key, value in found.items() if value}


def first(fields: Mapping[str, Sequence[str]], name: str) -> str:
    """Return the first value of a form's field; empty where there is none."""
    return next(iter(fields.get(name, ())), "")


def tidy(text: str) -> str:
    """Return a text of a form with the line ends that files have, trimmed."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def whole(text: str) -> int | str:
    """Return a whole number where `text` is one, else `text`, for the reader to refuse."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def marked_text(record: Record, key: str, *, default: str | None = None, most: int = MOST_TEXT) -> str:
    """Return a text with markup (exams.bank.text) and note what is wrong with it."""
    text = record.text(key, default=default, most=most)
    for fault in faults(text):
        record.fail(fault, key)
    return text


# --- Criteria


def read_criteria(record: Record) -> tuple[Criterion, ...]:
    """Return the criteria of a task's record; every problem is noted."""
    criteria = []
    seen: set[str] = set()
    for row in record.records("criteria"):
        row.only("requirement", "text", "least", "most", "levels")
        criterion = _read_criterion(row)
        if criterion.text and fold(criterion.text) in seen:
            row.fail(_("评分要点“%(text)s”重复。") % {"text": criterion.text}, "text")
        seen.add(fold(criterion.text))
        criteria.append(criterion)
    return tuple(criteria)


def _read_criterion(row: Record) -> Criterion:
    requirement = row.text("requirement", most=20, pattern=r"[0-9A-Z]+\.[0-9]+\.S[0-9]+")
    text = row.text("text", most=300)
    least = row.integer("least", least=1, most=_MOST_POINTS)
    most = row.integer("most", least=1, most=_MOST_POINTS)
    if most < least:
        row.fail(_("most 不能小于 least。"), "most")
    levels = []
    for one in row.records("levels", optional=True):
        one.only("points", "text")
        levels.append(RubricLevel(one.integer("points", least=0, most=_MOST_POINTS), one.text("text")))
    points = [level.points for level in levels]
    if points and points != sorted(set(points), reverse=True):
        row.fail(_("levels 应按分值从高到低排列，分值不重复。"), "levels")
    if points and points[0] != most:
        row.fail(_("levels 的第一档应为满分 %(most)d 分。") % {"most": most}, "levels")
    return Criterion(requirement, text, least, most, tuple(levels))


def write_criteria(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    """Return the criteria as their record says them."""
    rows = []
    for one in criteria:
        row: dict[str, Any] = {
            "requirement": one.requirement,
            "text": one.text,
            "least": one.least,
            "most": one.most,
        }
        if one.levels:
            row["levels"] = [{"points": level.points, "text": level.text} for level in one.levels]
        rows.append(row)
    return rows


def scaled_levels(criterion: Criterion, points: int) -> list[RubricLevel]:
    """Return the levels for a criterion that a paper gives `points`: scaled down, rounded half up.

    Levels that would fall on the same points keep the better one's text.
    Decision: D9 (a criterion's points lie between least and most).
    """
    found: dict[int, str] = {}
    for level in criterion.levels:
        scaled = (2 * level.points * points + criterion.most) // (2 * criterion.most)
        found.setdefault(scaled, level.text)
    return [RubricLevel(number, text) for number, text in found.items()]


def criterion_rows(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    """Return the rows of an editor: one for each criterion and some blank ones, levels one a line."""
    rows: list[dict[str, Any]] = [
        {
            "requirement": one.requirement,
            "text": one.text,
            "least": one.least,
            "most": one.most,
            "levels": "\n".join(f"{level.points} {level.text}" for level in one.levels),
        }
        for one in criteria
    ]
    blank = {"requirement": "", "text": "", "least": "", "most": "", "levels": ""}
    rows += [dict(blank) for _row in range(_SPARE_ROWS)]
    return [row | {"number": number} for number, row in enumerate(rows, start=1)]


def criteria_of_rows(fields: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the criteria of an editor's rows as their record says them; blank rows are left out.

    Fields `criterion_requirement`, `criterion_text`, `criterion_least`, `criterion_most` and
    `criterion_levels` come once for each row, in order.
    """
    names = ("requirement", "text", "least", "most", "levels")
    columns = [fields.get(f"criterion_{name}", ()) for name in names]
    rows = []
    for number in range(max(map(len, columns))):
        row = {
            name: tidy(column[number]) if number < len(column) else ""
            for name, column in zip(names, columns, strict=True)
        }
        if any(row.values()):
            rows.append(_criterion_of_row(row))
    return rows


def _criterion_of_row(row: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"requirement": row["requirement"], "text": row["text"]}
    found |= {name: whole(row[name]) for name in ("least", "most") if row[name]}
    if row["levels"]:
        found["levels"] = [_level_of_line(line) for line in row["levels"].split("\n") if line.strip()]
    return found


def _level_of_line(line: str) -> dict[str, Any]:
    match = _LEVEL_LINE.fullmatch(line.strip())
    return {"points": int(match[1]), "text": match[2]} if match else {"points": line.strip(), "text": ""}
