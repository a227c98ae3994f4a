"""manage.py show_standard --level N [--edition E] [--format json|text]"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from syllabus.standard.documents import as_document, as_text
from syllabus.standard.errors import UnknownLevel
from syllabus.standard.queries import current_level, edition_of_level, level_tree


class Command(BaseCommand):
    help = "Print a level of the loaded standard: functions, work contents, requirements and weights."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--level", type=int, required=True, help="3 (三级), 2 or 1")
        parser.add_argument("--edition", default="", help="an edition by name; the newest without it")
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *_args: Any, **options: Any) -> None:
        number, edition = options["level"], options["edition"]
        try:
            level = edition_of_level(number, edition) if edition else current_level(number)
        except UnknownLevel as refusal:
            self.stderr.write(refusal.message)
            raise SystemExit(1) from None
        tree = level_tree(level)
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_document(tree), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(as_text(tree))
