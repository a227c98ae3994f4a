"""Admitting, starting, saving, sealing."""

import datetime
import logging
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from config.jobs import after_commit
from exams.assembly.enums import PaperState
from exams.assembly.models import Paper
from exams.bank.enums import Pool
from exams.delivery import rules
from exams.delivery.enums import AttemptEventKind, AttemptKind, AttemptState, SaveStatus, SealReason
from exams.delivery.errors import (
    AdmissionRefused,
    AttemptNotDue,
    AttemptNotStarted,
    AttemptSealed,
    ReasonMissing,
)
from exams.delivery.models import Attempt, AttemptEvent
from exams.delivery.queries import asked_items, database_now, due_attempts, grace_seconds, paper_lines
from exams.delivery.statement import Written, write_answer
from exams.sittings.models import Centre
from syllabus.standard.enums import PartCode

log = logging.getLogger(__name__)
BATCH = 100
MOST_MINUTES_GIVEN = 240
# Whoever holds one of these knows keys of papers to come (D14).
ITEM_PERMISSIONS = ("exams.see_live_items", "exams.write_items", "exams.review_items")


class Someone(Protocol):
    """A person, as far as this app knows people."""

    @property
    def pk(self) -> Any: ...

    def has_perm(self, perm: str, obj: Any = None, /) -> bool: ...


def admit(
    *,
    person: Someone,
    paper: Paper,
    kind: str,
    centre: Centre | None,
    by: Someone,
    at: datetime.datetime,
    minutes: int | None = None,
) -> Attempt:
    """Admit `person` to `paper` and draw the order of his questions; AdmissionRefused where he may not.

    `minutes` is his own time where it differs from the paper's.
    """
    _check_paper(paper, kind)
    if kind == AttemptKind.REAL:
        _check_person(person, centre, by)
    seed = secrets.randbits(62)
    order = rules.candidate_order(paper_lines(paper), seed)
    attempt = Attempt(
        person_id=person.pk,
        paper=paper,
        kind=kind,
        centre=centre,
        minutes=minutes or paper.minutes,
        item_order=order.items,
        option_orders=order.options,
        seed=seed,
        admitted_at=at,
        admitted_by_id=by.pk,
    )
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
            _note(attempt, AttemptEventKind.ADMITTED, at=at, by=by, paper=paper.code, minutes=attempt.minutes)
    except IntegrityError as error:
        if "attempt_open" not in str(error):
            raise
        raise AdmissionRefused(
            _("该考生还有一场没有结束的考试。"), remedy=_("请先完成或由考务员封卷，再准予新的考试。")
        ) from None
    return attempt


def _check_paper(paper: Paper, kind: str) -> None:
    if paper.withdrawn_at is not None:
        raise AdmissionRefused(_("这份试卷已停用。"), remedy=_("请换一份在用的试卷。"))
    if paper.state != PaperState.SEALED:
        raise AdmissionRefused(
            _("这份试卷还没有批准封存。"), remedy=_("请先由定稿人以外的人核对并批准试卷。")
        )
    if kind == AttemptKind.MOCK:
        if paper.pool != Pool.PRACTICE:
            raise AdmissionRefused(_("模拟考试只使用练习库的试卷。"), clause="D13")
        return
    if paper.pool != Pool.LIVE or paper.part != PartCode.THEORY:
        raise AdmissionRefused(
            _("正式考试只使用正式库的理论试卷。"), clause="D13", remedy=_("请选择正式库中已定稿的理论试卷。")
        )
    if paper.module or paper.is_short:
        raise AdmissionRefused(
            _("模块卷和短卷不能代替整个理论知识考试。"), clause="D8", remedy=_("请选择全卷。")
        )
    if paper.has_sample_items and not settings.DEMO:
        raise AdmissionRefused(
            _("这份试卷含公开的样题，不能用于正式考试。"),
            clause="D13",
            remedy=_("请导入本考点自己的保密题库后重新组卷。"),
        )


def _check_person(person: Someone, centre: Centre | None, by: Someone) -> None:
    if centre is None:
        raise AdmissionRefused(_("正式考试须指定考点。"))
    if person.pk == by.pk:
        raise AdmissionRefused(_("不能为本人办理准考。"), clause="D14", remedy=_("请由另一位考务员办理。"))
    if any(map(person.has_perm, ITEM_PERMISSIONS)):
        raise AdmissionRefused(
            _("此人参与题库工作（查看正式库、编写或审题），不能参加正式考试。"),
            clause="D14",
            remedy=_("须先由管理员撤销其题库角色。"),
        )


def start(*, attempt: Attempt, by: Someone) -> Attempt:
    """Begin the attempt at the database's clock and set its deadline; a second call changes nothing."""
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
        if locked.sealed_at is not None:
            raise AttemptSealed
        if locked.started_at is None:
            locked.started_at = database_now()
            locked.deadline_at = rules.deadline(locked.started_at, locked.minutes)
            locked.save(update_fields=["started_at", "deadline_at"])
            detail = {"deadline_at": locked.deadline_at.isoformat()}
            _note(locked, AttemptEventKind.STARTED, at=locked.started_at, by=by, **detail)
    return locked


def record_resume(*, attempt: Attempt, by: Someone) -> None:
    """Note that the candidate came back to a running attempt, after a break or on another machine."""
    _note(attempt, AttemptEventKind.RESUMED, at=database_now(), by=by)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an answer that was sent, and the response as the database holds it now."""

    status: SaveStatus
    seconds_left: int = 0
    revision: int = 0
    answer: str = ""
    flagged: bool = False
    saved_at: datetime.datetime | None = None

    @property
    def is_acknowledged(self) -> bool:
        return self.status in {SaveStatus.SAVED, SaveStatus.REPEATED}


def save_answer(
    *,
    attempt_id: uuid.UUID,
    person_id: int,
    paper_id: int,
    position: int,
    answer: str,
    flagged: bool,
    revision: int | None = None,
) -> Receipt:
    """Save one answer in one statement; the server chooses the revision where none is given.

    AnswerUnreadable where the answer does not fit the item's type. Only a receipt that is acknowledged says
    that the answer is stored, and then it is committed: call this outside of a transaction.

    Refused once `deadline_at` and its grace are over by the database's clock (D12).
    """
    asked = asked_items(paper_id).get(position)
    if asked is None:
        return Receipt(SaveStatus.UNKNOWN)
    answer = rules.checked_answer(asked.content, answer)
    written = write_answer(
        attempt_id=attempt_id,
        person_id=person_id,
        paper_id=paper_id,
        position=position,
        answer=answer,
        flagged=flagged,
        revision=revision,
        grace_seconds=grace_seconds(),
    )
    return _receipt(written, answer, flagged, revision)


def _receipt(written: Written | None, answer: str, flagged: bool, revision: int | None) -> Receipt:
    if written is None or not written.has_position:
        return Receipt(SaveStatus.UNKNOWN)
    left = rules.seconds_left(written.now, written.deadline_at)
    if written.revision is None:  # nothing was written, and the moments say why
        if written.sealed_at is not None:
            return Receipt(SaveStatus.SEALED)
        return Receipt(SaveStatus.NOT_STARTED if written.started_at is None else SaveStatus.LATE, left)
    stored = rules.Content(written.revision, written.answer or "", bool(written.flagged))
    if written.saved_at == written.now:
        status = SaveStatus.SAVED
    else:
        status = rules.revision_status(stored, rules.Content(revision or 0, answer, flagged))
    return Receipt(status, left, stored.revision, stored.answer, stored.flagged, written.saved_at)


def seal(*, attempt: Attempt, reason: str, by: Someone | None, note: str = "") -> Attempt:
    """Seal the attempt; sealing again changes nothing. `note` is the officer's reason.

    Once the deadline and its grace are over, whoever comes first, it is the deadline that sealed it.
    """
    if reason == SealReason.OFFICER and not note.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
        if locked.sealed_at is not None:
            return locked
        if locked.started_at is None and reason != SealReason.OFFICER:
            raise AttemptNotStarted
        now = database_now()
        if rules.is_over(now, locked.deadline_at, grace_seconds()):
            reason = SealReason.DEADLINE
        elif reason == SealReason.DEADLINE:
            raise AttemptNotDue
        locked.sealed_at = locked.deadline_at if reason == SealReason.DEADLINE else now
        locked.seal_reason = reason
        locked.save(update_fields=["sealed_at", "seal_reason"])
        _note(locked, AttemptEventKind.SEALED, at=now, by=by, reason=reason, note=note.strip())
        after_commit("exams.mark_sealed")
    return locked


def seal_due() -> int:
    """Seal every attempt whose deadline and grace are over; return how many.

    Any number of workers may run it side by side.
    """
    total = 0
    while sealed := _seal_batch():
        total += sealed
    return total


def _seal_batch() -> int:
    with transaction.atomic():
        # Rows that a save or another worker holds are skipped; the next run finds them again.
        due = list(due_attempts(BATCH).select_for_update(skip_locked=True, of=("self",)))
        if not due:
            return 0
        keys = [attempt.pk for attempt in due]
        Attempt.objects.filter(pk__in=keys).update(
            sealed_at=F("deadline_at"), seal_reason=SealReason.DEADLINE
        )
        now = database_now()
        AttemptEvent.objects.bulk_create(
            AttemptEvent(
                attempt=attempt,
                kind=AttemptEventKind.SEALED,
                at=now,
                detail={"reason": SealReason.DEADLINE.value, "note": ""},
            )
            for attempt in due
        )
        after_commit("exams.mark_sealed")
    return len(due)


def give_time(*, attempt: Attempt, minutes: int, why: str, by: Someone) -> Attempt:
    """Give back `minutes` that were lost (a dead machine, a fire alarm); the reason is recorded."""
    if not why.strip():
        raise ReasonMissing
    if not 1 <= minutes <= MOST_MINUTES_GIVEN:
        raise AdmissionRefused(_("补时应在 1 到 %(most)d 分钟之间。") % {"most": MOST_MINUTES_GIVEN})
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
        state = rules.state(locked.started_at, locked.sealed_at)
        if state == AttemptState.SEALED:
            raise AttemptSealed
        if locked.deadline_at is None:
            locked.minutes += minutes
        else:
            locked.deadline_at += datetime.timedelta(minutes=minutes)
        locked.save(update_fields=["minutes", "deadline_at"])
        _note(
            locked, AttemptEventKind.TIME_GIVEN, at=database_now(), by=by, minutes=minutes, note=why.strip()
        )
    return locked


def _note(
    attempt: Attempt, kind: AttemptEventKind, *, at: datetime.datetime, by: Someone | None, **detail: object
) -> None:
    AttemptEvent.objects.create(attempt=attempt, kind=kind, at=at, by_id=by.pk if by else None, detail=detail)
