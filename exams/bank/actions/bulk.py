"""One action on many items: each by itself, and what was refused with the reason."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.bank.actions import reviewing, states
from exams.bank.errors import ItemRefused
from exams.bank.lifecycle import may_see
from exams.bank.models import Item
from exams.bank.queries import standing_of
from exams.bank.queries.single import Someone, actor_of
from exams.errors import ExamError

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, why, and (to assign) for whom."""

    action: str
    reason: str = ""
    reviewer: Someone | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: done where `refusal` is empty."""

    code: str
    refusal: str = ""


def carry_out(*, order: Order, codes: Sequence[str], by: Someone, at: datetime.datetime) -> list[Outcome]:
    """Do the same to each item, at most MOST_AT_ONCE, and report every one in the order given."""
    actor = actor_of(by)
    items = {item.code: item for item in Item.objects.filter(code__in=codes).select_related("current")}
    outcomes = []
    for code in list(dict.fromkeys(codes))[:MOST_AT_ONCE]:
        item = items.get(code)
        try:
            if item is None or not may_see(standing_of(item, actor), actor):
                raise ItemRefused(_("没有这道题。"))
            _ACTIONS[order.action](item, order, by, at)
            outcomes.append(Outcome(code))
        except ExamError as refused:
            outcomes.append(Outcome(code, f"{refused.message}{refused.remedy}"))
    return outcomes


def _assign(item: Item, order: Order, by: Someone, _at: datetime.datetime) -> None:
    if order.reviewer is None:
        raise ItemRefused(_("请选择审题员。"))
    reviewing.assign_review(item=item, reviewer=order.reviewer, by=by)


_ACTIONS: dict[str, Callable[[Item, Order, Someone, datetime.datetime], object]] = {
    "submit": lambda item, _order, by, at: reviewing.submit_item(item=item, by=by, at=at),
    "approve": lambda item, order, by, at: reviewing.approve_item(
        item=item, reason=order.reason, by=by, at=at
    ),
    "assign": _assign,
    "suspend": lambda item, order, by, at: states.suspend_item(item=item, reason=order.reason, by=by, at=at),
    "reinstate": lambda item, order, by, at: states.reinstate_item(
        item=item, reason=order.reason, by=by, at=at
    ),
    "retire": lambda item, order, by, at: states.retire_item(item=item, reason=order.reason, by=by, at=at),
    "move": lambda item, order, by, at: states.move_to_practice(item=item, reason=order.reason, by=by, at=at),
}
