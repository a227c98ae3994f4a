"""What table formats share beside their columns: limits, and what is said where there is no table."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from config.sources import Problems
from exams.bank.exchange.columns import Cell, Header, header_score, is_blank, read_header, read_row
from exams.bank.exchange.contract import Entry

MOST_TITLE_ROWS = 10
"""In so many rows at the top a title may stand before the header."""


def no_header(problems: Problems, name: str) -> None:
    """Note that nothing in the file is a header."""
    problems.add(name, 0, _("没有找到表头。请用下载的模板，不要改动表头；表头应有“编号”“题型”“题干”等列。"))


def read_table(
    rows: Iterable[tuple[int, Sequence[Cell]]], problems: Problems, *, name: str
) -> Iterator[Entry]:
    """Yield the items of a table given as (line, cells); the header begins it, blank rows do not count."""
    header: Header | None = None
    for line, cells in rows:
        if is_blank(cells):
            continue
        if header is None:
            if header_score(cells) < 2 and line <= MOST_TITLE_ROWS:
                continue  # a title above the table
            if (header := read_header(cells, line, problems, name=name)) is None:
                return
            continue
        yield read_row(header, cells, line, name=name)
    if header is None and not problems:
        no_header(problems, name)
