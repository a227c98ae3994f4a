"""Starting, watching and ending single processes. Standard library only."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.embedded.places import Account, Places

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def run_as(account: Account | None) -> dict[str, Any]:
    """Return the subprocess arguments that drop root's rights to the account; none for an ordinary user."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def plain_environment() -> dict[str, str]:
    """Return an environment without PG* variables and the like, which would change what a server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def run(args: Sequence[str | Path], places: Places, stdin: str = "") -> None:
    """Run a short program of a server as its account; what it printed is in the error when it fails."""
    done = subprocess.run(
        args,
        input=stdin,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=places.base,
        env=plain_environment(),
        check=False,
        **run_as(places.account),
    )
    if done.returncode:
        raise SystemExit(f"{Path(args[0]).name} failed:\n{done.stdout.strip()}")


def start_server(
    args: Sequence[str | Path], places: Places, folder: Path, log: Path, *, die_with_parent: bool = False
) -> int:
    """Start a server in a session of its own, which a terminal's Ctrl-C misses; returns its process id."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            args,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=plain_environment(),
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT) if die_with_parent else None,  # noqa: PLW1509
            **run_as(places.account),
        )
    process.returncode = 0  # it may outlive us, so it is not this object's to wait for; is_alive() reaps
    return process.pid


def end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a child calls to receive the signal when its parent dies, even by kill -9 (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(_SET_PARENT_DEATH_SIGNAL, int(number))

    return ask


def is_alive(pid: int) -> bool:
    """Return whether the process runs; a dead child of ours is reaped, a zombie of others counts as dead."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()[0]
        )
    except (OSError, IndexError):
        return not Path("/proc/self/stat").exists()
    return state not in {"Z", "X"}


def works_in(pid: int, folder: Path) -> bool:
    """Return whether the process runs in `folder`; a number may have been given anew."""
    if not is_alive(pid):
        return False
    link = Path(f"/proc/{pid}/cwd")
    if not Path("/proc/self/cwd").exists():
        shown = subprocess.run(
            ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
        )
        return "postgres" in shown.stdout or "redis" in shown.stdout
    try:
        return link.resolve(strict=True) == folder.resolve()
    except OSError:
        return False


def end(pid: int, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn and wait its seconds, until the process is gone."""
    for number, seconds in signals:
        if not is_alive(pid):
            return
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        wait_until(lambda: not is_alive(pid), seconds)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
