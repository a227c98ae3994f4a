"""What is right, in words for the marking key: letters as this paper shows them, rubrics at its points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from exams.assembly.printing.layout import PrintedSection, Question
from exams.bank.types import Content, ItemKind, RubricLevel, get_kind
from exams.bank.types.case_questions import OPEN, questions_of
from exams.bank.types.graph.task import DrawingKind
from exams.bank.types.skill import scaled_levels

_PER_ROW = 10


def key_words(content: Content, order: Sequence[int]) -> str:
    """Return the key of an item that marks itself, with the letters that this order shows."""
    kind = get_kind(content.type)
    shown = kind.review(content, order, "")
    if content.type == "true_false":
        return "√" if content.key == "T" else "×"
    if "questions" in shown:
        return "；".join(f"（{n}）{_part_key(one)}" for n, one in enumerate(questions_of(content), start=1))
    for name, words in _WORDS.items():
        if name in shown:
            return words(kind, content, order, shown)
    return ""


def _part_key(content: Content) -> str:
    return key_words(content, range(get_kind(content.type).orderable(content)))


def _letters(_kind: ItemKind, _content: Content, _order: Sequence[int], shown: Mapping[str, Any]) -> str:
    return "".join(one["shown"] for one in shown["options"] if one["is_key"])


def _blanks(_kind: ItemKind, _content: Content, _order: Sequence[int], shown: Mapping[str, Any]) -> str:
    words = "；".join(f"({one['number']}) {' / '.join(one['accepted'])}" for one in shown["blanks"])
    return words + (_("（不分先后）") if shown["any_order"] else "")


def _steps(kind: ItemKind, content: Content, order: Sequence[int], shown: Mapping[str, Any]) -> str:
    letters = {row["text"]: row["shown"] for row in kind.question(content, order, "")["rows"]}
    return " → ".join(letters[step["text"]] for step in shown["steps"])


def _pairs(kind: ItemKind, content: Content, order: Sequence[int], shown: Mapping[str, Any]) -> str:
    letters = {one["text"]: one["shown"] for one in kind.question(content, order, "")["choices"]}
    return "　".join(f"{number} {letters[row['key']]}" for number, row in enumerate(shown["rows"], start=1))


def _number(shown: Mapping[str, Any]) -> str:
    words = f"{shown['key']} {shown['unit']}".strip()
    return words + (f"（±{shown['tolerance']}）" if shown["tolerance"] else "")


def _quantity(_kind: ItemKind, _content: Content, _order: Sequence[int], shown: Mapping[str, Any]) -> str:
    return _number(shown)


# By what the type's review has: first what is most telling.
_WORDS: Mapping[str, Callable[[ItemKind, Content, Sequence[int], Mapping[str, Any]], str]] = {
    "options": _letters,
    "blanks": _blanks,
    "steps": _steps,
    "unused": _pairs,
    "key": _quantity,
}


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A row of the table of keys: numbers above, keys below; blanks fill up the last row."""

    numbers: tuple[str, ...]
    keys: tuple[str, ...]


def key_rows(section: PrintedSection) -> list[KeyRow]:
    """Return a section's keys ten to a row; empty where a key is more than some letters."""
    pairs = [(str(one.number), key_words(one.content, one.placed.option_order)) for one in section.questions]
    if any(len(key) > 6 for _number, key in pairs):
        return []
    rows = []
    for start in range(0, len(pairs), _PER_ROW):
        row = pairs[start : start + _PER_ROW]
        row += [("", "")] * (_PER_ROW - len(row))
        rows.append(KeyRow(tuple(number for number, _key in row), tuple(key for _number, key in row)))
    return rows


# --- Skill tasks


@dataclass(frozen=True, slots=True)
class Rubric:
    """One criterion as this paper gives it points."""

    number: int
    text: str
    requirement: str
    points: int
    levels: tuple[RubricLevel, ...]


def rubric_of(question: Question) -> list[Rubric]:
    """Return a task's criteria with this paper's points, levels scaled to them."""
    pairs = zip(question.content.criteria, question.placed.criterion_points, strict=True)
    return [
        Rubric(number, one.text, one.requirement, points, tuple(scaled_levels(one, points)))
        for number, (one, points) in enumerate(pairs, start=1)
    ]


@dataclass(frozen=True, slots=True)
class PartKey:
    """The key of one question of a case: a model answer (Markdown), or a key with how it comes about."""

    number: int
    stem: str
    model_answer: str
    key: str
    formula: str
    explanation: str


def part_keys(content: Content) -> list[PartKey]:
    """Return the keys of a case's questions; empty for other items."""
    return [
        PartKey(
            number,
            one.stem,
            one.data.get("model_answer", "") if one.type == OPEN else "",
            "" if one.type == OPEN else _part_key(one),
            _working(one.data),
            one.explanation,
        )
        for number, one in enumerate(questions_of(content), start=1)
    ]


def results_of(content: Content) -> list[dict[str, str]]:
    """Return the results of a worked calculation: name, value with unit, how it comes about."""
    rows = [{"unit": "", "tolerance": "", **one} for one in content.data.get("results", ())]
    return [{"name": one["name"], "value": _number(one), "working": _working(one)} for one in rows]


def _working(data: Mapping[str, Any]) -> str:
    signs = str(data.get("expression", "")).replace("*", "×").replace("/", "÷").replace("-", "\u2212")
    return "：".join(text for text in (data.get("formula", ""), signs) if text)


def drawing_of(content: Content) -> Any:
    """Return the model answer of a drawing task as SVG for paper; empty for other tasks."""
    kind = get_kind(content.type)
    return kind.printed_key(content)["model_svg"] if isinstance(kind, DrawingKind) else ""
