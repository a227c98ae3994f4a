"""Changes of the bank: loading item files."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from config.sources import Problems
from exams.bank.actions.storing import (
    Points,
    add_versions,
    check_requirements,
    finish,
    level_of,
    lock_bank,
    points_of,
)
from exams.bank.enums import ItemState, Pool
from exams.bank.errors import ItemsRefused
from exams.bank.files import ItemFile, ItemSource, read_item_files
from exams.bank.models import Item
from exams.bank.rules import fold
from syllabus.standard.errors import UnknownLevel
from syllabus.standard.models import Level
from syllabus.standard.queries import current_level


@dataclass(slots=True)
class LoadReport:
    """What loading did (or would do): codes of new and changed items, and how many stayed as they were."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    is_dry_run: bool = False


def load_items(
    *,
    paths: Sequence[Path],
    by: AbstractBaseUser | None,
    at: datetime.datetime,
    dry_run: bool = False,
) -> LoadReport:
    """Load item files: all of them or, with any problem in any of them, none (ItemsRefused names all).

    An item already there gains a version when its content changed, or when its level has a newer edition
    than its version; what is equal is left alone. An item keeps the state it has.
    """
    problems = Problems()
    files = read_item_files(paths, problems)
    points = _requirements(files)
    sources = [item for file in files for item in file.items]
    with transaction.atomic():
        lock_bank()
        known = _known_items(source.code for source in sources)
        _check_against_bank(sources, points, known)
        if problems:
            raise ItemsRefused(problems.sorted())
        report = _sort_out(sources, points, known)
        report.is_dry_run = dry_run
        if not dry_run:
            _store(sources, points, known, report, by=by, at=at)
    return report


def _requirements(files: Iterable[ItemFile]) -> Points:
    """Return every requirement of the levels that the files name, by level and code."""
    levels: dict[int, Level | None] = {}
    for file in files:
        if file.level not in levels:
            try:
                levels[file.level] = current_level(file.level)
            except UnknownLevel as unknown:
                levels[file.level] = None
                file.record.fail(unknown.message, "level")
        level = levels[file.level]
        if level and file.standard and file.standard != level.standard.code:
            words = {"given": file.standard, "known": level.standard.code}
            file.record.fail(_("standard 应为 %(known)s，实为 %(given)s。") % words, "standard")
    return points_of(level for level in levels.values() if level)


def _known_items(codes: Iterable[str]) -> dict[str, Item]:
    found = Item.objects.filter(code__in=list(codes)).select_related("current").order_by("pk")
    return {item.code: item for item in found.select_for_update(of=("self",))}


def _check_against_bank(sources: Sequence[ItemSource], points: Points, known: dict[str, Item]) -> None:
    levels = {level for level, _code in points}
    for source in sources:
        if source.level in levels:
            check_requirements(source, points)
        if source.code in known:
            _check_against_item(source, known[source.code])
    _check_stems(sources)


def _check_against_item(source: ItemSource, item: Item) -> None:
    if item.pool != source.pool:
        words = {"pool": Pool(item.pool).label}
        source.record.fail(_("该题已在%(pool)s，一道题不能换题库。") % words, "code")
    if item.is_sample != source.is_sample:
        source.record.fail(_("该题的样题标记与题库中的不同，样题标记不能更改。"), "code")


def _check_stems(sources: Sequence[ItemSource]) -> None:
    codes = {source.code for source in sources}
    stems = Item.objects.filter(current__isnull=False).values_list("code", "current__stem").order_by("code")
    in_bank = {fold(stem): code for code, stem in stems if code not in codes}
    for source in sources:
        if (code := in_bank.get(fold(source.stem))) and source.stem:
            source.record.fail(_("题干与题库中的 %(code)s 相同。") % {"code": code}, "stem")


def _sort_out(sources: Sequence[ItemSource], points: Points, known: dict[str, Item]) -> LoadReport:
    report = LoadReport()
    for source in sources:
        item = known.get(source.code)
        current = item.current if item else None
        if item is None:
            report.new.append(source.code)
        elif current and current.checksum == source.checksum and current.level_id == level_of(source, points):
            report.unchanged += 1
        else:
            report.changed.append(source.code)
    return report


def _store(
    sources: Sequence[ItemSource],
    points: Points,
    known: dict[str, Item],
    report: LoadReport,
    *,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> None:
    by_code = {source.code: source for source in sources}
    written = [by_code[code] for code in (*report.new, *report.changed)]
    versions = add_versions(written, points, known, by=by, at=at)
    for version in versions:
        item = version.item
        # A new item was stored as a draft, since an approved one must have its version.
        item.state = by_code[item.code].state if version.number == 1 else item.state
        item.approved = version if item.state == ItemState.APPROVED else item.approved
    finish(versions, set(report.new), by=by, at=at)
