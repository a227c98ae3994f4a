"""Changes of blueprints and papers, and the computing of a paper."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from config.sources import Problems
from exams.assembly.enums import PaperEventKind
from exams.assembly.errors import AlreadyWithdrawn, BankChanged, BlueprintsRefused, NoPaper, PaperFaulty
from exams.assembly.files import BlueprintSource, read_blueprint_files
from exams.assembly.models import Blueprint, BlueprintSection, Paper, PaperEvent, PaperItem
from exams.assembly.queries import as_pool_item, enemies_among, pool_items, specification_of
from exams.assembly.rules import (
    Specification,
    arrange,
    check_paper,
    enemies_met,
    mean_facility,
    shuffle_options,
)
from exams.assembly.solutions import PlacedItem, Solution
from exams.assembly.solver import SOLVER, solve
from exams.bank.actions import record_use
from exams.bank.enums import ItemState, Pool
from exams.bank.models import Item
from exams.bank.queries import usable_versions
from exams.bank.types import get_kind
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Part
from syllabus.standard.queries import current_level

_PART_LETTERS = {PartCode.THEORY.value: "T", PartCode.SKILL.value: "S"}
_POOL_LETTERS = {Pool.LIVE.value: "L", Pool.PRACTICE.value: "P"}


@dataclass(slots=True)
class BlueprintReport:
    """Codes of new and changed blueprints, and how many stayed as they were."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0


@transaction.atomic
def load_blueprints(
    *,
    path: Path,
    by: AbstractBaseUser | None,  # noqa: ARG001  like every action; no history here
    at: datetime.datetime,  # noqa: ARG001
    dry_run: bool = False,
) -> BlueprintReport:
    """Load the blueprints of a file or folder: all, or none and BlueprintsRefused with every problem.

    Papers keep the specification they were frozen with, so a blueprint may change under them.
    """
    problems = Problems()
    sources = read_blueprint_files([path], problems)
    if problems:
        raise BlueprintsRefused(problems.sorted())
    codes = [source.code for source in sources]
    rows = Blueprint.objects.filter(code__in=codes).order_by("pk").select_for_update(of=("self",))
    known = {row.code: row for row in rows}
    report = BlueprintReport()
    for source in sources:
        row = known.get(source.code)
        if row and row.checksum == source.checksum:
            report.unchanged += 1
            continue
        (report.changed if row else report.new).append(source.code)
        if not dry_run:
            _store_blueprint(source)
    return report


def _store_blueprint(source: BlueprintSource) -> None:
    names = [field.name for field in Blueprint._meta.concrete_fields if field.name not in {"id", "code"}]
    row, _created = Blueprint.objects.update_or_create(
        code=source.code, defaults={name: getattr(source, name) for name in names}
    )
    row.sections.all().delete()
    BlueprintSection.objects.bulk_create(
        BlueprintSection(
            blueprint=row, position=position, type=section.type, count=section.count, points=section.points
        )
        for position, section in enumerate(source.sections, start=1)
    )


def assemble(
    *, blueprint: Blueprint, seed: int, avoid: Collection[int] = (), time_limit: float | None = None
) -> Solution:
    """Return a paper, or why there is none; stores nothing. `avoid`: ids of papers not to repeat.

    The same bank (the use of its items in frozen papers included), blueprint, seed and `avoid` give the same
    paper, unless `time_limit` (seconds) cuts the search short.
    """
    level = current_level(blueprint.level_number)
    specification, names = specification_of(blueprint, level)
    versions = usable_versions(level, blueprint.pool)
    solved = solve(pool_items(versions, avoid), specification, seed=seed, time_limit=time_limit)
    by_id = {version.pk: version for version in versions}
    items = tuple(
        PlacedItem(
            version := by_id[item.id],
            specification.points_of(item.type),
            tuple(shuffle_options(item.code, get_kind(version.type).orderable(version.content), seed)),
        )
        for item in arrange(solved.items, specification, seed)
    )
    return Solution(blueprint, level, specification, names, seed, tuple(sorted(avoid)), solved, items)


@transaction.atomic
def freeze_paper(*, solution: Solution, by: AbstractBaseUser | None, at: datetime.datetime) -> Paper:
    """Store the paper that was solved, after a count that does not trust the solver; a repeat returns it.

    Raises NoPaper, PaperFaulty or BankChanged; then nothing is stored.
    """
    if not solution.is_feasible:
        raise NoPaper([reason["text"] for reason in solution.reasons])
    blueprint = _lock(solution)
    same = Paper.objects.filter(blueprint=blueprint, sha256=solution.sha256, withdrawn_at__isnull=True)
    if paper := same.order_by("pk").first():
        return paper
    enemies = enemies_among([placed.version.item_id for placed in solution.items])
    chosen = [
        as_pool_item(one.version, enemies.get(one.version.item_id, frozenset())) for one in solution.items
    ]
    if set(enemies_met(chosen)) - set(enemies_met(solution.solved.items)):
        raise BankChanged  # two of its items have become enemies since
    if faults := check_paper(chosen, solution.specification):
        raise PaperFaulty(faults)
    paper = Paper.objects.create(
        code=_next_code(blueprint),
        frozen_at=at,
        frozen_by_id=by.pk if by else None,
        mean_facility=round(mean_facility(chosen, solution.specification), 4),
        **_facts(solution),
    )
    PaperItem.objects.bulk_create(
        PaperItem(
            paper=paper,
            position=position,
            version=placed.version,
            points=placed.points,
            option_order=list(placed.option_order),
        )
        for position, placed in enumerate(solution.items, start=1)
    )
    record_use(items=[placed.version.item_id for placed in solution.items], at=at)
    _record(paper, PaperEventKind.FROZEN, by, at, {"sha256": paper.sha256, "seed": paper.seed})
    return paper


def _lock(solution: Solution) -> Blueprint:
    """Lock what the paper rests on, and make sure that it is what the paper was solved from.

    All blueprints of one level, part and pool are locked: they share one series of codes.
    """
    given = solution.blueprint
    rows = Blueprint.objects.filter(level_number=given.level_number, part=given.part, pool=given.pool)
    locked = {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}
    current = {placed.version.item_id: placed.version.pk for placed in solution.items}
    items = Item.objects.filter(pk__in=current).order_by("pk").select_for_update(of=("self",))
    usable = {
        item.pk: item.approved_id
        for item in items
        if item.state == ItemState.APPROVED and item.pool == given.pool
    }
    blueprint = locked.get(given.pk)
    if blueprint is None or blueprint.checksum != given.checksum or usable != current:
        raise BankChanged
    return blueprint


def _facts(solution: Solution) -> dict[str, Any]:
    blueprint, level, solved = solution.blueprint, solution.level, solution.solved
    minutes = blueprint.minutes or Part.objects.get(level=level, code=blueprint.part).minutes
    return {
        "blueprint": blueprint,
        "level": level,
        "part": blueprint.part,
        "pool": blueprint.pool,
        "minutes": minutes,
        "points": solution.specification.points,
        "is_short": blueprint.is_short,
        "has_sample_items": any(placed.version.item.is_sample for placed in solution.items),
        "seed": solution.seed,
        "status": solved.status,
        "gap": solved.gap,
        "seconds": solved.seconds,
        "solver": SOLVER,
        "specification": _as_stored(solution.specification),
        "sha256": solution.sha256,
    }


def _as_stored(specification: Specification) -> dict[str, Any]:
    limits = specification.limits
    return {
        "sections": [{"type": s.type, "count": s.count, "points": s.points} for s in specification.sections],
        "weights": dict(specification.weights),
        "limits": {
            "facility_least": str(limits.facility_least),
            "facility_most": str(limits.facility_most),
            "least_per_work_content": limits.least_per_work_content,
            "extra_per_knowledge": limits.extra_per_knowledge,
        },
    }


def _next_code(blueprint: Blueprint) -> str:
    """Return L3-T-L-0001 and on; called with the blueprints of the series locked."""
    letters = _PART_LETTERS[blueprint.part], _POOL_LETTERS[blueprint.pool]
    prefix = f"L{blueprint.level_number}-{letters[0]}-{letters[1]}-"
    codes = Paper.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    serials = [int(tail) for code in codes if (tail := code.removeprefix(prefix)).isdecimal()]
    return f"{prefix}{max(serials, default=0) + 1:04d}"


@transaction.atomic
def withdraw_paper(*, paper: Paper, reason: str, by: AbstractBaseUser | None, at: datetime.datetime) -> Paper:
    """Take a paper out of use for good; sittings under way keep it. Raises AlreadyWithdrawn."""
    locked = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if locked.withdrawn_at:
        raise AlreadyWithdrawn(locked.code)
    locked.withdrawn_at = at
    locked.save(update_fields=["withdrawn_at"])
    _record(locked, PaperEventKind.WITHDRAWN, by, at, {"reason": reason})
    return locked


def record_view(*, paper: Paper, by: AbstractBaseUser, at: datetime.datetime) -> None:
    """Keep that somebody looked at the items and keys of a live paper; practice papers are no secret."""
    if paper.pool == Pool.LIVE:
        _record(paper, PaperEventKind.VIEWED, by, at, {})


def _record(
    paper: Paper,
    kind: PaperEventKind,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
    detail: dict[str, Any],
) -> None:
    PaperEvent.objects.create(paper=paper, kind=kind, at=at, by_id=by.pk if by else None, detail=detail)
