"""Stores papers that were solved."""

import datetime
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from exams.assembly.actions.keeping import record
from exams.assembly.counting import check_paper
from exams.assembly.enums import PaperEventKind, PaperState
from exams.assembly.errors import BankChanged, NoPaper, PaperFaulty
from exams.assembly.models import AssemblyRun, Blueprint, Paper, PaperItem, PaperReader
from exams.assembly.queries import frame_of, recounted
from exams.assembly.rules import Specification, enemies_met, mean_facility
from exams.assembly.solutions import FormOfPaper, PlacedItem, Solution
from exams.assembly.solver import SOLVER
from exams.bank.actions import record_use
from exams.bank.enums import ItemState, Pool
from exams.bank.models import Item
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Part
from syllabus.standard.queries import level_tree

_PART_LETTERS = {PartCode.THEORY.value: "T", PartCode.SKILL.value: "S"}
_POOL_LETTERS = {Pool.LIVE.value: "L", Pool.PRACTICE.value: "P"}


def freeze_paper(*, solution: Solution, by: AbstractBaseUser | None, at: datetime.datetime) -> Paper:
    """Store the first form that was solved (`freeze_forms`)."""
    return freeze_forms(solution=solution, by=by, at=at)[0]


@transaction.atomic
def freeze_forms(
    *,
    solution: Solution,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
    run: AssemblyRun | None = None,
) -> list[Paper]:
    """Store every form that was solved, after a count that does not trust the solver; repeats return theirs.

    A live paper waits as a draft for somebody else to seal it; a practice paper is sealed at once. Raises
    NoPaper, PaperFaulty or BankChanged; then nothing is stored.
    """
    if not solution.is_feasible:
        raise NoPaper([*(reason["text"] for reason in solution.reasons), *solution.conflict])
    blueprint = _lock(solution)
    return [_freeze(solution, form, by=by, at=at, run=run, blueprint=blueprint) for form in solution.forms]


def _freeze(
    solution: Solution,
    form: FormOfPaper,
    *,
    blueprint: Blueprint,
    by: AbstractBaseUser | None,
    at: datetime.datetime,
    run: AssemblyRun | None,
) -> Paper:
    same = Paper.objects.filter(blueprint=blueprint, sha256=form.sha256, withdrawn_at__isnull=True)
    if paper := same.order_by("pk").first():
        return paper
    frame = frame_of(blueprint, level_tree(solution.level))
    counted = recounted(form.items, frame)
    if set(enemies_met(one.item for one in counted)) - set(enemies_met(one.item for one in form.placed)):
        raise BankChanged  # two of its items have become enemies since
    if faults := check_paper(counted, solution.specification):
        raise PaperFaulty(faults)
    is_practice = blueprint.pool == Pool.PRACTICE
    paper = Paper.objects.create(
        code=_next_code(blueprint),
        form=form.letter,
        run=run,
        state=PaperState.SEALED if is_practice else PaperState.DRAFT,
        sealed_at=at if is_practice else None,
        frozen_at=at,
        frozen_by_id=by.pk if by else None,
        mean_facility=round(mean_facility(counted), 4),
        has_sample_items=any(placed.version.item.is_sample for placed in form.items),
        sha256=form.sha256,
        **_facts(solution, run),
    )
    PaperItem.objects.bulk_create(
        _paper_item(paper, position, placed) for position, placed in enumerate(form.items, start=1)
    )
    record_use(items=[placed.version.item_id for placed in form.items], at=at)
    if by and paper.pool == Pool.LIVE:
        PaperReader.objects.create(paper=paper, person_id=by.pk, named_at=at, named_by_id=by.pk)
    record(paper, PaperEventKind.FROZEN, by, at, {"sha256": paper.sha256, "seed": paper.seed})
    return paper


def _paper_item(paper: Paper, position: int, placed: PlacedItem) -> PaperItem:
    return PaperItem(
        paper=paper,
        position=position,
        version=placed.version,
        points=placed.points,
        option_order=list(placed.option_order),
        criterion_points=list(placed.criterion_points),
    )


def _lock(solution: Solution) -> Blueprint:
    """Lock what the paper rests on, and make sure that it is what the paper was solved from.

    All blueprints of one level, part and pool are locked: they share one series of codes.
    """
    given = solution.blueprint
    rows = Blueprint.objects.filter(level_number=given.level_number, part=given.part, pool=given.pool)
    locked = {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}
    current = {one.version.item_id: one.version.pk for form in solution.forms for one in form.items}
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


def _facts(solution: Solution, run: AssemblyRun | None) -> dict[str, Any]:
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
        "vector": blueprint.vector,
        "module": blueprint.module,
        "bank_sha256": solution.bank_sha256,
        "seed": solution.seed,
        "status": solved.status,
        "gap": solved.gap,
        "seconds": solved.seconds,
        "solver": run.solver if run else SOLVER,
        "specification": _as_stored(solution.specification),
    }


def _as_stored(specification: Specification) -> dict[str, Any]:
    limits = specification.limits
    return {
        "sections": [asdict(section) for section in specification.sections],
        "weights": dict(specification.weights),
        "limits": {
            "facility_least": str(limits.facility_least),
            "facility_most": str(limits.facility_most),
            "least_per_work_content": limits.least_per_work_content,
            "extra_per_knowledge": limits.extra_per_knowledge,
        },
        "quotas": [asdict(quota) for quota in specification.quotas],
    }


def _next_code(blueprint: Blueprint) -> str:
    """Return L3-T-L-0001 and on; called with the blueprints of the series locked."""
    letters = _PART_LETTERS[blueprint.part], _POOL_LETTERS[blueprint.pool]
    prefix = f"L{blueprint.level_number}-{letters[0]}-{letters[1]}-"
    codes = Paper.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    serials = [int(tail) for code in codes if (tail := code.removeprefix(prefix)).isdecimal()]
    return f"{prefix}{max(serials, default=0) + 1:04d}"
