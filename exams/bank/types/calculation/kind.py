"""Calculation: one number with its unit; the file's expression must compute to the key."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sources import Record
from exams.bank.types.calculation import expression, quantity
from exams.bank.types.contract import Content, ItemKind, checked_text
from exams.bank.types.parts import one_line
from exams.bank.types.skill import first, marked_text, tidy, whole

_MOST_PLACES = 8
_CLOSE = Decimal("1e-30")  # a quotient such as 1/3*3 is not exact to the last of fifty digits


class Calculation(ItemKind):
    """计算题. Right or wrong, with a tolerance where the item gives one. Decision: ADR 0014.

    In a file, beside the common keys (`explanation` is the worked solution):

        key: "33.33"            # in the item's unit
        unit: "%"               # optional; 元, 万元, 人次 …
        places: 2               # optional: key and answers are rounded to so many decimals
        tolerance: "0.05"       # optional: absolute in the unit, or "1%" of the key
        formula: 流失率=流失客户数÷期初客户数×100%
        expression: 40/120*100  # must compute to the key
    """

    code = "calculation"
    label = gettext_lazy("计算题")
    position = 4
    keys = ("key", "unit", "places", "tolerance", "formula", "expression")

    def read(self, record: Record) -> Content:
        formula = marked_text(record, "formula", most=500)
        data = read_number(record) | ({"formula": formula} if formula else {})
        return Content(
            self.code,
            marked_text(record, "stem", most=2000),
            explanation=marked_text(record, "explanation", most=2000),
            data=data,
        )

    def write(self, content: Content) -> dict[str, Any]:
        return dict(content.data)

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return {
            "unit": content.data.get("unit", ""),
            "places": content.data.get("places"),
            "answer": answer,
            "most": quantity.MOST_CHARACTERS,
        }

    def parse(self, content: Content, answer: str) -> str:
        # Whatever was typed is kept, also what is no number (yet): marking decides.
        return one_line(checked_text(answer, most=quantity.MOST_CHARACTERS))

    def mark(
        self, content: Content, answer: str, points: Decimal, *, half_credit: bool = False
    ) -> Decimal | None:
        key = quantity.plain_number(content.data["key"])
        given = quantity.read_quantity(answer, content.data.get("unit", "")) if answer else None
        if key is None or given is None:
            return Decimal(0)
        tolerance = quantity.tolerance_of(content.data.get("tolerance", "")) or quantity.EXACT
        is_right = quantity.is_right(given, key, tolerance, content.data.get("places"))
        return points if is_right else Decimal(0)

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        given = quantity.read_quantity(answer, content.data.get("unit", "")) if answer else None
        return self.question(content, order, answer) | {
            "key": content.data["key"],
            "is_right": bool(self.mark(content, answer, Decimal(1))),
            "is_number": given is not None,
            "tolerance": content.data.get("tolerance", ""),
            "formula": content.data.get("formula", ""),
            "expression": content.data.get("expression", ""),
        }

    def editor(self, content: Content | None) -> dict[str, Any]:
        data = content.data if content else {}
        return {"content": content, "fields": {name: data.get(name, "") for name in self.keys}}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        found: dict[str, Any] = {name: tidy(first(fields, name)) for name in self.keys}
        found["places"] = whole(found["places"])
        return {name: value for name, value in found.items() if value != ""}


def read_number(record: Record) -> dict[str, Any]:
    """Return key, unit, places, tolerance and expression of a record, without what is blank.

    Notes every problem, an expression that does not compute to the key among them.
    """
    data: dict[str, Any] = {
        "key": record.text("key", most=40),
        "unit": record.text("unit", default="", most=20),
        "places": None,
        "tolerance": record.text("tolerance", default="", most=20),
        "expression": record.text("expression", most=expression.MOST_CHARACTERS),
    }
    if record.has("places"):
        data["places"] = record.integer("places", least=0, most=_MOST_PLACES)
    _check_number(record, data)
    return {name: value for name, value in data.items() if value not in {"", None}}


def _check_number(record: Record, data: Mapping[str, Any]) -> None:
    """Note what is wrong with key, tolerance and expression, each by itself and together."""
    key, places = quantity.plain_number(data["key"]), data["places"]
    if key is None:
        if data["key"]:
            record.fail(_('key 应为数字（如 "-12.50"，不带分隔符和单位），实为 %s。') % data["key"], "key")
    elif places is not None and max(0, -int(key.as_tuple().exponent)) != places:
        record.fail(_("key 应写成 %(places)d 位小数。") % {"places": places}, "key")
    tolerance = quantity.tolerance_of(data["tolerance"] or "0")
    if tolerance is None:
        record.fail(_('tolerance 应如 "0.05"（绝对）或 "1%"（相对）。'), "tolerance")
    elif key and tolerance.margin(key) >= abs(key):
        record.fail(_("tolerance 太大：0 也会算对。"), "tolerance")
    if data["expression"]:
        _check_expression(record, data["expression"], key, places)


def _check_expression(record: Record, text: str, key: Decimal | None, places: int | None) -> None:
    try:
        value = expression.evaluate(text)
    except expression.BadExpression:
        record.fail(_("expression 只能由数字和 + - * / ^ ( ) 组成，并能算出结果：%s") % text, "expression")
        return
    if key is None:
        return
    if places is None:
        is_same = abs(value - key) <= _CLOSE * max(Decimal(1), abs(key))
    else:
        is_same = quantity.rounded(value, places) == key
    if not is_same:
        words = {"value": quantity.shown(value), "key": key}
        record.fail(_("expression 算得 %(value)s，与答案 %(key)s 不符。") % words, "expression")


KIND = Calculation()
