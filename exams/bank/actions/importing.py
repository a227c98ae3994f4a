"""Importing a file: taken in, read and reported, confirmed, written whole or not at all.

The file itself is kept, and read again when it is written: what was confirmed is judged once more against the
bank of that moment, under the loaders' lock. Where it no longer comes to the same, nothing is written and the
report is made anew. Reading and writing are tasks that may run twice or be killed anywhere.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from config.jobs import after_commit
from config.sources import Problems
from exams.bank.actions.judging import Judge, Judged, Line, as_report, batches
from exams.bank.actions.storing import add_versions, finish, lock_bank
from exams.bank.enums import ImportState, ItemEventKind, ItemState, Outcome
from exams.bank.errors import ImportRefused
from exams.bank.exchange import format_of, formats, get_format
from exams.bank.exchange.contract import MOST_BYTES
from exams.bank.files import ItemSource
from exams.bank.models import Item, ItemEvent, ItemImport, ItemVersion
from exams.bank.queries.exchange import counts, progress_key
from exams.bank.queries.single import Someone, actor_of

_STALE = datetime.timedelta(minutes=10)
_logger = logging.getLogger(__name__)


class _Drifted(Exception):
    """A confirmed line no longer comes to what was confirmed."""


# --- Steps of a person


def start_import(*, name: str, source: bytes, by: Someone, at: datetime.datetime) -> ItemImport:
    """Take in a file and have it read; ImportRefused for what is no file of items at all.

    The same file sent twice while it is being read gives the same import.
    """
    name = PurePath(name.replace("\\", "/")).name.replace("\x00", "")[-200:]
    item_format = format_of(name)
    if item_format is None:
        endings = "、".join(f".{ending}" for one in formats().values() for ending in one.extensions)
        raise ImportRefused(_("不认识的文件类型；可以导入的是 %(endings)s。") % {"endings": endings})
    if not source:
        raise ImportRefused(_("文件是空的。"))
    if len(source) > MOST_BYTES:
        raise ImportRefused(_("文件超过 20 MB。"), remedy=_("请分成几个文件。"))
    digest = hashlib.sha256(source).hexdigest()
    with transaction.atomic():
        running = ItemImport.objects.filter(
            created_by_id=by.pk, sha256=digest, name=name, state=ImportState.READING
        )
        if (found := running.order_by("-created_at").first()) is not None:
            return found
        made = ItemImport.objects.create(
            name=name,
            format=item_format.code,
            source=source,
            sha256=digest,
            total=item_format.count(source),
            created_at=at,
            created_by_id=by.pk,
        )
        after_commit("exams.read_import", pk=str(made.pk), language=get_language())
    return made


def confirm_import(
    *, pk: UUID, by: Someone, at: datetime.datetime, partly: bool = False, approve: bool = False
) -> ItemImport:
    """Have the good lines written; where some are refused this takes `partly`.

    `approve` makes them approved without review: only who manages the bank may (ImportRefused).
    """
    actor = actor_of(by)
    if approve and not actor.manages:
        raise ImportRefused(_("只有题库管理员可以把导入的题目直接设为已审定。"))
    with transaction.atomic():
        found = ItemImport.objects.select_for_update(of=("self",)).defer("source").get(pk=pk)
        if found.state in {ImportState.WRITING, ImportState.DONE}:
            return found  # confirmed before: a second click
        if found.state not in {ImportState.READY, ImportState.REFUSED}:
            raise ImportRefused(_("这次导入不能再确认。"), remedy=_("请重新上传文件。"))
        tally = counts(found.report)
        if tally[Outcome.REFUSED] and not partly:
            raise ImportRefused(_("有 %(count)d 行有错误。") % {"count": tally[Outcome.REFUSED]})
        if not tally[Outcome.NEW] + tally[Outcome.CHANGED]:
            raise ImportRefused(_("没有需要写入的题目。"))
        state = ItemState.APPROVED if approve else ItemState.DRAFT
        for line in found.report:
            if line["outcome"] in {Outcome.NEW, Outcome.CHANGED}:
                line["confirmed"] = str(state)
        found.state, found.confirmed_at, found.confirmed_by_id = ImportState.WRITING, at, by.pk
        found.done, found.total = 0, tally[Outcome.NEW] + tally[Outcome.CHANGED]
        found.save(update_fields=["state", "confirmed_at", "confirmed_by", "done", "total", "report"])
        after_commit("exams.write_import", pk=str(found.pk), language=get_language())
    return found


def drop_import(*, pk: UUID) -> None:
    """Give up an import that is not confirmed, with its file."""
    open_states = [ImportState.READING, ImportState.READY, ImportState.REFUSED, ImportState.FAILED]
    ItemImport.objects.filter(pk=pk, state__in=open_states).update(state=ImportState.DROPPED, source=b"")


# --- Tasks


def read_import(*, pk: UUID, language: str | None = None) -> None:
    """Read an import's file and report on each line; does nothing where that was done."""
    found = ItemImport.objects.select_related("created_by").filter(pk=pk, state=ImportState.READING).first()
    if found is None:
        return
    try:
        with override(language):
            lines = _judged_lines(found, found.created_by)
    except Exception:
        _set_state(pk, ImportState.READING, ImportState.FAILED)
        raise
    _report(pk, ImportState.READING, lines)


def write_import(*, pk: UUID, at: datetime.datetime, language: str | None = None) -> None:
    """Write a confirmed import in one transaction; does nothing where it is written or being written.

    What drifted since the report goes back to be looked at again.
    """
    with override(language):
        try:
            with transaction.atomic():
                rows = ItemImport.objects.select_for_update(of=("self",), skip_locked=True)
                found = rows.select_related("confirmed_by").filter(pk=pk, state=ImportState.WRITING).first()
                if found is None:
                    return
                _write(found, at)
            return
        except (_Drifted, IntegrityError):
            _logger.info("import %s drifted from its report", pk)
        except Exception:
            _set_state(pk, ImportState.WRITING, ImportState.FAILED)
            raise
        finally:
            cache.delete(progress_key(pk))
        found = ItemImport.objects.select_related("confirmed_by").get(pk=pk)
        assert found.confirmed_by is not None, "a confirmed import has one who confirmed it"
        _report(pk, ImportState.WRITING, _judged_lines(found, found.confirmed_by))


def resume_imports(*, at: datetime.datetime) -> int:
    """Read or write again what a dead worker left; return how many imports that were."""
    reading = ItemImport.objects.filter(state=ImportState.READING, created_at__lt=at - _STALE)
    writing = ItemImport.objects.filter(state=ImportState.WRITING, confirmed_at__lt=at - _STALE)
    to_read = list(reading.order_by("created_at").values_list("pk", flat=True))
    to_write = list(writing.order_by("created_at").values_list("pk", flat=True))
    for pk in to_read:
        read_import(pk=pk)
    for pk in to_write:
        write_import(pk=pk, at=at)
    return len(to_read) + len(to_write)


# --- Parts


def _judged_lines(found: ItemImport, person: Any) -> list[Line]:
    item_format = get_format(found.format)
    problems = Problems()
    judge = Judge(item_format, actor_of(person))
    entries = item_format.read(bytes(found.source), problems, name=found.name)
    for batch in batches(entries):
        judge.judge(batch)
        done = min(batch[-1].line, found.total)
        ItemImport.objects.filter(pk=found.pk, state=ImportState.READING).update(done=done)
    lines = judge.finish(problems)
    if not lines:
        lines = [Line(0, "", Outcome.REFUSED, [_("文件里没有题目。")])]
    return lines


def _report(pk: UUID, state: str, lines: list[Line]) -> None:
    report = as_report(lines)
    is_good = all(line.outcome != Outcome.REFUSED for line in lines)
    ItemImport.objects.filter(pk=pk, state=state).update(
        state=ImportState.READY if is_good else ImportState.REFUSED, report=report
    )


def _set_state(pk: UUID, before: str, after: str) -> None:
    ItemImport.objects.filter(pk=pk, state=before).update(state=after)


def _write(found: ItemImport, at: datetime.datetime) -> None:
    """Write the confirmed lines; raises _Drifted where one is not what it was."""
    by = found.confirmed_by
    assert by is not None, "a confirmed import has one who confirmed it"
    lock_bank()
    confirmed = {line["line"]: line for line in found.report if line.get("confirmed")}
    codes = [line["code"] for line in confirmed.values()]
    # All rows at once and in order, as everybody locks them; the batches read them again.
    list(Item.objects.filter(code__in=codes).order_by("pk").select_for_update().values_list("pk"))
    item_format = get_format(found.format)
    judge = Judge(item_format, actor_of(by))
    done = 0
    for batch in batches(item_format.read(bytes(found.source), Problems(), name=found.name)):
        wanted = [one for one in judge.judge(batch) if one.line.line in confirmed]
        written = [source for one in wanted if (source := _still(one, confirmed)) is not None]
        _store(written, judge, found, at)
        done += len(wanted)
        cache.set(progress_key(found.pk), done, 3600)
    if done != len(confirmed):
        raise _Drifted
    for line in judge.finish(Problems()):
        if line.line in confirmed and line.outcome == Outcome.REFUSED:
            raise _Drifted
    found.state, found.done = ImportState.DONE, done
    found.save(update_fields=["state", "done"])


def _still(judged: Judged, confirmed: Mapping[int, Mapping[str, Any]]) -> ItemSource | None:
    """Return what is to be written; None where the bank has it by now; raises _Drifted for anything else."""
    line, before = judged.line, confirmed[judged.line.line]
    if line.outcome == Outcome.KEPT:
        return None
    is_same = (line.code, line.outcome, line.version) == (
        before["code"],
        before["outcome"],
        before.get("version", 0),
    )
    if not is_same:
        raise _Drifted
    return judged.source


def _store(sources: list[ItemSource], judge: Judge, found: ItemImport, at: datetime.datetime) -> None:
    if not sources:
        return
    by = found.confirmed_by
    new = {source.code for source in sources} - judge.known.keys()
    # What an import brings is the centre's own, whatever the file says (D13).
    own = [replace(source, is_sample=False) for source in sources]
    versions = add_versions(own, judge.points, judge.known, by=by, at=at)
    is_approved = any(line.get("confirmed") == ItemState.APPROVED for line in found.report)
    if is_approved:
        _approve(versions)
    finish(versions, new, by=by, at=at, detail={"import": str(found.pk)})
    if is_approved:
        ItemEvent.objects.bulk_create(
            ItemEvent(
                item=version.item,
                kind=ItemEventKind.APPROVED,
                at=at,
                by=by,
                detail={"version": version.number, "import": str(found.pk)},
            )
            for version in versions
        )


def _approve(versions: list[ItemVersion]) -> None:
    """Make each version the approved one; a suspended item stays suspended."""
    for version in versions:
        item = version.item
        item.approved = version
        if item.state != ItemState.SUSPENDED:
            item.state = ItemState.APPROVED
