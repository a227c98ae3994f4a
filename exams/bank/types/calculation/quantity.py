"""Reads a number with its unit as candidates write it, and judges it against the key. Pure; Decimal only."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

MOST_CHARACTERS = 100
_SCALES = {
    "%": -2, "‰": -3, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11,
    "万亿": 12,
}  # fmt: skip
_LONGEST_FIRST = sorted(_SCALES, key=len, reverse=True)
_SAME = str.maketrans({"萬": "万", "億": "亿", "圓": "元", "圆": "元", "\u2212": "-", "–": "-", "—": "-"})
_QUANTITY = re.compile(
    r"(?P<number>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,4}(?:,[0-9]{4})+|[0-9]+)(?:\.[0-9]+)?)"
    r"(?P<unit>[^0-9.,+-].*)?",
    re.DOTALL,
)
_POWER = re.compile(r"[0-9\uff10-\uff19][⁰¹²³⁴-⁹⁺⁻]")  # 10² is no number with a unit, and not 102
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_TOLERANCE = re.compile(r"((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(%?)")
_CONTEXT = Context(prec=400)  # more digits than two answers have: nothing is ever rounded by accident


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far an answer may lie from the key: `amount` in the item's unit, or in per cent of the key."""

    amount: Decimal
    is_relative: bool

    def margin(self, key: Decimal) -> Decimal:
        """Return the greatest difference from `key` that is taken."""
        return _CONTEXT.multiply(abs(key), self.amount.scaleb(-2)) if self.is_relative else self.amount


EXACT = Tolerance(Decimal(0), is_relative=False)


def plain_number(text: str) -> Decimal | None:
    """Return the number of a text such as `-12.50`, digits only; None where it is none."""
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def tolerance_of(text: str) -> Tolerance | None:
    """Return what `0.5` (absolute) or `1%` (relative) allows; None where it is neither."""
    match = _TOLERANCE.fullmatch(text)
    return Tolerance(Decimal(match[1]), bool(match[2])) if match else None


def read_quantity(text: str, unit: str) -> Decimal | None:
    """Return the number of `text` in `unit`, or None where it is no number or one of another unit.

    Full-width signs, thousands separators, ¥, %, ‰ and 万, 亿 … are understood. A number alone is in the
    item's unit as it stands; `12万`, `12万元` and `120000元` are the same for 元 and for 万元.
    """
    if _POWER.search(text):
        return None
    folded = _fold(text).lstrip("=≈")
    is_money = folded.startswith("¥")
    match = _QUANTITY.fullmatch(folded.removeprefix("¥").rstrip("。"))
    if match is None:
        return None
    number = Decimal(match["number"].replace(",", ""))
    own_power, own_base = _split(_fold(unit))
    if is_money and own_base != "元":
        return None
    written = match["unit"] or ("元" if is_money else "")
    if not written:
        return number
    power, base = _split(written)
    return None if base not in {"", own_base} else number.scaleb(power - own_power, _CONTEXT)


def rounded(value: Decimal, places: int) -> Decimal:
    """Return `value` with `places` decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _CONTEXT)


def is_right(given: Decimal, key: Decimal, tolerance: Tolerance, places: int | None) -> bool:
    """Return whether `given` is taken for `key`; with `places` it is rounded first, so more digits are right.

    Decision: ADR 0014
    """
    with localcontext(_CONTEXT):
        if places is not None:
            given = rounded(given, places)
        return abs(given - key) <= tolerance.margin(key)


def shown(value: Decimal, places: int = 10) -> str:
    """Return a number for people: at most `places` decimals, no trailing zeros, no exponent."""
    text = f"{rounded(value, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_SAME)
    return "".join(
        char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf"
    ).casefold()


def _split(unit: str) -> tuple[int, str]:
    """Return the power of ten that a unit begins with, and what it counts: 万元 → (4, 元)."""
    for scale in _LONGEST_FIRST:
        if unit.startswith(scale):
            return _SCALES[scale], unit.removeprefix(scale)
    return 0, unit
