"""Reads item files (fixtures/items): what is in them, and every problem that needs no database to see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from config.sources import Problems, Record, once, yaml_files
from exams.bank.enums import CognitiveLevel, Difficulty, Pool
from exams.bank.exchange.contract import Entry, Head
from exams.bank.exchange.yaml_format import read_documents
from exams.bank.rules import code_pattern, content_checksum, fold
from exams.bank.types import Content, get_kind, kinds

_COMMON_KEYS = ("code", "type", "knowledge", "difficulty", "cognition", "stem", "explanation")


@dataclass(frozen=True, slots=True)
class ItemSource:
    """One item as its file gives it. `record` names the place for problems found later."""

    code: str
    level: int
    pool: str
    is_sample: bool
    state: str
    knowledge: str
    difficulty: int
    cognition: str
    content: Content
    record: Record

    @property
    def stem(self) -> str:
        return self.content.stem

    @property
    def checksum(self) -> str:
        facts = {"knowledge": self.knowledge, "difficulty": self.difficulty, "cognition": self.cognition}
        return content_checksum(facts | asdict(self.content))


@dataclass(slots=True)
class ItemFile:
    """One file: its head and its items. `record` is the file's outermost mapping."""

    record: Record
    standard: str
    level: int
    items: list[ItemSource] = field(default_factory=list)


def read_item_files(paths: Iterable[Path], problems: Problems) -> list[ItemFile]:
    """Return what the item files under `paths` hold, with every problem noted in `problems`.

    A file in several parts (`---`) gives an ItemFile for each.
    """
    files = [file for path in yaml_files(paths, problems) for file in _read_file(path, problems)]
    items = [item for file in files for item in file.items]
    once((item.record for item in items), lambda record: str(record.data.get("code") or ""), _("编号"))
    _refuse_same_stems(items)
    return files


def _refuse_same_stems(items: Iterable[ItemSource]) -> None:
    seen: dict[str, ItemSource] = {}
    for item in items:
        stem = fold(item.stem)
        if stem and stem in seen:
            words = {"where": f"{seen[stem].record.file}:{seen[stem].record.line}", "code": seen[stem].code}
            item.record.fail(_("题干与 %(where)s 的 %(code)s 相同。") % words, "stem")
        seen.setdefault(stem, item)


def _read_file(path: Path, problems: Problems) -> list[ItemFile]:
    files: list[ItemFile] = []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.add(str(path), 0, _("无法读取：%(reason)s") % {"reason": error.strerror})
        return files
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add(str(path), line, _("不是 UTF-8 编码的文字。"))
        return files
    for part in read_documents(text, problems, name=str(path)):
        if isinstance(part, Head):
            files.append(ItemFile(part.record, part.standard, part.level))
        else:
            item = read_entry(part)
            problems.found += part.record.problems.found
            part.record.problems = problems  # what is found later is the whole load's
            files[-1].items.append(item)
    return files


def read_entry(entry: Entry) -> ItemSource:
    """Return what an entry of any file format says; every problem is noted in its record."""
    head = entry.head
    return read_item(entry.record, head.level, head.pool, head.is_sample, head.state)


def read_item(record: Record, level: int, pool: str, is_sample: bool, state: str) -> ItemSource:
    item_type = record.choice("type", kinds())
    kind = get_kind(item_type)
    # An unknown type is said once; what else the record lacks would be guesswork.
    keys = kind.keys if record.data.get("type") == item_type else tuple(record.data)
    record.only(*_COMMON_KEYS, *keys)
    is_skill = kind.part == "skill"
    place = record.text(
        "knowledge", most=20, pattern=r"[0-9A-Z]+\.[0-9]+\.[KS][0-9]+", default="" if is_skill else None
    )
    code = record.text("code", most=40)
    wanted = code_pattern(level, "S" if is_skill else place, pool)
    if code and (place or is_skill) and not re.fullmatch(wanted, code):
        letter = "L" if pool == Pool.LIVE else "P"
        words = {"code": code, "example": f"{level}-{'S' if is_skill else place}-{letter}01"}
        record.fail(_("编号 %(code)s 的写法不对，应如 %(example)s。") % words, "code")
    return ItemSource(
        code,
        level,
        pool,
        is_sample,
        state,
        place,
        record.integer("difficulty", least=min(Difficulty.values), most=max(Difficulty.values)),
        record.choice("cognition", CognitiveLevel.values),
        kind.read(record) if keys == kind.keys else Content(item_type, record.text("stem", most=20_000)),
        record,
    )
