"""Publishing, recording and correcting: what is written, and every refusal with its words."""

import datetime
import threading
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from certs.people.models import Person
from certs.results.actions import correct_result, publish_many, publish_theory, record_result
from certs.results.errors import (
    AlreadyPublished,
    CorrectionRefused,
    FailureNotConfirmed,
    NotPublishable,
    OwnResult,
    ResultRefused,
    RetakeRefused,
)
from certs.results.models import PartResult
from certs.results.queries import standing
from certs.results.rules import Step
from exams.delivery.models import Attempt
from exams.marking.actions import mark
from tests.factories.assembly import PaperFactory
from tests.factories.bank import a_level
from tests.factories.people import PersonFactory, registrar
from tests.factories.results import (
    NINE,
    PUBLISHED_AT,
    CentreFactory,
    PartResultFactory,
    SealedAttemptFactory,
    load_rules,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FAILING = {1: "A", 2: "A", 3: "A"}


@pytest.fixture(autouse=True)
def rules() -> None:
    load_rules()


def marked(**kwargs: Any) -> Attempt:
    attempt: Attempt = SealedAttemptFactory(**kwargs)
    mark(attempt=attempt)
    return attempt


def record(**kwargs: Any) -> PartResult:
    facts = {
        "person": kwargs.pop("person", None) or PersonFactory(),
        "level": a_level(),
        "part": "skill",
        "outcome": "passed",
        "score": Decimal("72.5"),
        "sat_on": datetime.date(2026, 3, 5),
        "centre": CentreFactory(),
        "by": kwargs.pop("by", None) or registrar(),
        "at": PUBLISHED_AT,
        **kwargs,
    }
    return record_result(**facts)


# --- Publishing ---------------------------------------------------------------------------------------------


def test_publish_writes_the_result_with_what_the_edition_says() -> None:
    attempt, by = marked(answers={1: "A"}), registrar()
    row = publish_theory(attempt=attempt, by=by, at=PUBLISHED_AT)
    assert (row.person, row.level, row.part) == (attempt.person, attempt.paper.level, "theory")
    assert (row.outcome, row.score, row.pass_mark) == ("passed", Decimal(80), Decimal(60))
    assert (row.attempt, row.centre, row.published_by) == (attempt, attempt.centre, by)
    assert (row.sat_on, row.published_on) == (datetime.date(2026, 3, 2), datetime.date(2026, 3, 10))
    assert (row.valid_through, row.published_at) == (datetime.date(2028, 3, 10), PUBLISHED_AT)


def test_publish_of_a_failed_attempt_has_no_validity() -> None:
    row = publish_theory(attempt=marked(answers=FAILING), by=registrar(), at=PUBLISHED_AT)
    assert (row.outcome, row.score, row.valid_through) == ("failed", Decimal(40), None)


def test_publish_of_an_unstarted_attempt_is_an_absence() -> None:
    row = publish_theory(attempt=marked(started=False), by=registrar(), at=PUBLISHED_AT)
    assert (row.outcome, row.score, row.sat_on) == ("absent", None, datetime.date(2026, 3, 2))


def test_publication_day_is_the_day_in_shanghai() -> None:
    at = datetime.datetime(2026, 3, 9, 16, tzinfo=datetime.UTC)
    row = publish_theory(attempt=marked(), by=registrar(), at=at)
    assert (row.published_on, row.valid_through) == (datetime.date(2026, 3, 10), datetime.date(2028, 3, 10))


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"mock": True}, "模拟考试不产生鉴定成绩。"),
        ({"open": True}, "考试尚未封卷，不能公布成绩。"),
        ({}, "试卷尚未评分，不能公布成绩。"),
    ],
)
def test_publish_refuses_what_gives_no_result(kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(NotPublishable, match=message):
        publish_theory(attempt=SealedAttemptFactory(**kwargs), by=registrar(), at=PUBLISHED_AT)


def test_publish_refuses_a_paper_that_is_not_out_of_100() -> None:
    attempt = marked(paper=PaperFactory(level=a_level(), points_each=4))
    with pytest.raises(NotPublishable, match="不是满分 100 分的鉴定试卷。"):
        publish_theory(attempt=attempt, by=registrar(), at=PUBLISHED_AT)


def test_publish_refuses_a_second_time() -> None:
    attempt = marked()
    publish_theory(attempt=attempt, by=registrar(), at=PUBLISHED_AT)
    with pytest.raises(AlreadyPublished, match="这次考试的成绩已经公布。"):
        publish_theory(attempt=attempt, by=registrar(), at=PUBLISHED_AT)


def test_publish_refuses_ones_own_result() -> None:
    by = registrar()
    with pytest.raises(OwnResult, match="不能公布、录入或更正自己的成绩。"):
        publish_theory(attempt=marked(person=by), by=by, at=PUBLISHED_AT)


def test_publish_refuses_a_sitting_during_a_valid_pass() -> None:
    person = PersonFactory()
    PartResultFactory(person=person, published_at=PUBLISHED_AT - 60 * DAY)
    with pytest.raises(RetakeRefused, match="已有有效的合格成绩（有效至 2028-01-09），不再重考。") as refused:
        publish_theory(attempt=marked(person=person), by=registrar(), at=PUBLISHED_AT, reason="说明")
    assert refused.value.clause == "D5"


def test_publish_asks_for_a_reason_when_the_sitting_came_too_soon() -> None:
    person = PersonFactory()
    PartResultFactory(person=person, outcome="failed", published_at=NINE - 5 * DAY)
    attempt = marked(person=person)
    with pytest.raises(RetakeRefused, match="距 2026-02-17 的考试不足 30 天，最早应为 2026-03-19。"):
        publish_theory(attempt=attempt, by=registrar(), at=PUBLISHED_AT)
    row = publish_theory(attempt=attempt, by=registrar(), at=PUBLISHED_AT, reason="设备故障后重考")
    assert row.reason == "设备故障后重考"


def test_publish_many_writes_all() -> None:
    passed, failed = marked(), marked(answers=FAILING)
    rows = publish_many(
        attempts=[passed.pk, failed.pk], confirmed=[failed.pk], by=registrar(), at=PUBLISHED_AT
    )
    assert {row.attempt_id: (row.outcome, row.reason) for row in rows} == {
        passed.pk: ("passed", ""),
        failed.pk: ("failed", ""),
    }


@pytest.mark.parametrize("kwargs", [{"answers": FAILING}, {"started": False}])
def test_publish_many_refuses_a_failure_that_nobody_confirmed(kwargs: dict[str, Any]) -> None:
    passed, failed = marked(), marked(**kwargs)
    with pytest.raises(FailureNotConfirmed, match=f"{failed.person.name} 的结果不是合格，公布前须由人"):
        publish_many(attempts=[passed.pk, failed.pk], confirmed=[], by=registrar(), at=PUBLISHED_AT)
    assert not PartResult.objects.exists()


def test_publish_many_names_the_person_of_a_refusal() -> None:
    attempt = marked()
    publish_theory(attempt=attempt, by=registrar(), at=PUBLISHED_AT)
    with pytest.raises(AlreadyPublished, match=f"{attempt.person.name}：这次考试的成绩已经公布。"):
        publish_many(attempts=[attempt.pk], confirmed=[], by=registrar(), at=PUBLISHED_AT)


def test_publish_many_refuses_what_is_gone() -> None:
    with pytest.raises(NotPublishable, match="所选的考试已不存在。"):
        publish_many(attempts=[marked().pk, uuid.uuid4()], confirmed=[], by=registrar(), at=PUBLISHED_AT)


@pytest.mark.django_db(transaction=True)
def test_publish_by_two_clerks_at_once_writes_one_row() -> None:
    attempt, clerks = marked(), [registrar(), registrar()]
    outcomes: list[str] = []

    def work(by: Person) -> None:
        try:
            publish_theory(attempt=attempt, by=by, at=PUBLISHED_AT)
            outcomes.append("published")
        except AlreadyPublished:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(by,)) for by in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["published", "refused"]
    assert PartResult.objects.count() == 1


def test_every_action_lets_certificates_look(django_capture_on_commit_callbacks: Any) -> None:
    attempt = marked()
    with django_capture_on_commit_callbacks() as callbacks:
        row = publish_theory(attempt=attempt, by=registrar(), at=PUBLISHED_AT)
        record()
        correct_result(
            result=row,
            outcome="failed",
            score=Decimal(50),
            sat_on=row.sat_on,
            by=registrar(),
            at=PUBLISHED_AT,
            reason="重评",
        )
    assert [callback.args[0] for callback in callbacks] == ["certs.issue_due"] * 3  # type: ignore[attr-defined]


# --- Recording ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "score", "stored"),
    [
        ("passed", "60", "60"),
        ("failed", "59.9999", "59.9999"),
        ("absent", None, None),
        ("void", None, "0"),
        ("void", "0", "0"),
    ],
)
def test_record_writes_each_outcome(outcome: str, score: str | None, stored: str | None) -> None:
    row = record(outcome=outcome, score=None if score is None else Decimal(score))
    row.refresh_from_db()
    assert (row.outcome, row.score) == (outcome, None if stored is None else Decimal(stored))
    assert (row.valid_through is not None) == (outcome == "passed")


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"score": Decimal("100.01")}, "成绩应在 0 到 100 分之间。"),
        ({"score": Decimal("-1")}, "成绩应在 0 到 100 分之间。"),
        ({"score": Decimal("NaN")}, "成绩应在 0 到 100 分之间。"),
        ({"score": Decimal("60.00001")}, "成绩最多四位小数。"),
        ({"score": None}, "请填写成绩。"),
        ({"score": Decimal("59.96")}, "结果与成绩不符：合格线为 60.00 分（含）。"),
        ({"outcome": "failed"}, "结果与成绩不符"),
        ({"outcome": "absent"}, "缺考没有成绩。"),
        ({"outcome": "void"}, "违纪的成绩为 0 分。"),
        ({"sat_on": datetime.date(2026, 3, 11)}, "考试日期不能晚于今天。"),
        ({"part": "review"}, "这一级别没有该鉴定项目。"),
    ],
)
def test_record_refuses_what_is_no_result(kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(ResultRefused, match=message):
        record(**kwargs)


def test_record_accepts_the_day_itself() -> None:
    assert record(sat_on=datetime.date(2026, 3, 10)).sat_on == datetime.date(2026, 3, 10)


def test_record_refuses_ones_own_result() -> None:
    by = registrar()
    with pytest.raises(OwnResult):
        record(person=by, by=by)


def test_record_refuses_a_second_result_of_the_day() -> None:
    row = record(outcome="absent", score=None)
    with pytest.raises(ResultRefused, match="该考生这一天的操作技能考核已有成绩。"):
        record(person=row.person, outcome="absent", score=None)


def test_record_refuses_during_a_valid_pass_but_takes_an_absence() -> None:
    person = record().person
    later = {"sat_on": datetime.date(2026, 5, 5), "at": PUBLISHED_AT + 90 * DAY}
    with pytest.raises(RetakeRefused, match="不再重考"):
        record(person=person, **later)
    record(person=person, outcome="absent", score=None, **later)
    step = standing(person, a_level(), datetime.date(2026, 6, 1)).parts[1]
    assert step.next.step is Step.VALID
    assert step.row is not None
    assert step.row.outcome == "passed"


def test_record_takes_an_expired_part_again() -> None:
    person = record().person
    row = record(person=person, sat_on=datetime.date(2028, 3, 11), at=PUBLISHED_AT + 735 * DAY)
    assert row.outcome == "passed"


def test_record_refuses_what_is_not_sat_any_more() -> None:
    person = record().person
    PartResultFactory(person=person)
    with pytest.raises(RetakeRefused, match="该级别各项目均已合格，不再参加考试。") as refused:
        record(person=person, sat_on=datetime.date(2029, 1, 1), at=PUBLISHED_AT + 1200 * DAY)
    assert refused.value.clause == "D4"


def test_record_asks_for_a_reason_when_too_soon() -> None:
    row = record(outcome="failed", score=Decimal(40))
    soon = {"person": row.person, "sat_on": row.sat_on + 29 * DAY, "at": PUBLISHED_AT + 60 * DAY}
    with pytest.raises(RetakeRefused, match="不足 30 天，最早应为 2026-04-04。"):
        record(**soon)
    assert record(**soon, reason="考点停电").reason == "考点停电"


# --- Correcting ---------------------------------------------------------------------------------------------


def correct(row: PartResult, **kwargs: Any) -> PartResult:
    facts = {
        "result": row,
        "outcome": row.outcome,
        "score": row.score,
        "sat_on": row.sat_on,
        "by": registrar(),
        "at": PUBLISHED_AT + 10 * DAY,
        "reason": "录入有误",
        **kwargs,
    }
    return correct_result(**facts)


def test_correction_supersedes_and_keeps_the_old_row() -> None:
    old = publish_theory(attempt=marked(), by=registrar(), at=PUBLISHED_AT)
    new = correct(old, outcome="failed", score=Decimal(55))
    assert (new.supersedes, new.reason, new.attempt, new.centre) == (old, "录入有误", old.attempt, old.centre)
    assert (new.published_on, new.valid_through) == (datetime.date(2026, 3, 20), None)
    assert PartResult.objects.get(pk=old.pk).outcome == "passed"


def test_pass_corrected_to_a_pass_keeps_its_validity() -> None:
    row = correct(PartResultFactory(), score=Decimal(73))
    assert row.valid_through == datetime.date(2028, 3, 10)
    assert correct(row, score=Decimal(74)).valid_through == datetime.date(2028, 3, 10)


def test_failure_corrected_to_a_pass_is_valid_from_the_correction() -> None:
    row = correct(PartResultFactory(outcome="failed"), outcome="passed", score=Decimal(61))
    assert row.valid_through == datetime.date(2028, 3, 20)


def test_correction_before_the_certificate_removes_the_qualification() -> None:
    theory = PartResultFactory()
    PartResultFactory(person=theory.person, part="skill")
    day = datetime.date(2026, 3, 21)
    assert standing(theory.person, a_level(), day).qualified_on == datetime.date(2026, 3, 10)
    correct(theory, outcome="void", score=None)
    assert standing(theory.person, a_level(), day).qualified_on is None


@pytest.mark.parametrize(
    ("kwargs", "error", "message"),
    [
        ({"reason": "  "}, CorrectionRefused, "更正必须写明原因。"),
        ({}, CorrectionRefused, "更正前后内容相同。"),
        ({"score": Decimal(101)}, ResultRefused, "成绩应在 0 到 100 分之间。"),
        ({"outcome": "absent"}, ResultRefused, "缺考没有成绩。"),
        ({"sat_on": datetime.date(2026, 4, 1)}, ResultRefused, "考试日期不能晚于今天。"),
    ],
)
def test_correction_refuses(kwargs: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        correct(PartResultFactory(), **kwargs)


def test_correction_refuses_what_is_corrected_already() -> None:
    row = PartResultFactory()
    correct(row, score=Decimal(73))
    with pytest.raises(CorrectionRefused, match="这条成绩已经被更正过。"):
        correct(row, score=Decimal(74))


def test_correction_refuses_ones_own_result() -> None:
    by = registrar()
    with pytest.raises(OwnResult):
        correct(PartResultFactory(person=by), score=Decimal(73), by=by)


# --- The database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kwargs", "constraint"),
    [
        ({"outcome": "passed", "score": Decimal("59.9999")}, "part_result_outcome_fits_score"),
        ({"outcome": "passed", "valid_through": None}, "part_result_outcome_fits_score"),
        ({"outcome": "passed", "score": Decimal("100.0001")}, "part_result_outcome_fits_score"),
        ({"outcome": "failed", "score": Decimal(60)}, "part_result_outcome_fits_score"),
        ({"outcome": "failed", "valid_through": datetime.date(2028, 1, 1)}, "part_result_outcome_fits_score"),
        ({"outcome": "absent", "score": Decimal(0)}, "part_result_outcome_fits_score"),
        ({"outcome": "void", "score": Decimal(1)}, "part_result_outcome_fits_score"),
        ({"sat_on": datetime.date(2026, 3, 11)}, "part_result_published_after_sitting"),
    ],
)
def test_database_refuses_what_is_no_result(kwargs: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PartResultFactory(**kwargs)


def test_database_refuses_a_correction_without_reason() -> None:
    row = PartResultFactory()
    with pytest.raises(IntegrityError, match="part_result_correction_has_reason"), transaction.atomic():
        PartResultFactory(person=row.person, supersedes=row, reason="")


def test_database_refuses_two_corrections_of_one_row() -> None:
    row = PartResultFactory()
    PartResultFactory(person=row.person, supersedes=row)
    with pytest.raises(IntegrityError, match="supersedes"), transaction.atomic():
        PartResultFactory(person=row.person, supersedes=row)


def test_database_refuses_a_second_result_of_an_attempt() -> None:
    attempt = SealedAttemptFactory()
    PartResultFactory(person=attempt.person, attempt=attempt)
    with pytest.raises(IntegrityError, match="part_result_once_per_attempt"), transaction.atomic():
        PartResultFactory(person=attempt.person, attempt=attempt)


def test_ledger_is_append_only_in_the_database() -> None:
    row = PartResultFactory()
    for change in (
        lambda: PartResult.objects.filter(pk=row.pk).update(score=99),
        lambda: PartResult.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="never altered or deleted"), transaction.atomic():
            change()
