"""One item: how it stands, what it said, what was done to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from exams.bank.enums import Decision
from exams.bank.lifecycle import Actor, Standing
from exams.bank.models import EnemyPair, Item, ItemComment, ItemEvent, ItemReview, ItemVersion
from exams.bank.types import get_kind

SEE_LIVE = "exams.see_live_items"
WRITE = "exams.write_items"
REVIEW = "exams.review_items"


class Someone(Protocol):
    """A person, as far as this room knows people."""

    @property
    def pk(self) -> Any: ...

    def has_perm(self, perm: str, obj: Any = None, /) -> bool: ...


def actor_of(person: Someone) -> Actor:
    """Return what a person may do in the bank."""
    return Actor(
        person.pk,
        manages=person.has_perm(SEE_LIVE),
        writes=person.has_perm(WRITE),
        reviews=person.has_perm(REVIEW),
    )


def item(code: str) -> Item | None:
    """Return the item of this code with its current version, or None."""
    return (
        Item.objects.filter(code=code, current__isnull=False)
        .select_related(
            "current__knowledge__work_content__function__level__standard",
            "current__level__standard",
            "current__created_by",
            "approved__statistic",
            "created_by",
        )
        .first()
    )


def standing_of(found: Item, actor: Actor) -> Standing:
    """Return how an item stands for `actor`, in one query."""
    return standings([found], actor)[found.pk]


def standings(found: Iterable[Item], actor: Actor) -> dict[int, Standing]:
    """Return how items (with their current versions) stand for `actor`, by pk, in one query."""
    listed = list(found)
    reviews = ItemReview.objects.filter(
        Q(version__in=[one.current_id for one in listed], decided_at__isnull=True)
        | Q(version__item__in=listed, reviewer=actor.pk)
    ).select_related("version")
    waiting: dict[int, ItemReview] = {}
    reviewed: set[int] = set()
    for review in reviews:
        if review.decided_at is None:
            waiting[review.version_id] = review
        if review.reviewer_id == actor.pk:
            reviewed.add(review.version.item_id)
    return {one.pk: _standing(one, waiting.get(one.current_id or 0), one.pk in reviewed) for one in listed}


def _standing(found: Item, waiting: ItemReview | None, has_reviewed: bool) -> Standing:
    return Standing(
        pool=found.pool,
        state=found.state,
        created_by=found.created_by_id,
        written_by=found.current.created_by_id if found.current else None,
        has_approved=found.approved_id is not None,
        is_ahead=found.approved_id != found.current_id,
        is_in_review=waiting is not None,
        submitted_by=waiting.submitted_by_id if waiting else None,
        reviewer=waiting.reviewer_id if waiting else None,
        has_reviewed=has_reviewed,
    )


def record_of_version(version: ItemVersion) -> dict[str, Any]:
    """Return a version as its file would say it, without code and type (two queries for skill tasks)."""
    content = version.content
    return {
        "knowledge": version.knowledge.code if version.knowledge else "",
        "difficulty": version.difficulty,
        "cognition": version.cognition,
        "stem": version.stem,
        **get_kind(version.type).write(content),
        "explanation": version.explanation,
    }


def version_of(found: Item, number: int) -> ItemVersion | None:
    """Return a version of an item by its number, or None."""
    versions = found.versions.select_related("knowledge", "created_by").prefetch_related(
        "criteria__requirement"
    )
    return versions.filter(number=number).first()


@dataclass(frozen=True, slots=True)
class History:
    """What happened to an item, newest first; comments in the order in which they were made."""

    versions: list[ItemVersion]
    events: list[ItemEvent]
    reviews: list[ItemReview]
    comments: list[ItemComment]

    @property
    def waiting(self) -> ItemReview | None:
        """Return the open review of the newest version."""
        newest = self.versions[0].pk if self.versions else None
        return next(
            (one for one in self.reviews if one.decided_at is None and one.version_id == newest), None
        )

    @property
    def returned(self) -> ItemReview | None:
        """Return the last review where it returned the newest version."""
        last = next(iter(self.reviews), None)
        is_newest = last and self.versions and last.version_id == self.versions[0].pk
        return last if last and is_newest and last.decision == Decision.RETURNED else None


def history_of(found: Item) -> History:
    """Return the history of an item in four queries."""
    return History(
        list(found.versions.select_related("knowledge", "created_by").order_by("-number")),
        list(found.events.select_related("by").order_by("-at", "-pk")[:100]),
        list(
            ItemReview.objects.filter(version__item=found)
            .select_related("version", "submitted_by", "reviewer")
            .order_by("-submitted_at", "-pk")
        ),
        list(found.comments.select_related("by", "version").order_by("at", "pk")),
    )


def enemies_of(found: Item) -> QuerySet[EnemyPair]:
    """Return the pairs that an item is in, by the codes of both."""
    return (
        EnemyPair.objects.filter(Q(first=found) | Q(second=found))
        .select_related("first__current", "second__current", "by")
        .order_by("first__code", "second__code")
    )
