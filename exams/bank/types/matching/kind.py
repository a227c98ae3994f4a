"""Matching: things on the left, each with its partner among those on the right."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sources import Record, Text
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

_LEAST, _MOST = 2, 8
_MOST_UNUSED = 4
_SPARE_ROWS = 2


class Matching(ItemKind):
    """匹配题. Each pair earns an equal share of the points. Decision: ADR 0014.

    In a file, beside the common keys:

        pairs:
          - {left: 前台接待, right: 登记来访客户}
          - {left: 投诉专员, right: 受理客户投诉}
        unused: [编制年度预算]   # optional: right-hand items that belong to nothing

    The answer gives each left item (by its number) the letter of a right item. Letters come from the texts
    alone (`handles`), so they say nothing about pairs; `order` permutes them.
    """

    code = "matching"
    label = gettext_lazy("匹配题")
    position = 7
    keys = ("pairs", "unused")

    def read(self, record: Record) -> Content:
        lefts, rights = [], []
        for row in record.records("pairs"):
            row.only("left", "right")
            lefts.append(Text(row.text("left", most=MOST_PART_CHARACTERS), row.line_of("left")))
            rights.append(Text(row.text("right", most=MOST_PART_CHARACTERS), row.line_of("right")))
        unused = list(record.texts("unused", most=MOST_PART_CHARACTERS)) if record.has("unused") else []
        if lefts and not _LEAST <= len(lefts) <= _MOST:
            words = {"least": _LEAST, "most": _MOST, "count": len(lefts)}
            record.fail(_("应有 %(least)d 到 %(most)d 对，实为 %(count)d 对。") % words, "pairs")
        if len(unused) > _MOST_UNUSED:
            record.fail(_("多余的右项最多 %(most)d 个。") % {"most": _MOST_UNUSED}, "unused")
        check_distinct(record, lefts)
        check_distinct(record, [*rights, *unused])
        data: dict[str, Any] = {
            "pairs": [[left.value, right.value] for left, right in zip(lefts, rights, strict=True)]
        }
        if unused:
            data["unused"] = [one.value for one in unused]
        return Content(
            self.code,
            marked_text(record, "stem", most=2000),
            explanation=marked_text(record, "explanation", most=2000),
            data=data,
        )

    def write(self, content: Content) -> dict[str, Any]:
        found: dict[str, Any] = {
            "pairs": [{"left": left, "right": right} for left, right in content.data["pairs"]]
        }
        unused = list(content.data.get("unused", ()))
        return found | ({"unused": unused} if unused else {})

    def orderable(self, content: Content) -> int:
        return len(_rights(content))

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        given = fields_of(answer)
        texts = handles(_rights(content))
        letters = sorted(texts)
        drawn = [letters[index] for index in order]
        return {
            "rows": [
                {"number": number, "text": left, "given": given.get(number, "")}
                for number, (left, _right) in zip(_names(content), content.data["pairs"], strict=True)
            ],
            "choices": [
                {"shown": shown, "handle": letter, "text": texts[letter]}
                for shown, letter in zip(letters, drawn, strict=True)
            ],
        }

    def parse(self, content: Content, answer: str) -> str:
        return parse_parts(answer, _names(content), one_of(handles(_rights(content))))

    def from_fields(self, content: Content, fields: Mapping[str, Sequence[str]]) -> str:
        return self.parse(content, parts_of_form(fields, _names(content)))

    def mark(
        self, content: Content, answer: str, points: Decimal, *, half_credit: bool = False
    ) -> Decimal | None:
        pairs = content.data["pairs"]
        right = sum(given == key for given, (_left, key) in zip(_given(content, answer), pairs, strict=True))
        return share(points, right, len(pairs))

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        rows = [
            {"text": left, "key": key, "given": given, "is_right": given == key}
            for given, (left, key) in zip(_given(content, answer), content.data["pairs"], strict=True)
        ]
        return {"rows": rows, "unused": content.data.get("unused", [])}

    def editor(self, content: Content | None) -> dict[str, Any]:
        pairs = [list(pair) for pair in content.data["pairs"]] if content else []
        unused = list(content.data.get("unused", ())) if content else []
        spare = max(_SPARE_ROWS, _LEAST - len(pairs))
        return {
            "content": content,
            "pairs": [*pairs, *[["", ""]] * spare][:_MOST],
            "unused": [*unused, *[""] * _SPARE_ROWS][:_MOST_UNUSED],
        }

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        lefts, rights = fields.get("pair_left", ()), fields.get("pair_right", ())
        pairs = [
            {"left": left.strip(), "right": right.strip()} for left, right in zip(lefts, rights, strict=False)
        ]
        found: dict[str, Any] = {"pairs": [pair for pair in pairs if any(pair.values())]}
        unused = [row.strip() for row in fields.get("unused", ()) if row.strip()]
        return found | ({"unused": unused} if unused else {})


def _names(content: Content) -> list[str]:
    return [str(number) for number in range(1, len(content.data["pairs"]) + 1)]


def _rights(content: Content) -> list[str]:
    return [right for _left, right in content.data["pairs"]] + list(content.data.get("unused", ()))


def _given(content: Content, answer: str) -> list[str]:
    """Return the text chosen for each left item; empty for none."""
    fields, texts = fields_of(answer), handles(_rights(content))
    return [texts.get(fields.get(name, ""), "") for name in _names(content)]


KIND = Matching()
