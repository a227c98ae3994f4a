"""Evaluates a calculation of numbers: + - * / ( ) ^, nothing else; Decimal to fifty digits."""

import re
import unicodedata
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow

MOST_CHARACTERS = 300
_MOST_DEPTH = 30
_TOKEN = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|[-+*/^()])")
_SIGNS = str.maketrans({"×": "*", "÷": "/", "\u2212": "-", "–": "-", "—": "-", "·": "*", "[": "(", "]": ")"})
_CONTEXT = Context(prec=50, Emax=60, Emin=-60, traps=[InvalidOperation, DivisionByZero, Overflow])


class BadExpression(ValueError):
    """The text is no calculation of numbers, or one without a result."""


def evaluate(text: str) -> Decimal:
    """Return the value of a calculation such as `(120000-80000)/120000*100`; raises BadExpression.

    `^` binds to the right and before a sign, as on paper: -2^2 is -4. × and ÷ and full-width signs count too.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadExpression
    reader = _Reader(_tokens(unicodedata.normalize("NFKC", text).translate(_SIGNS).rstrip()))
    try:
        value = reader.total(0)
    except DecimalException:
        raise BadExpression from None
    if reader.rest():
        raise BadExpression
    return value


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise BadExpression
        found.append(match[1])
        position = match.end()
    return found


class _Reader:
    """Reads by descent: sum, product, sign, power, atom."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0

    def rest(self) -> list[str]:
        return self._tokens[self._next :]

    def _take(self, allowed: str) -> str:
        """Return the next token and go on where it is one of the signs in `allowed`, else an empty text."""
        token = self._tokens[self._next] if self._next < len(self._tokens) else ""
        if not token or token not in allowed:
            return ""
        self._next += 1
        return token

    def total(self, depth: int) -> Decimal:
        value = self._product(depth)
        while sign := self._take("+-"):
            right = self._product(depth)
            value = _CONTEXT.add(value, right) if sign == "+" else _CONTEXT.subtract(value, right)
        return value

    def _product(self, depth: int) -> Decimal:
        value = self._signed(depth)
        while sign := self._take("*/"):
            right = self._signed(depth)
            value = _CONTEXT.multiply(value, right) if sign == "*" else _CONTEXT.divide(value, right)
        return value

    def _signed(self, depth: int) -> Decimal:
        if depth > _MOST_DEPTH:
            raise BadExpression
        sign = self._take("+-")
        if sign:
            value = self._signed(depth + 1)
            return _CONTEXT.minus(value) if sign == "-" else value
        base = self._atom(depth)
        if not self._take("^"):
            return base
        value = _CONTEXT.power(base, self._signed(depth + 1))
        if not value.is_finite():  # 0^-1 raises nothing
            raise BadExpression
        return value

    def _atom(self, depth: int) -> Decimal:
        if self._take("("):
            value = self.total(depth + 1)
            if not self._take(")"):
                raise BadExpression
            return value
        if self._next >= len(self._tokens) or not self._tokens[self._next][0].isdigit():
            raise BadExpression
        self._next += 1
        return _CONTEXT.create_decimal(self._tokens[self._next - 1])
