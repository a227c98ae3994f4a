"""Loads standard files: all of them soundly, or none."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from config.sources import Problem, Problems, yaml_files
from syllabus.standard import reading, stored, writing
from syllabus.standard.changes import Change, changes
from syllabus.standard.content import LevelContent, RulesContent, checksum
from syllabus.standard.errors import UnsoundStandard
from syllabus.standard.models import Level, Standard, StandardEvent

_LOCK = 2_026_001  # an arbitrary number of our own: one load at a time in a database


@dataclass(frozen=True, slots=True)
class FileReport:
    """What loading one file did, or would do; `status` is new, changed or unchanged."""

    file: str
    edition: str
    level: int | None
    status: str
    checksum: str
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LoadReport:
    files: list[FileReport]
    dry_run: bool

    @property
    def is_unchanged(self) -> bool:
        return all(one.status == "unchanged" for one in self.files)


@dataclass(frozen=True, slots=True)
class _Source:
    path: Path
    content: LevelContent | RulesContent

    @property
    def line(self) -> int:
        return self.content.lines.get("edition", 1)

    @property
    def level(self) -> int | None:
        return self.content.number if isinstance(self.content, LevelContent) else None


def lock_editions() -> None:
    """Keep loads, and new papers and results of loaded levels, waiting until the running transaction ends.

    For a caller that looks up which editions are in use before it loads.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    # A row that refers to a level locks it FOR KEY SHARE, which waits for this.
    list(Level.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def load_standard(
    *,
    paths: Sequence[Path],
    by: AbstractBaseUser | None,
    at: datetime.datetime,
    editions_in_use: Collection[tuple[str, int]],
    dry_run: bool = False,
) -> LoadReport:
    """Load the files at `paths` (folders are searched through), or raise UnsoundStandard and write nothing.

    `editions_in_use` names each (edition, level number) that papers or results were made under; those, and
    the rules of such an edition, are never altered. Files that say what is loaded already are left alone.
    """
    sources = _read(paths)
    with transaction.atomic():
        lock_editions()
        reports = [_compare(source) for source in sources]
        _refuse_unsafe(sources, reports, editions_in_use)
        if not dry_run:
            for source, report in zip(sources, reports, strict=True):
                _store(source, report, by, at)
    return LoadReport(reports, dry_run)


def _read(paths: Sequence[Path]) -> list[_Source]:
    problems = Problems()
    sources = []
    for path in yaml_files(paths, problems):
        content = reading.read_standard(path, problems)
        if content is not None:
            sources.append(_Source(path, content))
    _check_together(sources, problems)
    if problems:
        raise UnsoundStandard(problems.sorted())
    return sources


def _check_together(sources: list[_Source], problems: Problems) -> None:
    """Note files that contradict each other: two standards, or one level or its edition's rules twice."""
    seen: dict[tuple[str, int | None], _Source] = {}
    for source in sources:
        first = sources[0]
        if source.content.standard != first.content.standard:
            words = {"code": source.content.standard, "first": first.content.standard, "file": first.path}
            problems.add(str(source.path), 1, _("职业代码 %(code)s 与 %(file)s 的 %(first)s 不同。") % words)
        key = (source.content.edition, source.level)
        if key in seen:
            words = {"edition": key[0], "file": seen[key].path}
            message = (
                _("版本 %(edition)s 的规则已在 %(file)s 给出。")
                if source.level is None
                else _("版本 %(edition)s 的这个级别已在 %(file)s 给出。")
            )
            problems.add(str(source.path), source.line, message % words)
        seen.setdefault(key, source)


def _compare(source: _Source) -> FileReport:
    content = source.content
    old = _loaded(content)
    found = changes(old, content)
    status = "new" if old is None else "changed" if found else "unchanged"
    return FileReport(str(source.path), content.edition, source.level, status, checksum(content), found)


def _loaded(content: LevelContent | RulesContent) -> LevelContent | RulesContent | None:
    if isinstance(content, LevelContent):
        level = _level_row(content)
        return None if level is None else stored.stored_level(level)
    standard = Standard.objects.filter(code=content.standard, edition=content.edition).first()
    return None if standard is None else stored.stored_rules(standard)


def _level_row(content: LevelContent) -> Level | None:
    rows = Level.objects.select_related("standard")
    return rows.filter(
        standard__code=content.standard, standard__edition=content.edition, number=content.number
    ).first()


def _refuse_unsafe(
    sources: list[_Source], reports: list[FileReport], editions_in_use: Collection[tuple[str, int]]
) -> None:
    """Raise UnsoundStandard where a change would alter an edition in use or take away what items point at."""
    problems: list[Problem] = []
    for source, report in zip(sources, reports, strict=True):
        if report.status != "changed":
            continue
        if _is_in_use(source, editions_in_use):
            problems.append(Problem(report.file, source.line, _in_use_message(report)))
        elif isinstance(source.content, LevelContent):
            level = _level_row(source.content)
            used = [] if level is None else writing.vanishing_but_used(level, source.content)
            message = _("要求 %(code)s“%(text)s”已有试题引用，不能删除；请保留它，或以新版本载入。")
            problems += [
                Problem(
                    report.file,
                    source.content.lines.get("functions", 1),
                    message % {"code": one.code, "text": one.text},
                )
                for one in used
            ]
    if problems:
        raise UnsoundStandard(sorted(problems))


def _is_in_use(source: _Source, editions_in_use: Collection[tuple[str, int]]) -> bool:
    edition = source.content.edition
    if source.level is None:
        return any(used == edition for used, _number in editions_in_use)
    return (edition, source.level) in set(editions_in_use)


def _in_use_message(report: FileReport) -> str:
    shown = _("、").join(str(one) for one in report.changes[:3])
    words = {"edition": report.edition, "count": len(report.changes), "shown": shown}
    return (
        _(
            "版本 %(edition)s 已用于试卷或成绩，不能再改；内容有变动的文件须写新的版本号（edition）。"
            "共 %(count)d 处变动：%(shown)s"
        )
        % words
    )


def _store(source: _Source, report: FileReport, by: AbstractBaseUser | None, at: datetime.datetime) -> None:
    if report.status == "unchanged":
        return
    content = source.content
    standard = writing.edition_row(content.standard, content.edition, at)
    if isinstance(content, LevelContent):
        writing.write_level(standard, content)
    else:
        writing.write_rules(standard, content)
    StandardEvent.objects.create(
        standard=standard,
        at=at,
        by_id=None if by is None else by.pk,
        file=source.path.name,
        checksum=report.checksum,
        diff=[one.as_json() for one in report.changes],
    )
