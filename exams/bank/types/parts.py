"""What types share whose answer has several parts: their fields, their letters, the points of some."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from string import ascii_uppercase

from django.utils.translation import gettext as _

from config.sources import Record, Text
from exams.bank.rules import fold
from exams.bank.types.contract import UnreadableAnswer, answer_of, fields_of

MOST_PART_CHARACTERS = 200
_SMALLEST = Decimal("0.0001")  # as points are stored


def share(points: Decimal, right: int, of: int) -> Decimal:
    """Return what `right` of `of` equal parts earn: all of `points` for all, else cut off as stored.

    Decision: ADR 0014
    """
    return points if right >= of else (points * right / of).quantize(_SMALLEST, ROUND_DOWN)


def parse_parts(answer: str, names: Collection[str], tidy: Callable[[str], str]) -> str:
    """Return an answer of the fields `names` in its canonical form, each value tidied.

    Raises UnreadableAnswer for other fields; `tidy` may raise it too.
    """
    fields = fields_of(answer)
    if not fields.keys() <= set(names):
        raise UnreadableAnswer
    return answer_of({name: tidy(value) for name, value in fields.items()})


def parts_of_form(fields: Mapping[str, Sequence[str]], names: Collection[str]) -> str:
    """Return the answer that a plain form's fields `answer.<name>` make, not yet parsed."""
    return answer_of({name: next(iter(fields.get(f"answer.{name}", ())), "") for name in names})


def one_line(text: str) -> str:
    """Return a text in one line, trimmed."""
    return " ".join(text.split())


def one_of(allowed: Collection[str]) -> Callable[[str], str]:
    """Return a tidier that takes blanks and the values in `allowed` only."""

    def tidy(value: str) -> str:
        value = value.strip()
        if value and value not in allowed:
            raise UnreadableAnswer
        return value

    return tidy


def handles(texts: Collection[str]) -> dict[str, str]:
    """Return the texts under letters A, B, … that the texts alone decide on, whatever order they come in.

    Pages and answers name parts by these letters: the place of a part in the item would be the key.
    """
    by_digest = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
    return dict(zip(ascii_uppercase, by_digest, strict=False))


def check_distinct(record: Record, texts: Sequence[Text]) -> None:
    """Note every text that reads the same as one before it."""
    seen: dict[str, int] = {}
    for text in texts:
        folded = fold(text.value)
        if folded and folded in seen:
            words = {"text": text.value, "line": seen[folded]}
            record.problems.add(record.file, text.line, _("“%(text)s”与第 %(line)d 行的相同。") % words)
        seen.setdefault(folded, text.line)
