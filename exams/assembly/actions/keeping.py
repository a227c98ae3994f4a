"""What happens to papers is kept; taking a paper out of use."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from exams.assembly.enums import PaperEventKind, PaperState
from exams.assembly.errors import AlreadyWithdrawn
from exams.assembly.models import Paper, PaperEvent, PaperItem
from exams.bank.actions import take_back_use
from exams.bank.enums import Pool


@transaction.atomic
def withdraw_paper(*, paper: Paper, reason: str, by: AbstractBaseUser | None, at: datetime.datetime) -> Paper:
    """Take a paper out of use for good; sittings under way keep it. Raises AlreadyWithdrawn.

    A draft that is dropped was shown to no candidate: its items are as unused as before.
    """
    locked = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if locked.withdrawn_at:
        raise AlreadyWithdrawn(locked.code)
    locked.withdrawn_at = at
    locked.save(update_fields=["withdrawn_at"])
    if locked.state == PaperState.DRAFT:
        give_back(locked, locked.items.values_list("version__item", flat=True))
    record(locked, PaperEventKind.WITHDRAWN, by, at, {"reason": reason})
    return locked


def give_back(paper: Paper, items: Iterable[int]) -> None:
    """Take back that a draft used these items (ids): they rest as if it had never held them."""
    listed = list(items)
    rows = PaperItem.objects.filter(version__item__in=listed).exclude(paper=paper)
    rows = rows.exclude(paper__state=PaperState.DRAFT, paper__withdrawn_at__isnull=False)
    last = rows.values_list("version__item").annotate(last=Max("paper__frozen_at"))
    take_back_use(items=listed, last=dict(last.order_by("version__item")))


def record_view(
    *, paper: Paper, by: AbstractBaseUser, at: datetime.datetime, reason: str = "", printed: str = ""
) -> None:
    """Keep that somebody looked at a live paper, or printed a piece of it; practice papers are no secret."""
    if paper.pool == Pool.LIVE:
        kind = PaperEventKind.PRINTED if printed else PaperEventKind.VIEWED
        detail = {"reason": reason, "piece": printed}
        record(paper, kind, by, at, {key: value for key, value in detail.items() if value})


def record(
    paper: Paper,
    kind: PaperEventKind,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
    detail: dict[str, Any],
) -> None:
    """Keep what happened to a paper."""
    PaperEvent.objects.create(paper=paper, kind=kind, at=at, by_id=by.pk if by else None, detail=detail)
