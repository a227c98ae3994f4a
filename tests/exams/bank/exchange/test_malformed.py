"""Malformed files: each is refused with its line, or as a whole; none crashes, none is written by half."""

import datetime
import io
import random
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from config.sources import Problems
from exams.bank.actions.importing import confirm_import, write_import
from exams.bank.exchange import get_format
from exams.bank.exchange.columns import COLUMNS
from exams.bank.exchange.contract import ItemFormat
from exams.bank.models import Item, ItemVersion
from tests.exams.bank.exchange.files import (
    MULTIPLE,
    ORDERING,
    ROW,
    TRUE_FALSE,
    csv,
    imported,
    one_of_each,
    rows,
    said,
    saved,
    table,
    written,
    xlsx,
)
from tests.factories.bank import CREATED_AT
from tests.factories.people import item_manager
from tests.factories.standard import LevelFactory

pytestmark = pytest.mark.django_db
GOOD = {"code": "3-1.1.K1-L77", "stem": "好题是（　）。"}


@pytest.fixture(autouse=True)
def level() -> Any:
    return LevelFactory(complete=True)


# --- Rows: the same in Excel and CSV. What is wrong in row 3 (after header and a good row), and the words.

ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "no code": (ROW | {"code": None}, "编号：不能为空"),
    "code of another point": (ROW | {"code": "3-1.1.K2-L01"}, "编号：编号 3-1.1.K2-L01 的写法不对"),
    "code too long": (ROW | {"code": "3" * 60}, "编号"),
    "no level": (ROW | {"level": None}, "级别：不能为空"),
    "unknown level": (ROW | {"level": "四级"}, "级别：应为 三级、二级、一级 之一，实为“四级”"),
    "level that is not loaded": (ROW | {"level": "二级", "code": "2-1.1.K1-L01"}, "没有级别 2 的标准"),
    "level beyond all": (ROW | {"level": "7"}, "没有级别 7 的标准"),
    "no pool": (ROW | {"pool": None}, "题库：不能为空"),
    "unknown pool": (ROW | {"pool": "秘密库"}, "题库：应为 练习库、正式库 之一"),
    "no type": (ROW | {"type": None}, "题型：不能为空"),
    "unknown type": (ROW | {"type": "唱歌题"}, "题型：应为 单项选择题"),
    "no knowledge": (ROW | {"knowledge": None}, "知识点：不能为空"),
    "unknown knowledge": (ROW | {"knowledge": "9.9.K9", "code": "3-9.9.K9-L01"}, "没有知识点 9.9.K9"),
    "skill for knowledge": (ROW | {"knowledge": "1.1.S1", "code": "3-1.1.S1-L01"}, "是技能要求"),
    "shapeless knowledge": (ROW | {"knowledge": "客户"}, "知识点：的写法不对"),
    "no difficulty": (ROW | {"difficulty": None}, "难度：不能为空"),
    "difficulty 9": (ROW | {"difficulty": "9"}, "难度：应在 1 到 5 之间"),
    "difficulty as a fraction": (ROW | {"difficulty": "2.5"}, "难度：应为"),
    "unknown cognition": (ROW | {"cognition": "记得"}, "认知层次：应为 识记、理解、应用 之一"),
    "no stem": (ROW | {"stem": None}, "题干：不能为空"),
    "stem too long": (ROW | {"stem": "长" * 1001}, "题干：有 1001 个字符，最多 1000 个"),
    "no explanation": (ROW | {"explanation": None}, "解析：不能为空"),
    "explanation names a letter": (ROW | {"explanation": "选项B是错的。"}, "解析：解析不能用字母指代"),
    "no options": ({key: value for key, value in ROW.items() if "option" not in key}, "选项：不能为空"),
    "three options": (ROW | {"option_d": None}, "选项：单项选择题应有 4 个选项，实为 3 个"),
    "five options": (ROW | {"option_e": "戊方"}, "选项：单项选择题应有 4 个选项，实为 5 个"),
    "an empty option between": (ROW | {"option_b": None}, "选项B：这一项应有 1 到 300 个字符"),
    "the same option twice": (ROW | {"option_d": "甲 方"}, "选项：选项“甲 方”与"),
    "all of the above": (ROW | {"option_d": "以上都对"}, "概括其他选项"),
    "no key": (ROW | {"key": None}, "答案：不能为空"),
    "key E of four": (ROW | {"key": "E"}, "答案：答案只能用字母 A–D"),
    "two keys": (ROW | {"key": "A,B"}, "只能有一个答案"),
    "key as a word": (ROW | {"key": "甲方"}, "答案：答案只能用字母"),
    "one key of many": (MULTIPLE | {"key": "A"}, "两到四个答案"),
    "key twice": (MULTIPLE | {"key": "AAC"}, "不重复"),
    "true or false or perhaps": (TRUE_FALSE | {"key": "也许"}, "答案：判断题的答案应为“对”或“错”"),
    "true or false with options": (TRUE_FALSE | {"option_a": "对"}, "选项：判断题没有选项"),
    "true or false with a blank": (TRUE_FALSE | {"stem": "客户是（　）。"}, "完整的陈述句"),
    "content of a choice": (ROW | {"content": "a: 1"}, "内容：这种题型不用这一列"),
    "no content": (ORDERING | {"content": None}, "内容：缺少 steps"),
    "content that is no YAML": (ORDERING | {"content": "steps: [甲"}, "内容：第 1 行：YAML 写法有误"),
    "content that is a list": (ORDERING | {"content": "- 甲"}, "内容：应为一组“键: 值”"),
    "content with an unknown key": (ORDERING | {"content": "step: [甲, 乙]"}, "是否应为 steps"),
    "content with a key of a column": (ORDERING | {"content": "stem: 甲\nsteps: [甲, 乙, 丙]"}, "自有其列"),
    "content with an alias": (
        ORDERING | {"content": "steps: &a [甲, *a]"},
        "内容：第 1 行：不支持 YAML 的锚点",
    ),
    "content with a tag": (ORDERING | {"content": "steps: !!python/name:os []"}, "不支持 YAML 的标签"),
    "content in two parts": (ORDERING | {"content": "steps: [甲]\n---\na: 1"}, "只能有一组"),
    "key of a type without": (ORDERING | {"key": "ABC"}, "答案：这种题型的答案写在“内容”列"),
    "options of a type without": (ORDERING | {"option_a": "甲"}, "选项：这种题型没有选项"),
    "the code of the row before": (ROW | {"code": GOOD["code"]}, "重复，已在第 2 行出现"),
    "the stem of the row before": (ROW | {"stem": GOOD["stem"]}, "题干与第 2 行的 3-1.1.K1-L77 相同"),
}


@pytest.mark.parametrize("code", ["xlsx", "csv"])
@pytest.mark.parametrize("name", ROWS)
def test_bad_row_is_refused_with_its_row_and_column(name: str, code: str) -> None:
    row, words = ROWS[name]
    cells = table([ROW | GOOD, row])
    made = imported(f"a.{code}", xlsx(cells) if code == "xlsx" else csv(cells), item_manager())
    assert [(line["line"], line["outcome"]) for line in made.report] == [(2, "new"), (3, "refused")]
    assert any(words in message for message in made.report[1]["messages"]), said(made)
    assert not any(key in said(made) for key in ("difficulty ", "cognition ", "stem 不", "缺少 code"))


# --- Whole files. The line that is named (0: the file) and the words.


def _with(change: Callable[[Any], None], cells: Any = None) -> bytes:
    book = load_workbook(io.BytesIO(xlsx(cells or table(rows(2)))))
    change(book.active)
    return saved(book)


def _set(place: str, value: object) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet[place] = value

    return change


def _without(name: str) -> bytes:
    """Return a workbook that lacks a part."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(table(rows(2))))) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
    return target.getvalue()


def _part(name: str, content: bytes) -> bytes:
    """Return a workbook one part of which says something else."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(table(rows(2))))) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return target.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
_BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>"""
_TITLES = list(COLUMNS.values())
_YAML = written("yaml", one_of_each()[:2]).decode()


@cache
def _empty_book() -> bytes:
    return saved(Workbook())


def _future_zip() -> bytes:
    """Return a workbook whose archive asks for a version of ZIP that does not exist."""
    book = xlsx(table(rows(3)))
    entry = book.index(b"PK\x01\x02")
    return book[: entry + 6] + b"\x78\x00" + book[entry + 8 :]


FILES: dict[str, tuple[str, Callable[[], bytes], int, str]] = {
    "xlsx: ZIP of the future": ("xlsx", _future_zip, 0, "不是 Excel 工作簿"),
    "xlsx: not a workbook": ("xlsx", lambda: b"hello", 0, "不是 Excel 工作簿"),
    "xlsx: cut short": ("xlsx", lambda: xlsx(table(rows(3)))[:-400], 0, "不是 Excel 工作簿"),
    "xlsx: old or locked": ("xlsx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), 0, "加了密码的文件或旧的 .xls"),
    "xlsx: nothing in it": ("xlsx", _empty_book, 0, "没有找到表头"),
    "xlsx: no sheet part": ("xlsx", lambda: _without(_SHEET), 0, "没有工作表"),
    "xlsx: no workbook part": ("xlsx", lambda: _without("xl/workbook.xml"), 0, "无法读取"),
    "xlsx: broken XML": ("xlsx", lambda: _part(_SHEET, b"<worksheet><sheetData><row"), 0, "无法读取"),
    "xlsx: billion laughs": ("xlsx", lambda: _part(_SHEET, _BILLION_LAUGHS), 0, "无法读取"),
    "xlsx: formula": ("xlsx", lambda: _with(_set("H3", "=A1&B1")), 3, "单元格 H3 是公式"),
    "xlsx: error": ("xlsx", lambda: _with(_set("N2", "#N/A")), 2, "单元格 N2 是一个错误值"),
    "xlsx: date": ("xlsx", lambda: _with(_set("J2", datetime.date(2026, 1, 2))), 2, "J2 被 Excel 变成了日期"),
    "xlsx: time": ("xlsx", lambda: _with(_set("J3", datetime.time(8, 30))), 3, "J3 被 Excel 变成了日期"),
    "xlsx: number for text": ("xlsx", lambda: _with(_set("I2", 12)), 2, "选项A：这一格是数字 12，不是文字"),
    "xlsx: true for text": ("xlsx", lambda: _with(_set("H2", True)), 2, "题干：这一格是逻辑值 TRUE"),
    "xlsx: infinite difficulty": ("xlsx", lambda: _with(_set("F2", 2.5)), 2, "难度：应为整数，实为 2.5"),
    "xlsx: merged": (
        "xlsx",
        lambda: _with(lambda page: page.merge_cells("E2:E3")),
        2,
        "单元格 E2:E3 是合并的",
    ),
    "xlsx: beside the table": ("xlsx", lambda: _with(_set("Z3", "备注")), 3, "第 26 列没有列名"),
    "xlsx: far beside the table": ("xlsx", lambda: _with(_set("ZZ3", "备注")), 3, "右边第 702 列还有内容"),
    "xlsx: only a header": ("xlsx", lambda: xlsx([_TITLES]), 0, "文件里没有题目"),
    "table: no header": ("csv", lambda: csv(table([ROW])[1:]), 0, "没有找到表头"),
    "table: unknown column": ("csv", lambda: csv(table([ROW], [*_TITLES[:-1], "备注"])), 1, "“备注”不认识"),
    "table: column twice": ("csv", lambda: csv(table([ROW], [*_TITLES[:-1], "题干"])), 1, "出现了两次"),
    "table: column missing": ("csv", lambda: csv([row[1:] for row in table([ROW])]), 1, "缺少这些列：编号"),
    "csv: quote left open": (
        "csv",
        lambda: csv(table(rows(2))) + b'"3-1.1.K1-L09,x\r\nx,y\r\n',
        4,
        "无法分列",
    ),
    "csv: text after a quote": ("csv", lambda: csv(table(rows(1))) + b'"a"b,c\r\n', 3, "无法分列"),
    "csv: too many cells": ("csv", lambda: csv(table(rows(1))) + b"," * 200 + b"\r\n", 3, "201 列，太多了"),
    "csv: damaged UTF-8": (
        "csv",
        lambda: csv(table(rows(3))).replace("乙".encode(), b"\xe4\xb9", 1),
        2,
        "不能识别的字节",
    ),
    "csv: no text at all": ("csv", lambda: bytes(range(256)) * 20, 2, "不能识别的字节"),
    "csv: NUL in a cell": (
        "csv",
        lambda: csv(table([ROW | {"stem": "客\0户（　）。"}])),
        2,
        "题干：含有控制字符",
    ),
    "csv: only blanks": ("csv", lambda: b"\r\n,,,\r\n", 0, "没有找到表头"),
    "yaml: not YAML": ("yaml", lambda: b"items: [a, b", 1, "YAML 写法有误"),
    "yaml: a list": ("yaml", lambda: b"- a\n- b\n", 1, "最外层"),
    "yaml: blank": ("yaml", lambda: b"\n# nothing\n", 1, "最外层"),
    "yaml: no head": ("yaml", _YAML[_YAML.index("items:") :].encode, 1, "缺少 level"),
    "yaml: bad level": ("yaml", lambda: _YAML.replace("level: 3", "level: 9").encode(), 2, "1 到 3"),
    "yaml: no items": ("yaml", _YAML[: _YAML.index("items:")].encode, 1, "缺少 items"),
    "yaml: items empty": (
        "yaml",
        (_YAML[: _YAML.index("items:")] + "items: []").encode,
        6,
        "空列表",
    ),
    "yaml: items no list": (
        "yaml",
        (_YAML[: _YAML.index("items:")] + "items: 3").encode,
        6,
        "列表",
    ),
    "yaml: head after items": ("yaml", (_YAML + "level: 3\n").encode, -1, "写在 items 之前"),
    "yaml: item no mapping": ("yaml", (_YAML + "  - just text\n").encode, -1, "一组“键: 值”"),
    "yaml: key twice": (
        "yaml",
        lambda: _YAML.replace("    key:", "    stem: x\n    key:", 1).encode(),
        18,
        "YAML",
    ),
    "yaml: anchor": ("yaml", lambda: _YAML.replace("key: A", "key: &a A").encode(), 18, "锚点"),
    "yaml: alias": ("yaml", lambda: _YAML.replace("key: A", "key: *a").encode(), 18, "YAML 写法有误"),
    "yaml: tag": ("yaml", lambda: _YAML.replace("key: A", "key: !!int A").encode(), 7, "YAML 写法有误"),
    "yaml: own tag": ("yaml", lambda: _YAML.replace("key: A", "key: !secret A").encode(), 18, "标签"),
    "yaml: half a surrogate": (
        "yaml",
        lambda: _YAML.replace("key: A", 'key: "\\ud800"').encode(),
        7,
        "字母",
    ),
    "yaml: surrogate in the stem": (
        "yaml",
        lambda: _YAML.replace("stem: ", 'stem: "\\ud800" #', 1).encode(),
        7,
        "不能保存的字符",
    ),
    "yaml: other standard": ("yaml", lambda: _YAML.replace("csm", "chef").encode(), 7, "应为 csm"),
    "yaml: deep": ("yaml", (_YAML + "  - " + "[" * 200).encode, -1, "YAML 写法有误"),
    "yaml: deeper": ("yaml", (_YAML + "  - " + "[" * 20_000).encode, -1, "YAML 写法有误"),
    "yaml: huge number": (
        "yaml",
        lambda: _YAML.replace("difficulty: 2", "difficulty: 1" + "0" * 5000).encode(),
        7,
        "",
    ),
    "yaml: tab": ("yaml", lambda: _YAML.replace("    key", "\tkey", 1).encode(), 18, "YAML 写法有误"),
    "yaml: control character": (
        "yaml",
        lambda: _YAML.replace("stem: ", "stem: \x01", 1).encode(),
        12,
        "YAML",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_bad_file_is_refused_with_its_line(name: str) -> None:
    code, make, line, words = FILES[name]
    source = make()
    manager = item_manager()
    made = imported(f"a.{code}", source, manager)
    refused = [one for one in made.report if one["outcome"] == "refused"]
    last = source.rstrip().count(b"\n") + 1
    found = [one["line"] for one in refused for message in one["messages"] if words in message]
    assert (line if line >= 0 else last) in found, said(made)
    assert made.state == "refused"
    write_import(pk=made.pk, at=CREATED_AT)
    assert not Item.objects.exists()


# --- Fuzz: bytes of good files changed at random


@cache
def _good(code: str) -> bytes:
    return written(code, one_of_each())


def _drained(item_format: ItemFormat, source: bytes) -> None:
    problems = Problems()
    for entry in item_format.read(source, problems, name="file"):
        assert entry.line > 0
    assert all(problem.message and problem.line >= 0 for problem in problems.found)
    assert item_format.count(source) >= 0


def _mutated(source: bytes, seed: int) -> bytes:
    """Return `source` with some bytes changed, dropped, doubled or moved."""
    chance = random.Random(seed)
    data = bytearray(source)
    for _change in range(chance.randint(1, 8)):
        at = chance.randrange(len(data))
        length = chance.choice((1, 1, 2, 5, 40))
        match chance.randrange(5):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length]
            case 3:
                data[at:at] = chance.choice(
                    (b'"', b"\n", b"\x00", b",", b": ", b"- ", b"&a ", b"\xff", b"{", b"!")
                )
            case _:
                start = chance.randrange(len(data))
                data[at : at + length] = data[start : start + length]
    return bytes(data) or b"x"


@pytest.mark.parametrize("code", ["xlsx", "csv", "yaml"])
@pytest.mark.parametrize("seed", range(60))
def test_changed_bytes_never_crash_a_reader(code: str, seed: int) -> None:
    _drained(get_format(code), _mutated(_good(code), seed))


@pytest.mark.parametrize("code", ["xlsx", "csv", "yaml"])
@given(source=st.binary(min_size=1, max_size=400))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_never_crash_a_reader(code: str, source: bytes) -> None:
    _drained(get_format(code), source)
    _drained(get_format(code), b"standard: csm\nlevel: 3\npool: live\nsample: false\nitems:\n  - " + source)


@pytest.mark.parametrize("seed", range(12))
def test_changed_parts_of_a_workbook_never_crash_the_reader(seed: int) -> None:
    """Changed inside, where the archive itself is sound."""
    chance = random.Random(seed)
    for _round in range(6):
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(_good("xlsx"))) as old, zipfile.ZipFile(target, "w") as new:
            names = old.namelist()
            victim = chance.choice([*names, _SHEET, _SHEET])
            for name in names:
                content = old.read(name)
                new.writestr(name, _mutated(content, chance.randrange(10**9)) if name == victim else content)
        _drained(get_format("xlsx"), target.getvalue())


@pytest.mark.parametrize("code", ["xlsx", "csv", "yaml"])
@pytest.mark.parametrize("seed", range(100, 112))
def test_changed_files_are_imported_whole_or_reported_by_line(code: str, seed: int) -> None:
    manager = item_manager()
    made = imported(f"a.{code}", _mutated(_good(code), seed), manager)
    assert made.state in {"ready", "refused"}
    for line in made.report:
        assert (line["outcome"] == "refused") == bool(line.get("messages"))
    good = [line["code"] for line in made.report if line["outcome"] == "new"]
    if good:
        confirm_import(pk=made.pk, by=manager, at=CREATED_AT, partly=True)
        write_import(pk=made.pk, at=CREATED_AT)
        made.refresh_from_db()
        assert made.state == "done"
    assert sorted(Item.objects.values_list("code", flat=True)) == sorted(good)
    assert ItemVersion.objects.count() == len(good)
