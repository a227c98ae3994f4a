"""manage.py export_items PATH [--format xlsx] [--level 3] [--pool live]"""

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
        # Beside the file and then in its place: what stood there stays until all is written.
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            target = Path(folder) / path.name
            target.touch(mode=0o600)  # keys are in it
            try:
                with target.open("wb") as file:
                    file.writelines(item_format.write(outgoing(found)))
            except ExportRefused as refusal:
                raise CommandError(f"{refusal.message} {refusal.remedy}") from None
            target.replace(path)
        self.stdout.write(_("导出 %(count)d 题。") % {"count": found.count()})
