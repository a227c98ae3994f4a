"""Runs: a request for papers, solved by a worker, watched, stopped, and frozen.

One run is solved at a time in a database: whoever solves holds an advisory lock of its session, which the
database gives back when the worker dies. So seals and marks are never behind a long search, and what a dead
worker left is known by the lock being free.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from config.htmx import Refusal
from config.jobs import after_commit
from exams.assembly.actions.assembling import assemble
from exams.assembly.actions.freezing import freeze_forms
from exams.assembly.engine.linear import Progress
from exams.assembly.enums import RunState
from exams.assembly.errors import RunRefused
from exams.assembly.models import AssemblyRun, Blueprint, Paper
from exams.assembly.outcomes import outcome_of, solution_of
from exams.assembly.solutions import Solution
from exams.assembly.solver import SOLVER

MOST_FORMS = 8
_ONE_AT_A_TIME = 4_301_011  # key of the advisory lock; any number that nothing else uses
_WRITE_EVERY = 0.5  # seconds between two notes of progress
_MOST_TRIES = 3  # a run that takes its worker down so often is given up
_AT_WORK = (RunState.WAITING, RunState.RUNNING)
_logger = logging.getLogger(__name__)


# --- Steps of a person


@transaction.atomic
def start_run(
    *,
    blueprint: Blueprint,
    forms: int = 1,
    overlap: int = 0,
    seed: int,
    avoid: Sequence[int] = (),
    time_limit: float | None = None,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> AssemblyRun:
    """Ask for `forms` papers that share `overlap` items; a worker solves it. `avoid`: ids of papers.

    `time_limit` in seconds; None: until proven. Raises RunRefused.
    """
    _check(blueprint, forms, overlap)
    run = AssemblyRun.objects.create(
        blueprint=blueprint,
        blueprint_checksum=blueprint.checksum,
        forms=forms,
        overlap=overlap,
        seed=seed,
        avoid=sorted(avoid),
        seconds_allowed=time_limit,
        requested_at=at,
        requested_by_id=by.pk if by else None,
    )
    after_commit("exams.run_assembly", pk=str(run.pk), language=get_language())
    return run


def _check(blueprint: Blueprint, forms: int, overlap: int) -> None:
    if blueprint.retired_at:
        raise RunRefused(_("蓝图 %(code)s 已停用。") % {"code": blueprint.code})
    if not 1 <= forms <= MOST_FORMS:
        raise RunRefused(_("一次可组 1 到 %(most)d 份试卷。") % {"most": MOST_FORMS})
    count = sum(section.count for section in blueprint.sections.all())
    if overlap and forms == 1:
        raise RunRefused(_("只组一份试卷时没有共同题。"))
    if not 0 <= overlap < max(count, 1):
        raise RunRefused(_("共同题数应在 0 到 %(most)d 之间。") % {"most": count - 1})


@transaction.atomic
def cancel_run(*, run: AssemblyRun, at: datetime.datetime) -> AssemblyRun:
    """Stop a run: at once where it waits, at its next look where it is being solved; done ones stay done."""
    locked = AssemblyRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.state in _AT_WORK:
        locked.is_cancelled = True
        if locked.state == RunState.WAITING:
            locked.state, locked.finished_at = RunState.CANCELLED, at
        locked.save(update_fields=["is_cancelled", "state", "finished_at"])
    return locked


@transaction.atomic
def freeze_run(*, run: AssemblyRun, by: AbstractBaseUser, at: datetime.datetime) -> list[Paper]:
    """Store all forms of a run exactly as they were solved; a repeat returns the same papers.

    Raises NoPaper, BankChanged, PaperFaulty; then nothing is stored.
    """
    rows = AssemblyRun.objects.select_for_update(of=("self",)).select_related("blueprint")
    locked = rows.get(pk=run.pk)
    if codes := locked.result.get("papers"):
        return list(Paper.objects.filter(code__in=codes).order_by("code"))
    solution = solution_of(locked, on=timezone.localdate(at))
    papers = freeze_forms(solution=solution, by=by, at=at, run=locked)
    locked.result["papers"] = [paper.code for paper in papers]
    locked.save(update_fields=["result"])
    return papers


@transaction.atomic
def freeze_solution(
    *,
    solution: Solution,
    overlap: int = 0,
    time_limit: float | None = None,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
) -> list[Paper]:
    """Store all forms of a solution that no run led to, with a run that says what was asked.

    Raises NoPaper, BankChanged, PaperFaulty; then nothing is stored.
    """
    run = AssemblyRun.objects.create(
        blueprint=solution.blueprint,
        forms=max(len(solution.forms), 1),
        overlap=overlap,
        seed=solution.seed,
        avoid=list(solution.avoided),
        seconds_allowed=time_limit,
        state=RunState.DONE,
        requested_at=at,
        requested_by_id=by.pk if by else None,
        started_at=at,
        finished_at=at,
        **_answer(solution),
    )
    papers = freeze_forms(solution=solution, by=by, at=at, run=run)
    run.result["papers"] = [paper.code for paper in papers]
    run.save(update_fields=["result"])
    return papers


def _answer(solution: Solution) -> dict[str, Any]:
    return {
        "result": outcome_of(solution),
        "solver": SOLVER,
        "bank_sha256": solution.bank_sha256,
        "blueprint_checksum": solution.blueprint.checksum,
    }


# --- Tasks


def run_assembly(*, pk: UUID, language: str | None = None) -> None:
    """Solve a waiting run; does nothing where another is being solved: that one's end calls the next."""
    is_alone = False
    try:
        with _alone() as is_alone:
            if is_alone and _claim(pk, timezone.now()):
                with override(language):
                    _solve(pk)
    finally:
        if is_alone:
            _call_next()


def resume_runs() -> int:
    """Take up what a dead worker or a lost message left; return how many runs wait. Runs on a clock."""
    with _alone() as is_alone:
        if not is_alone:
            return 0  # somebody is at work
        for run in AssemblyRun.objects.filter(state=RunState.RUNNING):
            tries = int(run.progress.get("tries", 1))
            state = RunState.FAILED if tries >= _MOST_TRIES else RunState.WAITING
            if run.is_cancelled:
                state = RunState.CANCELLED
            finished = None if state == RunState.WAITING else timezone.now()
            AssemblyRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
                state=state, finished_at=finished, progress={"tries": tries}
            )
    _call_next()
    return AssemblyRun.objects.filter(state=RunState.WAITING).count()


def _call_next() -> None:
    waiting = AssemblyRun.objects.filter(state=RunState.WAITING).order_by("requested_at", "pk")
    if (pk := waiting.values_list("pk", flat=True).first()) is not None:
        after_commit("exams.run_assembly", pk=str(pk), language=get_language())


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of the one who solves; yields whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME])
        is_free = bool(cursor.fetchone()[0])
    try:
        yield is_free
    finally:
        if is_free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def _claim(pk: UUID, at: datetime.datetime) -> bool:
    with transaction.atomic():
        rows = AssemblyRun.objects.select_for_update(of=("self",))
        run = rows.filter(pk=pk, state=RunState.WAITING).first()
        if run is None:
            return False
        run.state, run.started_at = RunState.RUNNING, at
        run.progress = {"tries": int(run.progress.get("tries", 0)) + 1}
        run.save(update_fields=["state", "started_at", "progress"])
    return True


def _solve(pk: UUID) -> None:
    """Solve a claimed run and store what came of it; a fault of the program marks it as failed."""
    run = AssemblyRun.objects.select_related("blueprint").get(pk=pk)
    watch = Watch(run)
    changes: dict[str, Any] = {"state": RunState.FAILED}
    try:
        solution = assemble(
            blueprint=run.blueprint,
            seed=run.seed,
            avoid=run.avoid,
            time_limit=run.seconds_allowed,
            forms=run.forms,
            overlap=run.overlap,
            told=watch,
        )
        state = RunState.CANCELLED if watch.is_stopped else RunState.DONE
        changes = {"state": state, **_answer(solution)}
    except Refusal as refusal:  # the blueprint asks for what the current edition does not have
        changes["result"] = {"refused": f"{refusal.message}{refusal.remedy}"}
    finally:
        changes["finished_at"] = timezone.now()
        AssemblyRun.objects.filter(pk=pk, state=RunState.RUNNING).update(**changes)
    _logger.info("run %s ended: %s", pk, changes["state"])


class Watch:
    """Notes how a search stands, and hears whether somebody has stopped it: both in one statement."""

    def __init__(self, run: AssemblyRun) -> None:
        self.run, self.tries = run, run.progress.get("tries", 1)
        self.is_stopped = False
        self.begun = time.monotonic()
        self.noted: float | None = None

    def __call__(self, form: int, progress: Progress) -> bool:
        now = time.monotonic()
        if not self.is_stopped and (self.noted is None or now - self.noted >= _WRITE_EVERY):
            self.noted = now
            note = {
                "tries": self.tries,
                "form": form,
                "seconds": round(now - self.begun, 1),
                "value": progress.value,
                "bound": progress.bound,
                "gap": progress.gap,
            }
            going = AssemblyRun.objects.filter(pk=self.run.pk, state=RunState.RUNNING, is_cancelled=False)
            self.is_stopped = not going.update(progress=note)
        return not self.is_stopped
