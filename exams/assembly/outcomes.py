"""What came of a run, kept as JSON: enough to show its forms and to freeze exactly them later."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from exams.assembly.enums import SolveStatus
from exams.assembly.errors import BankChanged, NoPaper
from exams.assembly.models import AssemblyRun
from exams.assembly.queries import Frame, as_pool_item, pool_items, specification_of
from exams.assembly.rules import Placed, mean_facility, points_by
from exams.assembly.solutions import FormOfPaper, PlacedItem, Solution, shortage_words
from exams.assembly.solver import Clash, Shortage, Solved
from exams.assembly.words import clash_words
from exams.bank.models import ItemVersion
from syllabus.standard.queries import current_level


def outcome_of(solution: Solution) -> dict[str, Any]:
    """Return a solution as `AssemblyRun.result` keeps it.

    Versions, points, criterion points and option orders of each form say exactly what would be frozen; the
    figures beside them are what the forms are compared by. Pairs, not mappings, where the order counts.
    """
    solved = solution.solved
    return {
        "status": str(solved.status),
        "gap": solved.gap,
        "seconds": solved.seconds,
        "spread": solved.spread,
        "level": solution.level.pk,
        "names": dict(solution.names),
        "weights": [[code, points] for code, points in solution.specification.weights.items()],
        "sections": [section.type for section in solution.specification.sections],
        "forms": [_form(form) for form in solution.forms],
        "reasons": list(solved.reasons),
        "clashes": [asdict(one) for one in solved.clashes],
        "is_irreducible": solved.is_irreducible,
        "shortages": [asdict(one) for one in solved.shortages],
    }


def _form(form: FormOfPaper) -> dict[str, Any]:
    return {
        "letter": form.letter,
        "sha256": form.sha256,
        "mean": f"{mean_facility(form.placed):.4f}",
        "functions": points_by(form.placed, "function"),
        "types": points_by(form.placed, "type"),
        "counts": dict(Counter(one.item.type for one in form.placed)),
        "cognition": points_by(form.placed, "cognition"),
        "items": [
            {
                "version": one.version.pk,
                "code": one.version.item.code,
                "points": one.points,
                "criteria": list(one.criterion_points),
                "order": list(one.option_order),
            }
            for one in form.items
        ],
    }


def solved_of(result: dict[str, Any]) -> Solved:
    """Return what the solver vouched for, without its forms."""
    return Solved(
        SolveStatus(result["status"]),
        result["gap"],
        result["seconds"],
        (),
        result["spread"],
        tuple(Clash(**{**one, "key": tuple(one["key"])}) for one in result["clashes"]),
        result["is_irreducible"],
        tuple(
            Shortage(
                **{
                    **one,
                    "knowledge": tuple(one["knowledge"]),
                    "difficulties": tuple(one["difficulties"]),
                    "cognitions": tuple(one.get("cognitions", ())),
                }
            )
            for one in result["shortages"]
        ),
        tuple(result["reasons"]),
    )


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a run has no forms, in words: what is to be said, items missing, the conflict with its heading."""

    said: list[str]
    missing: list[str]
    heading: str
    conflict: list[str]

    @property
    def sentences(self) -> list[str]:
        return [*self.said, *self.missing, *[self.heading] * bool(self.heading), *self.conflict]


def why_not(result: dict[str, Any]) -> WhyNot:
    """Return why a run's result has no forms; nothing to say where it has, or is not there yet."""
    if "status" not in result or result["forms"]:
        return WhyNot([], [], "", [])
    solved, names = solved_of(result), result["names"]
    missing = [shortage_words(one, names)["text"] for one in solved.shortages]
    heading, *conflict = clash_words(solved.clashes, names, is_irreducible=solved.is_irreducible) or [""]
    return WhyNot(list(solved.reasons), missing, heading, conflict)


def solution_of(run: AssemblyRun, *, on: datetime.date) -> Solution:
    """Return the forms of a run as they can be frozen on a day.

    Raises NoPaper where it has none, BankChanged where the edition, a version or what may be drawn is no
    longer what it was.
    """
    result, blueprint = run.result, run.blueprint
    if not result.get("forms"):
        raise NoPaper(why_not(result).sentences)
    level = current_level(blueprint.level_number)
    if level.pk != result["level"] or blueprint.checksum != run.blueprint_checksum:
        raise BankChanged
    specification, frame = specification_of(blueprint, level)
    versions = _versions(result)
    listed = list(versions.values())
    if any(one.barred for one in pool_items(listed, frame, avoid=run.avoid, blueprint=blueprint, on=on)):
        raise BankChanged  # another paper has used one of its items up since
    forms = tuple(_form_of(one, versions, frame) for one in result["forms"])
    return Solution(
        blueprint,
        level,
        specification,
        frame.names,
        run.seed,
        tuple(run.avoid),
        solved_of(result),
        forms,
        run.bank_sha256,
    )


def _versions(result: dict[str, Any]) -> dict[int, ItemVersion]:
    wanted = {item["version"] for form in result["forms"] for item in form["items"]}
    rows = ItemVersion.objects.filter(pk__in=wanted).select_related(
        "item", "knowledge__work_content__function"
    )
    found = {row.pk: row for row in rows.prefetch_related("criteria__requirement__work_content__function")}
    if found.keys() != wanted:
        raise BankChanged
    return found


def _form_of(form: dict[str, Any], versions: dict[int, ItemVersion], frame: Frame) -> FormOfPaper:
    items = tuple(
        PlacedItem(versions[one["version"]], one["points"], tuple(one["order"]), tuple(one["criteria"]))
        for one in form["items"]
    )
    # Without enemies: the solver let none meet, so any that meet now became enemies since (BankChanged).
    placed = tuple(
        Placed(as_pool_item(one.version, frame), one.criterion_points or (one.points,)) for one in items
    )
    return FormOfPaper(form["letter"], items, placed)
