"""Our own YAML files: a head, then `items:`. A file may hold several such documents, parted by `---`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.parser import Parser
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString
from ruamel.yaml.scanner import Scanner

from config.sources import Problem, Problems, Record
from exams.bank.enums import ItemState, Pool
from exams.bank.exchange.contract import MOST_BYTES, Entry, Head, ItemFormat, Outgoing
from exams.bank.exchange.encoding import decode

HEAD_KEYS = ("standard", "level", "pool", "sample", "state")
_MOST_DEPTH = 30
# What the library does with texts that its authors did not think of.
_SURPRISES = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    AssertionError,
    ArithmeticError,
    RecursionError,
)
T = TypeVar("T")
_UNUSUAL = re.compile(
    r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\uffef\U00010000-\U0010ffff]"
    r"|^\s|\s\n|[ \t]$"
)
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)


class YamlFormat(ItemFormat):
    """项目自己的 YAML 题目文件."""

    code = "yaml"
    label = gettext_lazy("YAML")
    position = 3
    extensions = ("yaml", "yml")
    mime = "application/yaml"

    def count(self, source: bytes) -> int:
        return source.count(b"\n") + 1

    def read(self, source: bytes, problems: Problems, *, name: str) -> Iterator[Entry]:
        text = decode(source, problems, name=name)
        if text is None:
            return
        for part in read_documents(text, problems, name=name):
            if isinstance(part, Entry):
                yield part

    def write(self, items: Iterable[Outgoing]) -> Iterator[bytes]:
        dumper = _dumper()
        is_first = True
        for head, group in groupby(items, key=_head_of):
            yield (b"" if is_first else b"---\n") + _dump(dumper, _styled(head)) + b"items:\n"
            is_first = False
            for item in group:
                yield _dump(dumper, [_styled(item.record())])

    def place(self, line: int, problem: Problem) -> tuple[str, str]:
        is_elsewhere = problem.line and problem.line != line
        return (_("第 %(line)d 行") % {"line": problem.line} if is_elsewhere else ""), problem.message


# --- Reading


def read_documents(text: str, problems: Problems, *, name: str) -> Iterator[Head | Entry]:
    """Yield each document's head and then its items, as they are parsed; every problem with its line.

    Anchors, aliases and tags are refused: they could make a small file large, and items need none.
    """
    if len(text) > MOST_BYTES:
        problems.add(name, 0, _("文件超过 20 MB。"))
        return
    reader = _Reader(text, problems, name)
    yield from reader.guarded(reader.documents())


class _Reader:
    """Composes one member of `items` at a time; the library's own way holds the whole document."""

    def __init__(self, text: str, problems: Problems, name: str) -> None:
        self.text, self.problems, self.name, self.line = text, problems, name, 0

    def open(self) -> None:
        """Begin to read; the library looks at the first characters at once."""
        loader = YAML(typ="rt")
        loader.version = (1, 2)
        loader.max_depth = _MOST_DEPTH
        # Comments, which the library keeps by default, cost half the time.
        loader.Scanner, loader.Parser = Scanner, Parser
        # A stream, since of a plain text the library would make a path.
        self.constructor, self.parser = loader.get_constructor_parser(io.StringIO(self.text))
        self.composer = self.constructor.composer
        self.parser.get_event()

    def guarded(self, parts: Iterator[T]) -> Iterator[T]:
        """Yield `parts`; what the library raises becomes a problem, and ends them."""
        try:
            yield from parts
        except MarkedYAMLError as error:
            self.fail_at(error)
        except YAMLError as error:
            position = getattr(error, "position", None)
            line = self.text[:position].count("\n") + 1 if isinstance(position, int) else self.line
            self.problems.add(self.name, line, _("YAML 写法有误：%(problem)s") % {"problem": error})
        except _SURPRISES as error:
            self.problems.add(self.name, self.line, _("YAML 写法有误：%(problem)s") % {"problem": error})

    def single(self) -> Iterator[Any]:
        """Yield the value of the one document there is."""
        self.open()
        if self.parser.check_event(StreamEndEvent):
            return
        self.parser.get_event()
        node = self._compose()
        self.parser.get_event()
        if not self.parser.check_event(StreamEndEvent):
            self.problems.add(self.name, 0, _("只能有一组“键: 值”。"))
        elif not self._refused(node, self.problems):
            yield self._construct(node)

    def documents(self) -> Iterator[Head | Entry]:
        self.open()
        is_first = True
        while not self.parser.check_event(StreamEndEvent):
            event = self.parser.get_event()
            self.line = event.start_mark.line + 1
            yield from self._document()
            self.parser.get_event()
            is_first = False
        if is_first:
            self.problems.add(self.name, 1, _("文件最外层应为一组“键: 值”。"))

    def _document(self) -> Iterator[Head | Entry]:
        if not self.parser.check_event(MappingStartEvent):
            self._compose()
            self.problems.add(self.name, self.line, _("文件最外层应为一组“键: 值”。"))
            return
        start = self.parser.get_event()
        pairs: list[tuple[Node, Node]] = []
        head: Head | None = None
        while not self.parser.check_event(MappingEndEvent):
            key = self._compose()
            is_items = isinstance(key, ScalarNode) and key.value == "items"
            if head is not None:
                self._compose()
                word = key.value if isinstance(key, ScalarNode) else "?"
                message = _("%(key)s 应写在 items 之前，且只写一次。") % {"key": word}
                self.problems.add(self.name, key.start_mark.line + 1, message)
            elif is_items and self.parser.check_event(SequenceStartEvent):
                head = self._head(start, pairs, key)
                yield head
                yield from self._items(head, key.start_mark.line + 1)
            else:
                pairs.append((key, self._compose()))
        end = self.parser.get_event()
        if head is None:
            yield self._head(start, pairs, None, end.end_mark)

    def _items(self, head: Head, line: int) -> Iterator[Entry]:
        self.parser.get_event()
        count = 0
        while not self.parser.check_event(SequenceEndEvent):
            count += 1
            if (entry := self._entry(head)) is not None:
                yield entry
        self.parser.get_event()
        if not count:
            self.problems.add(self.name, line, _("items 不能是空列表。"))

    def _entry(self, head: Head) -> Entry | None:
        node = self._compose()
        line = self.line = node.start_mark.line + 1
        own = Problems()
        data: Any = None
        if not self._refused(node, own):
            try:
                data = self._construct(node)
            except MarkedYAMLError as error:
                self.fail_at(error, own)
            except _SURPRISES as error:
                own.add(self.name, line, _("YAML 写法有误：%(problem)s") % {"problem": error})
            else:
                if not isinstance(data, CommentedMap):
                    own.add(self.name, line, _("这一项应为一组“键: 值”。"))
        if own:
            self.problems.found += own.found
            return None
        return Entry(head, Record(data, self.name, line, own), line)

    def _head(self, start: Any, pairs: list[tuple[Node, Node]], items: Node | None, end: Any = None) -> Head:
        node = MappingNode("tag:yaml.org,2002:map", pairs, start.start_mark, end or start.end_mark)
        before = len(self.problems.found)
        for _key, value in pairs:
            self._refused(value, self.problems)
        data = self._construct(node)
        line = start.start_mark.line + 1
        record = Record(data, self.name, line, self.problems)
        record.only(*HEAD_KEYS, "items")
        if items is None:
            record.records("items")  # says what is wrong with it
        head = Head(
            record,
            level=record.integer("level", least=1, most=3),
            pool=record.choice("pool", Pool.values),
            standard=record.text("standard", most=20),
            is_sample=record.flag("sample"),
            state=record.choice("state", [ItemState.DRAFT, ItemState.APPROVED], default=ItemState.APPROVED),
        )
        return replace(head, is_sound=len(self.problems.found) == before)

    def _compose(self) -> Any:
        self.composer.anchors, self.composer.depth = {}, 0
        return self.composer.compose_node(None, None)

    def _construct(self, node: Node) -> Any:
        constructor = self.constructor
        constructor.constructed_objects, constructor.recursive_objects = {}, {}
        constructor.state_generators, constructor.deep_construct = [], False
        return constructor.construct_document(node)

    def _refused(self, node: Node, problems: Problems) -> bool:
        """Note anchors and tags in `node`; return whether there are any."""
        line = node.start_mark.line + 1
        if node.anchor:
            problems.add(self.name, line, _("不支持 YAML 的锚点（&）和别名（*）。"))
            return True
        if str(node.tag) not in _PLAIN_TAGS:
            problems.add(self.name, line, _("不支持 YAML 的标签（!）和合并键（<<）。"))
            return True
        members: list[Node] = []
        if isinstance(node, MappingNode):
            members = [one for pair in node.value for one in pair]
        elif isinstance(node, SequenceNode):
            members = node.value
        found = [self._refused(member, problems) for member in members]
        return any(found)

    def fail_at(self, error: MarkedYAMLError, problems: Problems | None = None) -> None:
        """Note a syntax error at its own line."""
        mark = error.problem_mark or error.context_mark
        words = {"problem": error.problem or error.context}
        target = self.problems if problems is None else problems
        line = mark.line + 1 if mark else self.line
        target.add(self.name, line, _("YAML 写法有误：%(problem)s") % words)


def read_value(text: str) -> tuple[Any, str]:
    """Return the value that a short YAML text holds, and what is wrong with it (then the value is None)."""
    problems = Problems()
    reader = _Reader(text, problems, "")
    value: Any = None
    for _part in reader.guarded(reader.single()):
        value = _part
    if problems:
        first = min(problems.found)
        where = _("第 %(line)d 行：") % {"line": first.line} if first.line else ""
        return None, where + first.message
    return value, ""


# --- Writing


def write_text(value: Any) -> str:
    """Return plain values as a YAML text of their own."""
    return _dump(_dumper(), _styled(value)).decode()


def _dumper() -> YAML:
    dumper = YAML()
    dumper.width = 1_000_000  # Chinese has no blanks to break at
    dumper.indent(mapping=2, sequence=4, offset=2)
    return dumper


def _dump(dumper: YAML, value: Any) -> bytes:
    target = io.BytesIO()
    dumper.dump(value, target)
    return target.getvalue()


def _head_of(item: Outgoing) -> dict[str, Any]:
    return {
        "standard": item.standard,
        "level": item.level,
        "pool": item.pool,
        "sample": item.is_sample,
        "state": str(ItemState.APPROVED if item.is_approved else ItemState.DRAFT),
    }


def _styled(value: Any) -> Any:
    """Return plain values with long texts in the style that people would write them in."""
    if isinstance(value, dict):
        return {str(key): _styled(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_styled(member) for member in value]
    if isinstance(value, str):
        if _UNUSUAL.search(value):
            return DoubleQuotedScalarString(value)
        return LiteralScalarString(value) if "\n" in value else str(value)
    return value


FORMAT = YamlFormat()
