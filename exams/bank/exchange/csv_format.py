"""CSV: UTF-8 or GB 18030, parted by commas, semicolons or tabs; the table of `columns`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sources import Problem, Problems
from exams.bank.exchange.columns import (
    COLUMNS,
    MOST_COLUMNS,
    Cell,
    header_score,
    place_of,
    write_row,
)
from exams.bank.exchange.contract import Entry, ItemFormat, Outgoing
from exams.bank.exchange.encoding import decode
from exams.bank.exchange.tables import MOST_TITLE_ROWS, read_table

_SEPARATORS = (",", ";", "\t")
# What a spreadsheet would take for a formula; one apostrophe before it says that it is text.
_FORMULA = re.compile(r"'*[=+\-@\t]")


class CsvFormat(ItemFormat):
    """逗号分隔的表格."""

    code = "csv"
    label = gettext_lazy("CSV")
    position = 2
    extensions = ("csv", "tsv", "txt")
    mime = "text/csv"

    def count(self, source: bytes) -> int:
        return source.count(b"\n") + 1

    def read(self, source: bytes, problems: Problems, *, name: str) -> Iterator[Entry]:
        text = decode(source, problems, name=name)
        if text is None:
            return
        yield from read_table(_rows(text, problems, name), problems, name=name)

    def write(self, items: Iterable[Outgoing]) -> Iterator[bytes]:
        yield "\ufeff".encode()  # Excel takes a file without the mark for GB 18030
        yield _line(COLUMNS.values())
        for item in items:
            row = write_row(item)
            yield _line(_shielded(str(row.get(key, ""))) for key in COLUMNS)

    def place(self, line: int, problem: Problem) -> tuple[str, str]:
        del line  # a row is one line: the column is what tells more
        return place_of(problem)

    @property
    def templates(self) -> Mapping[str, Any]:
        return {"csv": lambda: b"".join(self.write(()))}


def _rows(text: str, problems: Problems, name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield each row with its number, as a spreadsheet counts: a cell of several lines is one row."""
    text = text.removeprefix("\ufeff")
    line = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for line, cells in enumerate(reader, start=1):
            if len(cells) > MOST_COLUMNS:
                problems.add(name, line, _("这一行有 %(count)d 列，太多了。") % {"count": len(cells)})
                continue
            yield line, [_unshielded(cell) for cell in cells]
    except csv.Error as error:
        message = _("从这一行起无法分列，多半是引号不成对（%(reason)s）。后面的内容没有读。")
        problems.add(name, line + 1, message % {"reason": error})


def _separator(text: str) -> str:
    """Return the separator by which one of the first lines shows most headings that we know."""
    best, most = ",", 0
    for line in text[:20_000].splitlines()[: MOST_TITLE_ROWS + 1]:
        for separator in _SEPARATORS:
            score = header_score([cell.strip().strip('"') for cell in line.split(separator)])
            if score > most:
                best, most = separator, score
    return best


def _line(cells: Iterable[str]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target).writerow(cells)
    return target.getvalue().encode()


def _shielded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _unshielded(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


FORMAT = CsvFormat()
