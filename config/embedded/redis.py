"""Redis of our own, on a private socket.

It keeps nothing on disk: sessions live in the database too, and what waits in a queue is found again by the
periodic tasks.
"""

import signal
import socket
from urllib.parse import quote

from config.embedded.places import Places, give
from config.embedded.postgres import tail
from config.embedded.processes import end, is_alive, start_server, wait_until, works_in
from config.embedded.programs import redis_program


def redis_url(places: Places) -> str:
    """Return the address of the server, by socket."""
    return f"unix://{quote(str(places.sockets / 'redis.sock'), safe='/')}"


class Redis:
    """One server without data on disk; callers hold the gate (config.embedded.lease)."""

    def __init__(self, places: Places, *, for_tests: bool = False) -> None:
        self.places = places
        self.folder = places.base / "redis"
        self.log = places.base / "redis.log"
        self.socket = places.sockets / "redis.sock"
        self.for_tests = for_tests

    def ensure(self) -> None:
        """Make sure that the server answers: adopt one that runs, or start one."""
        if self._answers():
            return
        self.stop()
        self.socket.unlink(missing_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        give(self.folder, self.places.account)
        arguments = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        keep_nothing = ["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(self.folder)]
        pid = start_server(
            [redis_program(self.places), *arguments, *keep_nothing],
            self.places,
            self.folder,
            self.log,
            die_with_parent=self.for_tests,
        )
        (self.folder / "pid").write_text(str(pid), encoding="utf-8")
        if not wait_until(lambda: self._answers() or not is_alive(pid), 15) or not self._answers():
            raise SystemExit(f"Redis did not start. The end of {self.log}:\n{tail(self.log)}")

    def stop(self) -> None:
        """Stop the server; nothing to do when none runs."""
        pid = self.running_pid()
        if pid:
            end(pid, [(signal.SIGTERM, 10), (signal.SIGKILL, 5)])

    def running_pid(self) -> int | None:
        """Return the process id of the server, None when there is none."""
        try:
            text = (self.folder / "pid").read_text(encoding="utf-8").strip()
        except OSError:
            return None
        return int(text) if text.isdigit() and works_in(int(text), self.folder) else None

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(3)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
