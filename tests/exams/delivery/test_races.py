"""Threads against a real PostgreSQL: what is acknowledged is stored, and nothing after the seal."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from exams.delivery.actions import Receipt, admit, save_answer, seal, seal_due, start
from exams.delivery.enums import SaveStatus
from exams.delivery.errors import AdmissionRefused
from exams.delivery.models import Attempt, AttemptEvent, Response, ResponseRevision
from tests.exams.delivery.conftest import shift
from tests.factories.assembly import PaperFactory
from tests.factories.delivery import AttemptFactory, CentreFactory
from tests.factories.people import PersonFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("marking_rule")]

INTERLEAVINGS = 200


def in_thread(work: Callable[..., Any]) -> Callable[..., Any]:
    """Give the thread's own connection back when `work` is done."""

    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return work(*args, **kwargs)
        finally:
            connection.close()

    return run


def save(attempt: Attempt, position: int, letters: str, revision: int | None) -> Receipt:
    return save_answer(
        attempt_id=attempt.pk,
        person_id=attempt.person_id,
        paper_id=attempt.paper_id,
        position=position,
        answer=letters,
        flagged=False,
        revision=revision,
    )


def test_parallel_writers_of_one_answer_leave_the_newest_and_a_true_receipt() -> None:
    attempt = AttemptFactory(started=True)

    @in_thread
    def write(thread: int) -> list[tuple[int, str, Receipt]]:
        draw = random.Random(thread)
        sent = [(revision, draw.choice("ABCD")) for revision in range(1, 61)]
        draw.shuffle(sent)
        return [(revision, letters, save(attempt, 1, letters, revision)) for revision, letters in sent]

    with ThreadPoolExecutor(4) as pool:
        receipts = [one for result in pool.map(write, range(4)) for one in result]
    saved = {(r, a) for r, a, receipt in receipts if receipt.status == SaveStatus.SAVED}
    history = set(ResponseRevision.objects.filter(attempt=attempt).values_list("revision", "answer"))
    assert saved == history
    assert len(saved) == sum(receipt.status == SaveStatus.SAVED for _, _, receipt in receipts)
    newest = Response.objects.get(attempt=attempt, position=1)
    assert (newest.revision, newest.answer) == max(history)
    for revision, letters, receipt in receipts:
        if receipt.status == SaveStatus.REPEATED:
            assert (revision, letters) in history
        if receipt.status == SaveStatus.STALE:  # the answer given back is one that was stored
            assert receipt.revision >= revision
            assert (receipt.revision, receipt.answer) in history


def test_the_server_never_gives_one_revision_twice() -> None:
    attempt = AttemptFactory(started=True)
    write = in_thread(lambda _: [save(attempt, 1, "A", None) for _ in range(25)])
    with ThreadPoolExecutor(4) as pool:
        receipts = [one for result in pool.map(write, range(4)) for one in result]
    assert sorted(receipt.revision for receipt in receipts) == list(range(1, 101))


@in_thread
def write_answers(
    gate: threading.Barrier, attempt: Attempt, positions: list[int]
) -> list[tuple[int, Receipt]]:
    connection.ensure_connection()
    gate.wait()
    return [(position, save(attempt, position, "A", 1)) for position in positions]


@in_thread
def hand_in(gate: threading.Barrier, attempt: Attempt, wait: float) -> set[int]:
    """Seal after a moment; return the positions stored when the seal is written: there must never be more."""
    connection.ensure_connection()
    gate.wait()
    time.sleep(wait)
    with transaction.atomic():
        seal(attempt=attempt, reason="handed_in", by=None)
        return set(Response.objects.filter(attempt=attempt).values_list("position", flat=True))


def test_hand_in_racing_saves_loses_nothing_acknowledged_and_takes_nothing_later() -> None:
    paper, person, draw = PaperFactory(pool="practice"), PersonFactory(), random.Random(7)
    turns_with_refusals = turns_with_answers = 0
    with ThreadPoolExecutor(3) as pool:
        for _ in range(INTERLEAVINGS):
            attempt = AttemptFactory(started=True, kind="mock", paper=paper, person=person)
            gate = threading.Barrier(3)
            writing = [pool.submit(write_answers, gate, attempt, order) for order in ([1, 2, 3], [3, 2, 1])]
            seen_at_seal = pool.submit(hand_in, gate, attempt, draw.random() * 0.006).result()
            receipts = [one for future in writing for one in future.result()]
            acknowledged = {position for position, receipt in receipts if receipt.is_acknowledged}
            refused = [receipt.status for _, receipt in receipts if not receipt.is_acknowledged]
            assert acknowledged == seen_at_seal
            assert set(refused) <= {SaveStatus.SEALED}
            assert Response.objects.filter(attempt=attempt).count() == len(seen_at_seal)
            turns_with_refusals += bool(refused)
            turns_with_answers += bool(acknowledged)
    # Both outcomes happened often, else this test shows nothing.
    assert min(turns_with_refusals, turns_with_answers) > INTERLEAVINGS // 20


def test_save_waits_for_a_seal_in_progress_and_is_then_refused() -> None:
    attempt = AttemptFactory(started=True)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            seal(attempt=attempt, reason="handed_in", by=None)
            waiting = pool.submit(in_thread(save), attempt, 1, "A", 1)
            time.sleep(0.2)
            assert not waiting.done()
        assert waiting.result().status == SaveStatus.SEALED
    assert not Response.objects.exists()


def test_save_that_waited_past_the_grace_is_late_though_it_was_sent_in_time() -> None:
    attempt = AttemptFactory(started=True)
    shift(attempt, past=2.6)  # 0.4 s of the grace are left
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Attempt.objects.select_for_update().get(pk=attempt.pk)
            waiting = pool.submit(in_thread(save), attempt, 1, "A", 1)
            time.sleep(0.6)
            assert not waiting.done()
        assert waiting.result().status == SaveStatus.LATE


def test_many_workers_seal_each_due_attempt_once() -> None:
    paper = PaperFactory()
    due = [AttemptFactory(late=True, kind="mock", paper=paper) for _ in range(12)]
    AttemptFactory(started=True, kind="mock", paper=paper)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(in_thread(lambda _: seal_due()), range(4)))
    assert sum(counts) == len(due)
    assert AttemptEvent.objects.filter(kind="sealed").count() == len(due)


def test_two_starts_at_once_begin_one_clock() -> None:
    attempt = AttemptFactory()
    with ThreadPoolExecutor(4) as pool:
        begun = list(
            pool.map(in_thread(lambda _: start(attempt=attempt, by=attempt.person).deadline_at), range(4))
        )
    assert len(set(begun)) == 1
    assert attempt.events.filter(kind="started").count() == 1


def test_two_admissions_at_once_leave_one_open_real_attempt(settings: Any) -> None:
    settings.DEMO = True
    person, officer, centre = PersonFactory(), PersonFactory(), CentreFactory()
    papers = [PaperFactory(), PaperFactory()]
    gate = threading.Barrier(2)

    @in_thread
    def try_admit(paper: Any) -> bool:
        gate.wait()
        try:
            admit(person=person, paper=paper, kind="real", centre=centre, by=officer, at=paper.frozen_at)
        except AdmissionRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_admit, papers)) == [False, True]
    assert Attempt.objects.count() == 1
