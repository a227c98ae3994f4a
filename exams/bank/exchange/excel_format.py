"""Excel (.xlsx): the table of `columns` on the sheet 题目, or on the first one.

Cells must hold what the writer typed. A formula, an error, a merged cell, or a date that Excel made of
"1-2" is refused with its place and what to do: guessing would put a wrong option before a candidate.
"""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser

from config.sources import Problem, Problems
from exams.bank.exchange import workbook
from exams.bank.exchange.columns import (
    MOST_COLUMNS,
    Cell,
    Unusable,
    header_score,
    place_of,
)
from exams.bank.exchange.contract import Entry, ItemFormat, Outgoing
from exams.bank.exchange.tables import read_table

_MOST_UNPACKED = 200_000_000
_MOST_PARTS = 1_000
_MOST_SHARED_TEXT = 60_000_000
_MOST_ROW = 200_000
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


class ExcelFormat(ItemFormat):
    """Excel 工作簿."""

    code = "xlsx"
    label = gettext_lazy("Excel")
    position = 1
    extensions = ("xlsx", "xlsm")
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def count(self, source: bytes) -> int:
        counted = 0
        try:
            with zipfile.ZipFile(io.BytesIO(source)) as archive:
                if not _unpacked_fault(archive):
                    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
                    counted = max((_count_rows(archive, name) for name in sheets), default=0)
        except Exception:  # a hint for a bar; reading says what is wrong
            return 0
        return counted

    def read(self, source: bytes, problems: Problems, *, name: str) -> Iterator[Entry]:
        if source.startswith(_OLD_OR_LOCKED):
            problems.add(name, 0, _("这是加了密码的文件或旧的 .xls 文件。请去掉密码，另存为 .xlsx 再上传。"))
            return
        yield from read_table(_rows(source, problems, name), problems, name=name)

    def write(self, items: Iterable[Outgoing]) -> Iterator[bytes]:
        yield from workbook.write(items)

    def place(self, line: int, problem: Problem) -> tuple[str, str]:
        del line  # a row is one line: the column is what tells more
        return place_of(problem)

    @property
    def templates(self) -> Mapping[str, Any]:
        return {"xlsx": workbook.template}


def _rows(source: bytes, problems: Problems, name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows of the sheet with their numbers; merged cells are noted at the end."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            if fault := _unpacked_fault(archive):
                problems.add(name, 0, fault)
                return
    # A damaged archive raises BadZipFile, or whatever its nonsense leads to ("zip file version 12.0").
    except Exception:
        problems.add(name, 0, _("这不是 Excel 工作簿（.xlsx），或者文件已损坏。"))
        return
    rows = _sheet_rows(source, problems, name)
    line = 0
    while True:
        try:
            # Warnings tell of parts that we do not use, such as styles it does not know.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                line, cells = next(rows)
        except StopIteration:
            return
        # The library raises whatever a damaged file leads it to; all of it means the same.
        except Exception:
            message = _("从这一行起无法读取，文件可能已损坏。请用 Excel 打开，另存为 .xlsx 再上传。")
            problems.add(name, line + 1 if line else 0, message)
            return
        yield line, cells


def _sheet_rows(source: bytes, problems: Problems, name: str) -> Iterator[tuple[int, list[Cell]]]:
    book = load_workbook(io.BytesIO(source), read_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "_get_source")]
        if not sheets:
            problems.add(name, 0, _("工作簿里没有工作表。"))
            return
        named = [sheet for sheet in sheets if sheet.title.strip() == workbook.SHEET]
        visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
        sheet = (named or visible or sheets)[0]
        with sheet._get_source() as content:
            # The parser itself, not the sheet's rows: those fill gaps, and forget about merged cells.
            parser = WorkSheetParser(
                content,
                sheet._shared_strings,
                data_only=False,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            first = 0
            for number, row in parser.parse():
                if number > _MOST_ROW:
                    problems.add(name, number, _("行数太多，最多 %(most)d 行。") % {"most": _MOST_ROW})
                    return
                cells = _cells(row)
                first = first or (number if header_score(cells) >= 2 else 0)
                yield number, cells
        for merged in parser.merged_cells.mergeCell if parser.merged_cells else ():
            _left, top, _right, bottom = range_boundaries(merged.ref)
            if bottom >= first:
                message = _("单元格 %(place)s 是合并的。请取消合并，每格各写各的。")
                problems.add(name, top, message % {"place": merged.ref})
    finally:
        book.close()


def _cells(row: Sequence[Mapping[str, Any]]) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row:
        number, value = cell["column"], _value(cell)
        if value is None or number < 1:
            continue
        if number > MOST_COLUMNS:
            number, value = (
                MOST_COLUMNS,
                Unusable(_("表格右边第 %(number)d 列还有内容。") % {"number": number}),
            )
        cells += [None] * (number - len(cells))
        cells[number - 1] = value
    return cells


def _value(cell: Mapping[str, Any]) -> Cell:
    value, kind = cell["value"], cell["data_type"]
    place = {"place": f"{get_column_letter(cell['column'])}{cell['row']}"}
    if kind == "f":
        return Unusable(_("单元格 %(place)s 是公式。请改成公式的结果（选择性粘贴，数值）。") % place)
    if kind == "e":
        return Unusable(_("单元格 %(place)s 是一个错误值（如 #N/A）。") % place)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        words = place | {"value": value}
        return Unusable(
            _(
                "单元格 %(place)s 被 Excel 变成了日期或时间（%(value)s）。"
                "请把单元格格式设为“文本”，再重新输入原来的内容。"
            )
            % words
        )
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return Unusable(_("单元格 %(place)s 的内容不能识别。") % place)


def _unpacked_fault(archive: zipfile.ZipFile) -> str:
    """Return why the archive must not be unpacked; empty where it may. Sizes are those it declares.

    zipfile unpacks no more of a part than it declares, so that a lie here is found later as damage.
    """
    parts = archive.infolist()
    shared = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        return _("工作簿解压后太大。请只留题目，分成几个文件上传。")
    if shared > _MOST_SHARED_TEXT:
        return _("工作簿里的文字太多。请分成几个文件上传。")
    if any(part.flag_bits & 1 for part in parts):
        return _("工作簿加了密码。请去掉密码再上传。")
    return ""


def _count_rows(archive: zipfile.ZipFile, name: str) -> int:
    count, rest = 0, b""
    with archive.open(name) as content:
        while piece := content.read(1 << 20):
            count += (rest + piece).count(b"<row ")
            rest = piece[-4:]
    return count


FORMAT = ExcelFormat()
