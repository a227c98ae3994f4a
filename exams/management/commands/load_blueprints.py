"""manage.py load_blueprints PATH [--dry-run]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assembly.actions import load_blueprints
from exams.assembly.errors import BlueprintsRefused


class Command(BaseCommand):
    help = "Load blueprints (YAML): all of them, or none and every problem by file and line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder of them")
        parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = load_blueprints(
                path=options["path"], by=None, at=timezone.now(), dry_run=options["dry_run"]
            )
        except BlueprintsRefused as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            self.stderr.write(refusal.message)
            raise SystemExit(1) from None
        words = {"new": len(report.new), "changed": len(report.changed), "unchanged": report.unchanged}
        self.stdout.write(_("新增 %(new)d 个，更改 %(changed)d 个，未变 %(unchanged)d 个蓝图。") % words)
