"""Checks that the English catalogue is complete: every text of the source translated, none of them fuzzy."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.core.management.utils import find_command

SOURCES = ("config", "syllabus", "exams", "certs", "templates", "locale")
LANGUAGE = "en"


class Command(BaseCommand):
    help = "Compare the English catalogue with the texts of the source; fails when one is missing or fuzzy."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **options: Any) -> None:
        if not find_command("msgattrib"):
            raise CommandError("GNU gettext is missing: run `make setup`.")
        with tempfile.TemporaryDirectory() as folder:
            lacking = untranslated(fresh_catalogue(settings.BASE_DIR, Path(folder)))
        if lacking:
            raise CommandError(
                f"{len(lacking)} texts have no sound English translation:\n  " + "\n  ".join(lacking)
            )
        if options["verbosity"] > 1:
            self.stdout.write("The English catalogue is complete.")


def fresh_catalogue(project: Path, folder: Path) -> Path:
    """Return a catalogue made anew in `folder` from the source and the translations of `project`."""
    for name in SOURCES:
        if (project / name).exists():
            shutil.copytree(
                project / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo")
            )
    (folder / "locale").mkdir(exist_ok=True)
    subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "--locale",
            LANGUAGE,
            "--no-obsolete",
            "--verbosity",
            "0",
        ],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        check=True,
    )
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def untranslated(catalogue: Path) -> list[str]:
    """Return the texts of a catalogue that are untranslated or fuzzy, in its order."""
    found: list[str] = []
    for selection in ("--untranslated", "--only-fuzzy"):
        shown = subprocess.run(  # noqa: S603
            ["msgattrib", selection, "--no-obsolete", "--no-wrap", catalogue],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        found += message_ids(shown)
    return found


def message_ids(text: str) -> list[str]:
    """Return the message ids in a catalogue's text, long ones joined, the header left out."""
    found: list[str] = []
    is_open = False
    for line in text.splitlines():
        if line.startswith("msgid "):
            found.append(line[7:-1])
            is_open = True
        elif is_open and line.startswith('"'):
            found[-1] += line[1:-1]
        else:
            is_open = False
    return [text for text in found if text]
