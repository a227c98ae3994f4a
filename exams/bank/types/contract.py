"""The contract of an item type: read, write, ask, take an answer, mark, show with the key, print.

Types are pure as rules are: values in, values out, no database, no clock. What a candidate sees comes from
`question` alone, so a key can only leak there. An **answer** is one text in a canonical form that the type
decides on: a single field's value as it is (letters, a number, an essay), or, for several fields, a JSON
object `{"field": "value"}` with sorted keys. Empty always means "not answered".

Standard: none; the contract is ours (ADR 0013).
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from config.sources import Record
from exams.bank.enums import Marking

MOST_ANSWER_CHARACTERS = 20_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # neither the database nor UTF-8 takes them


class UnreadableAnswer(ValueError):
    """The text is no answer to this item; nothing a page of ours sends."""


@dataclass(frozen=True, slots=True)
class RubricLevel:
    """One level of a criterion's rubric: from how many points on, and what earns them."""

    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a skill task (D9): whole points between `least` and `most`, one skill requirement."""

    requirement: str
    text: str
    least: int
    most: int
    levels: tuple[RubricLevel, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What one version of an item says, apart from where it belongs and how hard it is.

    `stem`, `explanation` are Markdown (exams.bank.text). `options` and `key` are of choice types (letters of
    the options in order; T or F). `data` is whatever else the type needs, as JSON. `criteria` are of skill
    tasks.
    """

    type: str
    stem: str
    options: tuple[str, ...] = ()
    key: str = ""
    explanation: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()


class ItemKind(ABC):
    """An item type. Instances hold no state."""

    code: ClassVar[str]
    label: ClassVar[Any]
    position: ClassVar[int]  # where it stands in lists and papers
    marking: ClassVar[Marking] = Marking.AUTO
    part: ClassVar[str] = "theory"  # or "skill": then it has criteria and no knowledge point
    keys: ClassVar[tuple[str, ...]] = ()  # keys of its record in a file, beside the common ones

    def __str__(self) -> str:
        return self.code

    # --- Files

    @abstractmethod
    def read(self, record: Record) -> Content:
        """Return the content of a file's record; every problem is noted in the record, none raised."""

    @abstractmethod
    def write(self, content: Content) -> dict[str, Any]:
        """Return the record's own keys and values, so that `read` gives the same content again."""

    # --- Sitting

    def orderable(self, content: Content) -> int:
        """Return how many things have an order that is drawn for each candidate (options); 0 for none."""
        return len(content.options)

    @abstractmethod
    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        """Return what `question.html` needs, never a key. `order`: `orderable` indices."""

    @abstractmethod
    def parse(self, content: Content, answer: str) -> str:
        """Return `answer` in its canonical form; raises UnreadableAnswer for what is no answer."""

    def from_fields(self, content: Content, fields: Mapping[str, Sequence[str]]) -> str:
        """Return the canonical answer of a plain form's fields: `answer`, or `answer.<name>` where several.

        The default takes one field named `answer`.
        """
        return self.parse(content, "".join(fields.get("answer", ())))

    # --- Marking and showing

    def mark(
        self, content: Content, answer: str, points: Decimal, *, half_credit: bool = False
    ) -> Decimal | None:
        """Return the points gained out of `points`, or None where a person marks; nothing for no answer."""
        del content, answer, points, half_credit
        return None

    @abstractmethod
    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        """Return what `review.html` needs: the question with key, answer and what was right."""

    def printed(self, content: Content, order: Sequence[int]) -> dict[str, Any]:
        """Return what `print.html` needs; by default what `question` gives for an empty answer."""
        return self.question(content, order, "")

    # --- Editing

    def editor(self, content: Content | None) -> dict[str, Any]:
        """Return what `editor.html` needs to show the type's own fields; None for a new item."""
        return {"content": content}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Return the record's own keys and values from the editor's fields, blank rows left out.

        They go through `read` like a file's, so that both are checked by the same code.
        """
        return {key: fields.get(key, [""])[0] for key in self.keys}

    # --- Templates

    def template(self, view: str) -> str:
        """Return the template of a view: question, review, print or editor."""
        return f"item_types/{self.code}/{view}.html"


def fields_of(answer: str) -> dict[str, str]:
    """Return the fields of an answer of several fields; raises UnreadableAnswer where it is none."""
    if not answer:
        return {}
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        raise UnreadableAnswer from None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise UnreadableAnswer
    if any(_UNSTORABLE.search(text) for text in (*found, *found.values())):
        raise UnreadableAnswer
    return found


def answer_of(fields: Mapping[str, str]) -> str:
    """Return the canonical answer of several fields: sorted, blanks left out; empty where all are blank."""
    filled = {name: value for name, value in sorted(fields.items()) if value.strip()}
    return json.dumps(filled, ensure_ascii=False, separators=(",", ":")) if filled else ""


def checked_text(answer: str, *, most: int = MOST_ANSWER_CHARACTERS) -> str:
    """Return a free text as it is stored; raises UnreadableAnswer for one that cannot be or is too long."""
    if _UNSTORABLE.search(answer) or len(answer) > most:
        raise UnreadableAnswer
    return answer.replace("\r\n", "\n").replace("\r", "\n")
