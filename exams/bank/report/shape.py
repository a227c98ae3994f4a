"""The report of the bank as JSON; its shape is written down in docs/item-report.md and kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from exams.bank.report.figures import Covered, Guess, Shares, Supply
from exams.bank.report.judge import BankReport, Demanded, Near, Scope, Section
from exams.bank.report.tasks import Tasks
from exams.bank.report.verdicts import Problem, problems


def as_json(report: BankReport) -> dict[str, Any]:
    """Return the report as JSON values: shares, means and factors are numbers with up to four places."""
    held_to = report.thresholds
    return {
        "format": 1,
        "thresholds": {
            "factor": {"live": _number(held_to.factor_live), "practice": _number(held_to.factor_practice)},
            "tasks": {"live": held_to.tasks_live, "practice": held_to.tasks_practice},
            "key_deviation": _number(held_to.key_deviation),
            "longest_share": _number(held_to.longest_share),
            "true_deviation": _number(held_to.true_deviation),
            "facility": [_number(held_to.facility_least), _number(held_to.facility_most)],
            "near_percent": held_to.near_percent,
            "least_items": held_to.least_items,
        },
        "problems": [_problem(one) for one in problems(report)],
        "sections": [_section(one) for one in report.sections],
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _scope(scope: Scope) -> dict[str, Any]:
    edition = scope.level.standard.edition
    return {"level": scope.level.number, "edition": edition, "part": scope.part, "pool": scope.pool}


def _problem(one: Problem) -> dict[str, Any]:
    scope = {"level": one.scope.level.number, "part": one.scope.part, "pool": one.scope.pool}
    return {"kind": one.kind, **scope, "count": one.count, "text": one.text}


def _section(one: Section) -> dict[str, Any]:
    keys = one.keys
    return {
        **_scope(one.scope),
        "items": one.total,
        "states": dict(one.states),
        "outdated": one.outdated,
        "samples": {"count": one.samples, "share": _number(one.sample_share)},
        "types": dict(one.types),
        "coverage": {
            "requirements": len(one.coverage),
            "least": one.least,
            "holes": [covered.place.requirement for covered in one.holes],
            "rows": [_covered(covered) for covered in one.coverage],
        },
        "supply": [_demanded(demanded) for demanded in one.demanded],
        "keys": {
            "single": _shares(keys.single),
            "multiple": _shares(keys.multiple),
            "multiple_sizes": _shares(keys.sizes),
            "true_false": _shares(keys.true_false),
            "longest": _guess(keys.longest),
            "shortest": _guess(keys.shortest),
            "length_ratio": _number(keys.length_ratio),
        },
        "difficulties": {str(value): count for value, count in one.difficulties.items()},
        "cognition": dict(one.cognition),
        "mean_facility": _number(one.mean_facility),
        "unexplained": one.unexplained,
        "near_duplicates": [_near(near) for near in one.near],
        "tasks": _tasks(one.tasks) if one.scope.part == "skill" else None,
    }


def _covered(one: Covered) -> dict[str, Any]:
    place = one.place
    return {
        "requirement": place.requirement,
        "text": place.text,
        "importance": place.importance,
        "function": place.function,
        "work_content": place.work_content,
        "items": one.total,
        "types": dict(one.counts),
        "is_hole": one.is_hole,
    }


def _demanded(one: Demanded) -> dict[str, Any]:
    return {
        "blueprint": one.demand.code,
        "name": one.demand.name,
        "least_factor": _number(one.least.factor) if one.least else None,
        "rows": [_supply(supply) for supply in one.supply],
    }


def _supply(one: Supply) -> dict[str, Any]:
    return {
        "function": one.function,
        "weight": one.weight,
        "type": one.type,
        "have": one.have,
        "need": _number(one.need),
        "factor": _number(one.factor),
        "wanted": _number(one.wanted),
        "missing": one.missing,
    }


def _shares(one: Shares) -> dict[str, Any]:
    shares = {name: _number(share) for name, share in one.shares.items()}
    return {
        "items": one.total,
        "counts": dict(one.counts),
        "shares": shares,
        "deviation": _number(one.deviation),
    }


def _guess(one: Guess) -> dict[str, Any]:
    return {
        "items": one.total,
        "gain": _number(one.gain),
        "chance": _number(one.chance),
        "clear": one.clear,
    }


def _near(one: Near) -> dict[str, Any]:
    return {
        "first": one.first,
        "second": one.second,
        "pools": list(one.pools),
        "percent": one.percent,
        "are_enemies": one.are_enemies,
        "is_open": one.is_open,
    }


def _tasks(one: Tasks) -> dict[str, Any]:
    return {
        "functions": [
            {
                "function": row.function,
                "weight": row.weight,
                "types": dict(row.types),
                "least": row.least,
                "most": row.most,
                "factor": _number(row.factor),
            }
            for row in one.functions
        ],
        "sums": [{"item": row.code, "least": row.least, "most": row.most} for row in one.sums],
        "mean_least": _number(one.mean_least),
        "mean_most": _number(one.mean_most),
    }
