"""Files of items for tests: every format, from items as the bank gives them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from openpyxl import Workbook

from config.sources import Problems
from exams.bank.actions.importing import read_import, start_import
from exams.bank.exchange import Entry, Outgoing, formats
from exams.bank.exchange.columns import COLUMNS
from exams.bank.exchange.examples import examples
from exams.bank.files import ItemSource, read_entry
from exams.bank.models import ItemImport
from tests.factories.bank import CREATED_AT

ROW: dict[str, Any] = {
    "code": "3-1.1.K1-L01",
    "level": "三级",
    "pool": "正式库",
    "type": "单项选择题",
    "knowledge": "1.1.K1",
    "difficulty": 2,
    "cognition": "识记",
    "stem": "客户是（　）。",
    "option_a": "甲方",
    "option_b": "乙方",
    "option_c": "丙方",
    "option_d": "丁方",
    "key": "A",
    "explanation": "甲方是客户。",
}
MULTIPLE = ROW | {"type": "多项选择题", "option_e": "戊方", "key": "ACD"}
TRUE_FALSE = {key: value for key, value in ROW.items() if not key.startswith("option_")} | {
    "type": "判断题",
    "stem": "客户是上帝。",
    "key": "对",
}
ORDERING = {key: value for key, value in ROW.items() if not key.startswith("option_") and key != "key"} | {
    "type": "排序题",
    "content": "steps: [甲, 乙, 丙]\n",
}


def rows(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Return single-choice rows with codes and stems of their own."""
    return [
        ROW | {"code": f"3-1.1.K1-L{number:02}", "stem": f"第 {number} 位客户是（　）。"} | changes
        for number in range(1, count + 1)
    ]


def table(given: Sequence[Mapping[str, Any]], header: Sequence[str] | None = None) -> list[list[Any]]:
    """Return rows of cells under a header (default: ours)."""
    titles = list(header or COLUMNS.values())
    return [titles, *([row.get(key) for key in COLUMNS] for row in given)]


def xlsx(cells: Sequence[Sequence[Any]], *, sheet: str = "题目") -> bytes:
    """Return a workbook of one sheet with these cells."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in cells:
        page.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv(cells: Sequence[Sequence[Any]], *, separator: str = ",") -> bytes:
    """Return cells as CSV in UTF-8, everything quoted."""
    lines = []
    for row in cells:
        quoted = ("" if cell is None else str(cell).replace('"', '""') for cell in row)
        lines.append(separator.join(f'"{cell}"' for cell in quoted))
    return ("\r\n".join(lines) + "\r\n").encode()


def written(code: str, items: Sequence[Outgoing]) -> bytes:
    """Return a file of the format with these items."""
    return b"".join(formats()[code].write(items))


def read_back(code: str, source: bytes) -> tuple[list[ItemSource], list[str]]:
    """Return what a file holds, and everything that is wrong with it."""
    problems = Problems()
    found: list[ItemSource] = []
    entries: list[Entry] = list(formats()[code].read(source, problems, name="file"))
    for entry in entries:
        found.append(read_entry(entry))
        problems.found += entry.record.problems.found
    return found, [str(problem) for problem in problems.sorted()]


def one_of_each(**changes: Any) -> list[Outgoing]:
    """Return an item of every type there is."""
    return [replace(one, **changes) for one in examples()]


def imported(name: str, source: bytes, by: Any) -> ItemImport:
    """Return an import of the file, read and reported."""
    made = start_import(name=name, source=source, by=by, at=CREATED_AT)
    read_import(pk=made.pk)
    made.refresh_from_db()
    return made


def outcomes(made: ItemImport) -> list[str]:
    return [line["outcome"] for line in made.report]


def said(made: ItemImport) -> str:
    """Return everything that a report says, with the lines."""
    return "\n".join(
        f"{line['line']}: {message}" for line in made.report for message in line.get("messages", ())
    )
