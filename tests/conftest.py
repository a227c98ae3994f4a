"""What tests of every room share: marks by path, a real Redis and worker, and a browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from signal import SIGTERM
from typing import Any
from urllib.parse import quote

import hypothesis
import kombu.pools
import pytest
from django.db import connection
from django.utils import translation
from pytest_django.live_server_helper import LiveServer

from config.celery import app
from config.embedded import REDIS_VARIABLE
from config.embedded.places import PROJECT
from config.embedded.processes import end_with_parent, wait_until
from config.embedded.redis import Redis, redis_url
from tests.services import throwaway_places

# Playwright's synchronous interface runs an event loop in this thread, which Django takes for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

JOURNEYS = Path(__file__).parent / "journeys"

# How long one example takes says more about the machine than about the code.
hypothesis.settings.register_profile("chizheng", deadline=None)
hypothesis.settings.load_profile("chizheng")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark journeys by their folder, and run them after the quick tests."""
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker("journey")
    items.sort(key=lambda item: JOURNEYS in item.path.parents)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Begin every test in the product's language: a request leaves its own active in the thread."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """Yield the address of a real Redis on a private socket."""
    with throwaway_places() as places:
        server = Redis(places, for_tests=True)
        try:
            server.ensure()
            yield redis_url(places)
        finally:
            server.stop()


@pytest.fixture
def celery_worker(
    redis_server: str, transactional_db: None, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a real worker with its clock on the test database; what this process enqueues goes there."""
    worker = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "config.celery",
        "--quiet",
        "worker",
        "--concurrency",
        "1",
    ]
    clock = ["--beat", "--schedule", str(tmp_path / "beat"), "--loglevel", "warning"]
    variables = {
        REDIS_VARIABLE: redis_server,
        "DATABASE_URL": test_database_url(),
        "PYTHONWARNINGS": "ignore",
    }
    with broker(redis_server), (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [*worker, *clock],
            cwd=PROJECT,
            env={**os.environ, **variables},
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent(SIGTERM),  # noqa: PLW1509  one C call
        )
        try:
            wait_until(lambda: bool(app.control.ping(timeout=0.2)) or process.poll() is not None, 30)
            assert process.poll() is None, (tmp_path / "worker.log").read_text()
            yield process
        finally:
            process.terminate()
            process.wait(30)


class broker:  # noqa: N801  a context manager that reads as a word
    """Send this process's tasks to the broker at `address` instead of running them eagerly."""

    def __init__(self, address: str) -> None:
        self.new = {
            "task_always_eager": False,
            "broker_url": address.replace("unix://", "redis+socket://"),
        }
        self.old: dict[str, Any] = {}

    def __enter__(self) -> None:
        self.old = {name: app.conf[name] for name in self.new}
        self._switch(self.new)

    def __exit__(self, *_: object) -> None:
        self._switch(self.old)

    def _switch(self, values: dict[str, Any]) -> None:
        app.conf.update(values)
        # Connections of the old address are kept in three places.
        kombu.pools.reset()
        app._pool = app.amqp._producer_pool = None
        app.__dict__.pop("control", None)


def test_database_url() -> str:
    """Return the address of this process's test database."""
    facts = connection.settings_dict
    host = str(facts["HOST"])
    if host.startswith("/"):
        return f"postgresql://{facts['USER']}@/{facts['NAME']}?host={quote(host)}"
    password = quote(str(facts["PASSWORD"]), safe="")
    return f"postgresql://{facts['USER']}:{password}@{host}:{facts['PORT'] or 5432}/{facts['NAME']}"


test_database_url.__test__ = False  # type: ignore[attr-defined]  a helper, not a test


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Let the browser open addresses of the application under test."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium, quiet, as root too."""
    switches = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
    ]
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": [*switches, *quiet],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Be a reader of Chinese in Shanghai."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
