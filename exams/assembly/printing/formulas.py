"""Formulas for paper: MathML as plain HTML, since WeasyPrint draws no MathML.

Only what exams.bank.text lets through comes here: a fraction is two lines with a rule between, a root a sign
with a line above its content; indices are raised or lowered; limits stand above and below.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_ENTITY = re.compile(r"&(?!#|amp;|lt;|gt;|quot;)\w+;")
_LIMITED = "∑∏"  # their limits stand above and below
_MINUS = "\u2212"
_SPACED = f"+{_MINUS}-±∓×÷·⋅=<>≤≥≠≈≡→"
_BARS = "¯―‾_"


def without_mathml(html: str) -> str:
    """Return HTML with every formula as spans (classes `frac`, `root`, `bar`, `limits`, `both`, `op`)."""
    return _MATH.sub(lambda found: f'<span class="math">{_formula(found[0])}</span>', html)


def _formula(source: str) -> str:
    return _written(fromstring(_ENTITY.sub(" ", source)))


def _written(node: ElementTree.Element) -> str:
    name = node.tag.rpartition("}")[2]
    writer = _WRITERS.get(name)
    return writer(node) if writer else "".join(_written(one) for one in node)


def _text(node: ElementTree.Element) -> str:
    return escape("".join(node.itertext()).strip())


def _variable(node: ElementTree.Element) -> str:
    text = _text(node)
    return f"<i>{text}</i>" if len(text) == 1 and text.isascii() and text.isalpha() else text


def _operator(node: ElementTree.Element) -> str:
    text = "".join(node.itertext()).strip()
    shown = _MINUS if text == "-" else text
    return f'<span class="op">{escape(shown)}</span>' if shown in _SPACED else escape(shown)


def _fraction(node: ElementTree.Element) -> str:
    above, below = node
    return f'<span class="frac"><span>{_written(above)}</span><span>{_written(below)}</span></span>'


_RADICAL = (
    '<svg class="radical" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 100" preserveAspectRatio="none">'
    '<path d="M0 62L7 56L16 97L30 1" fill="none" stroke="#1b1b1b" stroke-width="3"/></svg>'
)  # as high as what it stands before


def _root(content: str, index: str = "") -> str:
    is_tall = 'class="frac' in content
    kind, sign = ("root tall", _RADICAL) if is_tall else ("root", '<span class="sign">√</span>')
    order = f"<sup>{index}</sup>" if index else ""
    return f'<span class="{kind}">{order}{sign}<span class="under">{content}</span></span>'


def _square_root(node: ElementTree.Element) -> str:
    return _root("".join(_written(one) for one in node))


def _nth_root(node: ElementTree.Element) -> str:
    content, index = node
    return _root(_written(content), _written(index))


def _raised(node: ElementTree.Element) -> str:
    base, index = node
    return f"{_written(base)}<sup>{_written(index)}</sup>"


def _lowered(node: ElementTree.Element) -> str:
    base, index = node
    sign = _text(base)
    if sign and sign in _LIMITED:
        return _limits(_written(base), _written(index), "")
    return f"{_written(base)}<sub>{_written(index)}</sub>"


def _both(node: ElementTree.Element) -> str:
    base, low, high = node
    sign = _text(base)
    if sign and sign in _LIMITED:
        return _limits(_written(base), _written(low), _written(high))
    both = f'<span class="both"><span>{_written(high)}</span><span>{_written(low)}</span></span>'
    return f"{_written(base)}{both}"


def _limits(sign: str, low: str, high: str) -> str:
    parts = ((high, ' class="small"'), (sign, ""), (low, ' class="small"'))
    rows = "".join(f"<span{kind}>{text}</span>" for text, kind in parts if text)
    return f'<span class="limits">{rows}</span>'


def _over(node: ElementTree.Element) -> str:
    base, mark = node
    if _text(mark) in _BARS:
        return f'<span class="bar">{_written(base)}</span>'
    return _limits(_written(base), "", _written(mark))


def _under(node: ElementTree.Element) -> str:
    base, mark = node
    return _limits(_written(base), _written(mark), "")


def _under_and_over(node: ElementTree.Element) -> str:
    base, low, high = node
    return _limits(_written(base), _written(low), _written(high))


def _space(_node: ElementTree.Element) -> str:
    return "&#8195;"


_WRITERS: dict[str, Callable[[ElementTree.Element], str]] = {
    "mi": _variable,
    "mn": _text,
    "mo": _operator,
    "mtext": _text,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _nth_root,
    "msup": _raised,
    "msub": _lowered,
    "msubsup": _both,
    "mover": _over,
    "munder": _under,
    "munderover": _under_and_over,
}
