"""PostgreSQL of our own: made, started, healed and stopped without any shell in between."""

import shutil
import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from config.embedded.places import Places
from config.embedded.processes import end, is_alive, run, start_server, wait_until, works_in
from config.embedded.programs import postgresql_programs

USER = "app"
DATABASE = "chizheng"
_NOBODYS_PID = "2147483647"  # above every kernel's limit
# Never for the data of a user, of the fault tests or of the benchmarks.
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def database_url(places: Places, name: str = DATABASE) -> str:
    """Return the address of the database, by socket."""
    return f"postgresql://{USER}@/{name}?host={quote(str(places.sockets), safe='/')}"


class PostgreSQL:
    """One server on one data folder, reached by a socket only; callers hold the lease's gate."""

    def __init__(self, places: Places, *, options: Sequence[str] = (), for_tests: bool = False) -> None:
        self.places = places
        self.data = places.base / "postgresql"
        self.log = places.base / "postgresql.log"
        self.options = tuple(options)
        self.for_tests = for_tests

    def ensure(self) -> None:
        """Make sure that the server answers: adopt one that runs, heal what a crash left, or start anew."""
        pid = self.running_pid()
        if pid and self._becomes_ready(pid):
            return
        if pid:
            self.stop()
        if not self.data.exists():
            self._create()
        self._clear_what_a_crash_left()
        self._start()

    def stop(self) -> None:
        """Stop the server, quickly but cleanly; nothing to do when none runs."""
        pid = self.running_pid()
        if pid:
            end(pid, [(signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)])

    def running_pid(self) -> int | None:
        """Return the process id of the server on this data folder, None when there is none."""
        lines = self._pid_lines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        return pid if pid and works_in(pid, self.data) else None

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def _becomes_ready(self, pid: int, seconds: float = 60) -> bool:
        # A server that calls itself ready but has lost its socket will not get it back: no need to wait.
        wait_until(lambda: self._says_ready(pid) or not is_alive(pid), seconds)
        return self._says_ready(pid) and self._listens()

    def _says_ready(self, pid: int) -> bool:
        lines = self._pid_lines()
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.places.sockets / ".s.PGSQL.5432"))
            except OSError:
                return False
        return True

    def _create(self) -> None:
        # In a folder of another name first, so that an interrupted start is not taken for a database.
        unfinished = self.data.with_name("postgresql.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        programs = postgresql_programs(self.places, for_tests=self.for_tests)
        arguments: list[str | Path] = [
            "-D",
            unfinished,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        run([programs / "initdb", *arguments, *(["--no-sync"] if self.for_tests else [])], self.places)
        run(
            [programs / "postgres", "--single", "-D", unfinished, "postgres"],
            self.places,
            f"CREATE DATABASE {DATABASE}\n",
        )
        unfinished.rename(self.data)

    def _clear_what_a_crash_left(self) -> None:
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self.places.sockets / name).unlink(missing_ok=True)
        lines = self._pid_lines()
        if not lines or not lines[0].strip().isdigit() or not int(lines[0]):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        elif is_alive(int(lines[0])):
            # The number belongs to another process now. The other lines stay: by them PostgreSQL sees whether
            # backends of the dead server still write to the data.
            (self.data / "postmaster.pid").write_text(
                "\n".join([_NOBODYS_PID, *lines[1:], ""]), encoding="utf-8"
            )

    def _start(self) -> None:
        # Backends of a server that was killed may need a moment to notice.
        for _attempt in range(20):
            pid = start_server(
                self._arguments(), self.places, self.data, self.log, die_with_parent=self.for_tests
            )
            if self._becomes_ready(pid):
                return
            if "shared memory block" not in tail(self.log):
                break
            time.sleep(0.5)
        raise SystemExit(f"PostgreSQL did not start. The end of {self.log}:\n{tail(self.log)}")

    def _arguments(self) -> list[str | Path]:
        major = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        programs = postgresql_programs(self.places, major=major, for_tests=self.for_tests)
        settings = [part for option in self.options for part in ("-c", option)]
        return [programs / "postgres", "-D", self.data, "-h", "", "-k", self.places.sockets, *settings]


def tail(log: Path, lines: int = 12) -> str:
    """Return the last lines of a log."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
