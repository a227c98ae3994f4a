"""Marking sealed attempts against their frozen papers."""

import logging
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.delivery.models import Attempt
from exams.marking.errors import NeedsMarkers, NotSealed, RemarkRefused
from exams.marking.models import Score
from exams.marking.queries import (
    answers_of,
    functions_of,
    gives_half_credit,
    markable,
    paper_items,
    score_of,
    unmarked,
)
from exams.marking.rules import PaperScore, needs_markers, score_paper

logger = logging.getLogger(__name__)


@transaction.atomic
def mark(*, attempt: Attempt, at: datetime | None = None) -> Score:
    """Return the score of a sealed attempt, computing it the first time; repeating it changes nothing.

    `at` is the moment of marking (default: now). Raises NotSealed, and NeedsMarkers for a paper with items
    that people mark.
    """
    locked = _lock_sealed(attempt)
    if (known := score_of(locked)) is not None:
        return known
    return _store(locked, _compute(locked), at or timezone.now())


@transaction.atomic
def remark(*, attempt: Attempt, reason: str, by: AbstractBaseUser, at: datetime) -> Score:
    """Compute the score anew and let it supersede the one that counts.

    Raises NotSealed, or RemarkRefused without a reason, without a first score or for one's own attempt.
    """
    locked = _lock_sealed(attempt)
    known = score_of(locked)
    if known is None:
        raise RemarkRefused(_("这次考试还没有评分，不能重评。"), remedy=_("请先评分。"))
    if not reason.strip():
        raise RemarkRefused(_("重评必须写明原因。"), remedy=_("请填写原因后再提交。"))
    if by.pk == locked.person_id:
        raise RemarkRefused(_("不能重评自己的考试。"), clause="D14", remedy=_("请由其他工作人员办理。"))
    return _store(locked, _compute(locked), at, supersedes=known, reason=reason.strip())


def mark_sealed() -> int:
    """Mark every sealed attempt without a score, in primary-key order; return how many were marked.

    Each in a transaction of its own, so that one that cannot be marked holds up no other.
    """
    marked = 0
    for attempt_id in unmarked():
        try:
            mark(attempt=Attempt(pk=attempt_id))
        except Exception:
            logger.exception("attempt %s could not be marked", attempt_id)
        else:
            marked += 1
    return marked


def _lock_sealed(attempt: Attempt) -> Attempt:
    """Return the attempt's row, locked; the lock also keeps two workers from marking it twice."""
    locked = Attempt.objects.select_for_update(of=("self",)).select_related("paper").get(pk=attempt.pk)
    if locked.sealed_at is None:
        raise NotSealed(_("试卷尚未封卷，不能评分。"), remedy=_("交卷或到时封卷后自动评分。"))
    return locked


def _compute(attempt: Attempt) -> PaperScore:
    items = paper_items(attempt.paper)
    if needs_markers(one.version.type for one in items):
        raise NeedsMarkers(
            _("这份试卷有需要考评员评分的题，不能自动评分。"),
            clause="practice",
            remedy=_("请由考评员评阅后再合成成绩。"),
        )
    return score_paper(
        [markable(one) for one in items],
        answers_of(attempt),
        [function.code for function in functions_of(attempt.paper.level_id)],
        half_credit=gives_half_credit(),
    )


def _store(
    attempt: Attempt, score: PaperScore, at: datetime, *, supersedes: Score | None = None, reason: str = ""
) -> Score:
    return Score.objects.create(
        attempt=attempt,
        marked_at=at,
        points=score.points,
        full_points=score.full,
        by_function={
            one.code: {"points": f"{one.points:.2f}", "full": str(one.full)} for one in score.by_function
        },
        supersedes=supersedes,
        reason=reason,
    )
