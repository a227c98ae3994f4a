"""manage.py bank_report [--level N] [--part P] [--pool P] [--format text|json] [--strict]"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from exams.analysis.demands import paper_demands
from exams.bank.enums import ItemState, Pool
from exams.bank.report import BankReport, Section, Thresholds, as_json, bank_report, problems
from exams.bank.report.verdicts import per_cent
from exams.bank.types import type_label
from syllabus.standard.enums import PartCode


class Command(BaseCommand):
    help = "Judge the whole bank: coverage, supply, keys, lengths, spread, near-duplicates, skill tasks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        held_to = Thresholds()
        parser.add_argument("--level", type=int, choices=(3, 2, 1), help="default: all")
        parser.add_argument("--part", choices=PartCode.values, default="", help="default: both")
        parser.add_argument("--pool", choices=Pool.values, default="", help="default: both")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--strict", action="store_true", help="exit 1 when a threshold is missed")
        parser.add_argument(
            "--factor-live",
            type=_decimal,
            default=held_to.factor_live,
            metavar="N",
            help="papers' worth of items wanted of each function × type (default: %(default)s)",
        )
        parser.add_argument("--factor-practice", type=_decimal, default=held_to.factor_practice, metavar="N")
        parser.add_argument(
            "--least-per-requirement",
            type=int,
            default=held_to.least_per_requirement,
            metavar="N",
            help="items on each knowledge point and pool (default: 4 in 三级, 2 above)",
        )
        parser.add_argument(
            "--near-percent",
            type=int,
            choices=range(30, 101),
            default=held_to.near_percent,
            metavar="PERCENT",
            help="trigram similarity from which stems are near-duplicates (default: %(default)s)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        thresholds = Thresholds(
            factor_live=options["factor_live"],
            factor_practice=options["factor_practice"],
            least_per_requirement=options["least_per_requirement"],
            near_percent=options["near_percent"],
        )
        report = bank_report(
            demands=paper_demands(),
            thresholds=thresholds,
            level=options["level"],
            part=options["part"],
            pool=options["pool"],
        )
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(report), ensure_ascii=False, indent=2))
        else:
            for line in _text(report):
                self.stdout.write(line)
        if options["strict"] and problems(report):
            raise SystemExit(1)


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or value < 0:
        raise ValueError(text)
    return value


def _text(report: BankReport) -> Iterator[str]:
    found = problems(report)
    yield _("题库报告：%(count)d 处不足。") % {"count": len(found)}
    for section in report.sections:
        yield ""
        yield " · ".join(_names(section))
        yield from ("  " + line for line in _figures(section))
        yield from (f"  ✗ {one.text}" for one in found if one.scope == section.scope)


def _names(section: Section) -> list[str]:
    scope = section.scope
    return [scope.level.name, scope.part_label, scope.pool_label]


def _figures(section: Section) -> Iterator[str]:
    states = [f"{ItemState(state).label} {count}" for state, count in section.states.items() if count]
    words = {
        "count": section.total,
        "states": "，".join(states) or "0",
        "share": per_cent(section.sample_share),
    }
    yield _("可用 %(count)d 题（%(states)s），样题占 %(share)s") % words
    if not section.total:
        return
    yield "  ".join(f"{type_label(code)} {count}" for code, count in section.types.items() if count)
    yield _("要求覆盖 %(covered)d / %(all)d") % {"covered": section.covered, "all": len(section.coverage)}
    for one in section.demanded:
        if least := one.least:
            words = {
                "name": one.demand.name,
                "factor": least.factor,
                "where": _where(least.function, least.type),
            }
            yield _("%(name)s：最少够 %(factor)s 份卷（%(where)s）") % words
    if section.keys.single.total:
        yield _("单选答案 %(shares)s") % {"shares": _shares(section.keys.single.shares)}
    if section.keys.true_false.total:
        yield _("判断题正确 %(share)s") % {"share": per_cent(section.keys.true_false.share("T"))}
    yield _("难度 %(counts)s") % {"counts": " ".join(map(str, section.difficulties.values()))}


def _where(function: str, item_type: str) -> str:
    return f"{function} {type_label(item_type)}"


def _shares(shares: dict[str, Decimal]) -> str:
    return " ".join(f"{name} {per_cent(share)}" for name, share in shares.items())
