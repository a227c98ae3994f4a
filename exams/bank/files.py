"""Reads item files (fixtures/items): what is in them, and every problem that needs no database to see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from config.sources import Problems, Record, Text, once, read_yaml, yaml_files
from exams.bank.enums import CognitiveLevel, Difficulty, ItemState, ItemType, Pool
from exams.bank.rules import (
    OPTION_COUNTS,
    code_pattern,
    content_checksum,
    fold,
    has_blank,
    is_catch_all,
    key_fault,
    names_a_letter,
)

_FILE_KEYS = ("standard", "level", "pool", "sample", "state", "items")
_ITEM_KEYS = (
    "code",
    "type",
    "knowledge",
    "difficulty",
    "cognition",
    "stem",
    "options",
    "key",
    "explanation",
)


@dataclass(frozen=True, slots=True)
class ItemSource:
    """One item as its file gives it. `record` names the place for problems found later."""

    code: str
    level: int
    pool: str
    is_sample: bool
    state: str
    type: str
    knowledge: str
    difficulty: int
    cognition: str
    stem: str
    options: tuple[str, ...]
    key: str
    explanation: str
    record: Record

    @property
    def checksum(self) -> str:
        return content_checksum(
            {
                "type": self.type,
                "knowledge": self.knowledge,
                "difficulty": self.difficulty,
                "cognition": self.cognition,
                "stem": self.stem,
                "options": list(self.options),
                "key": self.key,
                "explanation": self.explanation,
            }
        )


@dataclass(slots=True)
class ItemFile:
    """One file: its head and its items. `record` is the file's outermost mapping."""

    record: Record
    standard: str
    level: int
    items: list[ItemSource] = field(default_factory=list)


def read_item_files(paths: Iterable[Path], problems: Problems) -> list[ItemFile]:
    """Return what the item files under `paths` hold, with every problem noted in `problems`."""
    files = []
    for path in yaml_files(paths, problems):
        record = read_yaml(path, problems)
        if record is not None:
            files.append(_read_file(record))
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


def _read_file(record: Record) -> ItemFile:
    record.only(*_FILE_KEYS)
    file = ItemFile(record, record.text("standard", most=20), record.integer("level", least=1, most=3))
    pool = record.choice("pool", Pool.values)
    is_sample = record.flag("sample")
    state = record.choice("state", [ItemState.DRAFT, ItemState.APPROVED], default=ItemState.APPROVED)
    file.items = [_read_item(one, file.level, pool, is_sample, state) for one in record.records("items")]
    return file


def _read_item(record: Record, level: int, pool: str, is_sample: bool, state: str) -> ItemSource:
    record.only(*_ITEM_KEYS)
    knowledge = record.text("knowledge", most=20, pattern=r"[0-9A-Z]+\.[0-9]+\.[KS][0-9]+")
    code = record.text("code", most=40)
    if code and knowledge and not re.fullmatch(code_pattern(level, knowledge, pool), code):
        letter = "L" if pool == Pool.LIVE else "P"
        words = {"code": code, "example": f"{level}-{knowledge}-{letter}01"}
        record.fail(_("编号 %(code)s 的写法不对，应如 %(example)s。") % words, "code")
    item_type = record.choice("type", ItemType.values)
    stem = record.text("stem", most=1000)
    options = _read_options(record, item_type)
    key = _read_key(record, item_type)
    explanation = record.text("explanation", most=1000)
    if names_a_letter(explanation) and item_type != ItemType.TRUE_FALSE:
        record.fail(_("解析不能用字母指代选项：选项的顺序会打乱。"), "explanation")
    if item_type == ItemType.TRUE_FALSE and has_blank(stem):
        record.fail(_("判断题的题干应是完整的陈述句，不能留空。"), "stem")
    difficulty = record.integer("difficulty", least=min(Difficulty.values), most=max(Difficulty.values))
    cognition = record.choice("cognition", CognitiveLevel.values)
    texts = tuple(option.value for option in options)
    return ItemSource(
        code,
        level,
        pool,
        is_sample,
        state,
        item_type,
        knowledge,
        difficulty,
        cognition,
        stem,
        texts,
        key,
        explanation,
        record,
    )


def _read_options(record: Record, item_type: str) -> Sequence[Text]:
    wanted = OPTION_COUNTS[item_type]
    if not wanted:
        if "options" in record.data:
            record.fail(_("判断题没有选项。"), "options")
        return ()
    if not record.has("type"):
        return ()
    options = record.texts("options", most=300)
    if options and len(options) != wanted:
        words = {"type": ItemType(item_type).label, "wanted": wanted, "count": len(options)}
        record.fail(_("%(type)s应有 %(wanted)d 个选项，实为 %(count)d 个。") % words, "options")
    seen: dict[str, int] = {}
    for option in options:
        folded = fold(option.value)
        if folded and folded in seen:
            words = {"text": option.value, "line": seen[folded]}
            record.problems.add(
                record.file, option.line, _("选项“%(text)s”与第 %(line)d 行的选项相同。") % words
            )
        seen.setdefault(folded, option.line)
        if is_catch_all(option.value):
            message = _("不能用“%(text)s”这类概括其他选项的选项：选项的顺序会打乱。") % {"text": option.value}
            record.problems.add(record.file, option.line, message)
    return options


def _read_key(record: Record, item_type: str) -> str:
    """Return the key as it is stored: letters, or T or F."""
    if item_type == ItemType.TRUE_FALSE:
        return "T" if record.flag("key") else "F"
    key = record.text("key", most=10)
    if key and record.has("type") and (fault := key_fault(item_type, key)):
        record.fail(fault, "key")
    return key
