"""Excel workbooks as we write them: items in a table, and the template to fill in."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.datavalidation import DataValidation

from exams.bank.errors import ExportRefused
from exams.bank.exchange.columns import COLUMNS, FILE_LANGUAGE, NEEDED, lists, write_row
from exams.bank.exchange.contract import Outgoing
from exams.bank.exchange.examples import examples

SHEET = "题目"
_MOST_CELL = 32_767  # characters; Excel's own limit
_VALIDATED_ROWS = 5_000
_PIECE = 1 << 16
_WIDTHS = {
    "code": 18,
    "level": 8,
    "pool": 10,
    "type": 14,
    "knowledge": 10,
    "difficulty": 8,
    "cognition": 10,
    "stem": 50,
    "key": 8,
    "content": 50,
    "explanation": 40,
}
_TEXT = "@"  # number format: what is typed stays as it is typed
_HEAD_FILL = PatternFill("solid", fgColor="E3EAE6")
_NEEDED_FILL = PatternFill("solid", fgColor="C5D8CE")
_EDGE = Border(bottom=Side("thin", color="7C8B84"))
_HEAD_FONT, _BODY_FONT, _TITLE_FONT = Font(bold=True), Font(), Font(bold=True, size=14)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def write(items: Iterable[Outgoing]) -> Iterator[bytes]:
    """Yield the pieces of a workbook with these items; raises ExportRefused for what a cell cannot hold."""
    book = Workbook(write_only=True)
    sheet = _table(book, SHEET)
    try:
        for item in items:
            sheet.append(_cells(sheet, item))
    except BaseException:
        sheet.close()
        sheet._writer.cleanup()  # the half-written part, a file of the library's own
        raise
    with tempfile.TemporaryFile() as target:
        book.save(target)
        target.seek(0)
        while piece := target.read(_PIECE):
            yield piece


def template() -> bytes:
    """Return an empty table with drop-down lists, an example of each type, and how to fill it in."""
    with override(FILE_LANGUAGE):
        book = Workbook()
        book.remove(book.active)
        _add_lists(_table(book, SHEET))
        sheet = _table(book, _("示例"))
        for example in examples():
            sheet.append(_cells(sheet, example))
        _instructions(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _table(book: Workbook, title: str) -> Any:
    sheet = book.create_sheet(title)
    for number, key in enumerate(COLUMNS, start=1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = _WIDTHS.get(key, 22)
        # New cells in the column take its format, so that Excel makes no date of an option.
        column.number_format = "General" if key == "difficulty" else _TEXT
    sheet.freeze_panes = "B2"
    sheet.append(
        [
            _cell(sheet, title, font=_HEAD_FONT, fill=_NEEDED_FILL if key in NEEDED else _HEAD_FILL)
            for key, title in COLUMNS.items()
        ]
    )
    return sheet


def _cells(sheet: Any, item: Outgoing) -> list[Any]:
    row = write_row(item)
    cells = []
    for key, title in COLUMNS.items():
        value = row.get(key, "")
        if isinstance(value, str) and len(value) > _MOST_CELL:
            words = {"code": item.code, "column": title, "most": _MOST_CELL}
            raise ExportRefused(
                _("题目 %(code)s 的“%(column)s”超过 Excel 一格能放的 %(most)d 字。") % words,
                remedy=_("请导出为 YAML 或 CSV。"),
            )
        cells.append(_cell(sheet, value, code=item.code) if value != "" else None)
    return cells


def _cell(
    sheet: Any, value: str | int, *, font: Font = _BODY_FONT, fill: PatternFill | None = None, code: str = ""
) -> Any:
    try:
        cell = WriteOnlyCell(sheet, value)
    except IllegalCharacterError:
        raise ExportRefused(
            _("题目 %(code)s 含有 Excel 不能保存的控制字符。") % {"code": code},
            remedy=_("请导出为 YAML 或 CSV。"),
        ) from None
    if isinstance(value, str):
        cell.data_type = "s"  # also what begins with = is text
        cell.number_format = _TEXT
    cell.alignment, cell.font = _WRAPPED, font
    if fill:
        cell.fill, cell.border = fill, _EDGE
    return cell


def _add_lists(sheet: Any) -> None:
    keys = list(COLUMNS)
    for key, words in lists().items():
        letter = get_column_letter(keys.index(key) + 1)
        rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        rule.error = _("请从列表中选择。")
        rule.add(f"{letter}2:{letter}{_VALIDATED_ROWS}")
        sheet.add_data_validation(rule)


def _instructions(book: Workbook) -> None:
    sheet = book.create_sheet(_("说明"))
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 90
    sheet.append([_cell(sheet, _("怎样填写"), font=_TITLE_FONT)])
    for row in _advice():
        sheet.append([_cell(sheet, text) for text in row])


def _advice() -> Sequence[tuple[str, str]]:
    return (
        (
            _("总则"),
            _("一行一题，写在“题目”表里；“示例”表每种题型各有一例，导入时不读。不要改列名，不要合并单元格。"),
        ),
        (
            _("编号"),
            _(
                "级别-知识点-题库字母和序号，如 3-1.1.K1-L01（L 正式库，P 练习库）；操作技能题如 3-S-L01。"
                "题库里已有的编号会成为新版本。"
            ),
        ),
        (_("知识点"), _("现行标准中专业知识要求的编号，如 1.1.K1；操作技能题留空。")),
        (_("难度"), _("1 很易，2 较易，3 中等，4 较难，5 很难。")),
        (
            _("选项"),
            _(
                "单项选择题四个选项（A–D），多项选择题五个选项（A–E），判断题不填。选项的顺序会打乱，不要写“以上都对”。"
            ),
        ),
        (_("答案"), _("单项选择题一个字母，多项选择题两到四个字母（如 ACD），判断题写“对”或“错”。")),
        (
            _("内容"),
            _("选择题和判断题不填；其他题型把自己的内容写在这里，写法见“示例”表（YAML，每行“键: 值”）。"),
        ),
        (_("解析"), _("不要用字母指代选项。")),
        (
            _("文字"),
            _(
                "可以用 **加粗**、表格、公式 $…$ 和图片 ![替代文字](pic:图片编号)。"
                "1-2 这样的选项请先把单元格格式设为“文本”，以免被变成日期。"
            ),
        ),
    )
