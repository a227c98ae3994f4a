"""Reference counting by file locks: the first user starts a server, the last one to leave stops it.

Every process that uses a server holds a shared lock on `<name>.users`. The kernel drops it when the process
ends in whatever way, so a crash never leaves a count behind. Starting and stopping happen under an exclusive
lock on `<name>.gate`, one process at a time.
"""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lease(folder: Path, name: str, ensure: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    """Keep the server running inside the block; `ensure` starts or heals it, `stop` ends it."""
    users = os.open(folder / f"{name}.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            with _gate(folder, name):
                fcntl.flock(users, fcntl.LOCK_SH)
                ensure()
            yield
        finally:
            with _undisturbed(), _gate(folder, name):
                if _is_last(users):
                    stop()
    finally:
        os.close(users)


@contextmanager
def sole_use(folder: Path, name: str) -> Iterator[bool]:
    """Yield whether nobody uses the server, and keep it so inside the block."""
    users = os.open(folder / f"{name}.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with _gate(folder, name):
            yield _is_last(users)
    finally:
        os.close(users)


def _is_last(users: int) -> bool:
    # Asking for the exclusive lock gives up the shared one first: exactly what a leaving user wants.
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _gate(folder: Path, name: str) -> Iterator[None]:
    gate = os.open(folder / f"{name}.gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


@contextmanager
def _undisturbed() -> Iterator[None]:
    # A second Ctrl-C during the stop would leave the server running.
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)
