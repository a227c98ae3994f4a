"""The services a machine without them gets: PostgreSQL and Redis, started and stopped by us.

Importing starts nothing, and needs nothing but the standard library.
"""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from config.embedded.lease import lease
from config.embedded.places import Places, places_for
from config.embedded.postgres import PostgreSQL, database_url
from config.embedded.redis import Redis, redis_url

REDIS_VARIABLE = "CHIZHENG_EMBEDDED_REDIS"  # tells the children of a process that it started Redis for them

# Commands that never ask the database; everything else gets one.
_WITHOUT_DATABASE = {
    *("check_catalogue", "collectstatic", "compilemessages", "diffsettings", "findstatic", "makemessages"),
    *("help", "version", "sendtestemail", "startapp", "startproject", "--version", "--help", "-h"),
}


def embedded_database_url() -> str:
    """Return the address that the embedded database has, or would have."""
    return database_url(places_for())


def embedded_redis_url() -> str:
    """Return the address of the embedded Redis that this process tree started, else an empty text."""
    return os.environ.get(REDIS_VARIABLE, "")


@contextmanager
def services_for_command(argv: Sequence[str]) -> Iterator[None]:
    """Keep the embedded database running while a management command works."""
    command = argv[1] if len(argv) > 1 else "help"
    if command in _WITHOUT_DATABASE or "--help" in argv or os.environ.get("DATABASE_URL", "").strip():
        yield
        return
    with leave_on_terminate(), postgresql_service(places_for()):
        yield


@contextmanager
def postgresql_service(places: Places) -> Iterator[None]:
    """Keep the embedded PostgreSQL of `places` running inside the block."""
    places.make()
    server = PostgreSQL(places)
    with lease(places.base, "postgresql", server.ensure, server.stop):
        yield


@contextmanager
def redis_service(places: Places) -> Iterator[str]:
    """Keep the embedded Redis of `places` running inside the block; yields its address."""
    places.make()
    server = Redis(places)
    with lease(places.base, "redis", server.ensure, server.stop):
        yield redis_url(places)


@contextmanager
def leave_on_terminate() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an orderly exit, so that what was started is stopped."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    old = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number, handler in old.items():
        if handler == signal.SIG_DFL:
            signal.signal(number, leave)
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
