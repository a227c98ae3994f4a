"""Items as pages show them: the type's own templates, filled by the type."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from exams.bank.types import Content, ItemKind, UnreadableAnswer, get_kind


def question(content: Content, answer: str = "") -> SafeString:
    """Return the question as the candidate sees it, options in their own order."""
    kind = get_kind(content.type)
    return _filled(kind, "question", kind.question(content, _order(kind, content), answer))


def review(content: Content, answer: str = "") -> SafeString:
    """Return the question with its key and, where there is one, an answer."""
    kind = get_kind(content.type)
    return _filled(kind, "review", kind.review(content, _order(kind, content), answer))


def editor(kind: ItemKind, content: Content | None, problems: Mapping[str, list[str]]) -> SafeString:
    """Return the type's own fields."""
    return _filled(kind, "editor", {**kind.editor(content), "problems": problems})


def _order(kind: ItemKind, content: Content) -> range:
    return range(kind.orderable(content))


def _filled(kind: ItemKind, view: str, facts: Mapping[str, Any]) -> SafeString:
    return render_to_string(kind.template(view), dict(facts))


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What the key says of an answer: the share of the points; None where a person marks."""

    answer: str
    share: Decimal | None
    is_readable: bool = True

    @property
    def is_right(self) -> bool:
        return self.share == 1

    @property
    def percent(self) -> int:
        return int((self.share or Decimal(0)) * 100)


def check_key(content: Content, fields: Mapping[str, list[str]]) -> KeyCheck:
    """Return what the item's key says of the fields of its question."""
    kind = get_kind(content.type)
    try:
        answer = kind.from_fields(content, fields)
    except UnreadableAnswer:
        return KeyCheck("", None, is_readable=False)
    points = kind.mark(content, answer, Decimal(100))
    return KeyCheck(answer, None if points is None else points / 100)
