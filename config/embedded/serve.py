"""Serves the product with all it needs: `python -m config.embedded.serve demo|dev|worker`.

One process watches over the web server and the worker, and holds the embedded database and Redis. It ends
when a signal asks for it or one of the two ends, and stops all that it started.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType

from config import env
from config.embedded import REDIS_VARIABLE, postgresql_service, redis_service
from config.embedded.install import say
from config.embedded.places import PROJECT, places_for
from config.embedded.processes import end_with_parent

SECONDS_TO_START = 60
SECONDS_TO_STOP = {"web server": 5, "worker": 15}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """A signal asked us to stop."""


class Supervisor:
    """Starts the children, watches them, and stops them all."""

    def __init__(self) -> None:
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], variables: Mapping[str, str]) -> None:
        """Start a child in a session of its own: a terminal's Ctrl-C reaches us alone, and we pass it on."""
        self.children[name] = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509  one C call, and no threads yet
        )

    def ended(self) -> str:
        """Return the name of a child that has ended, an empty text while all run."""
        return next((name for name, child in self.children.items() if child.poll() is not None), "")

    def stop(self) -> None:
        """Ask every child to end, and insist after a while; signals that come now change nothing."""
        ignore_signals()
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for name, child in self.children.items():
            try:
                child.wait(SECONDS_TO_STOP[name])
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Raise Stop on the first signal inside the block and ignore the next: they would disturb the stop."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        ignore_signals()
        raise Stop

    old = {number: signal.signal(number, on_signal) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """Ignore what would disturb an orderly stop."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def services(variables: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Keep the services running that no address was given for; yields the children's variables."""
    with ExitStack() as stack:
        places = places_for()
        found: dict[str, str] = {}
        if not env.text("DATABASE_URL"):
            stack.enter_context(postgresql_service(places))
        if not env.text("REDIS_URL"):
            found[REDIS_VARIABLE] = stack.enter_context(redis_service(places))
        yield {**variables, **found}


def web_command(host: str, port: int) -> list[str]:
    """Return the command of the application server, with the settings that were measured (stack)."""
    address = ["--host", host, "--port", str(port)]
    threads = ["--workers", "2", "--blocking-threads", "32", "--no-ws", "--log-level", "error"]
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        *address,
        *threads,
        "config.wsgi:application",
    ]


def worker_command(port: int) -> list[str]:
    """Return the command of one Celery worker with the clock inside."""
    schedule = PROJECT / ".local" / f"beat-{port}"
    clock = ["--beat", "--schedule", str(schedule)]
    name = ["--hostname", f"chizheng-{port}@%h", "--concurrency", "2", "--loglevel", "warning"]
    return [sys.executable, "-m", "celery", "--app", "config.celery", "--quiet", "worker", *name, *clock]


def serve_demo(supervisor: Supervisor) -> None:
    """Serve the demo as production would: Granian and a worker; then print where, and who may log in."""
    host, port = _address()
    with services({"DEMO": "1", "DEBUG": "0", "PORT": str(port)}) as variables:
        try:
            supervisor.start("web server", web_command(host, port), {**variables, "DATABASE_POOL": "4"})
            supervisor.start("worker", worker_command(port), {**variables, **_worker_variables()})
            _wait_until_served(supervisor, host, port)
            subprocess.run(
                [sys.executable, "manage.py", "demo_logins"],
                cwd=PROJECT,
                env={**os.environ, **variables},
                check=False,
            )
            say(f"\n  The demo is at http://{host}:{port}/  (Ctrl-C stops it)\n")
            _watch(supervisor)
        finally:
            supervisor.stop()


def serve_development(supervisor: Supervisor) -> None:
    """Serve with Django's own server, which reloads on every change, and a worker."""
    host, port = _address()
    with services({"DEMO": "1", "PORT": str(port)}) as variables:
        try:
            runserver = [sys.executable, "manage.py", "runserver", f"{host}:{port}"]
            supervisor.start("web server", runserver, variables)
            supervisor.start("worker", worker_command(port), {**variables, **_worker_variables()})
            _watch(supervisor)
        finally:
            supervisor.stop()


def serve_worker(supervisor: Supervisor) -> None:
    """Start a worker beside servers that somebody else runs."""
    if not env.text("REDIS_URL"):
        raise SystemExit(
            "Give REDIS_URL (and DATABASE_URL): `make demo` and `make dev` start a worker of their own."
        )
    with services({}) as variables:
        try:
            command = worker_command(env.whole_number("PORT", 8000))
            supervisor.start("worker", command, {**variables, **_worker_variables()})
            _watch(supervisor)
        finally:
            supervisor.stop()


def _worker_variables() -> dict[str, str]:
    # Celery warns about root; our worker listens to nobody but a private socket.
    return {"PYTHONWARNINGS": "ignore::UserWarning"} if os.geteuid() == 0 else {}


def _address() -> tuple[str, int]:
    host, port = env.text("HOST", "127.0.0.1"), env.whole_number("PORT", 8000)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(
                f"Port {port} cannot be used ({error.strerror}). Choose another: PORT={port + 1} make …"
            ) from None
    return host, port


def _wait_until_served(supervisor: Supervisor, host: str, port: int) -> None:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/healthz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + SECONDS_TO_START
    answer = "no answer"
    while time.monotonic() < deadline and not supervisor.ended():
        try:
            with opener.open(address, timeout=5):
                return
        except urllib.error.HTTPError as error:
            answer = f"status {error.code}"
            error.close()
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"The application did not become ready: {supervisor.ended() or address} ({answer}).")


def _watch(supervisor: Supervisor) -> None:
    while not supervisor.ended():
        time.sleep(0.3)
    raise SystemExit(f"The {supervisor.ended()} ended by itself; everything is stopped.")


def main(arguments: Sequence[str]) -> None:
    """Serve until a signal comes."""
    modes = {"demo": serve_demo, "dev": serve_development, "worker": serve_worker}
    try:
        with stop_on_signals():
            modes[arguments[0]](Supervisor())
    except Stop:
        say("Stopped.")


if __name__ == "__main__":
    main(sys.argv[1:])
