"""What importing would do with each line of a file, judged against the bank as it stands.

Items go through in batches: of those gone by only their codes and the digests of their stems are kept, so
that a file of any length costs about the same memory.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from config.sources import Problem, Problems
from exams.bank.actions.storing import Points, check_requirements, level_of, points_of
from exams.bank.enums import Outcome, Pool
from exams.bank.errors import ItemRefused
from exams.bank.exchange import Entry, ItemFormat
from exams.bank.exchange.columns import COLUMNS
from exams.bank.exchange.contract import MOST_ITEMS
from exams.bank.files import ItemSource, read_entry
from exams.bank.lifecycle import Actor, Standing, check_edit, may_see
from exams.bank.models import Item, ItemPicture
from exams.bank.queries.single import record_of_version, standings
from exams.bank.rules import fold
from exams.bank.types import get_kind
from syllabus.standard.queries import current_levels

BATCH = 200
_MOST_MESSAGES = 12
_MOST_MESSAGE = 300
_CODE = re.compile(r"[0-9A-Za-z.\-]{1,40}")
_PICTURE = re.compile(r"pic:([0-9a-f]{64})")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(slots=True)
class Line:
    """What one line of a file comes to. `version` is the number of the version it was compared with."""

    line: int
    code: str
    outcome: str
    messages: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    version: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the line as a report keeps it, blanks left out."""
        return {key: value for key, value in asdict(self).items() if value or key in {"line", "code"}}


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with what it says; the source is None where it could not be read."""

    line: Line
    source: ItemSource | None


def batches(entries: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Yield `entries` in lists of at most `size`."""
    rest = iter(entries)
    while batch := list(islice(rest, size)):
        yield batch


class Judge:
    """Judges the lines of one file. `actor` is who imports: what he may not see or edit is refused."""

    def __init__(self, item_format: ItemFormat, actor: Actor) -> None:
        self.format, self.actor = item_format, actor
        levels = current_levels()
        self.standards = {level.number: level.standard.code for level in levels}
        self.points: Points = points_of(levels)
        self.lines: list[Line] = []
        self.known: dict[str, Item] = {}
        self._codes: dict[str, int] = {}
        self._stems: dict[bytes, Line] = {}

    def judge(self, entries: Sequence[Entry]) -> list[Judged]:
        """Return what a batch comes to. `known` then holds the items there are, by code."""
        read = [self._read(entry) for entry in entries]
        sources = [source for _entry, source, _problems in read if source is not None]
        self.known = _items(source.code for source in sources)
        standing = standings(self.known.values(), self.actor)
        lacking = _lacking_pictures(sources)
        judged = []
        for entry, source, problems in read:
            if source is None:
                line = Line(entry.line, _clean(str(entry.record.data.get("code") or ""))[:40], "")
            else:
                item = self.known.get(source.code)
                line = Line(entry.line, _clean(source.code)[:40], Outcome.NEW)
                self._check(source, entry, lacking)
                if item is not None and not source.record.problems:
                    self._compare(line, source, item, standing[item.pk])
                self._once(line, source)
            found = problems.found + entry.record.problems.found
            if found:
                line.outcome, line.fields = Outcome.REFUSED, []
                line.messages = self.messages(line.line, found)
            elif source is not None and line.outcome != Outcome.KEPT:
                self._remember_stem(line, source)
            judged.append(Judged(line, source))
        self.lines += [one.line for one in judged]
        return judged

    def finish(self, problems: Problems) -> list[Line]:
        """Return every line in order, after what only the whole shows: stems of the bank, the file itself."""
        self._compare_stems()
        if len(self.lines) > MOST_ITEMS:
            message = _("一次最多导入 %(most)d 道题，请分成几个文件。") % {"most": MOST_ITEMS}
            problems.add("", 0, message)
        by_line = {line.line: line for line in self.lines}
        for problem in problems.sorted():
            line = by_line.get(problem.line)
            if line is None:
                line = by_line[problem.line] = Line(problem.line, "", Outcome.REFUSED)
                self.lines.append(line)
            self._refuse(line, problem.message)
        return sorted(self.lines, key=lambda line: line.line)

    def messages(self, line: int, found: Iterable[Problem]) -> list[str]:
        """Return what is wrong with a line, each with its place in the line, each once."""
        texts: dict[str, None] = {}
        for problem in found:
            place, message = self.format.place(line, problem)
            text = _("%(place)s：%(message)s") % {"place": place, "message": message} if place else message
            texts[_clean(text)[:_MOST_MESSAGE]] = None
        return list(texts)[:_MOST_MESSAGES]

    def _read(self, entry: Entry) -> tuple[Entry, ItemSource | None, Problems]:
        """Return what an entry says, and the problems that its reader noted (taken out of its record)."""
        problems = Problems(list(entry.record.problems.found))
        entry.record.problems.found.clear()
        if not entry.head.is_sound:
            problems.add("", 0, _("文件开头有错误，后面的题目没有检查。"))
        try:
            source = read_entry(entry)
            _storable(source)
        except ItemRefused as refusal:
            entry.record.fail(refusal.message)
            return entry, None, problems
        except Exception:  # one item that breaks a type's reader must not end the import
            _logger.exception("an item of an import could not be read")
            entry.record.fail(_("这道题无法读取。"))
            return entry, None, problems
        finally:
            _drop_echoes(entry.record.problems, problems)
        return entry, source, problems

    def _check(self, source: ItemSource, entry: Entry, lacking: set[str]) -> None:
        record = source.record
        standard = self.standards.get(source.level)
        if standard is None:
            record.fail(_("题库中没有级别 %(level)d 的标准。") % {"level": source.level}, "level")
            return
        if entry.head.standard and entry.head.standard != standard:
            words = {"given": entry.head.standard, "known": standard}
            record.fail(_("standard 应为 %(known)s，实为 %(given)s。") % words)
        check_requirements(source, self.points)
        for digest in sorted(_pictures(source) & lacking):
            record.fail(_("图片 %(digest)s… 不在题库中，请先上传。") % {"digest": digest[:12]}, "stem")

    def _compare(self, line: Line, source: ItemSource, item: Item, standing: Standing) -> None:
        """Set what the line comes to beside the item there is; note why it may not."""
        current = item.current
        if current is None or not may_see(standing, self.actor):
            source.record.fail(_("这个编号已经有人使用。"), "code")
            return
        if item.pool != source.pool:
            words = {"pool": Pool(item.pool).label}
            source.record.fail(_("该题已在%(pool)s，一道题不能换题库。") % words, "pool")
            return
        line.version = current.number
        line.fields = changed_fields(source, item, level_of(source, self.points))
        line.outcome = Outcome.CHANGED if line.fields else Outcome.KEPT
        if line.fields:
            try:
                check_edit(standing, self.actor)
            except ItemRefused as refusal:
                source.record.fail(refusal.message, "code")

    def _once(self, line: Line, source: ItemSource) -> None:
        if source.code in self._codes:
            words = {"code": _clean(source.code)[:40], "line": self._codes[source.code]}
            source.record.fail(_("编号 %(code)s 重复，已在第 %(line)d 行出现。") % words, "code")
        elif source.code:
            self._codes[source.code] = line.line

    def _remember_stem(self, line: Line, source: ItemSource) -> None:
        digest = _digest(source.stem)
        first = self._stems.setdefault(digest, line)
        if first is not line:
            words = {"code": first.code, "line": first.line}
            self._refuse(line, _("题干与第 %(line)d 行的 %(code)s 相同。") % words)

    def _compare_stems(self) -> None:
        if not self._stems:
            return
        stems = Item.objects.filter(current__isnull=False).values_list("code", "current__stem")
        for code, stem in stems.order_by("code").iterator(chunk_size=2_000):
            if code in self._codes:
                continue
            if (line := self._stems.get(_digest(stem))) is not None:
                self._refuse(line, _("题干与题库中的 %(code)s 相同。") % {"code": code})

    def _refuse(self, line: Line, message: str) -> None:
        line.outcome, line.fields = Outcome.REFUSED, []
        text = _clean(message)[:_MOST_MESSAGE]
        if text not in line.messages and len(line.messages) < _MOST_MESSAGES:
            line.messages.append(text)


def changed_fields(source: ItemSource, item: Item, level: int) -> list[str]:
    """Return the keys of the record that differ from the current version; `level` for a newer edition."""
    current = item.current
    assert current is not None, "only items with a version are compared"
    edition = ["level"] if current.level_id != level else []
    if current.checksum == source.checksum:
        return edition
    content = source.content
    after = {
        "type": content.type,
        "knowledge": source.knowledge,
        "difficulty": source.difficulty,
        "cognition": source.cognition,
        "stem": content.stem,
        **get_kind(content.type).write(content),
        "explanation": content.explanation,
    }
    before = {"type": current.type, **record_of_version(current)}
    keys = dict.fromkeys([*before, *after])
    return edition + [key for key in keys if _same(before.get(key)) != _same(after.get(key))]


def _same(value: Any) -> str:
    """Return a value as text, so that what differs only in how it is held is the same."""
    if value in (None, "", [], {}):
        return ""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text.replace("\\r\\n", "\\n")


def _items(codes: Iterable[str]) -> dict[str, Item]:
    usable = [code for code in codes if _CODE.fullmatch(code)]
    found = (
        Item.objects.filter(code__in=usable)
        .select_related("current__knowledge", "approved")
        .prefetch_related("current__criteria__requirement")
        .order_by("pk")
    )
    return {item.code: item for item in found}


def _storable(source: ItemSource) -> None:
    """Raise ItemRefused for what PostgreSQL could not store, or JSON not say."""
    try:
        text = json.dumps(asdict(source.content), ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        raise ItemRefused(_("含有不能保存的字符或数值。")) from None
    if "\\u0000" in text:
        raise ItemRefused(_("含有不能保存的字符或数值。"))


def _pictures(source: ItemSource) -> set[str]:
    return set(_PICTURE.findall(json.dumps(asdict(source.content), ensure_ascii=False)))


def _lacking_pictures(sources: Sequence[ItemSource]) -> set[str]:
    """Return the digests of pictures that items show and the bank does not have."""
    wanted = set().union(*map(_pictures, sources)) if sources else set()
    if not wanted:
        return wanted
    return wanted - set(ItemPicture.objects.filter(pk__in=wanted).values_list("pk", flat=True))


def _drop_echoes(later: Problems, first: Problems) -> None:
    """Leave out what only repeats what the file's reader said of the same value."""
    said = {_first(problem) for problem in first.found if problem.key}
    is_content_unread = "content" in said
    later.found[:] = [
        problem
        for problem in later.found
        if _first(problem) not in said and not (is_content_unread and _first(problem) not in COLUMNS)
    ]


def _first(problem: Problem) -> str:
    return problem.key.partition(".")[0]


def _digest(stem: str) -> bytes:
    return hashlib.blake2b(fold(stem).encode("utf-8", "replace"), digest_size=16).digest()


def _clean(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def as_report(lines: Iterable[Line]) -> list[Mapping[str, Any]]:
    """Return the lines as ItemImport.report holds them."""
    return [line.as_json() for line in lines]
