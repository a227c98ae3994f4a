"""Review: submitted, taken or given out, approved or returned; never by who wrote the version."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from exams.bank.actions.versions import lock_item, note, reason_of
from exams.bank.enums import Decision, ItemEventKind, ItemState
from exams.bank.errors import ItemRefused
from exams.bank.lifecycle import check_assign, check_decide, check_submit, check_take
from exams.bank.models import Item, ItemReview
from exams.bank.queries import standing_of
from exams.bank.queries.single import Someone, actor_of


def submit_item(*, item: Item, by: Someone, at: datetime.datetime) -> ItemReview:
    """Ask for a review of the newest version. A first draft is then in review; a revision keeps its state."""
    actor = actor_of(by)
    with transaction.atomic():
        locked = lock_item(item)
        check_submit(standing_of(locked, actor), actor)
        assert locked.current is not None, "an item that can be opened has a version"
        review = ItemReview.objects.create(version=locked.current, submitted_at=at, submitted_by_id=by.pk)
        if locked.state == ItemState.DRAFT:
            locked.state = ItemState.IN_REVIEW
            locked.save(update_fields=["state"])
        note(locked, ItemEventKind.SUBMITTED, by=by, at=at, detail={"version": locked.current.number})
    return review


def take_review(*, item: Item, by: Someone) -> ItemReview:
    """Take the open review of an item that nobody has taken."""
    actor = actor_of(by)
    with transaction.atomic():
        locked = lock_item(item)
        check_take(standing_of(locked, actor), actor)
        review = _open_review(locked)
        review.reviewer_id = by.pk
        review.save(update_fields=["reviewer"])
    return review


def assign_review(*, item: Item, reviewer: Someone, by: Someone) -> ItemReview:
    """Give the open review to a reviewer other than who wrote or submitted the version."""
    actor, chosen = actor_of(by), actor_of(reviewer)
    with transaction.atomic():
        locked = lock_item(item)
        standing = standing_of(locked, actor)
        check_assign(standing, actor)
        if chosen.pk in {standing.written_by, standing.submitted_by}:
            raise ItemRefused(_("不能把题目分给编写或提交它的人审。"))
        if not chosen.reviews:
            raise ItemRefused(_("此人没有审题权限。"))
        review = _open_review(locked)
        review.reviewer_id = chosen.pk
        review.save(update_fields=["reviewer"])
    return review


def approve_item(
    *, item: Item, seen: int | None = None, reason: str = "", by: Someone, at: datetime.datetime
) -> Item:
    """Approve the newest version: from now on papers use it. `seen` is the version that was looked at."""
    actor = actor_of(by)
    with transaction.atomic():
        locked = lock_item(item)
        check_decide(standing_of(locked, actor), actor)
        _close(locked, Decision.APPROVED, reason.strip()[:1000], seen=seen, by=by, at=at)
        locked.approved = locked.current
        if locked.state in {ItemState.DRAFT, ItemState.IN_REVIEW}:
            locked.state = ItemState.APPROVED
        locked.save(update_fields=["approved", "state"])
        note(locked, ItemEventKind.APPROVED, by=by, at=at, detail=_facts(locked, reason))
    return locked


def return_item(
    *, item: Item, reason: str, seen: int | None = None, by: Someone, at: datetime.datetime
) -> Item:
    """Return the newest version to its writer with the reason; an approved version stays as it is."""
    actor = actor_of(by)
    reason = reason_of(reason)
    with transaction.atomic():
        locked = lock_item(item)
        check_decide(standing_of(locked, actor), actor)
        _close(locked, Decision.RETURNED, reason, seen=seen, by=by, at=at)
        if locked.state == ItemState.IN_REVIEW:
            locked.state = ItemState.DRAFT
            locked.save(update_fields=["state"])
        note(locked, ItemEventKind.RETURNED, by=by, at=at, detail=_facts(locked, reason))
    return locked


def _close(
    item: Item, decision: Decision, reason: str, *, seen: int | None, by: Someone, at: datetime.datetime
) -> None:
    assert item.current is not None, "an item that can be opened has a version"
    if seen is not None and seen != item.current.number:
        raise ItemRefused(
            _("您看的是第 %(seen)d 版，现在已有第 %(number)d 版。")
            % {"seen": seen, "number": item.current.number},
            remedy=_("请看过最新的一版再作结论。"),
        )
    review = _open_review(item)
    review.reviewer_id = by.pk
    review.decision = decision
    review.decided_at = at
    review.reason = reason
    review.save(update_fields=["reviewer", "decision", "decided_at", "reason"])


def _open_review(item: Item) -> ItemReview:
    return ItemReview.objects.get(version=item.current_id, decided_at__isnull=True)


def _facts(item: Item, reason: str) -> dict[str, object]:
    number = item.current.number if item.current else 0
    return {"version": number, **({"reason": reason.strip()} if reason.strip() else {})}
