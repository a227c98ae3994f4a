"""What may happen to an item and who may do it. Pure: what is known of item and person comes in.

An item's state is draft → in review → approved → suspended or retired. A revision of an approved (or
suspended) item leaves that state and the approved version alone until it is approved itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.bank.enums import ItemState, Pool
from exams.bank.errors import ItemRefused


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at work in the bank. `manages` sees every item, live ones too."""

    pk: int | None
    manages: bool = False
    writes: bool = False
    reviews: bool = False

    @property
    def works_here(self) -> bool:
        return self.manages or self.writes or self.reviews


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands: its state, who wrote it and its newest version, and the open review of that."""

    pool: str
    state: str
    created_by: int | None
    written_by: int | None
    has_approved: bool
    is_ahead: bool
    """The newest version is not the approved one."""
    is_in_review: bool = False
    submitted_by: int | None = None
    reviewer: int | None = None
    has_reviewed: bool = False
    """The person who asks has decided, or is to decide, about a version of it."""


def may_see(item: Standing, actor: Actor) -> bool:
    """Return whether `actor` may open an item: live items of others stay hidden from writers.

    A reviewer sees what waits for review and what he has reviewed.
    """
    if actor.manages:
        return True
    if not actor.works_here:
        return False
    if item.pool == Pool.PRACTICE or (actor.pk is not None and item.created_by == actor.pk):
        return True
    return actor.reviews and (item.is_in_review or item.has_reviewed)


def may_edit(item: Standing, actor: Actor) -> bool:
    """Return whether `actor` may write versions of an item at all: its writer, or a manager."""
    is_own = actor.pk is not None and item.created_by == actor.pk
    return item.state != ItemState.RETIRED and (actor.manages or (actor.writes and is_own))


def may_decide(item: Standing, actor: Actor) -> bool:
    """Return whether `actor` may approve or return the newest version: not who wrote or submitted it."""
    return (
        (actor.reviews or actor.manages)
        and item.is_in_review
        and item.state != ItemState.RETIRED
        and actor.pk not in {item.written_by, item.submitted_by}
        and (item.reviewer in {None, actor.pk} or actor.manages)
    )


def possible(item: Standing, actor: Actor) -> frozenset[str]:
    """Return the names of what `actor` may do with the item now, for buttons."""
    found = set()
    for name, check in CHECKS.items():
        try:
            check(item, actor)
        except ItemRefused:
            continue
        found.add(name)
    return frozenset(found)


# --- Checks: each raises ItemRefused with the reason -------------------------------------------------------


def check_edit(item: Standing, actor: Actor) -> None:
    """Refuse to write a version: not the writer, retired, or in review (the reviewer returns it first)."""
    if item.state == ItemState.RETIRED:
        raise ItemRefused(_("题目已退役，不能再修改。"))
    if not may_edit(item, actor):
        raise ItemRefused(_("只有命题人本人和题库管理员可以修改这道题。"))
    if item.is_in_review:
        raise ItemRefused(_("这道题正在审题，不能修改。"), remedy=_("请审题员先退回，再作修改。"))


def check_submit(item: Standing, actor: Actor) -> None:
    """Refuse to submit what is retired, in review already, or approved as it stands."""
    if not may_edit(item, actor):
        raise ItemRefused(_("只有命题人本人和题库管理员可以提交这道题。"))
    if item.is_in_review:
        raise ItemRefused(_("这道题已经在审题。"))
    if item.has_approved and not item.is_ahead:
        raise ItemRefused(_("最新的一版已经审定，不需要再审。"))


def check_decide(item: Standing, actor: Actor) -> None:
    """Refuse a decision about what is not in review, one's own version, or another reviewer's."""
    if not (actor.reviews or actor.manages):
        raise ItemRefused(_("没有审题权限。"))
    if not item.is_in_review:
        raise ItemRefused(_("这道题没有提交审题。"))
    if actor.pk in {item.written_by, item.submitted_by}:
        raise ItemRefused(_("不能审定自己编写或提交的题目。"), remedy=_("请由另一位审题员审定。"))
    if not may_decide(item, actor):
        raise ItemRefused(_("这道题已分给另一位审题员。"), remedy=_("请由题库管理员改派。"))


def check_take(item: Standing, actor: Actor) -> None:
    """Refuse to take a review that somebody has taken, or of one's own version."""
    check_decide(item, actor)
    if item.reviewer is not None:
        raise ItemRefused(_("已经有审题员在审这道题。"))


def check_assign(item: Standing, actor: Actor) -> None:
    """Refuse to give out a review where there is none, or without managing the bank."""
    _check_manages(actor)
    if not item.is_in_review:
        raise ItemRefused(_("这道题没有提交审题。"))


def check_suspend(item: Standing, actor: Actor) -> None:
    """Refuse to suspend what papers could not use anyway."""
    _check_manages(actor)
    if item.state != ItemState.APPROVED:
        raise ItemRefused(_("只有已审定的题目可以停用。"))


def check_reinstate(item: Standing, actor: Actor) -> None:
    """Refuse to reinstate what is not suspended; retired never comes back."""
    _check_manages(actor)
    if item.state == ItemState.RETIRED:
        raise ItemRefused(_("退役的题目不能恢复。"), remedy=_("可以另写一道新题。"))
    if item.state != ItemState.SUSPENDED or not item.has_approved:
        raise ItemRefused(_("只有停用的题目可以恢复。"))


def check_retire(item: Standing, actor: Actor) -> None:
    """Refuse to retire twice, or while a reviewer is at it; writers may retire their own first drafts."""
    if item.state == ItemState.RETIRED:
        raise ItemRefused(_("题目已经退役。"))
    if item.is_in_review:
        raise ItemRefused(_("这道题正在审题，不能退役。"), remedy=_("请审题员先退回。"))
    if not (item.state == ItemState.DRAFT and may_edit(item, actor)):
        _check_manages(actor)


def check_move(item: Standing, actor: Actor) -> None:
    """Refuse to move into practice what is there already; nothing ever moves back (D13)."""
    _check_manages(actor)
    if item.pool != Pool.LIVE:
        raise ItemRefused(_("题目已在练习库。公开过的题目不能转回正式库。"), clause="D13")
    if item.state == ItemState.RETIRED:
        raise ItemRefused(_("题目已退役。"))


def _check_manages(actor: Actor) -> None:
    if not actor.manages:
        raise ItemRefused(_("只有题库管理员可以这样做。"))


CHECKS = {
    "edit": check_edit,
    "submit": check_submit,
    "decide": check_decide,
    "take": check_take,
    "assign": check_assign,
    "suspend": check_suspend,
    "reinstate": check_reinstate,
    "retire": check_retire,
    "move": check_move,
}
