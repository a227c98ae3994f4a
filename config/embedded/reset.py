"""Drops the embedded database with all its data: `python -m config.embedded.reset`, after asking."""

import shutil
import sys

from config import env
from config.embedded.install import say
from config.embedded.lease import sole_use
from config.embedded.places import places_for
from config.embedded.postgres import PostgreSQL


def main() -> None:
    """Ask, then remove data and logs; refuses while a server is in use."""
    places = places_for()
    if not (places.base / "postgresql").exists():
        say("There is no embedded data.")
        return
    if not env.flag("FORCE") and not _agreed(f"Drop all embedded data in {places.base}? [y/N] "):
        say("Nothing was dropped.")
        return
    with sole_use(places.base, "postgresql") as alone:
        if not alone:
            raise SystemExit("The embedded database is in use. Stop `make demo` or `make dev` first.")
        PostgreSQL(places).stop()
        for path in ("postgresql", "postgresql.new", "redis"):
            shutil.rmtree(places.base / path, ignore_errors=True)
        for path in ("prepared", "postgresql.log", "redis.log"):
            (places.base / path).unlink(missing_ok=True)
    say("The embedded data is gone. `make setup` makes it anew.")


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise SystemExit("Nobody to ask here. Say FORCE=1 make reset.")
    return input(question).strip().lower() in {"y", "yes"}


if __name__ == "__main__":
    main()
