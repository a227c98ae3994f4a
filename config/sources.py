"""Reads YAML files that people write: every problem with its file and line, all of them at once.

A `Record` wraps one mapping. Its getters return a value of the asked kind or note a problem and return a
harmless stand-in, so that reading goes on and the writer of the file sees everything in one run.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

_MOST_BYTES = 20_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, and where; `line` counts from 1, 0 means the file as a whole."""

    file: str
    line: int
    message: str
    key: str = field(default="", compare=False)
    """Which value it is about, for forms: `options`, `criteria.2.least` (members count from 1)."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


@dataclass(slots=True)
class Problems:
    """Collects problems; true once there is one."""

    found: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, message: str, key: str = "") -> None:
        self.found.append(Problem(file, line, message, key))

    def __bool__(self) -> bool:
        return bool(self.found)

    def sorted(self) -> list[Problem]:
        """Return the problems by file and line, each once."""
        return sorted(set(self.found))


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a list, with the line it stands on."""

    value: str
    line: int


@dataclass(slots=True)
class Record:
    """One mapping of a file. `line` is where it begins, `path` which value of an outer mapping it is."""

    data: CommentedMap
    file: str
    line: int
    problems: Problems
    path: str = ""

    def fail(self, message: str, key: str = "") -> None:
        """Note a problem at `key`'s line, or at the record's own."""
        self.problems.add(self.file, self.line_of(key), message, self._path_of(key))

    def _path_of(self, key: str | int) -> str:
        return f"{self.path}.{key}".strip(".")

    def line_of(self, key: str) -> int:
        """Return the line of `key` (from 1); the record's own where it is missing."""
        positions = self.data.lc.data if hasattr(self.data, "lc") else None
        return positions[key][0] + 1 if key and positions and key in positions else self.line

    def only(self, *known: str) -> None:
        """Note every key that is not among `known`, with the likely right one."""
        for key in self.data:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, n=1)
                hint = (
                    _("，是否应为 %(near)s？") % {"near": near[0]}
                    if near
                    else _("；可用的键：%(known)s。") % {"known": ", ".join(known)}
                )
                self.fail(_("不认识的键 %(key)s") % {"key": key} + hint, str(key))

    def has(self, key: str) -> bool:
        return self.data.get(key) is not None

    def text(self, key: str, *, default: str | None = None, most: int = 500, pattern: str = "") -> str:
        """Return a text, trimmed; `default` makes the key optional, `pattern` must match the whole."""
        value = self._get(key, default, str, _("文字（纯数字请加引号）"))
        if value is None:
            return default or ""
        value = value.strip()
        if not value and default is None:
            self.fail(_("%(key)s 不能为空。") % {"key": key}, key)
        elif len(value) > most:
            self.fail(
                _("%(key)s 有 %(count)d 个字符，最多 %(most)d 个。")
                % {"key": key, "count": len(value), "most": most},
                key,
            )
        elif _CONTROL.search(value):
            self.fail(_("%(key)s 含有控制字符。") % {"key": key}, key)
        elif pattern and value and not re.fullmatch(pattern, value):
            self.fail(_("%(key)s 的写法不对：%(value)s") % {"key": key, "value": value}, key)
        return value

    def integer(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within [least, most]."""
        value = self._get(key, default, int, _("整数"))
        if value is None:
            return default if default is not None else least
        if not least <= value <= most:
            words = {"key": key, "least": least, "most": most, "value": value}
            self.fail(_("%(key)s 应在 %(least)d 到 %(most)d 之间，实为 %(value)s。") % words, key)
            return least
        return int(value)  # the reader's own kind of integer remembers how it was written

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._get(key, default, bool, _("true 或 false"))
        return bool(default) if value is None else value

    def day(self, key: str) -> datetime.date:
        """Return a day written 2026-01-31."""
        value = self._get(key, None, datetime.date, _("日期（如 2026-01-31）"))
        if isinstance(value, datetime.datetime):  # a moment is a date too in Python
            self.fail(_("%(key)s 只写日期，不写时间：%(value)s") % {"key": key, "value": value}, key)
            return value.date()
        return value or datetime.date(2000, 1, 1)

    def choice(self, key: str, allowed: Iterable[str], *, default: str | None = None) -> str:
        """Return one of the words in `allowed`."""
        words = list(allowed)
        value = self._get(key, default, str, _("文字（纯数字请加引号）"))
        if value is None:
            return default or words[0]
        if value not in words:
            self.fail(
                _("%(key)s 应为 %(words)s 之一，实为 %(value)s。")
                % {"key": key, "words": "、".join(words), "value": value},
                key,
            )
            return default or words[0]
        return value

    def record(self, key: str) -> Record | None:
        """Return the mapping at `key`, or None with a problem noted."""
        value = self._get(key, None, CommentedMap, _("一组“键: 值”"))
        if value is None:
            return None
        return Record(value, self.file, self.line_of(key), self.problems, self._path_of(key))

    def records(self, key: str, *, optional: bool = False) -> list[Record]:
        """Return the list of mappings at `key`."""
        if optional and not self.has(key):
            return []
        return [
            Record(value, self.file, line, self.problems, path)
            for value, line, path in self._members(key)
            if self._is(value, CommentedMap, line, path, _("一组“键: 值”"))
        ]

    def texts(self, key: str, *, most: int = 500) -> list[Text]:
        """Return the list of texts at `key`, trimmed."""
        found = []
        for value, line, path in self._members(key):
            if not self._is(value, str, line, path, _("文字（纯数字请加引号）")):
                continue
            if not value.strip() or len(value) > most or _CONTROL.search(value):
                message = _("这一项应有 1 到 %(most)d 个字符，且不含控制字符。") % {"most": most}
                self.problems.add(self.file, line, message, path)
            found.append(Text(value.strip(), line))
        return found

    def _members(self, key: str) -> list[tuple[Any, int, str]]:
        """Return each member of a list with its line and its path (members count from 1)."""
        value = self._get(key, None, CommentedSeq, _("列表（每项以 - 开头）"))
        if value is None:
            return []
        if not value:
            self.fail(_("%(key)s 不能是空列表。") % {"key": key}, key)
        path = self._path_of(key)
        return [
            (member, value.lc.item(index)[0] + 1, f"{path}.{index + 1}") for index, member in enumerate(value)
        ]

    def _is(self, value: object, kind: type, line: int, path: str, words: str) -> bool:
        if isinstance(value, kind):
            return True
        self.problems.add(self.file, line, _("这一项应为%(words)s。") % {"words": words}, path)
        return False

    def _get(self, key: str, default: object, kind: type[T], words: str) -> T | None:
        """Return the value at `key` when it is of `kind`; else None, with a problem unless it is optional."""
        value = self.data.get(key)
        if value is None:
            if default is None:
                self.fail(_("缺少 %(key)s。") % {"key": key}, key)
            return None
        is_wrong_bool = isinstance(value, bool) and kind is not bool  # bool is an int in Python
        if is_wrong_bool or not isinstance(value, kind):
            self.fail(
                _("%(key)s 应为%(words)s，实为 %(value)s。")
                % {"key": key, "words": words, "value": str(value)[:60]},
                key,
            )
            return None
        return value


def record_of(data: Mapping[str, Any], problems: Problems, *, name: str = "", line: int = 0) -> Record:
    """Return plain values (of a form, of a row of a table) as a record, so that one reader reads them all.

    Every problem is on `line`; without one, members of a list are on their own number.
    """
    return Record(_commented(data, line), name, line, problems)


def _commented(value: Any, line: int) -> Any:
    if isinstance(value, Mapping):
        found = CommentedMap()
        for key, member in value.items():
            found[key] = _commented(member, line)
            found.lc.add_kv_line_col(key, [max(line - 1, 0), 0, max(line - 1, 0), 0])
        return found
    if isinstance(value, list | tuple):
        members = CommentedSeq()
        for index, member in enumerate(value):
            members.append(_commented(member, line or index + 1))
            members.lc.add_idx_line_col(index, [line - 1 if line else index, 0])
        return members
    return value


def read_yaml(path: Path, problems: Problems, *, name: str = "") -> Record | None:
    """Return the mapping that the file at `path` holds; None with the problems noted when it cannot be read.

    `name` is how the file is called in problems (default: the path as given).
    """
    file = name or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.add(file, 0, _("无法读取：%(reason)s") % {"reason": error.strerror})
        return None
    return parse_yaml(raw, problems, name=file)


def parse_yaml(raw: bytes, problems: Problems, *, name: str) -> Record | None:
    """Return the mapping in `raw` (UTF-8, with or without BOM); None with the problems noted."""
    if len(raw) > _MOST_BYTES:
        problems.add(name, 0, _("文件超过 20 MB。"))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(name, raw[: error.start].count(b"\n") + 1, _("不是 UTF-8 编码的文字。"))
        return None
    loader = YAML(typ="rt")
    loader.version = (1, 2)
    try:
        data = loader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(
            name,
            mark.line + 1 if mark else 0,
            _("YAML 写法有误：%(problem)s") % {"problem": error.problem or error.context},
        )
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        line = getattr(error, "position", None)
        problems.add(
            name,
            text[:line].count("\n") + 1 if isinstance(line, int) else 0,
            _("YAML 写法有误：%(problem)s") % {"problem": error},
        )
        return None
    if not isinstance(data, CommentedMap):
        problems.add(name, 1, _("文件最外层应为一组“键: 值”。"))
        return None
    return Record(data, name, 1, problems)


def yaml_files(paths: Iterable[Path], problems: Problems) -> list[Path]:
    """Return the YAML files that `paths` name, folders searched through, in a fixed order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")])
            if not inside:
                problems.add(str(path), 0, _("文件夹里没有 .yaml 文件。"))
            found += inside
        elif path.exists():
            found.append(path)
        else:
            problems.add(str(path), 0, _("没有这个文件或文件夹。"))
    return list(dict.fromkeys(found))


def once(records: Iterable[Record], key: Callable[[Record], str], label: str) -> None:
    """Note every record whose `key` stood in an earlier one."""
    seen: dict[str, Record] = {}
    for record in records:
        value = key(record)
        if value and value in seen:
            words = {"label": label, "value": value, "where": f"{seen[value].file}:{seen[value].line}"}
            record.fail(_("%(label)s %(value)s 重复，已在 %(where)s 出现。") % words)
        seen.setdefault(value, record)
