"""manage.py standard_map [--check]"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.sources import Problems
from syllabus.standard.citations import citations, render, uses
from syllabus.standard.content import RulesContent
from syllabus.standard.reading import read_standard

APPS = ("syllabus", "exams", "certs")


class Command(BaseCommand):
    help = "Write docs/standard-map.md: clause → rule → figures → tests."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file is not up to date")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "standard-map.md"
        text = standard_map()
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            self.stderr.write("docs/standard-map.md is not up to date: run manage.py standard_map.")
            raise SystemExit(1)


def standard_map() -> str:
    """Return the map as the code and the rules file stand now."""
    problems = Problems()
    content = read_standard(settings.BASE_DIR / "fixtures" / "standards" / "rules.yaml", problems)
    figures = content.rules if isinstance(content, RulesContent) else ()
    cited = citations(settings.BASE_DIR, APPS)
    return render(cited, uses(settings.BASE_DIR, cited), figures)
