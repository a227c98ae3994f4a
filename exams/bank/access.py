"""The door to the bank and to its items."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from exams.bank import queries
from exams.bank.lifecycle import Actor, Standing, may_see
from exams.bank.models import EnemyPair, Item, ItemPicture
from exams.bank.queries.single import SEE_LIVE

__all__ = ["SEE_LIVE", "bank_actor", "enemy_pair", "item_for", "picture_of"]


def bank_actor(request: HttpRequest, *, writes: bool = False, reviews: bool = False) -> Actor:
    """Return the person at work, or 403 for who has no work in the bank (or not the kind asked for)."""
    actor = queries.actor_of(request.user)
    if not actor.works_here or (writes and not (actor.writes or actor.manages)):
        raise PermissionDenied
    if reviews and not (actor.reviews or actor.manages):
        raise PermissionDenied
    return actor


def item_for(actor: Actor, code: str) -> tuple[Item, Standing]:
    """Return the item of this code and how it stands; 404 also for one that is hidden from the person."""
    found = queries.item(code)
    if found is None:
        raise Http404
    standing = queries.standing_of(found, actor)
    if not may_see(standing, actor):
        raise Http404
    return found, standing


def enemy_pair(item: Item, pk: int) -> EnemyPair:
    """Return a pair that the item is in, or 404."""
    pair = queries.enemies_of(item).filter(pk=pk).first()
    if pair is None:
        raise Http404
    return pair


def picture_of(sha256: str) -> ItemPicture:
    """Return a picture for anyone who is logged in and knows its digest (a page that he may see says it)."""
    picture = ItemPicture.objects.filter(pk=sha256).first()
    if picture is None:
        raise Http404
    return picture
