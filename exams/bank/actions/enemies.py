"""Enemy items: two that must not meet in one paper."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from exams.bank.actions.versions import note, reason_of
from exams.bank.enums import ItemEventKind
from exams.bank.errors import ItemRefused
from exams.bank.lifecycle import Actor
from exams.bank.models import EnemyPair, Item
from exams.bank.queries.single import Someone, actor_of


def make_enemies(*, one: Item, other: Item, reason: str, by: Someone, at: datetime.datetime) -> EnemyPair:
    """Keep two items out of one paper; naming a pair again changes nothing."""
    _check(actor_of(by))
    reason = reason_of(reason)[:200]
    if one.pk == other.pk:
        raise ItemRefused(_("一道题不能与自己互斥。"))
    first, second = sorted([one, other], key=lambda item: item.pk)
    with transaction.atomic():
        list(Item.objects.select_for_update().filter(pk__in=[first.pk, second.pk]).order_by("pk"))
        pair, is_new = EnemyPair.objects.get_or_create(
            first=first, second=second, defaults={"reason": reason, "at": at, "by_id": by.pk}
        )
        if is_new:
            _note_both(pair, ItemEventKind.ENEMIES, reason, by, at)
    return pair


def make_friends(*, pair: EnemyPair, by: Someone, at: datetime.datetime) -> None:
    """Let two items meet in one paper again."""
    _check(actor_of(by))
    with transaction.atomic():
        found = EnemyPair.objects.select_for_update(of=("self",)).select_related("first", "second")
        for locked in found.filter(pk=pair.pk):
            _note_both(locked, ItemEventKind.FRIENDS, locked.reason, by, at)
            locked.delete()


def _check(actor: Actor) -> None:
    if not (actor.manages or actor.reviews):
        raise ItemRefused(_("只有审题员和题库管理员可以设置互斥。"))


def _note_both(pair: EnemyPair, kind: ItemEventKind, reason: str, by: Someone, at: datetime.datetime) -> None:
    for item, enemy in ((pair.first, pair.second), (pair.second, pair.first)):
        note(item, kind, by=by, at=at, detail={"item": enemy.code, "reason": reason})
