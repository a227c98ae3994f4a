"""True or false: one full declarative sentence."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sources import Record
from exams.bank.rules import has_blank
from exams.bank.types.contract import Content, ItemKind, UnreadableAnswer


class TrueFalse(ItemKind):
    """判断题. Practice: domain.md 5."""

    code = "true_false"
    label = gettext_lazy("判断题")
    position = 2
    keys = ("key",)

    def read(self, record: Record) -> Content:
        stem = record.text("stem", most=1000)
        if has_blank(stem):
            record.fail(_("判断题的题干应是完整的陈述句，不能留空。"), "stem")
        if "options" in record.data:
            record.fail(_("判断题没有选项。"), "options")
        key = "T" if record.flag("key") else "F"
        return Content(self.code, stem, key=key, explanation=record.text("explanation", most=1000))

    def write(self, content: Content) -> dict[str, Any]:
        return {"key": content.key == "T"}

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        # 对 and 错 belong to the item, not to the interface: they stay Chinese (D16).
        pairs = (("A", "T", "对"), ("B", "F", "错"))
        return {
            "is_multiple": False,
            "options": [
                {"shown": shown, "letter": letter, "text": text, "is_chosen": letter == answer}
                for shown, letter, text in pairs
            ],
        }

    def parse(self, content: Content, answer: str) -> str:
        if answer not in {"", "T", "F"}:
            raise UnreadableAnswer
        return answer

    def mark(
        self, content: Content, answer: str, points: Decimal, *, half_credit: bool = False
    ) -> Decimal | None:
        return points if answer == content.key else Decimal(0)

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        shown = self.question(content, order, answer)
        for option in shown["options"]:
            option["is_key"] = option["letter"] == content.key
        return shown

    def editor(self, content: Content | None) -> dict[str, Any]:
        return {"key": content.key if content else ""}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        chosen = "".join(fields.get("key", ()))
        return {"key": chosen == "T"} if chosen in {"T", "F"} else {}


KIND = TrueFalse()
