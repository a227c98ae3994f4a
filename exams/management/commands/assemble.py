"""manage.py assemble --level 3 --part theory --pool live --seed 7 --format json.

manage.py assemble --verify L3-T-L-0001
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from config.htmx import Refusal
from exams.assembly.actions import assemble, freeze_solution
from exams.assembly.errors import UnknownPapers
from exams.assembly.models import Paper
from exams.assembly.queries import find_blueprint, paper_ids
from exams.assembly.rules import FORM_LETTERS
from exams.assembly.solutions import Solution
from exams.assembly.verifying import Verified, verify
from exams.bank.enums import Pool
from syllabus.standard.enums import PartCode

_MOST_SEED = 2**63 - 1  # what the database keeps
_NEEDED = ("level", "part", "pool")


class Command(BaseCommand):
    help = "Assemble papers from the bank and print them (nothing is stored without --freeze), or verify one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--level", type=int, choices=(3, 2, 1))
        parser.add_argument("--part", choices=PartCode.values)
        parser.add_argument("--pool", choices=Pool.values)
        parser.add_argument("--seed", type=int, default=0, help="same bank, blueprint and seed: same papers")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--blueprint",
            default="",
            metavar="CODE",
            help="default: the full one; others have another weight vector, or are of a module",
        )
        parser.add_argument("--forms", type=int, default=1, metavar="N", help="parallel forms A, B, C …")
        parser.add_argument("--overlap", type=int, default=0, metavar="N", help="items that all forms share")
        parser.add_argument("--freeze", action="store_true", help="store the papers")
        parser.add_argument(
            "--avoid", nargs="+", action="extend", default=[], metavar="PAPER", help="papers not to repeat"
        )
        parser.add_argument("--time-limit", type=float, metavar="SECONDS", help="default: until proven")
        parser.add_argument(
            "--verify", metavar="PAPER", help="count a stored paper again, without the solver"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        as_json = options["format"] == "json"
        try:
            is_good = (
                self._verify(options, as_json) if options["verify"] else self._assemble(options, as_json)
            )
        except Refusal as refusal:
            self.stderr.write(f"{refusal.message}{refusal.remedy}")
            raise SystemExit(2) from None
        if not is_good:
            raise SystemExit(1)

    # --- Assembling

    def _assemble(self, options: dict[str, Any], as_json: bool) -> bool:
        self._check(options)
        blueprint = find_blueprint(code=options["blueprint"], **{key: options[key] for key in _NEEDED})
        most = sum(section.count for section in blueprint.sections.all()) - 1
        if options["overlap"] > most:
            raise CommandError(f"--overlap must be at most {most}: forms that share all items are one form")
        solution = assemble(
            blueprint=blueprint,
            seed=options["seed"],
            avoid=paper_ids(options["avoid"]),
            time_limit=options["time_limit"],
            forms=options["forms"],
            overlap=options["overlap"],
        )
        papers: list[Paper] = []
        if options["freeze"] and solution.is_feasible:
            papers = freeze_solution(
                solution=solution,
                overlap=options["overlap"],
                time_limit=options["time_limit"],
                by=None,
                at=timezone.now(),
            )
        answer = solution.as_json()
        for form, paper in zip(answer["forms"], papers, strict=False):
            form["paper"] = paper.code
        if as_json:
            self._print(answer)
        else:
            self._tell(solution, answer)
        return solution.is_feasible

    def _check(self, options: dict[str, Any]) -> None:
        if missing := [f"--{key}" for key in _NEEDED if options[key] is None]:
            raise CommandError(f"the following arguments are required: {', '.join(missing)}")
        if not 1 <= options["forms"] <= len(FORM_LETTERS):
            raise CommandError(f"--forms must be between 1 and {len(FORM_LETTERS)}")
        if options["overlap"] < 0 or (options["overlap"] and options["forms"] == 1):
            raise CommandError("--overlap must not be negative, and needs --forms of 2 or more")
        if options["time_limit"] is not None and not options["time_limit"] > 0:
            raise CommandError("--time-limit must be more than 0")
        if not -_MOST_SEED <= options["seed"] <= _MOST_SEED:
            raise CommandError(f"--seed must be between {-_MOST_SEED} and {_MOST_SEED}")

    def _tell(self, solution: Solution, answer: dict[str, Any]) -> None:
        words = {
            "name": solution.blueprint.name,
            "status": solution.solved.status.label,
            "seed": solution.seed,
        }
        self.stdout.write(_("%(name)s：%(status)s，种子 %(seed)d。") % words)
        for form in answer["forms"]:
            if form["letter"]:
                self.stdout.write(_("%(letter)s 卷") % {"letter": form["letter"]})
            for code, points in form["points_by_function"].items():
                self.stdout.write(f"  {code} {solution.names[code]} {points}")
            self.stdout.write(_("  平均难度 %(mean)s") % {"mean": form["mean_facility"]})
            if "paper" in form:
                self.stdout.write(_("已定稿为 %(code)s。") % {"code": form["paper"]})
        if len(answer["forms"]) > 1:
            self.stdout.write(_("各卷平均难度最多相差 %(spread)s。") % {"spread": answer["spread"]})
        for reason in answer["reasons"]:
            self.stdout.write("  " + reason["text"])
        for text in solution.conflict:
            self.stdout.write("  " + text)

    # --- Verifying

    def _verify(self, options: dict[str, Any], as_json: bool) -> bool:
        code = options["verify"]
        found = Paper.objects.select_related("blueprint", "level", "run").filter(code=code).first()
        if found is None:
            raise UnknownPapers([code])
        verified = verify(found)
        if as_json:
            self._print(verified.as_json())
        else:
            self._tell_verified(verified)
        return verified.fits

    def _tell_verified(self, verified: Verified) -> None:
        words = {"code": verified.paper.code}
        if verified.fits:
            self.stdout.write(_("试卷 %(code)s 满足定稿时的全部要求，内容与摘要一致。") % words)
        else:
            self.stdout.write(_("试卷 %(code)s 与定稿时的要求或摘要不符：") % words)
        for fault in verified.faults:
            self.stdout.write("  " + fault)
        self.stdout.write(f"  SHA-256 {verified.sha256}")
        same, changed = _("未变"), _("已变")
        words = {
            "code": verified.paper.blueprint.code,
            "change": same if verified.is_blueprint_same else changed,
        }
        self.stdout.write(_("  蓝图 %(code)s：%(change)s") % words)
        if verified.is_bank_same is not None:
            self.stdout.write(
                _("  题库状态：%(change)s") % {"change": same if verified.is_bank_same else changed}
            )

    def _print(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
