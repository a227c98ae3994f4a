"""Where an answer is written: bubbles, lines, a frame to draw in, blanks. Read off what a type prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from exams.assembly.printing.layout import PrintedSection, Question
from exams.bank.types import Content
from exams.bank.types.case_questions import questions_of

_PER_BLOCK = 5
_PART_ROWS = 9  # lines for one question of a case that names no length
_WIDTH, _STEP = 174, 6  # millimetres of a drawing grid and of its squares


@dataclass(frozen=True, slots=True)
class Space:
    """Room for one answer. `form` says which of the others count; `parts` are the questions of a case.

    Forms: bubbles (letters), lines (rows, words), frame, blanks and ranks (rows), pairs (rows, letters),
    number (rows, unit, places), parts, spoken.
    """

    form: str
    label: str = ""
    letters: tuple[str, ...] = ()
    rows: int = 0
    unit: str = ""
    places: int | None = None
    least_words: int | None = None
    most_words: int | None = None
    parts: tuple[Space, ...] = ()

    @property
    def names(self) -> list[int]:
        return list(range(1, self.rows + 1))


def space_of(question: Question) -> Space:
    """Return the room that an item's answer takes."""
    if question.is_oral:
        return Space("spoken")
    return _space(question.content, question.context)


def _space(content: Content, context: Mapping[str, Any], label: str = "") -> Space:
    if "questions" in context:
        pairs = zip(questions_of(content), context["questions"], strict=True)
        parts = (_space(one, row["context"], f"（{row['number']}）") for one, row in pairs)
        return Space("parts", label, parts=tuple(map(_shortened, parts)))
    if "symbols" in context:
        return Space("frame", label)
    if "unit" in context and "rows" not in context:
        return Space("number", label, rows=4, unit=context["unit"], places=context["places"])
    return _choice_space(content, context, label) or Space(
        "lines",
        label,
        rows=len(context.get("rows", ())) or 12,
        least_words=context.get("least_words"),
        most_words=context.get("most_words"),
    )


def _shortened(part: Space) -> Space:
    is_open = part.form == "lines" and not part.most_words
    return replace(part, rows=min(part.rows, _PART_ROWS)) if is_open else part


def _choice_space(content: Content, context: Mapping[str, Any], label: str) -> Space | None:
    if "options" in context:
        return Space("bubbles", label, letters=letters_of(content.type, context))
    if "choices" in context:
        letters = tuple(one["shown"] for one in context["choices"])
        return Space("pairs", label, letters=letters, rows=len(context["rows"]))
    name = next((one for one in ("blanks", "ranks") if one in context), "")
    return Space(name, label, rows=len(context[name])) if name else None


def letters_of(code: str, context: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the marks of an item's bubbles."""
    if code == "true_false":
        return ("√", "×")
    return tuple(one["shown"] for one in context["options"])


@dataclass(frozen=True, slots=True)
class Bubbles:
    """Five items of a section as they stand together on the sheet: number and marks of each."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]


def bubbles_of(section: PrintedSection) -> list[Bubbles]:
    """Return a section's bubbles in blocks of five; empty where its items are answered otherwise."""
    spaces = [(one.number, space_of(one)) for one in section.questions]
    if any(space.form != "bubbles" for _number, space in spaces):
        return []
    rows = [(number, space.letters) for number, space in spaces]
    starts = range(0, len(rows), _PER_BLOCK)
    return [Bubbles(tuple(rows[start : start + _PER_BLOCK])) for start in starts]


def grid(height: int) -> SafeString:
    """Return a frame with faint squares for drawings, `height` millimetres high."""
    lines = [f"M0 {y}H{_WIDTH}" for y in range(_STEP, height, _STEP)]
    lines += [f"M{x} 0V{height}" for x in range(_STEP, _WIDTH, _STEP)]
    return mark_safe(  # noqa: S308 -- numbers only
        f'<svg class="grid" xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}mm" height="{height}mm"'
        f' viewBox="0 0 {_WIDTH} {height}"><path d="{"".join(lines)}" fill="none" stroke="#d9d9d9"'
        f' stroke-width="0.15"/><path d="M0 0H{_WIDTH}V{height}H0Z" fill="none" stroke="#1b1b1b"'
        ' stroke-width="0.4"/></svg>'
    )


def seal_letters(words: str) -> list[dict[str, Any]]:
    """Return the letters along the seal line with their places, in millimetres from the top, read upwards."""
    step = 200 / max(1, len(words) - 1)
    return [{"text": letter, "at": f"{232 - number * step:.1f}"} for number, letter in enumerate(words)]
