"""manage.py export_items PATH [--format xlsx] [--level 3] [--pool live]"""

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from exams.bank import queries
from exams.bank.enums import Pool
from exams.bank.errors import ExportRefused
from exams.bank.exchange import format_of, formats
from exams.bank.queries.exchange import outgoing


class Command(BaseCommand):
    help = "Write the items of the bank, with their keys, into a file that can be imported again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="the file to write")
        parser.add_argument("--format", choices=list(formats()), help="default: by the file's name")
        parser.add_argument("--level", type=int, choices=[3, 2, 1])
        parser.add_argument("--pool", choices=Pool.values)

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["path"]
        item_format = formats()[options["format"]] if options["format"] else format_of(path.name)
        if item_format is None:
            raise CommandError(_("文件名看不出格式，请用 --format 指明。"))
        if not path.parent.is_dir():
            raise CommandError(_("没有文件夹 %(path)s。") % {"path": path.parent})
        wanted = queries.ItemFilter(level=options["level"], pool=options["pool"] or "")
        found = queries.items(wanted)
        try:
            # Beside the file and then in its place: what stood there stays until all is written.
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as target:
                for piece in item_format.write(outgoing(found)):
                    target.write(piece)
            os.replace(target.name, path)  # noqa: PTH105
        except ExportRefused as refusal:
            Path(target.name).unlink()
            raise CommandError(f"{refusal.message} {refusal.remedy}") from None
        self.stdout.write(_("导出 %(count)d 题。") % {"count": found.count()})
