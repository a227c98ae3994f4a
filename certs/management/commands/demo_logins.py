"""manage.py demo_logins: the logins of the demo world, as a table."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from certs.people.queries import demo_logins


class Command(BaseCommand):
    """Prints name, purpose, identifier and password of each demo person."""

    help = "Print the demo logins (DEMO=1 only)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are demo logins in demo mode only (DEMO=1).")
        rows = [(row.name, row.identifier, row.password, row.note) for row in demo_logins()]
        if not rows:
            raise CommandError("There are no demo people yet; `make demo` makes them.")
        table = [("姓名", "账号", "密码", "用途"), *rows]
        widths = [max(_width(row[column]) for row in table) for column in range(3)]
        for row in table:
            cells = [text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[3]]).rstrip())


def _width(text: str) -> int:
    """Return the columns a terminal needs: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
