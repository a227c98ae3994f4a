"""A draft on its way to a sealed paper: swapping items, naming readers, approval by a second person."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from exams.assembly.actions.keeping import give_back, record
from exams.assembly.enums import PaperEventKind, PaperState
from exams.assembly.equals import faults_of_draft, trial
from exams.assembly.errors import DraftChanged, NoEqual, NotADraft, PaperFaulty, SecondPersonNeeded
from exams.assembly.models import Paper, PaperReader
from exams.assembly.queries import has_swapped, placed_items, recounted, stored_specification
from exams.assembly.rules import mean_facility
from exams.assembly.solutions import digest_of
from exams.bank.actions import record_use
from exams.bank.models import Item, ItemVersion


@transaction.atomic
def seal_paper(*, paper: Paper, by: AbstractBaseUser, at: datetime.datetime, seen: str = "") -> Paper:
    """Approve a draft: counted once more, sealed with its hash, from then on never changed.

    `seen`: the hash that the approver was shown. Raises NotADraft, SecondPersonNeeded (for who froze it or
    swapped an item), DraftChanged, PaperFaulty (where the bank would not give an item any more, too).
    """
    locked = _draft(paper)
    if locked.frozen_by_id == by.pk or has_swapped(locked, by.pk):
        raise SecondPersonNeeded(locked.code)
    if seen and seen != locked.sha256:
        raise DraftChanged(locked.code)
    _lock_items(locked.items.values_list("version__item", flat=True))
    if faults := faults_of_draft(locked):
        raise PaperFaulty(faults)
    locked.state, locked.sealed_at, locked.sealed_by_id = PaperState.SEALED, at, by.pk
    locked.save(update_fields=["state", "sealed_at", "sealed_by"])
    _name(locked, by, by, at)
    record(locked, PaperEventKind.SEALED, by, at, {"sha256": locked.sha256})
    return locked


@transaction.atomic
def swap_item(
    *, paper: Paper, position: int, version: ItemVersion, by: AbstractBaseUser, at: datetime.datetime
) -> Paper:
    """Put another item in the place of one of a draft's; the paper must still fit.

    Raises NotADraft, NoEqual.
    """
    locked = _draft(paper)
    _specification, frame = stored_specification(locked)
    row = locked.items.select_related("version__item").get(position=position)
    old = row.version.item
    _lock_items([old.pk, version.item_id])
    items = placed_items(locked)
    found = trial(locked, position, version, on=timezone.localdate(at))
    if found.faults:
        raise NoEqual(version.item.code, found.faults)
    items[position - 1] = found.item
    row.version, row.option_order = version, list(found.item.option_order)
    row.criterion_points = list(found.item.criterion_points)
    row.save(update_fields=["version", "option_order", "criterion_points"])
    locked.sha256 = digest_of(items)
    locked.mean_facility = round(mean_facility(recounted(items, frame)), 4)
    locked.has_sample_items = any(one.version.item.is_sample for one in items)
    locked.save(update_fields=["sha256", "mean_facility", "has_sample_items"])
    record_use(items=[version.item_id], at=at)
    give_back(locked, [old.pk])
    detail = {"position": position, "old": old.code, "new": version.item.code, "sha256": locked.sha256}
    record(locked, PaperEventKind.SWAPPED, by, at, detail)
    return locked


def _lock_items(items: Iterable[int]) -> None:
    """Lock items in one order: they stay approved meanwhile."""
    list(Item.objects.filter(pk__in=list(items)).order_by("pk").select_for_update(of=("self",)))


def _draft(paper: Paper) -> Paper:
    locked = Paper.objects.select_for_update(of=("self",)).select_related("level").get(pk=paper.pk)
    if locked.state != PaperState.DRAFT or locked.withdrawn_at:
        raise NotADraft(locked.code)
    return locked


@transaction.atomic
def name_reader(
    *, paper: Paper, person: AbstractBaseUser, by: AbstractBaseUser, at: datetime.datetime
) -> None:
    """Let a person see the items of a live paper; naming again changes nothing."""
    _name(paper, person, by, at)


def _name(paper: Paper, person: AbstractBaseUser, by: AbstractBaseUser, at: datetime.datetime) -> None:
    _row, is_new = PaperReader.objects.get_or_create(
        paper=paper, person_id=person.pk, defaults={"named_at": at, "named_by_id": by.pk}
    )
    if is_new:
        record(paper, PaperEventKind.NAMED, by, at, {"person": person.pk})
