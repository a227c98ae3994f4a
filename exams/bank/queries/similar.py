"""Stems that are near a text, by trigrams."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.postgres.lookups import TrigramSimilar
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, Value

from exams.bank.lifecycle import Actor
from exams.bank.models import Item
from exams.bank.queries.listing import visible_to

WARN_FROM = 0.6
REFUSE_FROM = 0.98


@dataclass(frozen=True, slots=True)
class Near:
    """An item with a stem like the asked one. A hidden item is named without its text."""

    item: Item
    stem: str
    similarity: Decimal
    is_hidden: bool

    @property
    def is_same(self) -> bool:
        return self.similarity >= Decimal(str(REFUSE_FROM))

    @property
    def percent(self) -> int:
        return int(self.similarity * 100)


def near_items(
    stem: str, *, viewer: Actor, besides: int | None = None, least: float = WARN_FROM, most: int = 5
) -> list[Near]:
    """Return the items whose newest stem is like `stem`, nearest first, in one query or two.

    `least` must not be below pg_trgm.similarity_threshold (0.3), which the index works with.
    """
    if not stem.strip():
        return []
    found = (
        Item.objects.filter(current__isnull=False)
        .filter(TrigramSimilar(F("current__stem"), Value(stem)))
        .annotate(similarity=TrigramSimilarity("current__stem", stem))
        .filter(similarity__gte=least)
        .exclude(pk=besides or 0)
        .select_related("current")
        .order_by("-similarity", "code")[:most]
    )
    rows = list(found)
    seen = set(
        Item.objects.filter(visible_to(viewer), pk__in=[one.pk for one in rows]).values_list("pk", flat=True)
    )
    return [
        Near(
            one,
            _stem(one) if one.pk in seen else "",
            Decimal(str(round(one.similarity, 4))),
            one.pk not in seen,
        )
        for one in rows
    ]


def _stem(item: Item) -> str:
    return item.current.stem if item.current else ""
