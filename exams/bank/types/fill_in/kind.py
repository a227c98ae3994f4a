"""Fill-in: blanks in the stem, each with the answers that are taken for it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sources import Record
from exams.bank.types.contract import Content, ItemKind, UnreadableAnswer, fields_of
from exams.bank.types.fill_in.spelling import same_spelling
from exams.bank.types.parts import one_line, parse_parts, parts_of_form, share
from exams.bank.types.skill import first, marked_text

_MOST_BLANKS = 10
_MOST_CHARACTERS = 200
_BLANK = re.compile(r"_{2,}[(（]([0-9]{1,2})[)）]")
_BAR = re.compile("[|\uff5c]")
_SPARE_ROWS = 2


class FillIn(ItemKind):
    """填空题. Each blank earns an equal share of the points. Decision: ADR 0014.

    A blank is marked in the stem as `____(1)`: underscores, then its number in brackets, from 1 on. In a
    file, beside the common keys:

        stem: 客户生命周期的第一个阶段是____(1)，最后一个阶段是____(2)。
        blanks: [考察期 | 探索期, 退化期]   # one text a blank; | stands between answers that are taken
        any_order: true                    # optional: the blanks may be filled in any order
    """

    code = "fill_in"
    label = gettext_lazy("填空题")
    position = 5
    keys = ("blanks", "any_order")

    def read(self, record: Record) -> Content:
        stem = marked_text(record, "stem", most=2000)
        blanks = [[part.strip() for part in _BAR.split(one.value)] for one in record.texts("blanks")]
        data: dict[str, Any] = {"blanks": blanks}
        if record.flag("any_order", default=False):
            data["any_order"] = True
        _check_blanks(record, stem, blanks)
        _check_spellings(record, blanks, "any_order" in data)
        return Content(self.code, stem, explanation=marked_text(record, "explanation", most=2000), data=data)

    def write(self, content: Content) -> dict[str, Any]:
        found: dict[str, Any] = {"blanks": [" | ".join(blank) for blank in content.data["blanks"]]}
        return found | ({"any_order": True} if content.data.get("any_order") else {})

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        given = fields_of(answer)
        blanks = [{"number": name, "given": given.get(name, "")} for name in _names(content)]
        return {"blanks": blanks, "most": _MOST_CHARACTERS}

    def parse(self, content: Content, answer: str) -> str:
        return parse_parts(answer, _names(content), _tidy)

    def from_fields(self, content: Content, fields: Mapping[str, Sequence[str]]) -> str:
        return self.parse(content, parts_of_form(fields, _names(content)))

    def mark(
        self, content: Content, answer: str, points: Decimal, *, half_credit: bool = False
    ) -> Decimal | None:
        right = _right(content, answer)
        return share(points, sum(right), len(right))

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        shown = self.question(content, order, answer)
        accepted = content.data["blanks"]
        for blank, is_right, words in zip(shown["blanks"], _right(content, answer), accepted, strict=True):
            blank |= {"is_right": is_right, "accepted": words}
        return shown | {"any_order": content.data.get("any_order", False)}

    def editor(self, content: Content | None) -> dict[str, Any]:
        data = self.write(content) if content else {}
        rows = [*data.get("blanks", []), *[""] * _SPARE_ROWS][:_MOST_BLANKS]
        return {"content": content, "blanks": rows, "any_order": data.get("any_order", False)}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        rows = [row.strip() for row in fields.get("blanks", ()) if row.strip()]
        return {"blanks": rows} | ({"any_order": True} if first(fields, "any_order") else {})


def _names(content: Content) -> list[str]:
    return [str(number) for number in range(1, len(content.data["blanks"]) + 1)]


def _tidy(value: str) -> str:
    value = one_line(value)
    if len(value) > _MOST_CHARACTERS:
        raise UnreadableAnswer
    return value if same_spelling(value) else ""


def _right(content: Content, answer: str) -> list[bool]:
    """Return of each blank whether it is filled in rightly; in any order each answer counts once."""
    given = fields_of(answer)
    spellings = [{same_spelling(one) for one in blank} for blank in content.data["blanks"]]
    if not content.data.get("any_order"):
        return [
            same_spelling(given.get(name, "")) in accepted
            for name, accepted in zip(_names(content), spellings, strict=True)
        ]
    open_blanks = list(spellings)  # no spelling is taken for two blanks: reading sees to it
    right = []
    for name in _names(content):
        word = same_spelling(given.get(name, ""))
        hit = next((one for one in open_blanks if word in one), None)
        if hit is not None:
            open_blanks.remove(hit)
        right.append(hit is not None)
    return right


def _check_blanks(record: Record, stem: str, blanks: Sequence[Sequence[str]]) -> None:
    if len(blanks) > _MOST_BLANKS:
        record.fail(_("最多 %(most)d 个空。") % {"most": _MOST_BLANKS}, "blanks")
    marked = [int(number) for number in _BLANK.findall(stem)]
    if stem and not marked:
        record.fail(_("题干里没有空：写作 ____(1)、____(2) ……"), "stem")
    elif marked and marked != list(range(1, len(marked) + 1)):
        found = "、".join(map(str, marked))
        record.fail(_("题干里的空应从 1 起按顺序编号，各一次，实为 %s。") % found, "stem")
    elif marked and blanks and len(marked) != len(blanks):
        words = {"marked": len(marked), "count": len(blanks)}
        record.fail(_("题干里有 %(marked)d 个空，blanks 有 %(count)d 项。") % words, "blanks")


def _check_spellings(record: Record, blanks: Sequence[Sequence[str]], any_order: bool) -> None:
    for number, blank in enumerate(blanks, start=1):
        folded = [same_spelling(one) for one in blank]
        if not all(folded):
            record.fail(_("第 %(number)d 空有一种写法是空的。") % {"number": number}, "blanks")
        for one, count in Counter(folded).items():
            if one and count > 1:
                words = {"number": number, "text": blank[folded.index(one)]}
                record.fail(
                    _("第 %(number)d 空的写法“%(text)s”重复（全角半角、大小写、繁简视为相同）。") % words,
                    "blanks",
                )
    if any_order:
        seen = Counter(one for blank in blanks for one in {same_spelling(one) for one in blank})
        if shared := [one for one, count in seen.items() if one and count > 1]:
            record.fail(_("不限顺序时，“%s”不能算作两个空的答案。") % shared[0], "blanks")


KIND = FillIn()
