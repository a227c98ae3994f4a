"""manage.py load_standard PATH… [--dry-run]

It stands in certs because only here may it be known which editions papers and results were made under.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certs.results.models import PartResult
from exams.assembly.models import Paper
from syllabus.standard.actions import FileReport, load_standard, lock_editions
from syllabus.standard.errors import UnsoundStandard


def editions_in_use() -> set[tuple[str, int]]:
    """Return each (edition, level number) that a frozen paper or a published result was made under."""
    names = ("level__standard__edition", "level__number")
    papers = Paper.objects.values_list(*names).order_by().distinct()
    results = PartResult.objects.values_list(*names).order_by().distinct()
    return {*papers, *results}


class Command(BaseCommand):
    help = "Load standard files (YAML): all of them, or none and every problem by file and line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of them")
        parser.add_argument(
            "--dry-run", action="store_true", help="check and show the difference, store nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                lock_editions()  # what is not in use now stays so until the load is done
                report = load_standard(
                    paths=options["paths"],
                    by=None,
                    at=timezone.now(),
                    editions_in_use=editions_in_use(),
                    dry_run=options["dry_run"],
                )
        except UnsoundStandard as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise SystemExit(1) from None
        for file in report.files:
            self._show(file)
        if report.dry_run:
            self.stdout.write(_("只作检查，没有写入。"))

    def _show(self, file: FileReport) -> None:
        words = {
            "new": _("新载入（new）"),
            "changed": _("有变动（changed）"),
            "unchanged": _("未变（unchanged）"),
        }
        level = "" if file.level is None else _("级别 %(number)d") % {"number": file.level}
        what = " ".join(filter(None, [file.edition, level]))
        self.stdout.write(f"{file.file}: {what} {words[file.status]}")
        if file.status == "new":
            self.stdout.write("  " + _summary(file))
            return
        for change in file.changes:
            self.stdout.write(f"  {change}")


def _summary(file: FileReport) -> str:
    counts: dict[str, int] = {}
    for change in file.changes:
        counts[change.kind_label] = counts.get(change.kind_label, 0) + 1
    return _("，").join(f"+{count} {label}" for label, count in counts.items())
