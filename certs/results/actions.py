"""Writing the results ledger. Rows are only ever added; each is its own audit: who, when, why.

Every action locks the candidate first, so that two clerks writing about one person take turns.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from certs.errors import RegistryError
from certs.people.models import Person
from certs.results import wording
from certs.results.enums import Outcome
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
from certs.results.queries import entries_of, has_full_score, outcome_of, retake_gap, sat_on, unpublished
from certs.results.rules import (
    FULL_SCORE,
    MOST_DECIMALS,
    Retake,
    Step,
    current_results,
    published_on,
    retake,
    valid_through,
)
from config.jobs import after_commit
from exams.delivery.enums import AttemptKind
from exams.delivery.models import Attempt
from exams.marking.models import Score
from exams.marking.queries import score_of
from exams.sittings.models import Centre
from syllabus.standard.models import Level, Part

ISSUE_DUE = "certs.issue_due"


@transaction.atomic
def publish_theory(*, attempt: Attempt, by: Person, at: datetime, reason: str = "") -> PartResult:
    """Publish the result of one sealed and marked real attempt; for a failed one this is the confirmation.

    One that was never started becomes an absence. `reason` is needed where the sitting came too soon after
    the last (D5). Raises NotPublishable, AlreadyPublished, OwnResult or RetakeRefused.
    """
    person = _lock_person(attempt.person_id)
    locked = Attempt.objects.select_for_update(of=("self",)).select_related("paper__level").get(pk=attempt.pk)
    score = _publishable_score(locked, by)
    day = sat_on(locked)
    part = _part(locked.paper.level, locked.paper.part)
    is_absent = locked.started_at is None
    came_in_time = _check_sitting(person, part, day, reason).may
    return _write(
        PartResult(
            person=person,
            part=part.code,
            outcome=Outcome.ABSENT if is_absent else outcome_of(score.points, part.pass_mark),
            score=None if is_absent else score.points,
            attempt=locked,
            centre_id=locked.centre_id,
            sat_on=day,
            reason="" if came_in_time else reason.strip(),
        ),
        part,
        by,
        at,
    )


@transaction.atomic
def publish_many(
    *, attempts: Sequence[UUID], confirmed: Collection[UUID], by: Person, at: datetime, reason: str = ""
) -> list[PartResult]:
    """Publish several attempts, all or none; those that failed or never started must be in `confirmed`.

    Raises what publish_theory raises, and FailureNotConfirmed.
    """
    found = Attempt.objects.filter(pk__in=attempts).select_related("person").order_by("person_id", "pk")
    rows = {row.pk: row for row in found}
    if len(rows) != len(set(attempts)):
        raise NotPublishable(_("所选的考试已不存在。"), remedy=_("请刷新页面后重新选择。"))
    people = {row.person_id for row in rows.values()}
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk"))
    published = []
    for row in rows.values():
        result = _publish_named(row, by, at, reason)
        if result.outcome != Outcome.PASSED and row.pk not in confirmed:
            raise FailureNotConfirmed(
                _("%(name)s 的结果不是合格，公布前须由人逐一确认。") % {"name": result.person.name},
                remedy=_("核对后在该行勾选“已核对”，再公布。"),
            )
        published.append(result)
    return published


@transaction.atomic
def record_result(
    *,
    person: Person,
    level: Level,
    part: str,
    outcome: str,
    score: Decimal | None,
    sat_on: date,
    centre: Centre | None,
    by: Person,
    at: datetime,
    reason: str = "",
) -> PartResult:
    """Enter a result that no attempt gives: a skill score, an absence, a voided part.

    `reason` is needed where the sitting came too soon after the last (D5). Raises OwnResult, ResultRefused
    or RetakeRefused.
    """
    locked = _lock_person(person.pk)
    _refuse_own(locked.pk, by)
    found = _part(level, part)
    checked = _checked_score(outcome, score, found.pass_mark)
    _refuse_future(sat_on, at)
    if outcome != Outcome.ABSENT:
        _check_sitting(locked, found, sat_on, reason)
    _refuse_same_day(locked, found, sat_on)
    row = PartResult(
        person=locked,
        part=found.code,
        outcome=outcome,
        score=checked,
        centre=centre,
        sat_on=sat_on,
        reason=reason.strip(),
    )
    return _write(row, found, by, at)


@transaction.atomic
def correct_result(
    *,
    result: PartResult,
    outcome: str,
    score: Decimal | None,
    sat_on: date,
    by: Person,
    at: datetime,
    reason: str,
) -> PartResult:
    """Let a new row supersede `result`; a pass corrected to a pass keeps its days of validity.

    Judged by the pass mark that the corrected row was judged by. Raises OwnResult, CorrectionRefused or
    ResultRefused.
    """
    _lock_person(result.person_id)
    old = PartResult.objects.select_related("person", "level", "attempt").get(pk=result.pk)
    _refuse_own(old.person_id, by)
    if PartResult.objects.filter(supersedes_id=old.pk).exists():
        raise CorrectionRefused(
            _("这条成绩已经被更正过。"), clause="D7", remedy=_("请打开最新的一条，再对它更正。")
        )
    if not reason.strip():
        raise CorrectionRefused(_("更正必须写明原因。"), remedy=_("请填写原因后再提交。"))
    checked = _checked_score(outcome, score, old.pass_mark)
    _refuse_future(sat_on, at)
    if (outcome, checked, sat_on) == (old.outcome, old.score, old.sat_on):
        raise CorrectionRefused(_("更正前后内容相同。"), remedy=_("请修改结果、成绩或考试日期。"))
    row = PartResult(
        person=old.person,
        part=old.part,
        outcome=outcome,
        score=checked,
        attempt=old.attempt,
        centre_id=old.centre_id,
        sat_on=sat_on,
        supersedes=old,
        reason=reason.strip(),
    )
    return _write(row, _part(old.level, old.part), by, at, pass_mark=old.pass_mark)


def _publish_named(attempt: Attempt, by: Person, at: datetime, reason: str) -> PartResult:
    """Publish one of several; a refusal says whose it is."""
    try:
        return publish_theory(attempt=attempt, by=by, at=at, reason=reason)
    except RegistryError as refused:
        words = {"name": attempt.person, "message": refused.message}
        told = _("%(name)s：%(message)s") % words
        raise type(refused)(told, clause=refused.clause, remedy=refused.remedy) from refused


# --- Checks -------------------------------------------------------------------------------------------------


def _publishable_score(attempt: Attempt, by: Person) -> Score:
    """Return the attempt's score, or refuse: what is wrong is said in the order in which it is mended."""
    _refuse_own(attempt.person_id, by)
    if attempt.kind != AttemptKind.REAL:
        raise NotPublishable(_("模拟考试不产生鉴定成绩。"), clause="D13", remedy=_("只公布正式考试的成绩。"))
    if attempt.sealed_at is None:
        raise NotPublishable(_("考试尚未封卷，不能公布成绩。"), remedy=_("交卷或到时封卷后再公布。"))
    if not has_full_score(attempt):
        raise NotPublishable(
            _("试卷 %(paper)s 不是满分 100 分的鉴定试卷。") % {"paper": attempt.paper.code},
            clause="§1.7.4",
            remedy=_("请用按比重组成的正式试卷重新安排考试。"),
        )
    score = score_of(attempt)
    if score is None:
        raise NotPublishable(_("试卷尚未评分，不能公布成绩。"), remedy=_("评分自动进行，请稍候刷新页面。"))
    if not unpublished().filter(pk=attempt.pk).exists():
        raise AlreadyPublished(_("这次考试的成绩已经公布。"), remedy=_("成绩有误时，请在成绩台账中更正。"))
    return score


def _check_sitting(person: Person, part: Part, day: date, reason: str) -> Retake:
    """Refuse a sitting during a valid pass; one too near another needs a reason (D5)."""
    codes = list(Part.objects.filter(level_id=part.level_id).values_list("code", flat=True))
    step = retake(entries_of(person.pk, part.level.number), codes, part.code, day, retake_gap())
    if step.may or (step.step not in (Step.VALID, Step.QUALIFIED) and reason.strip()):
        return step
    told = wording.hindrance(step, part.name)
    raise RetakeRefused(told.message, clause=told.clause, remedy=told.remedy)


def _checked_score(outcome: str, score: Decimal | None, pass_mark: Decimal) -> Decimal | None:
    """Return the score that a row with `outcome` carries, or refuse what does not fit."""
    if outcome == Outcome.ABSENT:
        if score is not None:
            raise ResultRefused(_("缺考没有成绩。"), clause="D6", remedy=_("请将成绩留空。"))
        return None
    if outcome == Outcome.VOID:
        if score:
            raise ResultRefused(_("违纪的成绩为 0 分。"), clause="D6", remedy=_("请将成绩留空或填 0。"))
        return Decimal(0)
    if score is None:
        raise ResultRefused(_("请填写成绩。"), clause="§1.7.4", remedy=_("没有参加考试的，结果选“缺考”。"))
    if not score.is_finite() or not 0 <= score <= FULL_SCORE:
        raise ResultRefused(_("成绩应在 0 到 100 分之间。"), clause="§1.7.4", remedy=_("请核对成绩。"))
    if score != round(score, MOST_DECIMALS):
        raise ResultRefused(_("成绩最多四位小数。"), clause="D7", remedy=_("请核对成绩。"))
    if outcome != outcome_of(score, pass_mark):
        raise ResultRefused(
            _("结果与成绩不符：合格线为 %(mark)s 分（含）。") % {"mark": f"{pass_mark:f}"},
            clause="§1.7.4",
            remedy=_("请核对结果和成绩。"),
        )
    return score


def _refuse_own(person_id: int, by: Person) -> None:
    if person_id == by.pk:
        raise OwnResult(_("不能公布、录入或更正自己的成绩。"), remedy=_("请由其他审核员办理。"))


def _refuse_future(day: date, at: datetime) -> None:
    if day > published_on(at):
        raise ResultRefused(_("考试日期不能晚于今天。"), clause="D3", remedy=_("请核对考试日期。"))


def _refuse_same_day(person: Person, part: Part, day: date) -> None:
    current = current_results(entries_of(person.pk, part.level.number))
    if any(row.part == part.code and row.sat_on == day for row in current):
        raise ResultRefused(
            _("该考生这一天的%(part)s已有成绩。") % {"part": part.name},
            clause="D5",
            remedy=_("成绩有误时，请在成绩台账中更正。"),
        )


# --- Writing ------------------------------------------------------------------------------------------------


def _lock_person(person_id: int) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person_id)


def _part(level: Level, code: str) -> Part:
    part = Part.objects.select_related("level").filter(level_id=level.pk, code=code).first()
    if part is None:
        raise ResultRefused(_("这一级别没有该鉴定项目。"), clause="§1.7.3", remedy=_("请重新选择项目。"))
    return part


def _write(
    row: PartResult, part: Part, by: Person, at: datetime, *, pass_mark: Decimal | None = None
) -> PartResult:
    """Add the row with what follows from the edition and the day, and let certificates look."""
    row.level, row.pass_mark = part.level, part.pass_mark if pass_mark is None else pass_mark
    row.published_at, row.published_on, row.published_by = at, published_on(at), by
    if row.outcome == Outcome.PASSED:
        row.valid_through = valid_through(_pass_began_on(row), part.valid_years)
    row.save(force_insert=True)
    after_commit(ISSUE_DUE)
    return row


def _pass_began_on(row: PartResult) -> date:
    """Return the day a pass was first published: of the row it corrects where that is a pass too."""
    if row.supersedes_id is None:
        return row.published_on
    current = current_results(entries_of(row.person_id, row.level.number))
    old = next(entry for entry in current if entry.pk == row.supersedes_id)
    return old.valid_from or row.published_on
