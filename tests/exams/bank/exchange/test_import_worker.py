"""Imports with real workers: two at once, and one that is killed while it writes."""

import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from config.embedded.processes import wait_until
from exams.bank.actions.importing import confirm_import, start_import, write_import
from exams.bank.models import Item, ItemEvent, ItemImport, ItemVersion
from tests.exams.bank.exchange.files import csv, imported, rows, table
from tests.factories.bank import CREATED_AT
from tests.factories.people import item_manager
from tests.factories.standard import LevelFactory


@pytest.fixture(autouse=True)
def level(transactional_db: None) -> Any:
    return LevelFactory(complete=True)


def writing(made: ItemImport) -> None:
    """Leave an import confirmed, its task not yet run."""
    with transaction.atomic():
        confirm_import(pk=made.pk, by=made.created_by, at=CREATED_AT)
        connection.run_on_commit = []


def write_in_thread(made: ItemImport) -> None:
    try:
        write_import(pk=made.pk, at=CREATED_AT)
    finally:
        connection.close()


def test_two_writers_of_one_import_write_once() -> None:
    made = imported("a.csv", csv(table(rows(60))), item_manager())
    writing(made)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_in_thread, [made] * 4))
    made.refresh_from_db()
    assert (made.state, ItemVersion.objects.count(), ItemEvent.objects.count()) == ("done", 60, 60)


def test_two_imports_of_one_file_at_once_write_once() -> None:
    manager = item_manager()
    both = [imported(f"{name}.csv", csv(table(rows(60))), manager) for name in "ab"]
    for made in both:
        writing(made)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_in_thread, both))
    assert set(ItemImport.objects.values_list("state", flat=True)) == {"done"}
    assert ItemVersion.objects.count() == 60


@pytest.mark.worker
def test_killed_worker_leaves_nothing_and_the_import_is_taken_up(
    celery_worker: "subprocess.Popen[bytes]",
) -> None:
    manager = item_manager()
    made = start_import(name="a.csv", source=csv(table(rows(3000))), by=manager, at=CREATED_AT)
    wait_until(lambda: ItemImport.objects.filter(pk=made.pk, state="ready").exists(), 60)
    confirm_import(pk=made.pk, by=manager, at=CREATED_AT)
    wait_until(lambda: _is_locked(made), 60)
    for child in _children(celery_worker.pid):
        subprocess.run(["kill", "-KILL", str(child)], check=False)
    celery_worker.send_signal(signal.SIGKILL)
    wait_until(lambda: not _is_locked(made), 60)
    made.refresh_from_db()
    assert (made.state, Item.objects.count()) == ("writing", 0)
    write_import(pk=made.pk, at=CREATED_AT)
    made.refresh_from_db()
    assert (made.state, Item.objects.count()) == ("done", 3000)


def _is_locked(made: ItemImport) -> bool:
    with transaction.atomic():
        rows = ItemImport.objects.select_for_update(skip_locked=True).filter(pk=made.pk)
        return not rows.values_list("pk")


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in found.split()]
