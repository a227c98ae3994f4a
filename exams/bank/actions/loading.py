"""Changes of the bank: loading item files."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from config.sources import Problems
from exams.bank.enums import ItemEventKind, ItemState, Pool
from exams.bank.errors import ItemsRefused
from exams.bank.files import ItemFile, ItemSource, read_item_files
from exams.bank.models import Item, ItemCriterion, ItemEvent, ItemVersion
from exams.bank.rules import fold
from exams.bank.types import get_kind
from syllabus.standard.enums import RequirementKind
from syllabus.standard.errors import UnknownLevel
from syllabus.standard.models import Level, Requirement
from syllabus.standard.queries import current_level

_ONE_LOADER_AT_A_TIME = 4_301_001  # key of the advisory lock; any number that nothing else uses


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
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_LOADER_AT_A_TIME])
        known = _known_items(source.code for source in sources)
        _check_against_bank(sources, points, known)
        if problems:
            raise ItemsRefused(problems.sorted())
        report = _sort_out(sources, points, known)
        report.is_dry_run = dry_run
        if not dry_run:
            _store(sources, points, known, report, by=by, at=at)
    return report


def _requirements(files: Iterable[ItemFile]) -> dict[tuple[int, str], Requirement]:
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
    requirements = Requirement.objects.filter(
        work_content__function__level__in=[level for level in levels.values() if level]
    ).select_related("work_content__function__level")
    return {(one.work_content.function.level.number, one.code): one for one in requirements}


def _known_items(codes: Iterable[str]) -> dict[str, Item]:
    found = Item.objects.filter(code__in=list(codes)).select_related("current").order_by("pk")
    return {item.code: item for item in found.select_for_update(of=("self",))}


def _check_against_bank(
    sources: Sequence[ItemSource], points: dict[tuple[int, str], Requirement], known: dict[str, Item]
) -> None:
    levels = {level for level, _code in points}
    for source in sources:
        if source.level in levels:
            _check_requirements(source, points)
        if source.code in known:
            _check_against_item(source, known[source.code])
    _check_stems(sources)


def _check_requirements(source: ItemSource, points: dict[tuple[int, str], Requirement]) -> None:
    point = points.get((source.level, source.knowledge))
    words = {"code": source.knowledge, "level": source.level}
    if point is None and source.knowledge:
        source.record.fail(_("级别 %(level)d 的现行标准没有知识点 %(code)s。") % words, "knowledge")
    elif point is not None and point.kind != RequirementKind.KNOWLEDGE:
        source.record.fail(_("%(code)s 是技能要求，题目应对应专业知识要求。") % words, "knowledge")
    for criterion in source.content.criteria:
        skill = points.get((source.level, criterion.requirement))
        words = {"code": criterion.requirement, "level": source.level}
        if skill is None:
            source.record.fail(_("级别 %(level)d 的现行标准没有技能要求 %(code)s。") % words, "criteria")
        elif skill.kind != RequirementKind.SKILL:
            source.record.fail(_("%(code)s 是专业知识要求，评分要点应对应技能要求。") % words, "criteria")


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


def _sort_out(
    sources: Sequence[ItemSource], points: dict[tuple[int, str], Requirement], known: dict[str, Item]
) -> LoadReport:
    report = LoadReport()
    for source in sources:
        item = known.get(source.code)
        current = item.current if item else None
        if item is None:
            report.new.append(source.code)
        elif (
            current and current.checksum == source.checksum and current.level_id == _level_of(source, points)
        ):
            report.unchanged += 1
        else:
            report.changed.append(source.code)
    return report


def _level_of(source: ItemSource, points: dict[tuple[int, str], Requirement]) -> int:
    """Return the row of the level, in the edition that its requirements belong to."""
    code = source.knowledge or source.content.criteria[0].requirement
    return points[source.level, code].work_content.function.level_id


def _store(
    sources: Sequence[ItemSource],
    points: dict[tuple[int, str], Requirement],
    known: dict[str, Item],
    report: LoadReport,
    *,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> None:
    by_code = {source.code: source for source in sources}
    new = [_new_item(by_code[code], by, at) for code in report.new]
    Item.objects.bulk_create(new)
    items = {item.code: item for item in new} | known
    versions = ItemVersion.objects.bulk_create(
        _version(by_code[code], items[code], points, by, at) for code in (*report.new, *report.changed)
    )
    ItemCriterion.objects.bulk_create(
        ItemCriterion(
            version=version,
            position=position,
            requirement=points[by_code[version.item.code].level, one.requirement],
            text=one.text,
            least=one.least,
            most=one.most,
            levels=[{"points": level.points, "text": level.text} for level in one.levels],
        )
        for version in versions
        for position, one in enumerate(by_code[version.item.code].content.criteria, start=1)
    )
    for version in versions:
        version.item.current = version
        # A new item was stored as a draft, since an approved one must have its version.
        version.item.state = by_code[version.item.code].state if version.number == 1 else version.item.state
        version.item.approved = version if version.item.state == ItemState.APPROVED else version.item.approved
    Item.objects.bulk_update(
        [version.item for version in versions], ["current", "approved", "state"], batch_size=500
    )
    ItemEvent.objects.bulk_create(_events(versions, set(report.new), by, at))


def _new_item(source: ItemSource, by: AbstractBaseUser | None, at: datetime.datetime) -> Item:
    return Item(
        code=source.code,
        part=get_kind(source.content.type).part,
        pool=source.pool,
        state=ItemState.DRAFT,
        is_sample=source.is_sample,
        created_at=at,
        created_by_id=by.pk if by else None,
    )


def _version(
    source: ItemSource,
    item: Item,
    points: dict[tuple[int, str], Requirement],
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> ItemVersion:
    return ItemVersion(
        item=item,
        number=item.current.number + 1 if item.current else 1,
        type=source.content.type,
        level_id=_level_of(source, points),
        knowledge=points[source.level, source.knowledge] if source.knowledge else None,
        difficulty=source.difficulty,
        cognition=source.cognition,
        stem=source.stem,
        options=list(source.content.options),
        key=source.content.key,
        data=dict(source.content.data),
        explanation=source.content.explanation,
        checksum=source.checksum,
        created_at=at,
        created_by_id=by.pk if by else None,
    )


def _events(
    versions: Iterable[ItemVersion],
    new: Collection[str],
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> list[ItemEvent]:
    return [
        ItemEvent(
            item=version.item,
            kind=ItemEventKind.LOADED if version.item.code in new else ItemEventKind.REVISED,
            at=at,
            by_id=by.pk if by else None,
            detail={"version": version.number, "checksum": version.checksum},
        )
        for version in versions
    ]
