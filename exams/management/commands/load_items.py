"""manage.py load_items PATH… [--dry-run]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.bank.actions import load_items
from exams.bank.errors import ItemsRefused


class Command(BaseCommand):
    help = "Load item files (YAML) into the bank: all of them, or none and every problem by file and line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of them")
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = load_items(
                paths=options["paths"], by=None, at=timezone.now(), dry_run=options["dry_run"]
            )
        except ItemsRefused as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            self.stderr.write(refusal.message)
            raise SystemExit(1) from None
        words = {"new": len(report.new), "changed": len(report.changed), "unchanged": report.unchanged}
        self.stdout.write(_("新增 %(new)d 题，新版本 %(changed)d 题，未变 %(unchanged)d 题。") % words)
        if report.is_dry_run:
            self.stdout.write(_("只作检查，没有写入。"))
