"""The supervisor of `make demo`: children end with it, whatever happens."""

import os
import signal
import socket
import sys
import time

import pytest

from config.embedded.processes import is_alive, wait_until
from config.embedded.serve import SECONDS_TO_STOP, Stop, Supervisor, _address, serve_worker, stop_on_signals

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]


def test_stop_ends_children() -> None:
    supervisor = Supervisor()
    supervisor.start("web server", SLEEP, {})
    supervisor.start("worker", SLEEP, {})
    assert supervisor.ended() == ""
    with stop_on_signals():  # puts the handlers back that stop() takes away
        supervisor.stop()
    assert [is_alive(child.pid) for child in supervisor.children.values()] == [False, False]


def test_stop_insists_on_stubborn_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECONDS_TO_STOP, "worker", 0.2)
    supervisor = Supervisor()
    supervisor.start("worker", STUBBORN, {})
    time.sleep(0.5)
    with stop_on_signals():
        supervisor.stop()
    assert supervisor.children["worker"].returncode != 0


def test_ended_names_child_that_ended() -> None:
    supervisor = Supervisor()
    supervisor.start("worker", [sys.executable, "-c", ""], {})
    assert wait_until(lambda: supervisor.ended() == "worker", 10)


def test_second_signal_does_not_disturb_stop() -> None:
    with pytest.raises(Stop), stop_on_signals():  # noqa: PT012
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
        finally:
            os.kill(os.getpid(), signal.SIGINT)


def test_taken_port_is_refused_with_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SystemExit, match=f"PORT={port + 1}"):
            _address()


def test_worker_without_redis_is_refused_with_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    with pytest.raises(SystemExit, match="REDIS_URL"):
        serve_worker(Supervisor())
