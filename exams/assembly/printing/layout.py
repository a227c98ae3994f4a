"""A paper's items as its printed pieces show them: sections with headings, columns of options, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.assembly.models import Paper
from exams.assembly.queries import placed_items
from exams.assembly.solutions import PlacedItem
from exams.bank.text import render
from exams.bank.types import Content, get_kind, type_label
from exams.bank.types.graph.picture import text_width
from syllabus.standard.queries import rule_value

_NUMERALS = "一二三四五六七八九十"
_EM = 100
_LINE = 42 * _EM  # what fits between the margins of a first page with a seal
_ORAL = "oral"


@dataclass(frozen=True, slots=True)
class Question:
    """One item with its number; `context` is what the type's `print.html` needs, never a key.

    `columns` is how many options stand side by side; 0 for items without.
    """

    number: int
    points: int
    placed: PlacedItem
    content: Content
    context: Mapping[str, Any]
    columns: int

    @property
    def template(self) -> str:
        return get_kind(self.content.type).template("print")

    @property
    def stem(self) -> SafeString:
        """Return the stem as blocks; its number hangs before the first line."""
        blank = "（　　）" if self.content.type == "true_false" else ""
        if self.content.criteria:
            blank = _("（%(points)d 分）") % {"points": self.points}
        return numbered(self.content.stem, f"{self.number}.", blank)

    @property
    def is_oral(self) -> bool:
        return self.content.type == _ORAL


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """Items of one type and worth that follow each other; `each` is 0 where each has its own points."""

    numeral: str
    type: str
    questions: tuple[Question, ...]
    each: int

    @property
    def label(self) -> str:
        return type_label(self.type)

    @property
    def total(self) -> int:
        return sum(one.points for one in self.questions)

    @property
    def title(self) -> str:
        """Return the heading: numeral, type, numbers, points of each, points together."""
        first, last = self.questions[0].number, self.questions[-1].number
        several = _("第 %(first)d～%(last)d 题")  # noqa: RUF001 -- the sign that exam papers use
        span = _("第 %(first)d 题") if first == last else several
        each = _("，每题 %(each)d 分") if self.each and first != last else ""
        words = {"first": first, "last": last, "each": self.each, "total": self.total}
        inside = (span + each + _("，共 %(total)d 分")) % words
        return _("%(numeral)s、%(label)s（%(inside)s）") % {
            "numeral": self.numeral,
            "label": self.label,
            "inside": inside,
        }

    @property
    def is_oral(self) -> bool:
        return self.type == _ORAL


def sections_of(paper: Paper) -> list[PrintedSection]:
    """Return the paper's items in its own order, gathered by type and worth."""
    questions = [_question(number, one) for number, one in enumerate(placed_items(paper), start=1)]
    found = []
    groups = groupby(questions, key=lambda one: (one.content.type, 0 if one.content.criteria else one.points))
    for numeral, ((code, each), group) in zip(_numerals(), groups, strict=False):
        found.append(PrintedSection(numeral, code, tuple(group), each))
    return found


def _numerals() -> list[str]:
    tens = [f"十{one}" for one in _NUMERALS[:9]]
    return [*_NUMERALS, *tens]


def _question(number: int, placed: PlacedItem) -> Question:
    content = placed.version.content
    context = get_kind(content.type).printed(content, placed.option_order)
    return Question(number, placed.points, placed, content, context, columns_of(context))


def columns_of(context: Mapping[str, Any]) -> int:
    """Return how many options stand in a row (4, 2 or 1) by the longest of them; 0 without options."""
    options = context.get("options")
    if not options:
        return 0
    widest = max(text_width(str(one["text"]), _EM) for one in options) + 5 * _EM // 2
    rows = [4, 2] if len(options) % 5 else [5, 3, 2]
    return next((count for count in rows if widest * count <= _LINE), 1)


def numbered(text: str, number: str, blank: str = "") -> SafeString:
    """Return a text as blocks with a number (and a blank to fill in) at the head of its first line."""
    html = str(render(text))
    head = f'<span class="no">{number}</span>{blank}'
    if not html.startswith("<p>"):
        html = f"<p></p>{html}"
    return mark_safe(html.replace("<p>", f'<p class="first">{head}', 1))  # noqa: S308 -- washed by render


# --- Words above sections and on covers

_ON_SHEET = {
    "single": gettext_lazy("每题有四个备选项，只有一个最符合题意。把所选的字母填涂在答题卡上。"),
    "true_false": gettext_lazy("判断每句话是否正确：正确的在答题卡上填涂“√”，错误的填涂“×”。"),
    "multiple": gettext_lazy("每题有五个备选项，正确的有两个至四个。把所选的全部字母填涂在答题卡上。"),
}
_IN_PLACE = {
    "single": gettext_lazy("每题有四个备选项，只有一个最符合题意。把所选的字母填入题内的括号。"),
    "true_false": gettext_lazy("判断每句话是否正确：正确的在括号里填“√”，错误的填“×”。"),
    "multiple": gettext_lazy("每题有五个备选项，正确的有两个至四个。把所选的全部字母填入题内的括号。"),
}


def how_to(section: PrintedSection, *, with_sheet: bool) -> str:
    """Return what the candidate does in this section; empty for tasks that say it themselves."""
    text = str((_ON_SHEET if with_sheet else _IN_PLACE).get(section.type, ""))
    if section.type == "multiple":
        half = bool(rule_value("marking.multiple_half_credit"))
        text += _("少选且没有错的得一半分，有错的不得分。") if half else _("多选、少选、错选都不得分。")
    return text


def notes_for(paper: Paper, sections: Sequence[PrintedSection], *, with_sheet: bool) -> list[str]:
    """Return the rules on the first page (注意事项). Practice: domain.md 4, 5."""
    words = {
        "minutes": paper.minutes,
        "points": paper.points,
        "count": sum(len(one.questions) for one in sections),
    }
    place = _("答题卡") if paper.part == "theory" else _("答题纸")
    notes = [
        _("本卷共 %(count)d 题，满分 %(points)d 分，考试时间 %(minutes)d 分钟。") % words,
        _("先在规定的位置填写姓名和准考证号；除规定的位置外，不得写姓名或作任何标记。"),
    ]
    if with_sheet:
        notes.append(_("答案写在%(place)s上，写在题本上不计分；题本可用于打草稿。") % {"place": place})
        notes.append(_("考试结束时题本、%(place)s一并交回，不得带出考场。") % {"place": place})
    else:
        notes.append(_("用黑色字迹的笔在题后的空处作答；考试结束时试卷交回，不得带出考场。"))
    if any(one.is_oral for one in sections):
        notes.append(_("口试题由考评员当面进行，题卡单独发放，不在笔试时间内作答。"))
    return notes
