"""What table formats share beside their columns: limits, and what is said where there is no table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from config.sources import Problems

MOST_TITLE_ROWS = 10
"""In so many rows at the top a title may stand before the header."""


def no_header(problems: Problems, name: str) -> None:
    """Note that nothing in the file is a header."""
    problems.add(name, 0, _("没有找到表头。请用下载的模板，不要改动表头；表头应有“编号”“题型”“题干”等列。"))
