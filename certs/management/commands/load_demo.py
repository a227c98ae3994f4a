"""Makes the demo world; running it again adds what is missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certs.demo.files import read_world
from certs.demo.world import make_world
from config.htmx import Refusal
from config.sources import Problems


class Command(BaseCommand):
    help = "Make the demo world of fixtures/demo: people in every state, with days relative to today."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo world is made in demo mode only: set DEMO=1 (make demo does).")
        folder = settings.FIXTURES_ROOT / "demo"
        problems = Problems()
        file = read_world(folder / "world.yaml", problems)
        if problems:
            raise CommandError("\n".join(str(problem) for problem in problems.sorted()))
        try:
            made = make_world(file, blueprints=folder / "blueprints.yaml", at=timezone.now())
        except Refusal as refusal:
            raise CommandError(f"The demo world could not be made: {refusal.message}") from refusal
        self.stdout.write(
            "demo world: {centres} centres, {people} people, {papers} live papers".format(**made)
        )
