"""Text of items: a safe subset of Markdown with tables, pictures and formulas, as HTML or as plain text.

What is understood: paragraphs, line breaks, `**strong**`, lists, quotations, tables, pictures
`![替代文字](pic:<sha256>)` and formulas `$…$`. Headings, links, code and HTML are not: they stay as typed.
The HTML is built by us and then washed through an allow-list, so that neither a slip here nor one in a
library lets markup of an item's writer through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

import nh3
from django.template import Library
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

register = Library()

PictureUrl = Callable[[str], str]

_PICTURE = re.compile(r"pic:([0-9a-f]{64})")
_MOST_FORMULA_CHARACTERS = 500
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_COMMAND_NAMES = (
    "frac dfrac sqrt times div cdot pm mp le leq ge geq ne neq approx equiv sum prod bar overline text mathrm"
    " left right lt gt infty alpha beta gamma delta Delta theta lambda mu pi rho sigma Sigma"
    " quad ldots cdots to rightarrow % , ; ! { }"
)
_COMMANDS = frozenset(_COMMAND_NAMES.split()) | {" "}
_TEXT_COMMAND = re.compile(r"(\\(?:text|mathrm)\{[^{}]*\})")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff]+")

_MATH = "math mrow mi mo mn mtext mspace mfrac msqrt mroot msup msub msubsup mover munder munderover"
_MARKS = "p br strong ul ol li blockquote table thead tbody tr th td img div span"
_TAGS = {*_MARKS.split(), *_MATH.split()}
_ATTRIBUTES = {
    "img": {"src", "alt", "class"},
    "span": {"class"},
    "div": {"class"},
    "ol": {"start"},
    "table": {"class"},
    "th": {"class"},
    "td": {"class"},
    "math": {"display", "class"},
    "mo": {"stretchy", "fence", "form"},
}
_CLASSES = {"formula", "picture", "scroll", "data", "fixed", "n", "missing"}


# --- Reading


def _formula(state: StateInline, silent: bool) -> bool:
    """Read `$…$`. As in Pandoc no blank follows the first sign or precedes the second: prices stay.

    Nor does a Latin letter or digit stand before the first: the cells of a spreadsheet (`$B$2/$B$10`) stay.
    """
    text, start = state.src, state.pos
    before = text[start - 1 : start]
    if text[start] != "$" or (before.isascii() and before.isalnum()):
        return False
    end = text.find("$", start + 1, state.posMax)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("$", end + 1, state.posMax)
    inside = text[start + 1 : end]
    is_formula = end > 0 and inside and not inside[0].isspace() and not inside[-1].isspace()
    if not is_formula or text[end + 1 : end + 2].isdigit() or "\n" in inside:
        return False
    if not silent:
        state.push("formula", "math", 0).content = inside
    state.pos = end + 1
    return True


def _strong(state: StateInline, silent: bool) -> bool:
    """Read `**…**`. Markdown's own rule fails beside Chinese punctuation (`**注意：**请`), and its single
    stars and underscores would eat products (`2*3*4`) and blanks.
    """
    start = state.pos
    end = state.src.find("**", start + 2, state.posMax)
    if not state.src.startswith("**", start) or end <= start + 2:
        return False
    if state.src[start + 2].isspace() or state.src[end - 1].isspace():
        return False
    if not silent:
        last = state.posMax
        state.push("strong_open", "strong", 1)
        state.pos, state.posMax = start + 2, end
        state.md.inline.tokenize(state)
        state.push("strong_close", "strong", -1)
        state.posMax = last
    state.pos = end + 2
    return True


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": False, "breaks": True, "typographer": False})
    reader.enable(["table", "list", "blockquote", "newline", "escape", "image"])
    reader.inline.ruler.before("escape", "formula", _formula)
    reader.inline.ruler.after("escape", "strong", _strong)
    reader.validateLink = lambda url: bool(_PICTURE.fullmatch(url))  # type: ignore[method-assign]
    return reader


_READER = _reader()


# --- Writing HTML


class _Writer(RendererHTML):
    """Writes HTML; the address of a picture comes from the environment."""

    def formula(self, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
        return _math(tokens[index].content)

    def image(self, tokens: Sequence[Token], index: int, _options: object, env: dict[str, PictureUrl]) -> str:  # type: ignore[override]
        token = tokens[index]
        found = _PICTURE.fullmatch(str(token.attrs.get("src", "")))
        words = token.content.strip()
        address = env["picture_url"](found[1]) if found else ""
        if not address:
            return f'<span class="picture missing">{escape(words)}</span>'
        return f'<img class="picture" src="{escape(address)}" alt="{escape(words)}">'

    def table_open(self, *_: object) -> str:
        return '<div class="scroll"><table class="data fixed">'

    def table_close(self, *_: object) -> str:
        return "</table></div>"

    def th_open(self, tokens: Sequence[Token], index: int, *_: object) -> str:
        return f"<th{_number_class(tokens[index])}>"

    def td_open(self, tokens: Sequence[Token], index: int, *_: object) -> str:
        return f"<td{_number_class(tokens[index])}>"


def _number_class(token: Token) -> str:
    return ' class="n"' if "right" in str(token.attrs.get("style", "")) else ""


def _math(formula: str) -> str:
    """Return MathML of a formula, or what was typed where it is outside our subset."""
    if not formula_fault(formula):
        return f'<span class="formula">{_mathml(formula)}</span>'
    return f'<span class="formula missing">{escape(f"${formula}$")}</span>'


@lru_cache(maxsize=1024)
def _mathml(formula: str) -> str:
    parts = _TEXT_COMMAND.split(formula)  # Chinese words are words, not products of variables
    parts[::2] = [_CHINESE.sub(lambda words: rf"\text{{{words[0]}}}", part) for part in parts[::2]]
    return str(convert("".join(parts)))


_WRITER = _Writer(_READER)
_WASHER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=lambda _tag, name, value: (
        " ".join(word for word in value.split() if word in _CLASSES) if name == "class" else value
    ),
    url_schemes={"https"},
    link_rel=None,
)


def picture_address(sha256: str) -> str:
    """Return where the product serves a picture; empty where it serves none."""
    try:
        return reverse("item_picture", args=[sha256])
    except NoReverseMatch:
        return ""


def render(text: str, *, picture_url: PictureUrl = picture_address) -> SafeString:
    """Return a text as HTML of blocks (paragraphs, lists, tables)."""
    return _render(text, picture_url, False)


def render_line(text: str, *, picture_url: PictureUrl = picture_address) -> SafeString:
    """Return a text as HTML that fits into a line (an option, a label): no paragraphs, lists or tables."""
    return _render(text, picture_url, True)


@lru_cache(maxsize=4096)
def _render(text: str, picture_url: PictureUrl, is_line: bool) -> SafeString:
    env: dict[str, PictureUrl] = {"picture_url": picture_url}
    tokens = _READER.parseInline(text, env) if is_line else _READER.parse(text, env)
    html = _WRITER.render(tokens, _READER.options, env)
    return mark_safe(_WASHER.clean(html).strip())  # noqa: S308 -- washed through the allow-list


# --- Plain text and faults


def plain(text: str) -> str:
    """Return what a text says without its markup, in one line: for search, lists and comparison.

    A picture is its text equivalent, a formula its source.
    """
    return " ".join(" ".join(_words(_READER.parse(text))).split())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline_words(token.children or ()))


def _inline_words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.type == "image":
            yield f" {token.content} "
        else:
            yield token.content


def _inner(text: str) -> Iterator[Token]:
    for token in _READER.parse(text):
        yield from token.children or ()


def pictures(text: str) -> list[str]:
    """Return the digests of the pictures that a text shows, in order, each once."""
    shown = (_PICTURE.fullmatch(str(one.attrs.get("src", ""))) for one in _inner(text) if one.type == "image")
    return list(dict.fromkeys(found[1] for found in shown if found))


def faults(text: str) -> list[str]:
    """Return what is wrong with the markup of a text: pictures without words, formulas we cannot show."""
    found = []
    for token in _inner(text):
        if token.type == "image" and not token.content.strip():
            found.append(_("图片要有替代文字：![替代文字](pic:…)。"))
        if token.type == "formula" and (fault := formula_fault(token.content)):
            found.append(fault)
    if "](" in "".join(token.content for token in _inner(text) if token.type == "text"):
        found.append(_("图片写作 ![替代文字](pic:<64 位十六进制摘要>)；题目里不放链接。"))
    return found


def formula_fault(formula: str) -> str:
    """Return why a formula (without its signs) cannot be shown, in words; empty where it can."""
    if len(formula) > _MOST_FORMULA_CHARACTERS:
        return _("公式超过 %(most)d 个字符。") % {"most": _MOST_FORMULA_CHARACTERS}
    unknown = [name for name in _COMMAND.findall(formula) if name not in _COMMANDS]
    if unknown or formula.endswith("\\"):
        words = {"command": unknown[0] if unknown else ""}
        return _("公式里不能用 \\%(command)s。") % words
    if formula.count("{") != formula.count("}") or "&" in formula or "#" in formula:
        return _("公式 $%(formula)s$ 的括号不成对，或含有 & 和 #。") % {"formula": formula}
    try:
        _mathml(formula)
    except Exception:  # the library has many errors of its own, and none of them is ours to tell apart
        return _("公式 $%(formula)s$ 不完整。") % {"formula": formula}
    return ""


# --- In templates


@register.simple_tag
def item_view(template: str, facts: Mapping[str, Any]) -> SafeString:
    """Show a view of an item type: `{% item_view question.template question.context %}`.

    The page's own variables stay out, so that a type's templates show what its kind gave and nothing else.
    """
    return mark_safe(render_to_string(template, {"field": "answer", **facts}))  # noqa: S308 -- escapes


@register.filter
def item_text(text: str) -> SafeString:
    """Show a text of an item as blocks: `{{ stem|item_text }}`, inside a div."""
    return render(text or "")


@register.filter
def item_line(text: str) -> SafeString:
    """Show a text of an item within a line: `{{ option.text|item_line }}`."""
    return render_line(text or "")


@register.filter
def item_plain(text: str) -> str:
    """Show what a text of an item says, without its markup: `{{ stem|item_plain|truncatechars:40 }}`."""
    return plain(text or "")
