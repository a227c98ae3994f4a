"""The services a machine without them gets: PostgreSQL and Redis, started and stopped by us."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def embedded_database_url() -> str:
    return "postgresql://app@/chizheng?host=/tmp/pgdev"


def embedded_redis_url() -> str:
    return ""


@contextmanager
def services_for_command(argv: Sequence[str]) -> Iterator[None]:
    yield
