"""A solved paper before it is frozen: what the solver said, in the words of the blueprint and the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from exams.assembly.enums import SolveStatus
from exams.assembly.models import Blueprint
from exams.assembly.rules import Specification, digest, mean_facility, points_by
from exams.assembly.solver import Shortage, Solved
from exams.bank.models import ItemVersion
from exams.bank.types import get_kind, type_label
from syllabus.standard.models import Level


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """One item of a paper: the version, its points and the order of its options."""

    version: ItemVersion
    points: int
    option_order: tuple[int, ...]

    def with_key(self) -> tuple[str, dict[str, Any]]:
        """Return the template of the item's type that shows it with its key, and what that needs."""
        kind = get_kind(self.version.type)
        return kind.template("review"), kind.review(self.version.content, self.option_order, "")


@dataclass(frozen=True)
class Solution:
    """The answer to "a paper, please": `items` in the paper's order, empty where there is none.

    `function_names` maps each function's code to its name; `avoided` are the ids of papers not repeated.
    """

    blueprint: Blueprint
    level: Level
    specification: Specification
    function_names: dict[str, str]
    seed: int
    avoided: tuple[int, ...]
    solved: Solved
    items: tuple[PlacedItem, ...]

    @property
    def is_feasible(self) -> bool:
        return self.solved.status != SolveStatus.INFEASIBLE

    @cached_property
    def sha256(self) -> str:
        return digest_of(self.items)

    @cached_property
    def reasons(self) -> list[dict[str, Any]]:
        """Return why there is no paper: what is missing by function and type, each with a sentence."""
        missing = [self._shortage(shortage) for shortage in self.solved.shortages]
        empty: dict[str, Any] = {
            "function": None,
            "function_name": None,
            "type": None,
            "missing": 0,
            "knowledge": [],
        }
        return missing + [{**empty, "text": text} for text in self.solved.reasons]

    def _shortage(self, shortage: Shortage) -> dict[str, Any]:
        name = self.function_names[shortage.function]
        words = {
            "function": shortage.function,
            "name": name,
            "type": type_label(shortage.type),
            "missing": shortage.missing,
            "knowledge": "、".join(dict.fromkeys(shortage.knowledge)),
            "difficulty": "、".join(str(difficulty) for difficulty in sorted(set(shortage.difficulties))),
        }
        text = _(
            "职业功能“%(name)s”（%(function)s）缺少%(type)s %(missing)d 题，"
            "可补充在知识点 %(knowledge)s，难度 %(difficulty)s。"
        )
        return {
            "function": shortage.function,
            "function_name": name,
            "type": shortage.type,
            "missing": shortage.missing,
            "knowledge": list(shortage.knowledge),
            "difficulty": list(shortage.difficulties),
            "text": text % words,
        }

    def as_json(self) -> dict[str, Any]:
        """Return what `manage.py assemble --format json` prints."""
        solved = self.solved
        return {
            "status": str(solved.status),
            "gap": solved.gap,
            "seconds": round(solved.seconds, 4),
            "forms": [self._form()] if self.is_feasible else [],
            "reasons": self.reasons,
        }

    def _form(self) -> dict[str, Any]:
        by_function = points_by(self.solved.items, self.specification, "function")
        by_type = points_by(self.solved.items, self.specification, "type")
        return {
            "items": [_item(placed) for placed in self.items],
            "points_by_function": {code: by_function.get(code, 0) for code in self.specification.weights},
            "points_by_type": {one.type: by_type.get(one.type, 0) for one in self.specification.sections},
            "mean_facility": float(round(mean_facility(self.solved.items, self.specification), 4)),
        }


def _item(placed: PlacedItem) -> dict[str, Any]:
    version = placed.version
    return {
        "id": version.item.code,
        "type": version.type,
        "points": placed.points,
        "function": version.point.work_content.function.code,
        "knowledge": version.point.code,
        "difficulty": version.difficulty,
    }


def digest_of(items: Sequence[PlacedItem]) -> str:
    """Return the SHA-256 of these items as a paper."""
    return digest(
        (placed.version.item.code, placed.version.checksum, placed.option_order, placed.points)
        for placed in items
    )
