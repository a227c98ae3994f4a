"""Makes an assessment centre."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exams.errors import ExamError
from exams.sittings.actions import create_centre


class Command(BaseCommand):
    help = "Make an assessment centre: create_centre --code 0101 --name 东城考点"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--code", required=True, help="four digits; it stands in certificate numbers (D15)"
        )
        parser.add_argument("--name", required=True)
        parser.add_argument("--address", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            centre = create_centre(code=options["code"], name=options["name"], address=options["address"])
        except ExamError as error:
            raise CommandError(error.message) from error
        self.stdout.write(str(centre))
