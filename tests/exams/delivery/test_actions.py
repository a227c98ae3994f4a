import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from exams.delivery import queries
from exams.delivery.actions import admit, give_time, record_resume, seal, seal_due, start
from exams.delivery.errors import (
    AdmissionRefused,
    AttemptNotDue,
    AttemptNotStarted,
    AttemptSealed,
    ReasonMissing,
)
from exams.delivery.models import Attempt
from exams.delivery.tasks import seal_due as seal_due_task
from syllabus.standard.models import Rule
from tests.exams.delivery.conftest import GRACE, shift
from tests.factories.assembly import PaperFactory
from tests.factories.delivery import AttemptFactory, CentreFactory
from tests.factories.people import PersonFactory, exam_officer, item_manager

pytestmark = pytest.mark.django_db


def admit_real(**changes: Any) -> Attempt:
    facts: dict[str, Any] = {"kind": "real", "at": timezone.now(), **changes}
    for name, make in (
        ("person", PersonFactory),
        ("paper", lambda: PaperFactory(has_sample_items=False)),
        ("centre", CentreFactory),
        ("by", exam_officer),
    ):
        if name not in facts:
            facts[name] = make()
    return admit(**facts)


def kinds(attempt: Attempt) -> list[str]:
    return list(attempt.events.order_by("at", "pk").values_list("kind", flat=True))


def test_admit_freezes_an_order_of_the_papers_questions() -> None:
    attempt = admit_real()
    assert sorted(attempt.item_order) == [1, 2, 3, 4, 5]
    assert attempt.item_order[3:] == [4, 5]
    assert {key: len(order) for key, order in attempt.option_orders.items()} == {
        "1": 4, "2": 4, "3": 4, "4": 0, "5": 5,
    }  # fmt: skip
    assert (attempt.minutes, attempt.started_at, attempt.sealed_at) == (90, None, None)
    assert kinds(attempt) == ["admitted"]


def test_admit_takes_a_candidates_own_minutes() -> None:
    assert admit_real(minutes=117).minutes == 117


@pytest.mark.parametrize(
    ("paper", "clause"),
    [
        ({"pool": "practice"}, "D13"),
        ({"part": "skill"}, "D13"),
        ({"has_sample_items": True}, "D13"),
        ({"module": "1"}, "D8"),
        ({"is_short": True}, "D8"),
        ({"state": "draft"}, ""),
        ({"withdrawn_at": timezone.now()}, ""),
    ],
)
def test_admit_refuses_papers_not_for_real_sittings(paper: dict[str, Any], clause: str) -> None:
    with pytest.raises(AdmissionRefused) as refusal:
        admit_real(paper=PaperFactory(**{"has_sample_items": False, **paper}))
    assert refusal.value.clause == clause
    assert not Attempt.objects.exists()


def test_admit_takes_sample_items_in_the_demo_only(settings: Any) -> None:
    settings.DEMO = True
    assert admit_real(paper=PaperFactory(has_sample_items=True)).pk


@pytest.mark.parametrize("role", ["item_manager", "item_writer", "item_reviewer"])
def test_admit_refuses_who_sees_writes_or_reviews_items(role: str) -> None:
    with pytest.raises(AdmissionRefused) as refusal:
        admit_real(person=PersonFactory(**{role: True}))
    assert refusal.value.clause == "D14"


def test_admit_refuses_ones_own_admission_and_a_missing_centre() -> None:
    officer = exam_officer()
    with pytest.raises(AdmissionRefused):
        admit_real(person=officer, by=officer)
    with pytest.raises(AdmissionRefused):
        admit_real(centre=None)


def test_admit_refuses_a_second_open_real_attempt_and_allows_one_after_the_seal() -> None:
    first = admit_real()
    with pytest.raises(AdmissionRefused):
        admit_real(person=first.person)
    seal(attempt=first, reason="officer", by=exam_officer(), note="缺考")
    assert admit_real(person=first.person).pk != first.pk


def test_admit_to_a_mock_takes_practice_papers_and_staff_too() -> None:
    manager = item_manager()
    mock = admit_real(
        person=manager, by=manager, kind="mock", centre=None, paper=PaperFactory(pool="practice")
    )
    assert mock.kind == "mock"
    with pytest.raises(AdmissionRefused):
        admit_real(kind="mock", paper=PaperFactory(pool="live"))


def test_start_sets_the_deadline_by_the_databases_clock_once() -> None:
    attempt = AttemptFactory(minutes=117)
    before = queries.database_now()
    started = start(attempt=attempt, by=attempt.person)
    assert before <= started.started_at <= queries.database_now()  # type: ignore[operator]
    assert started.deadline_at == started.started_at + datetime.timedelta(minutes=117)  # type: ignore[operator]
    again = start(attempt=attempt, by=attempt.person)
    assert again.deadline_at == started.deadline_at
    assert kinds(attempt) == ["started"]


def test_start_refuses_a_sealed_attempt() -> None:
    with pytest.raises(AttemptSealed):
        start(attempt=AttemptFactory(sealed=True), by=PersonFactory())


def test_hand_in_seals_now_and_once() -> None:
    attempt = AttemptFactory(started=True)
    before = queries.database_now()
    sealed = seal(attempt=attempt, reason="handed_in", by=attempt.person)
    assert sealed.seal_reason == "handed_in"
    assert sealed.sealed_at is not None
    assert sealed.sealed_at >= before
    again = seal(attempt=attempt, reason="officer", by=exam_officer(), note="又一次")
    assert (again.sealed_at, again.seal_reason) == (sealed.sealed_at, "handed_in")
    assert kinds(attempt) == ["sealed"]


def test_hand_in_before_the_start_is_refused_but_an_officer_may_seal() -> None:
    attempt = AttemptFactory()
    with pytest.raises(AttemptNotStarted):
        seal(attempt=attempt, reason="handed_in", by=attempt.person)
    assert seal(attempt=attempt, reason="officer", by=exam_officer(), note="缺考").sealed_at


def test_officers_seal_needs_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        seal(attempt=AttemptFactory(started=True), reason="officer", by=exam_officer(), note=" ")


@pytest.mark.parametrize("reason", ["handed_in", "deadline", "officer"])
def test_after_the_grace_it_is_the_deadline_that_sealed(reason: str) -> None:
    attempt = AttemptFactory(started=True)
    shift(attempt, past=GRACE + 0.1)
    sealed = seal(attempt=attempt, reason=reason, by=None, note="停电")
    assert (sealed.seal_reason, sealed.sealed_at) == ("deadline", attempt.deadline_at)


def test_deadline_does_not_seal_within_the_grace() -> None:
    attempt = AttemptFactory(started=True)
    shift(attempt, past=GRACE - 1)
    with pytest.raises(AttemptNotDue):
        seal(attempt=attempt, reason="deadline", by=None)
    assert seal_due() == 0


def test_seal_due_seals_what_is_over_without_anybody_looking() -> None:
    due, running, admitted = AttemptFactory(late=True), AttemptFactory(started=True), AttemptFactory()
    seal_due_task()
    due.refresh_from_db()
    assert (due.seal_reason, due.sealed_at) == ("deadline", due.deadline_at)
    assert kinds(due) == ["sealed"]
    assert set(Attempt.objects.filter(sealed_at=None)) == {running, admitted}
    assert seal_due() == 0


def test_seal_due_command_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    AttemptFactory(late=True)
    call_command("seal_due")
    assert capsys.readouterr().out == "sealed 1\n"


def test_given_time_moves_the_deadline_with_its_reason() -> None:
    attempt = AttemptFactory(started=True)
    given = give_time(attempt=attempt, minutes=7, why="机器故障", by=exam_officer())
    assert given.deadline_at == attempt.deadline_at + datetime.timedelta(minutes=7)
    event = attempt.events.get()
    assert (event.kind, event.detail) == ("time_given", {"minutes": 7, "note": "机器故障"})


def test_time_given_before_the_start_lengthens_the_attempt() -> None:
    assert give_time(attempt=AttemptFactory(), minutes=27, why="残障延时", by=exam_officer()).minutes == 117


@pytest.mark.parametrize(("minutes", "why"), [(5, ""), (0, "机器故障"), (241, "机器故障")])
def test_time_is_not_given_without_reason_or_measure(minutes: int, why: str) -> None:
    with pytest.raises((ReasonMissing, AdmissionRefused)):
        give_time(attempt=AttemptFactory(started=True), minutes=minutes, why=why, by=exam_officer())


def test_time_is_not_given_after_the_seal() -> None:
    with pytest.raises(AttemptSealed):
        give_time(attempt=AttemptFactory(sealed=True), minutes=5, why="机器故障", by=exam_officer())


def test_resume_is_recorded() -> None:
    attempt = AttemptFactory(started=True)
    record_resume(attempt=attempt, by=attempt.person)
    assert kinds(attempt) == ["resumed"]


def test_grace_is_read_from_the_rules_and_kept(grace_rule: Rule) -> None:
    assert queries.grace_seconds() == 5
    grace_rule.delete()
    assert queries.grace_seconds() == 5
    queries.forget_grace()
    assert queries.grace_seconds() == 0
