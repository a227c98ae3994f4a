"""Ordering: steps to be put in order, shown in an order drawn for each candidate."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sources import Record
from exams.bank.types.contract import Content, ItemKind, fields_of
from exams.bank.types.parts import (
    MOST_PART_CHARACTERS,
    check_distinct,
    handles,
    one_of,
    parse_parts,
    parts_of_form,
    share,
)
from exams.bank.types.skill import marked_text

_LEAST, _MOST = 3, 8
_SPARE_ROWS = 2


class Ordering(ItemKind):
    """排序题. Exactly right, or, with half credit, the share of neighbours that follow each other rightly.

    Decision: ADR 0014. In a file, beside the common keys:

        steps: [倾听客户陈述, 表示歉意, 提出方案, 跟踪回访]   # in the right order

    A step is known to page and answer by a letter that its text alone decides on (`handles`), never by
    its place; the answer gives each letter its rank. `order` permutes the letters.
    """

    code = "ordering"
    label = gettext_lazy("排序题")
    position = 6
    keys = ("steps",)

    def read(self, record: Record) -> Content:
        steps = record.texts("steps", most=MOST_PART_CHARACTERS)
        if steps and not _LEAST <= len(steps) <= _MOST:
            words = {"least": _LEAST, "most": _MOST, "count": len(steps)}
            record.fail(_("应有 %(least)d 到 %(most)d 个步骤，实为 %(count)d 个。") % words, "steps")
        check_distinct(record, steps)
        return Content(
            self.code,
            marked_text(record, "stem", most=2000),
            explanation=marked_text(record, "explanation", most=2000),
            data={"steps": [step.value for step in steps]},
        )

    def write(self, content: Content) -> dict[str, Any]:
        return {"steps": list(content.data["steps"])}

    def orderable(self, content: Content) -> int:
        return len(content.data["steps"])

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        ranks = fields_of(answer)
        texts = handles(content.data["steps"])
        letters = sorted(texts)
        drawn = [letters[index] for index in order]
        rows = [
            {"handle": letter, "shown": shown, "text": texts[letter], "rank": ranks.get(letter, "")}
            for shown, letter in zip(sorted(texts), drawn, strict=True)
        ]
        if _is_complete(ranks, len(letters)):
            rows.sort(key=lambda row: int(row["rank"]))
        return {"rows": rows, "ranks": _ranks(content)}

    def printed(self, content: Content, order: Sequence[int]) -> dict[str, Any]:
        return self.question(content, order, "")

    def parse(self, content: Content, answer: str) -> str:
        return parse_parts(answer, handles(content.data["steps"]), one_of(_ranks(content)))

    def from_fields(self, content: Content, fields: Mapping[str, Sequence[str]]) -> str:
        return self.parse(content, parts_of_form(fields, handles(content.data["steps"])))

    def mark(
        self, content: Content, answer: str, points: Decimal, *, half_credit: bool = False
    ) -> Decimal | None:
        given = _places(content, answer)
        if given == list(range(1, len(given) + 1)):
            return points
        if not half_credit:
            return Decimal(0)
        # A rank given twice says nothing about either step.
        clear = [rank if rank and given.count(rank) == 1 else 0 for rank in given]
        right = sum(1 for one, other in pairwise(clear) if one and other == one + 1)
        return share(points, right, len(given) - 1)

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        steps = [
            {"number": number, "text": text, "given": given, "is_right": number == given}
            for number, (text, given) in enumerate(
                zip(content.data["steps"], _places(content, answer), strict=True), start=1
            )
        ]
        return {"steps": steps, "is_answered": bool(answer)}

    def editor(self, content: Content | None) -> dict[str, Any]:
        steps = list(content.data["steps"]) if content else []
        rows = [*steps, *[""] * max(_SPARE_ROWS, _LEAST - len(steps))][:_MOST]
        return {"content": content, "steps": rows}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        return {"steps": [row.strip() for row in fields.get("steps", ()) if row.strip()]}


def _ranks(content: Content) -> list[str]:
    return [str(rank) for rank in range(1, len(content.data["steps"]) + 1)]


def _is_complete(ranks: Mapping[str, str], count: int) -> bool:
    return sorted(ranks.values()) == [str(rank) for rank in range(1, count + 1)]


def _places(content: Content, answer: str) -> list[int]:
    """Return the rank that the answer gives each step, in the right order of the steps; 0 for none."""
    ranks = fields_of(answer)
    letters = {text: letter for letter, text in handles(content.data["steps"]).items()}
    return [int(ranks.get(letters[text], 0)) for text in content.data["steps"]]


KIND = Ordering()
