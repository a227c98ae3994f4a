"""What the pages of papers and runs show."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from exams.assembly.access import (
    is_draft,
    may_assemble,
    may_name_readers,
    may_see_items,
    may_swap,
    needs_reason,
    why_not_seal,
)
from exams.assembly.comparison import comparison_of
from exams.assembly.enums import RunState, SolveStatus
from exams.assembly.equals import equals_for, faults_of_draft, in_other_forms
from exams.assembly.forms.papers import ReaderForm, WithdrawForm
from exams.assembly.models import AssemblyRun, Paper, PaperEvent, PaperReader
from exams.assembly.outcomes import why_not
from exams.assembly.printing.pieces import pieces_of
from exams.assembly.queries import placed_items
from exams.assembly.reports import report_on_paper
from exams.bank.enums import Pool

_EVENTS = 100
_RUNS = 10
_EQUALS = 40


def paper_context(user: Any, paper: Paper) -> dict[str, Any]:
    """Return what the page of a paper shows."""
    draft, named = is_draft(paper), may_name_readers(user, paper)
    is_live = paper.pool == Pool.LIVE
    readers = list(paper.readers.all()) if is_live else []
    siblings = Paper.objects.filter(run=paper.run_id).exclude(pk=paper.pk).order_by("form", "code")
    context: dict[str, Any] = {
        "paper": paper,
        "report": report_on_paper(paper),
        "events": _event_rows(paper, readers, names_items=may_see_items(user, paper)),
        "readers": readers,
        "siblings": list(siblings) if paper.run_id else [],
        "is_draft": draft,
        "may_assemble": may_assemble(user),
        "may_see_items": may_see_items(user, paper),
        "may_swap": may_swap(user, paper),
        "needs_reason": needs_reason(paper),
        "prints": pieces_of(paper),
        "reader_form": ReaderForm(paper=paper) if named else None,
        "may_withdraw": may_assemble(user) and not paper.withdrawn_at,
        "withdraw_form": WithdrawForm(),
    }
    if draft:
        context["faults"], context["obstacle"] = faults_of_draft(paper), why_not_seal(user, paper)
    return context


def _event_rows(
    paper: Paper, readers: Iterable[PaperReader], *, names_items: bool
) -> list[tuple[PaperEvent, str]]:
    """Return the newest events with what each says beside its kind; items are named to readers only."""
    names = {one.person_id: str(one.person) for one in readers}
    events = paper.events.select_related("by").order_by("-at", "-pk")[:_EVENTS]
    pieces = {one.code: str(one.label) for one in pieces_of(paper)}
    return [
        (one, _words(one.detail, names, pieces) if names_items or "old" not in one.detail else "")
        for one in events
    ]


def _words(detail: Mapping[str, Any], names: Mapping[int, str], pieces: Mapping[str, str]) -> str:
    if "person" in detail:
        return names.get(detail["person"], "")
    if "old" in detail:
        words = {"number": detail["position"], "old": detail["old"], "new": detail["new"]}
        return _("第 %(number)d 题 %(old)s → %(new)s") % words
    piece = detail.get("piece", "")
    return " · ".join(filter(None, (pieces.get(piece, piece), detail.get("reason", ""))))


def swap_context(paper: Paper, position: int, on: datetime.date) -> dict[str, Any]:
    """Return what the page of swapping one item shows: the item, and those that can take its place."""
    item = placed_items(paper)[position - 1]
    found = equals_for(paper, position, on=on)
    return {
        "paper": paper,
        "position": position,
        "old": item,
        "old_view": item.with_key(),
        "equals": found,
        "rows": [(one, *one.item.with_key()) for one in found[:_EQUALS]],
        "is_common": item.version.item_id in in_other_forms(paper),
    }


def recent_runs() -> list[AssemblyRun]:
    """Return the newest runs."""
    rows = AssemblyRun.objects.select_related("blueprint", "requested_by").defer("result")
    return list(rows.order_by("-requested_at")[:_RUNS])


def run_context(run: AssemblyRun) -> dict[str, Any]:
    """Return what the page of a run shows."""
    result = run.result
    ahead = AssemblyRun.objects.filter(state=RunState.WAITING, requested_at__lt=run.requested_at)
    status = result.get("status", "")
    avoided = Paper.objects.filter(pk__in=run.avoid).order_by("code")
    return {
        "run": run,
        "is_at_work": run.state in {RunState.WAITING, RunState.RUNNING},
        "ahead": ahead.count() if run.state == RunState.WAITING else 0,
        "progress": run.progress,
        "gap": None if run.progress.get("gap") is None else min(run.progress["gap"] * 100, 999.9),
        "status": SolveStatus(status) if status else None,
        "seconds": result.get("seconds", 0.0),
        "refused": result.get("refused", ""),
        "comparison": comparison_of(run),
        "why": why_not(result),
        "avoided": list(avoided.values_list("code", flat=True)) if run.avoid else [],
        "is_practice": run.blueprint.pool == Pool.PRACTICE,
    }
