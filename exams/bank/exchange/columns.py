"""The columns that tables of items have, in Excel and CSV alike: rows into records, and items into rows.

Choice types have a column for everything. What another type needs beside the common columns stands in 内容,
as YAML with the type's own keys. Headers are Chinese; English ones are accepted too.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from config.sources import Problem, Problems, record_of
from exams.bank.enums import CognitiveLevel, Difficulty, Pool
from exams.bank.exchange.contract import Entry, Head, Outgoing
from exams.bank.exchange.yaml_format import read_value, write_text
from exams.bank.rules import LETTERS, OPTION_COUNTS, fold
from exams.bank.types import get_kind, kinds

FILE_LANGUAGE = "zh-hans"  # files are Chinese whoever writes them: items are (D16)
COLUMNS: Mapping[str, str] = {
    "code": "编号",
    "level": "级别",
    "pool": "题库",
    "type": "题型",
    "knowledge": "知识点",
    "difficulty": "难度",
    "cognition": "认知层次",
    "stem": "题干",
    **{f"option_{letter.lower()}": f"选项{letter}" for letter in LETTERS},
    "key": "答案",
    "content": "内容",
    "explanation": "解析",
}
NEEDED = ("code", "level", "pool", "type", "difficulty", "cognition", "stem")
_HAVE_COLUMNS = frozenset(
    {"code", "type", "knowledge", "difficulty", "cognition", "stem", "key", "explanation"}
)
"""Keys of records that have a column, so that 内容 does not say them again."""
MOST_COLUMNS = 60
LEVELS: Mapping[int, str] = {3: "三级", 2: "二级", 1: "一级"}
_OTHER_HEADERS = {
    "题目编号": "code",
    "id": "code",
    "鉴定点": "knowledge",
    "难度等级": "difficulty",
    "认知水平": "cognition",
    "正确答案": "key",
    "参考答案": "key",
    "answer": "key",
    "答案解析": "explanation",
    **{letter: f"option_{letter}" for letter in LETTERS.lower()},
}
_OTHER_TYPES = {
    "单选题": "single",
    "单选": "single",
    "多选题": "multiple",
    "多选": "multiple",
    "判断": "true_false",
    "是非题": "true_false",
}
_TRUE = frozenset(["对", "√", "✓", "✔", "正确", "是", "t", "true", "yes", "y"])
_FALSE = frozenset(["错", "×", "✗", "✘", "x", "错误", "否", "f", "false", "no", "n"])
_SEPARATORS = re.compile(r"[\s,，、;；/.。·+和]+")
_LINE_ENDS = re.compile(r"(?:_x000D_)?\r?\n|_x000D_|\r")


class Unusable:
    """A cell that holds no text or number of the writer's own: `reason` says what it holds and what to do."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


Cell = str | int | float | bool | Unusable | None


@dataclass(frozen=True, slots=True)
class Header:
    """Which column holds what: `names` by position from 0, empty for one without a heading."""

    names: tuple[str, ...]
    line: int


# --- Header


def header_score(cells: Sequence[object]) -> int:
    """Return how many of the cells are headings that we know."""
    return sum(1 for cell in cells if isinstance(cell, str) and fold(cell) in _headers())


def read_header(cells: Sequence[Cell], line: int, problems: Problems, *, name: str) -> Header | None:
    """Return what the columns hold; None, with every problem noted, where the row is no header."""
    found: list[str] = []
    faults = Problems()
    for number, cell in enumerate(cells, start=1):
        text = "" if cell is None else str(cell).strip() if not isinstance(cell, Unusable) else "?"
        key = _headers().get(fold(text), "")
        if text and not key:
            words = {"name": text[:40], "number": number}
            faults.add(name, line, _("第 %(number)d 列的列名“%(name)s”不认识。") % words)
        elif key and key in found:
            faults.add(name, line, _("列名“%(name)s”出现了两次。") % {"name": text})
        found.append(key)
    lacking = [COLUMNS[key] for key in NEEDED if key not in found]
    if lacking:
        faults.add(name, line, _("表头缺少这些列：%(names)s。") % {"names": "、".join(lacking)})
    problems.found += faults.found
    return None if faults else Header(tuple(found), line)


@cache
def _headers() -> Mapping[str, str]:
    own = {fold(word): key for key, title in COLUMNS.items() for word in (key, title, key.replace("_", ""))}
    return {fold(word): key for word, key in _OTHER_HEADERS.items()} | own


# --- Rows into records


def is_blank(cells: Sequence[Cell]) -> bool:
    """Return whether a row says nothing."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def read_row(header: Header, cells: Sequence[Cell], line: int, *, name: str) -> Entry:
    """Return the item of one row; every problem is in its record, under the name of its column."""
    row = _Row(name, line, Problems(), {})
    for number, cell in enumerate(cells):
        key = header.names[number] if number < len(header.names) else ""
        if isinstance(cell, Unusable):
            row.fail(cell.reason, key)
        elif key:
            row.cells[key] = cell
        elif not is_blank([cell]):
            row.fail(_("第 %(number)d 列没有列名，却有内容。") % {"number": number + 1}, "")
    return row.entry()


@dataclass(slots=True)
class _Row:
    """The cells of one row by column, and what is wrong with them."""

    name: str
    line: int
    problems: Problems
    cells: dict[str, Cell]

    def fail(self, message: str, key: str) -> None:
        self.problems.add(self.name, self.line, message, key)

    def entry(self) -> Entry:
        code = _plain(self.text("code")).upper()
        data: dict[str, Any] = {
            "code": code,
            "type": self.word("type", _types()),
            "knowledge": _plain(self.text("knowledge")).upper(),
            "difficulty": self.number("difficulty", _difficulties()),
            "cognition": self.word("cognition", _cognitions()),
            "stem": self.text("stem"),
            "explanation": self.text("explanation"),
        }
        level = self.number("level", _levels())
        pool = self.word("pool", _pools())
        data |= self.own(str(data["type"]))
        data = {key: value for key, value in data.items() if value not in ("", None)}
        record = record_of(data, self.problems, name=self.name, line=self.line)
        # What the row does not say is told from the code, so that one problem does not bring a second.
        level = level or (int(code[0]) if code[:1] in {"1", "2", "3"} else 3)
        pool = pool or (Pool.PRACTICE if "-P" in code else Pool.LIVE)
        return Entry(Head(record, level, pool), record, self.line)

    def own(self, item_type: str) -> dict[str, Any]:
        """Return what the type needs of its own: from the columns of choice types, or from 内容."""
        content = self.text("content")
        options = [self.text(f"option_{letter.lower()}") for letter in LETTERS]
        while options and not options[-1]:
            options.pop()
        if item_type in OPTION_COUNTS:
            if content:
                self.fail(_("这种题型不用这一列，请留空。"), "content")
            return {"options": options or None, "key": self.key(item_type)}
        if not item_type:
            return {}
        if options:
            self.fail(_("这种题型没有选项，请留空。"), "options")
        own = self.content(content) if content else {}
        if "key" in get_kind(item_type).keys:
            return own | {"key": self.number_or_text("key")}
        if self.cells.get("key") not in (None, ""):
            self.fail(_("这种题型的答案写在“内容”列，这一列请留空。"), "key")
        return own

    def content(self, text: str) -> dict[str, Any]:
        data, fault = read_value(text)
        if fault:
            self.fail(fault, "content")
            return {}
        if not isinstance(data, dict):
            self.fail(_("应为一组“键: 值”。"), "content")
            return {}
        if doubled := sorted(str(key) for key in data if key in _HAVE_COLUMNS):
            words = {"keys": "、".join(doubled)}
            self.fail(_("这些键在表中自有其列，不能再写进“内容”：%(keys)s。") % words, "content")
            return {}
        return data

    def key(self, item_type: str) -> object:
        """Return the key as its type reads it, however it was written; what is no key stays as it is."""
        cell = self.cells.get("key")
        if OPTION_COUNTS[item_type]:
            letters = _SEPARATORS.sub("", _plain(self.text("key"))).upper()
            return "".join(sorted(letters)) if letters.isascii() else letters
        if isinstance(cell, bool) or cell is None:
            return cell
        word = fold(self.text("key")).rstrip(".。")
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        if word:
            self.fail(_("判断题的答案应为“对”或“错”，实为“%(value)s”。") % {"value": word[:40]}, "key")
            return False
        return None

    def text(self, key: str) -> str:
        """Return a text; numbers are refused, since Excel may have made them of something else."""
        cell = self.cells.get(key)
        if cell is None or isinstance(cell, Unusable):
            return ""
        if isinstance(cell, str):
            return _LINE_ENDS.sub("\n", cell).strip()
        words = {"value": _shown(cell)}
        self.fail(
            _(
                "这一格是%(value)s，不是文字；原来写的可能已被表格软件改掉。请把单元格格式设为“文本”，再重新输入。"
            )
            % words,
            key,
        )
        self.cells[key] = None  # said once
        return ""

    def number_or_text(self, key: str) -> str:
        """Return a text; a number as it is written in full."""
        cell = self.cells.get(key)
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
            return self.text(key)
        return str(int(cell) if cell == int(cell) else cell)

    def number(self, key: str, names: Mapping[str, int]) -> int | None:
        """Return a whole number, written as one or by its name; None where there is none, which is noted."""
        cell = self.cells.get(key)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            if math.isfinite(cell) and cell == int(cell) and abs(cell) < 1_000_000:
                return int(cell)
            self.fail(_("应为整数，实为 %(value)s。") % {"value": cell}, key)
            return 1 if key == "difficulty" else None
        word = fold(self.text(key))
        if word in names:
            return names[word]
        if word.isascii() and word.isdigit() and len(word) < 7:
            return int(word)
        words = {"known": "、".join(_first_names(names)), "value": word[:40]}
        self.fail((_("应为 %(known)s 之一，实为“%(value)s”。") if word else _("不能为空。")) % words, key)
        return 1 if key == "difficulty" else None

    def word(self, key: str, names: Mapping[str, str]) -> str:
        """Return the code of a word of a closed list; empty where it is none, which is noted."""
        text = self.text(key)
        if (found := names.get(fold(text))) is not None:
            return found
        words = {"known": "、".join(_first_names(names)), "value": text[:40]}
        self.fail((_("应为 %(known)s 之一，实为“%(value)s”。") if text else _("不能为空。")) % words, key)
        return ""


def _plain(text: str) -> str:
    """Return a text in half-width characters without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return _("逻辑值 %(value)s") % {"value": str(cell).upper()}
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return _("日期或时间 %(value)s") % {"value": cell}
    return _("数字 %(value)s") % {"value": cell}


# --- Words of closed lists


def _words(choices: Sequence[tuple[Any, Any]], more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return folded word → value: Chinese and English names first, then codes and other words."""
    found: dict[str, Any] = {}
    for language in (FILE_LANGUAGE, "en"):
        with override(language):
            found |= {fold(str(label)): value for value, label in choices if fold(str(label)) not in found}
    found |= {fold(str(value)): value for value, _label in choices}
    return found | {fold(word): value for word, value in (more or {}).items()}


def _names(choices: Sequence[tuple[Any, Any]]) -> dict[Any, str]:
    """Return value → Chinese name."""
    with override(FILE_LANGUAGE):
        return {value: str(label) for value, label in choices}


def _first_names(names: Mapping[str, Any]) -> list[str]:
    """Return one word for each value, the first one."""
    found: dict[Any, str] = {}
    for word, value in names.items():
        found.setdefault(value, word)
    return list(found.values())


def _type_choices() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in kinds().values()]


@cache
def _types() -> Mapping[str, str]:
    return _words(_type_choices(), _OTHER_TYPES)


@cache
def _pools() -> Mapping[str, str]:
    return _words(Pool.choices)


@cache
def _cognitions() -> Mapping[str, str]:
    return _words(CognitiveLevel.choices)


@cache
def _difficulties() -> Mapping[str, int]:
    return _words(Difficulty.choices)


@cache
def _levels() -> Mapping[str, int]:
    return _words(list(LEVELS.items()), {f"{number}级": number for number in LEVELS})


# --- Items into rows


def lists() -> dict[str, list[str]]:
    """Return the words that columns of closed lists take, for the drop-down lists of a template."""
    return {
        "type": list(_names(_type_choices()).values()),
        "level": list(LEVELS.values()),
        "pool": list(_names(Pool.choices).values()),
        "difficulty": [str(value) for value in Difficulty.values],
        "cognition": list(_names(CognitiveLevel.choices).values()),
    }


def write_row(item: Outgoing) -> dict[str, str | int]:
    """Return the cells of one item by column; what is blank is left out."""
    own = dict(get_kind(item.content.type).write(item.content))
    cells: dict[str, str | int] = {
        "code": item.code,
        "level": LEVELS[item.level],
        "pool": _names(Pool.choices)[item.pool],
        "type": _names(_type_choices())[item.content.type],
        "knowledge": item.knowledge,
        "difficulty": item.difficulty,
        "cognition": _names(CognitiveLevel.choices)[item.cognition],
        "stem": item.content.stem,
        "explanation": item.content.explanation,
    }
    options = own.pop("options", ()) if item.content.type in OPTION_COUNTS else ()
    cells |= {f"option_{letter.lower()}": text for letter, text in zip(LETTERS, options, strict=False)}
    key = own.pop("key", "")
    cells["key"] = key if isinstance(key, str) else "对" if key else "错"
    cells["content"] = write_text(own) if own else ""
    return {key: value for key, value in cells.items() if value != ""}


# --- Places


def place_of(problem: Problem) -> tuple[str, str]:
    """Return the name of the column that a problem is about, and its message without the key's name."""
    key, _dot, member = problem.key.partition(".")
    last = problem.key.rpartition(".")[2]
    column = COLUMNS.get(key, "题型" if key == "type" else COLUMNS["content"] if key else "")
    if key == "options":
        number = int(member) if member.isdigit() else 0
        column = f"选项{LETTERS[number - 1]}" if 0 < number <= len(LETTERS) else "选项"
    message = problem.message
    if key in COLUMNS or key == "options":
        if message == _("缺少 %(key)s。") % {"key": last}:
            return column, _("不能为空。")
        message = message.removeprefix(f"{last} ")
    return column, message
