"""Solved papers before they are frozen: what the solver said, in the words of the blueprint and the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from exams.assembly.enums import SolveStatus
from exams.assembly.models import Blueprint
from exams.assembly.rules import (
    FORM_LETTERS,
    DigestRow,
    Placed,
    Specification,
    digest,
    mean_facility,
    points_by,
)
from exams.assembly.solver import Shortage, Solved
from exams.assembly.words import clash_words
from exams.bank.enums import CognitiveLevel
from exams.bank.models import ItemVersion
from exams.bank.types import get_kind, type_label
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """One item of a paper: the version, its points, the order of its options, the points of its criteria."""

    version: ItemVersion
    points: int
    option_order: tuple[int, ...]
    criterion_points: tuple[int, ...] = ()

    @property
    def criteria(self) -> list[tuple[str, int]]:
        """Return each criterion of a skill task with the points that this paper gives it."""
        if not self.criterion_points:
            return []
        codes = [one.requirement.code for one in self.version.criteria.all()]
        return list(zip(codes, self.criterion_points, strict=True))

    def with_key(self) -> tuple[str, dict[str, Any]]:
        """Return the template of the item's type that shows it with its key, and what that needs."""
        kind = get_kind(self.version.type)
        return kind.template("review"), kind.review(self.version.content, self.option_order, "")


@dataclass(frozen=True, slots=True)
class FormOfPaper:
    """One form: its letter (empty where there is one only), and its items twice, in the paper's order."""

    letter: str
    items: tuple[PlacedItem, ...]
    placed: tuple[Placed, ...]

    @property
    def sha256(self) -> str:
        return digest_of(self.items)


@dataclass(frozen=True)
class Solution:
    """The answer to "papers, please": `forms` in the paper's order, empty where there are none.

    `names` maps each function's code to its name; `avoided` are the ids of papers not repeated, `bank_sha256`
    is the state of the pool.
    """

    blueprint: Blueprint
    level: Level
    specification: Specification
    names: Mapping[str, str]
    seed: int
    avoided: tuple[int, ...]
    solved: Solved
    forms: tuple[FormOfPaper, ...]
    bank_sha256: str = ""

    @property
    def is_feasible(self) -> bool:
        return bool(self.forms)

    @property
    def items(self) -> tuple[PlacedItem, ...]:
        """Return the items of the first form; empty where there is none."""
        return self.forms[0].items if self.forms else ()

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Return the first form as the rules see it."""
        return self.forms[0].placed if self.forms else ()

    @cached_property
    def sha256(self) -> str:
        return digest_of(self.items)

    @cached_property
    def reasons(self) -> list[dict[str, Any]]:
        """Return why there is no paper: what is missing by function and type, each with a sentence."""
        solved = self.solved
        missing = [shortage_words(one, self.names) for one in solved.shortages]
        said = [{**_NOTHING, "text": text} for text in solved.reasons]
        if solved.status == SolveStatus.UNKNOWN:
            text = _("在限定时间内没有找到满足全部要求的试卷；这不说明无法组成，请延长时间再试。")
            said.append({**_NOTHING, "text": text})
        return missing + said

    @cached_property
    def conflict(self) -> list[str]:
        """Return the demands that cannot be met together as sentences, a heading first; empty for papers."""
        solved = self.solved
        return clash_words(solved.clashes, self.names, is_irreducible=solved.is_irreducible)

    def as_json(self) -> dict[str, Any]:
        """Return what `manage.py assemble --format json` prints."""
        solved = self.solved
        return {
            "status": str(solved.status),
            "gap": solved.gap,
            "seconds": round(solved.seconds, 4),
            "spread": round(solved.spread, 6),
            "forms": [self._form(form) for form in self.forms],
            "reasons": self.reasons,
            "conflict": [
                {"demand": list(one.key), "least": one.least, "most": one.most, "missing": one.missing}
                for one in solved.clashes
            ],
        }

    def _form(self, form: FormOfPaper) -> dict[str, Any]:
        by_function, by_type = points_by(form.placed, "function"), points_by(form.placed, "type")
        return {
            "letter": form.letter,
            "items": [_item(placed) for placed in form.items],
            "points_by_function": {code: by_function.get(code, 0) for code in self.specification.weights},
            "points_by_type": {one.type: by_type.get(one.type, 0) for one in self.specification.sections},
            "mean_facility": float(round(mean_facility(form.placed), 4)),
        }


_NOTHING: dict[str, Any] = {
    "function": None,
    "function_name": None,
    "type": None,
    "missing": 0,
    "knowledge": [],
}


def shortage_words(shortage: Shortage, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a shortage with its sentence."""
    name = names[shortage.function]
    words = {
        "function": shortage.function,
        "name": name,
        "type": type_label(shortage.type),
        "missing": shortage.missing,
        "knowledge": "、".join(dict.fromkeys(shortage.knowledge)),
        "difficulty": "、".join(str(difficulty) for difficulty in sorted(set(shortage.difficulties))),
    }
    text = (
        _(
            "职业功能“%(name)s”（%(function)s）缺少%(type)s %(missing)d 题，"
            "可补充在技能要求 %(knowledge)s，难度 %(difficulty)s。"
        )
        if get_kind(shortage.type).part == PartCode.SKILL
        else _(
            "职业功能“%(name)s”（%(function)s）缺少%(type)s %(missing)d 题，"
            "可补充在知识点 %(knowledge)s，难度 %(difficulty)s。"
        )
    )
    if levels := [str(CognitiveLevel(one).label) for one in dict.fromkeys(shortage.cognitions) if one]:
        text += _("认知层次须含%(levels)s。")
        words["levels"] = "、".join(levels)
    return {
        "function": shortage.function,
        "function_name": name,
        "type": shortage.type,
        "missing": shortage.missing,
        "knowledge": list(shortage.knowledge),
        "difficulty": list(shortage.difficulties),
        "text": text % words,
    }


def letter_of(number: int, count: int) -> str:
    """Return the letter of a form, from 0; empty where there is one form only."""
    return FORM_LETTERS[number] if count > 1 else ""


def _item(placed: PlacedItem) -> dict[str, Any]:
    version = placed.version
    point = version.point if version.knowledge_id else None
    row: dict[str, Any] = {
        "id": version.item.code,
        "type": version.type,
        "points": placed.points,
        "function": point.work_content.function.code if point else None,
        "knowledge": point.code if point else None,
        "difficulty": version.difficulty,
    }
    if point:
        return row
    return row | {"criteria": [{"requirement": code, "points": points} for code, points in placed.criteria]}


def digest_of(items: Sequence[PlacedItem]) -> str:
    """Return the SHA-256 of these items as a paper."""
    return digest(
        DigestRow(
            placed.version.item.code,
            placed.version.checksum,
            placed.option_order,
            placed.points,
            placed.criterion_points,
        )
        for placed in items
    )
