"""Brings the database to where a demo can start: migrations, standard, items, blueprints, demo world."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from config.embedded import leave_on_terminate, postgresql_service
from config.embedded.install import say
from config.embedded.places import PROJECT, Places, places_for

# htmx's extensions (hx-*) name files in comments that the manifest would look for; we use none of them.
STEPS = (
    ("Migrating the database", ("migrate", "--no-input")),
    ("Collecting static files", ("collectstatic", "--no-input", "--ignore", "hx-*")),
    ("Loading the standard", ("load_standard", "fixtures/standards")),
    ("Loading the items", ("load_items", "fixtures/items")),
    ("Loading the blueprints", ("load_blueprints", "fixtures/blueprints")),
    ("Loading the demo world", ("load_demo",)),
)
_SOURCES = ("config", "syllabus", "exams", "certs", "fixtures")
_KINDS = {".py", ".yaml", ".css", ".js", ".svg", ".png", ".json", ".lock"}


def main() -> None:
    """Run every step; with the embedded database only when something changed, or a day has passed."""
    os.environ["DEMO"], os.environ["DEBUG"] = "1", "0"
    own_server = bool(os.environ.get("DATABASE_URL", "").strip())
    places = places_for()
    stamp = places.base / "prepared"
    with ExitStack() as stack:
        stack.enter_context(leave_on_terminate())
        lock = stack.enter_context((PROJECT / ".local" / "prepare.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)  # two demos at once in one clone: the second waits
        if not own_server:
            state = fingerprint(places)
            if _read(stamp) == state:
                return
            stack.enter_context(postgresql_service(places))
        _run_steps()
        if not own_server:
            stamp.write_text(fingerprint(places), encoding="utf-8")


def _run_steps() -> None:
    import django
    from django.core.management import CommandError, call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    os.chdir(PROJECT)
    for sentence, (command, *arguments) in STEPS:
        say(sentence)
        try:
            call_command(command, *arguments, verbosity=0, stdout=StringIO())
        except CommandError as error:
            raise SystemExit(f"{command}: {error}") from None


def fingerprint(places: Places) -> str:
    """Return a text that changes with our files, the day (the demo world follows it) and the data."""
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for file in sorted(_files()):
        digest.update(f"{file.relative_to(PROJECT)}\0".encode())
        digest.update(file.read_bytes())
    version = places.base / "postgresql" / "PG_VERSION"
    made = version.stat().st_mtime_ns if version.exists() else 0
    return f"{digest.hexdigest()} {made}\n"


def _files() -> Iterator[Path]:
    yield PROJECT / "requirements.lock"
    for name in _SOURCES:
        for folder, folders, files in os.walk(PROJECT / name):
            folders[:] = [part for part in folders if part not in {"__pycache__", "embedded"}]
            yield from (Path(folder, file) for file in files if Path(file).suffix in _KINDS)


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text(encoding="utf-8")
    except OSError:
        return ""


if __name__ == "__main__":
    main()
    sys.exit(0)
