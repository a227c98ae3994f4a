"""pytest plugin and helper: makes sure that a real PostgreSQL is there before Django reads its settings.

With DATABASE_URL set the tests use that server. Without it they start one of their own, PostgreSQL 15 where
Debian has it, on a socket in a folder that is removed at the end. xdist's workers inherit the address.
"""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

os.environ.setdefault("CHIZHENG_ENV", "test")
os.environ.pop("REDIS_URL", None)  # a test that wants Redis asks for the fixture (tests/conftest.py)

from config.embedded.places import Places, places_for, private_folder
from config.embedded.postgres import FAST_AND_FORGETFUL, PostgreSQL, database_url

# WhiteNoise warns of a missing folder, and warnings are errors; nothing is collected for tests.
(Path(__file__).parents[1] / ".local" / "static").mkdir(parents=True, exist_ok=True)


@contextmanager
def throwaway_places() -> Iterator[Places]:
    """Yield places in a temporary folder, which is removed afterwards."""
    account = places_for().account
    folder = Path(tempfile.mkdtemp(prefix="chizheng-test-", dir="/tmp"))
    try:
        private_folder(folder, account)
        yield Places(project=folder, base=folder, sockets=folder, account=account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throwaway_postgresql(*, durable: bool = False) -> Iterator[str]:
    """Yield the address of a PostgreSQL that ends with the block, or with this process however it ends.

    Tests do not need their data after a power cut; benchmarks and fault tests ask for `durable`.
    """
    with throwaway_places() as places:
        server = PostgreSQL(places, options=() if durable else FAST_AND_FORGETFUL, for_tests=True)
        try:
            server.ensure()
            yield database_url(places)
        finally:
            server.stop()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start PostgreSQL before pytest-django's hook of the same name reads the settings."""
    if not os.environ.get("DATABASE_URL", "").strip():
        stack = ExitStack()
        os.environ["DATABASE_URL"] = stack.enter_context(throwaway_postgresql())
        early_config.add_cleanup(stack.close)
    return (yield)
