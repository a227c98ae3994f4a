"""The launcher of PostgreSQL and Redis, tried on real servers in folders of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded import embedded_redis_url, postgresql_service, redis_service, services_for_command
from config.embedded.places import PROJECT, Account, Places, give, places_for
from config.embedded.postgres import PostgreSQL, database_url
from config.embedded.processes import is_alive, wait_until
from config.embedded.redis import Redis

# A shell starts what runs in the background with SIGINT ignored, and children inherit that.
USE_IT = """
import signal
import sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from config.embedded import leave_on_terminate, postgresql_service
from config.embedded.places import places_for
with leave_on_terminate(), postgresql_service(places_for(Path(sys.argv[1]))):
    print("ready", flush=True)
    sys.stdin.read()
"""


def project_in_private_home() -> Places:
    """Return the places of a new project, in a path with spaces that only we can read."""
    parent = Path(tempfile.mkdtemp(prefix="a path with spaces ", dir="/tmp"))
    (parent / "my project").mkdir()
    return places_for(parent / "my project")


def remove(places: Places) -> None:
    for server in (PostgreSQL(places), Redis(places)):
        server.stop()
    for folder in (places.base, places.sockets, places.project.parent):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fresh_places() -> Iterator[Places]:
    """Yield the places of a project that never ran; nothing is left of them."""
    places = project_in_private_home()
    yield places
    remove(places)


@pytest.fixture(scope="session")
def stopped() -> Iterator[Places]:
    """Yield the places of a project whose database was made and stopped, to be copied."""
    places = project_in_private_home()
    with postgresql_service(places):
        pass
    yield places
    remove(places)


@pytest.fixture
def places(fresh_places: Places, stopped: Places) -> Places:
    """Return the places of a project that ran before: making a database takes a second, a copy does not."""
    fresh_places.make()
    shutil.copytree(stopped.base / "postgresql", fresh_places.base / "postgresql", copy_function=shutil.copy)
    (fresh_places.base / "postgresql").chmod(0o700)
    give(fresh_places.base / "postgresql", fresh_places.account)
    if fresh_places.account:
        (fresh_places.base / "programs").symlink_to(stopped.base / "programs")
    return fresh_places


def other_user(places: Places) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", USE_IT, str(places.project)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process: subprocess.Popen[str], number: signal.Signals | None = None) -> int:
    if number:
        process.send_signal(number)
    process.communicate(timeout=30)
    return process.returncode


def query(places: Places, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url(places), autocommit=True) as connection:
        cursor = connection.execute(sql)  # type: ignore[call-overload]
        return list(cursor.fetchall()) if cursor.description else []


def test_postgresql_starts_in_path_with_spaces_and_stops(fresh_places: Places) -> None:
    with postgresql_service(fresh_places):
        assert query(fresh_places, "SELECT 1") == [(1,)]
    assert PostgreSQL(fresh_places).running_pid() is None


def test_postgresql_keeps_data_between_runs(places: Places) -> None:
    with postgresql_service(places):
        query(places, "CREATE TABLE kept AS SELECT 7 AS number")
    with postgresql_service(places):
        assert query(places, "SELECT number FROM kept") == [(7,)]


def test_postgresql_is_private_to_its_account(places: Places) -> None:
    with postgresql_service(places):
        pid = PostgreSQL(places).running_pid()
        assert pid
        assert Path(f"/proc/{pid}").stat().st_uid == places.owner
        assert places.owner != 0
        assert {oct(folder.stat().st_mode & 0o777) for folder in (places.base, places.sockets)} == {"0o700"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the account")
def test_root_keeps_services_outside_of_the_project(places: Places) -> None:
    with postgresql_service(places):
        assert isinstance(places.account, Account)
        assert places.project not in places.base.parents
        pointer = places.project / ".local" / "services-folder"
        assert pointer.read_text() == f"{places.base}\n"


def test_last_user_stops_server_first_does_not(places: Places) -> None:
    first, second = other_user(places), other_user(places)
    pid = PostgreSQL(places).running_pid()
    assert finish(first) == 0
    assert PostgreSQL(places).running_pid() == pid
    assert query(places, "SELECT 1") == [(1,)]
    assert finish(second) == 0
    assert PostgreSQL(places).running_pid() is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_to_last_user_stops_server(places: Places, number: signal.Signals) -> None:
    with_server = other_user(places)
    assert finish(with_server, number) != 0
    assert PostgreSQL(places).running_pid() is None


def test_server_outlives_killed_user_and_is_adopted(places: Places) -> None:
    finish(other_user(places), signal.SIGKILL)
    pid = PostgreSQL(places).running_pid()
    assert pid
    with postgresql_service(places):
        assert PostgreSQL(places).running_pid() == pid
    assert PostgreSQL(places).running_pid() is None


def test_killed_server_heals_at_next_start(places: Places) -> None:
    with postgresql_service(places):
        query(places, "CREATE TABLE kept AS SELECT 7 AS number")
        pid = PostgreSQL(places).running_pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not is_alive(pid), 10)
    with postgresql_service(places):
        assert query(places, "SELECT number FROM kept") == [(7,)]


@pytest.mark.parametrize("left", ["", "0\n", "{pid}\n/elsewhere\n1\n5432\n\n\n\nready\n"])
def test_stale_pid_file_does_not_hinder_start(places: Places, left: str) -> None:
    with postgresql_service(places):
        pass
    server = PostgreSQL(places)
    (server.data / "postmaster.pid").write_text(left.format(pid=os.getpid()))
    (places.sockets / ".s.PGSQL.5432.lock").write_text(left.format(pid=os.getpid()))
    with postgresql_service(places):
        assert query(places, "SELECT 1") == [(1,)]


def test_interrupted_creation_is_made_again(fresh_places: Places) -> None:
    fresh_places.make()
    (fresh_places.base / "postgresql.new").mkdir()
    (fresh_places.base / "postgresql.new" / "PG_VERSION").write_text("15\n")
    with postgresql_service(fresh_places):
        assert query(fresh_places, "SELECT 1") == [(1,)]


def test_removed_socket_folder_heals_at_next_start(places: Places) -> None:
    finish(other_user(places), signal.SIGKILL)
    shutil.rmtree(places.sockets)
    with postgresql_service(places):
        assert query(places, "SELECT 1") == [(1,)]


def test_socket_folder_of_somebody_else_is_refused(fresh_places: Places) -> None:
    fresh_places.sockets.symlink_to("/tmp")
    with pytest.raises(SystemExit, match="belongs to somebody else"):
        fresh_places.make()
    fresh_places.sockets.unlink()


def test_data_of_unknown_version_is_refused_with_remedy(places: Places) -> None:
    (places.base / "postgresql" / "PG_VERSION").write_text("7\n")
    with pytest.raises(SystemExit, match="make reset"), postgresql_service(places):
        pass


def test_redis_starts_answers_and_stops(places: Places) -> None:
    with redis_service(places) as address:
        assert address == f"unix://{places.sockets}/redis.sock"
        pid = Redis(places).running_pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
    with redis_service(places):
        assert Redis(places).running_pid()
    assert Redis(places).running_pid() is None


def test_redis_url_is_empty_until_started_by_this_process_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHIZHENG_EMBEDDED_REDIS", raising=False)
    assert embedded_redis_url() == ""


@pytest.mark.parametrize(
    ("argv", "url"),
    [
        (["manage.py", "compilemessages"], ""),
        (["manage.py"], ""),
        (["manage.py", "migrate"], "postgresql://x/y"),
    ],
)
def test_command_without_need_starts_no_database(
    monkeypatch: pytest.MonkeyPatch, argv: list[str], url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    before = PostgreSQL(places_for()).running_pid()
    with services_for_command(argv):
        assert PostgreSQL(places_for()).running_pid() == before
