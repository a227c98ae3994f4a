"""What changed between two versions, in words that a reader follows. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A Chinese character is a word of its own; Latin words, numbers and blanks stay whole.
_WORD = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_LEAST_ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: kept, gone or new."""

    kind: str  # "same", "gone" or "new"
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs, piece by piece."""

    key: str
    pieces: tuple[Piece, ...]


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return how `before` became `after`; texts with little in common are shown as replaced whole."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if before and after and matcher.ratio() < _LEAST_ALIKE:
        return Piece("gone", before), Piece("new", after)
    found = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            found.append(Piece("gone", "".join(old[i1:i2])))
        if j2 > j1:
            found.append(Piece("new", "".join(new[j1:j2])))
    return tuple(found)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """Return the fields that differ between two records, in their order."""
    found = []
    for key in dict.fromkeys([*before, *after]):
        old, new = words(before.get(key)), words(after.get(key))
        if old != new:
            found.append(FieldChange(key, pieces(old, new)))
    return found


def words(value: Any, depth: int = 0) -> str:
    """Return a record's value as lines of text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "√" if value else "×"
    indent = "　" * depth
    if isinstance(value, Mapping):
        return "\n".join(f"{indent}{key}：{_inside(member, depth)}" for key, member in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(
            f"{indent}{number}. {_inside(member, depth)}" for number, member in enumerate(value, start=1)
        )
    return str(value)


def _inside(value: Any, depth: int) -> str:
    is_many = isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str))
    return "\n" + words(value, depth + 1) if is_many else words(value)
