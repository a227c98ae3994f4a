"""An approved item's later life: suspended, reinstated, retired, moved into practice."""

import datetime
from collections.abc import Callable

from django.db import transaction

from exams.bank.actions.versions import lock_item, note, reason_of
from exams.bank.enums import ItemEventKind, ItemState, Pool
from exams.bank.lifecycle import Actor, Standing, check_move, check_reinstate, check_retire, check_suspend
from exams.bank.models import Item
from exams.bank.queries import standing_of
from exams.bank.queries.single import Someone, actor_of


def suspend_item(*, item: Item, reason: str, by: Someone, at: datetime.datetime) -> Item:
    """Keep an approved item out of new papers until it is reinstated."""
    return _turn(
        item,
        check_suspend,
        ItemEventKind.SUSPENDED,
        {"state": ItemState.SUSPENDED},
        reason=reason,
        by=by,
        at=at,
    )


def reinstate_item(*, item: Item, reason: str, by: Someone, at: datetime.datetime) -> Item:
    """Let papers use a suspended item again."""
    return _turn(
        item,
        check_reinstate,
        ItemEventKind.REINSTATED,
        {"state": ItemState.APPROVED},
        reason=reason,
        by=by,
        at=at,
    )


def retire_item(*, item: Item, reason: str, by: Someone, at: datetime.datetime) -> Item:
    """Take an item out of use for good; old papers and reports keep it."""
    return _turn(
        item, check_retire, ItemEventKind.RETIRED, {"state": ItemState.RETIRED}, reason=reason, by=by, at=at
    )


def move_to_practice(*, item: Item, reason: str, by: Someone, at: datetime.datetime) -> Item:
    """Move a live item into the practice pool, one way. It keeps its code (exams.bank.rules.code_pattern)."""
    return _turn(item, check_move, ItemEventKind.MOVED, {"pool": Pool.PRACTICE}, reason=reason, by=by, at=at)


def _turn(
    item: Item,
    check: Callable[[Standing, Actor], None],
    kind: ItemEventKind,
    change: dict[str, str],
    *,
    reason: str,
    by: Someone,
    at: datetime.datetime,
) -> Item:
    actor = actor_of(by)
    reason = reason_of(reason)
    with transaction.atomic():
        locked = lock_item(item)
        check(standing_of(locked, actor), actor)
        for name, value in change.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(change))
        note(locked, kind, by=by, at=at, detail={"reason": reason})
    return locked
