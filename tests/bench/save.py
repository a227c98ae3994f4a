"""What saving one answer costs in CPU time, against pgbench on the same durable PostgreSQL.

A throwaway cluster with fsync on; Granian as the demo runs it; a client on loopback that keeps eight
connections busy. CPU time is read from /proc: all processes of Granian for "web", all of PostgreSQL
(backends, WAL writer, checkpointer …) for "database". pgbench runs one UPDATE (pgbench_accounts by key) and
one INSERT (pgbench_history) in a transaction, prepared, with four clients.
"""

import http.client
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.embedded.places import PROJECT
from config.embedded.processes import end_with_parent
from config.embedded.serve import web_command
from tests.services import throwaway_postgresql

ATTEMPTS, POSITIONS, CONNECTIONS = 32, 90, 8
WARM_UP, SAVES, TRANSACTIONS = 1_500, 12_000, 40_000
TARGET = 10
_TICKS = os.sysconf("SC_CLK_TCK")
_SCRIPT = r"""
\set aid random(1, 100000)
\set delta random(-5000, 5000)
BEGIN;
UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, :aid, :delta, CURRENT_TIMESTAMP);
END;
"""


def run() -> Iterator[dict[str, Any]]:
    """Yield one figure: CPU µs of a save, web and database, of pgbench's transaction, and the ratios."""
    with throwaway_postgresql(durable=True) as url:
        variables = {
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": "",
            "CHIZHENG_ENV": "development",
            "DEBUG": "0",
            "DATABASE_POOL": "4",
            "PYTHONPATH": str(PROJECT),
        }
        tokens = json.loads(_manage(variables, "-c", "import tests.bench.save as b; b.prepare()"))
        web, database = _measure_saves(url, variables, tokens)
        backend, client = _measure_pgbench(url)
    yield {
        "figure": "save_one_answer_cpu",
        "web_us": round(web),
        "database_us": round(database),
        "total_us": round(web + database),
        "pgbench_database_us": round(backend),
        "pgbench_client_us": round(client),
        "ratio": round((web + database) / (backend + client), 2),
        "ratio_database_only": round(database / backend, 2),
        "ratio_web_and_database_to_pgbench_database_only": round((web + database) / backend, 2),
        "target": TARGET,
        "met": (web + database) / (backend + client) <= TARGET,
        "saves": SAVES,
        "measured": "CPU of a save, web + database, to that of pgbench's UPDATE + INSERT, database + client;"
        " fsync on for both",
    }


def prepare() -> None:
    """Migrate and fill the database of DATABASE_URL; print address and token of each attempt as JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.urls import reverse

    from exams.delivery.tokens import Claim, issue_token
    from tests.factories.assembly import PaperFactory
    from tests.factories.delivery import AttemptFactory

    call_command("migrate", verbosity=0)
    paper = PaperFactory(pool="practice", single=60, true_false=20, multiple=10, points_each=1)
    attempts = [AttemptFactory(kind="mock", started=True, paper=paper) for _ in range(ATTEMPTS)]
    found = [
        (
            reverse("room_answers", args=[one.pk]),
            issue_token(Claim(one.pk, one.person_id, paper.pk), time.time()),
        )
        for one in attempts
    ]
    sys.stdout.write(json.dumps(found))


def _manage(variables: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=variables,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def _measure_saves(url: str, variables: dict[str, str], tokens: list[list[str]]) -> tuple[float, float]:
    """Return CPU µs of one save: web, database."""
    with _web_server(variables) as (port, web_pid):
        postmaster = _postmaster(url)
        _send_all(port, tokens, 0, WARM_UP)
        web, database = cpu_seconds(web_pid), cpu_seconds(postmaster)
        _send_all(port, tokens, WARM_UP, SAVES)
        web, database = cpu_seconds(web_pid) - web, cpu_seconds(postmaster) - database
    return web / SAVES * 1e6, database / SAVES * 1e6


@contextmanager
def _web_server(variables: dict[str, str]) -> Iterator[tuple[int, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = web_command("127.0.0.1", port)
    server = subprocess.Popen(command, cwd=PROJECT, env=variables, preexec_fn=end_with_parent(15))  # noqa: PLW1509
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(20)


def _send_all(port: int, tokens: list[list[str]], first: int, count: int) -> None:
    """Save `count` answers over all connections; every one must be acknowledged as new."""

    def send(lane: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(first + lane, first + count, CONNECTIONS):
            attempt, turn = number % ATTEMPTS, number // ATTEMPTS
            path, token = tokens[attempt]
            body = {"position": 1 + turn % 60, "answer": "ABCD"[turn % 4], "flagged": False}
            headers = {"Content-Type": "application/json", "X-Attempt-Token": token}
            connection.request("POST", path, json.dumps({**body, "revision": 1 + turn // 60}), headers)
            response = connection.getresponse()
            result = json.loads(response.read())
            if result["status"] != "saved":
                raise SystemExit(f"A save of the benchmark was refused: {response.status} {result}")
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(send, range(CONNECTIONS)))


def _measure_pgbench(url: str) -> tuple[float, float]:
    """Return CPU µs of one transaction: database, pgbench itself."""
    folder = parse_qs(urlsplit(url).query)["host"][0]
    name = urlsplit(url).path.lstrip("/")
    program = _pgbench()
    connect = ["-h", folder, "-U", "app"]
    subprocess.run([program, *connect, "-i", "-q", "-s", "1", name], check=True, capture_output=True)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_SCRIPT)
        script.flush()
        command = [program, *connect, "-n", "-M", "prepared", "-f", script.name, "-c", "4", "-j", "1"]
        subprocess.run([*command, "-t", "500", name], check=True, capture_output=True)
        backend, client = cpu_seconds(_postmaster(url)), _children_seconds()
        subprocess.run([*command, "-t", str(TRANSACTIONS // 4), name], check=True, capture_output=True)
        backend = cpu_seconds(_postmaster(url)) - backend
        client = _children_seconds() - client
    return backend / TRANSACTIONS * 1e6, client / TRANSACTIONS * 1e6


def _pgbench() -> str:
    found = shutil.which("pgbench")
    if found is None:
        places = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
        if not places:
            raise SystemExit("This benchmark needs pgbench (Debian: apt-get install postgresql).")
        found = str(places[-1])
    return found


def _postmaster(url: str) -> int:
    folder = Path(parse_qs(urlsplit(url).query)["host"][0])
    return int((folder / ".s.PGSQL.5432.lock").read_text(encoding="utf-8").splitlines()[0])


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_seconds(root: int) -> float:
    """Return the CPU time of a process, its ended children and all its living descendants."""
    parents: dict[int, int] = {}
    times: dict[int, tuple[int, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        pid = int(stat.parent.name)
        parents[pid] = int(facts[1])
        times[pid] = (int(facts[11]) + int(facts[12]), int(facts[13]) + int(facts[14]))
    family = {root}
    while new := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= new
    return sum(sum(times[pid]) for pid in family if pid in times) / _TICKS
