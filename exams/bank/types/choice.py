"""What single and multiple choice share: options under letters, in an order drawn for each candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.sources import Record, Text
from exams.bank.rules import LETTERS, OPTION_COUNTS, fold, is_catch_all, key_fault, names_a_letter
from exams.bank.types.contract import Content, ItemKind, UnreadableAnswer


class ChoiceKind(ItemKind):
    """Single or multiple choice among lettered options."""

    keys = ("options", "key")
    is_multiple = False

    def read(self, record: Record) -> Content:
        options = _read_options(record, self.code, str(self.label))
        key = record.text("key", most=10)
        if key and (fault := key_fault(self.code, key)):
            record.fail(fault, "key")
        explanation = record.text("explanation", most=1000)
        if names_a_letter(explanation):
            record.fail(_("解析不能用字母指代选项：选项的顺序会打乱。"), "explanation")
        return Content(
            self.code,
            record.text("stem", most=1000),
            tuple(option.value for option in options),
            key,
            explanation,
        )

    def write(self, content: Content) -> dict[str, Any]:
        return {"options": list(content.options), "key": content.key}

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return {
            "is_multiple": self.is_multiple,
            "options": [
                {
                    "shown": shown,
                    "letter": LETTERS[index],
                    "text": content.options[index],
                    "is_chosen": LETTERS[index] in answer,
                }
                for shown, index in zip(LETTERS, order, strict=False)
            ],
        }

    def parse(self, content: Content, answer: str) -> str:
        letters = LETTERS[: len(content.options)]
        chosen = [letter for letter in letters if letter in answer]
        if "".join(chosen) != answer or (len(chosen) > 1 and not self.is_multiple):
            raise UnreadableAnswer
        return answer

    def from_fields(self, content: Content, fields: Mapping[str, Sequence[str]]) -> str:
        return self.parse(content, "".join(sorted(set(fields.get("answer", ())))))

    def mark(
        self, content: Content, answer: str, points: Decimal, *, half_credit: bool = False
    ) -> Decimal | None:
        if answer == content.key:
            return points
        is_part = self.is_multiple and bool(answer) and set(answer) < set(content.key)
        return points / 2 if half_credit and is_part else Decimal(0)

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        shown = self.question(content, order, answer)
        for option in shown["options"]:
            option["is_key"] = option["letter"] in content.key
        return shown

    def editor(self, content: Content | None) -> dict[str, Any]:
        options = content.options if content else ()
        letters = LETTERS[: max(OPTION_COUNTS[self.code], len(options))]
        return {
            "is_multiple": self.is_multiple,
            "rows": [
                {
                    "letter": letter,
                    "text": options[index] if index < len(options) else "",
                    "is_key": letter in (content.key if content else ""),
                }
                for index, letter in enumerate(letters)
            ],
        }

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Return options and key; a blank option falls out, and the letters after it move up."""
        rows = [
            (text.strip(), letter in fields.get("key", ()))
            for letter, text in zip(LETTERS, fields.get("option", ()), strict=False)
        ]
        filled = [row for row in rows if row[0]]
        key = "".join(letter for letter, (_text, is_key) in zip(LETTERS, filled, strict=False) if is_key)
        found = {"options": [text for text, _is_key in filled], "key": key}
        return {name: value for name, value in found.items() if value}


def _read_options(record: Record, code: str, label: str) -> Sequence[Text]:
    wanted = OPTION_COUNTS[code]
    options = record.texts("options", most=300)
    if options and len(options) != wanted:
        words = {"type": label, "wanted": wanted, "count": len(options)}
        record.fail(_("%(type)s应有 %(wanted)d 个选项，实为 %(count)d 个。") % words, "options")
    seen: dict[str, int] = {}
    for option in options:
        folded = fold(option.value)
        if folded and folded in seen:
            words = {"text": option.value, "line": seen[folded]}
            message = _("选项“%(text)s”与第 %(line)d 行的选项相同。") % words
            record.problems.add(record.file, option.line, message, "options")
        seen.setdefault(folded, option.line)
        if is_catch_all(option.value):
            message = _("不能用“%(text)s”这类概括其他选项的选项：选项的顺序会打乱。") % {"text": option.value}
            record.problems.add(record.file, option.line, message, "options")
    return options
