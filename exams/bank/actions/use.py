"""What papers tell the bank: which items they hold."""

import datetime
from collections.abc import Collection, Mapping

from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest

from exams.bank.models import Item


def record_use(*, items: Collection[int], at: datetime.datetime) -> int:
    """Count one more frozen paper for each of these items (ids) and keep the newest moment of use.

    Called once for each paper, inside the transaction that stores it and with the items locked. Returns how
    many items there were.
    """
    return Item.objects.filter(pk__in=items).update(
        used_count=F("used_count") + 1, last_used_at=Greatest(F("last_used_at"), Value(at))
    )


def take_back_use(*, items: Collection[int], last: Mapping[int, datetime.datetime]) -> int:
    """Count one frozen paper less for each of these items (ids): a draft gave them up unseen.

    `last`: when the papers that still hold an item used it; an item that none holds was never used.
    """
    used = Item.objects.filter(pk__in=items, used_count__gt=0)
    for item, at in last.items():
        used.filter(pk=item).update(last_used_at=at)
    unused = Case(When(used_count=1, then=None), default=F("last_used_at"))
    return used.update(used_count=F("used_count") - 1, last_used_at=unused)
