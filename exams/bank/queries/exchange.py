"""What leaves the bank as a file, and how imports stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from exams.bank.enums import ImportState, ItemState
from exams.bank.exchange.contract import Outgoing
from exams.bank.lifecycle import Actor
from exams.bank.models import Item, ItemCriterion, ItemImport

_CHUNK = 500


def outgoing(items: QuerySet[Item]) -> Iterator[Outgoing]:
    """Yield the current versions of `items` as files hold them, those of one head together."""
    criteria = ItemCriterion.objects.select_related("requirement").order_by("version", "position")
    rank = Case(When(state=ItemState.APPROVED, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = (
        items.filter(current__isnull=False)
        .select_related("current__knowledge", "current__level__standard")
        .prefetch_related(Prefetch("current__criteria", queryset=criteria))
        .annotate(rank=rank)
        .order_by("-current__level__number", "pool", "is_sample", "rank", "code")
    )
    for item in rows.iterator(chunk_size=_CHUNK):
        version = item.current
        assert version is not None, "items without a version were left out"
        yield Outgoing(
            code=item.code,
            level=version.level.number,
            pool=item.pool,
            is_sample=item.is_sample,
            is_approved=item.state == ItemState.APPROVED,
            knowledge=version.knowledge.code if version.knowledge else "",
            difficulty=version.difficulty,
            cognition=version.cognition,
            content=version.content,
            standard=version.level.standard.code,
        )


def imports_of(actor: Actor) -> QuerySet[ItemImport]:
    """Return the imports that a person may see, newest first: his own; who manages the bank sees all."""
    seen = Q() if actor.manages else Q(created_by=actor.pk)
    return (
        ItemImport.objects.filter(seen)
        .select_related("created_by", "confirmed_by")
        .defer("source", "report")
        .order_by("-created_at", "pk")
    )


def import_report(pk: UUID) -> list[Mapping[str, Any]]:
    """Return the lines of an import's report."""
    return list(ItemImport.objects.values_list("report", flat=True).get(pk=pk))


def counts(report: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return how many lines come to what."""
    return Counter(line["outcome"] for line in report)


def progress_key(pk: UUID) -> str:
    """Return where the progress of writing is kept: outside of the transaction, which shows nothing yet."""
    return f"items-import:{pk}"


def progress_of(found: ItemImport) -> tuple[int, int]:
    """Return how far an import is: lines read or items written, out of how many."""
    done = found.done
    if found.state == ImportState.WRITING:
        done = int(cache.get(progress_key(found.pk)) or 0)
    return min(done, found.total), found.total
