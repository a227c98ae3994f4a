"""manage.py assemble --level 3 --part theory --pool live --seed 7 --format json"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from config.htmx import Refusal
from exams.assembly.actions import assemble, freeze_paper
from exams.assembly.models import Paper
from exams.assembly.queries import find_blueprint, paper_ids
from exams.assembly.solutions import Solution
from exams.bank.enums import Pool
from syllabus.standard.enums import PartCode


class Command(BaseCommand):
    help = "Assemble a paper from the bank and print it; nothing is stored without --freeze."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--level", type=int, required=True, choices=(3, 2, 1))
        parser.add_argument("--part", required=True, choices=PartCode.values)
        parser.add_argument("--pool", required=True, choices=Pool.values)
        parser.add_argument("--seed", type=int, default=0, help="same bank, blueprint and seed: same paper")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--blueprint", default="", metavar="CODE", help="default: the full one")
        parser.add_argument("--freeze", action="store_true", help="store the paper")
        parser.add_argument(
            "--avoid", nargs="+", action="extend", default=[], metavar="PAPER", help="papers not to repeat"
        )
        parser.add_argument("--time-limit", type=float, metavar="SECONDS", help="default: until proven")

    def handle(self, *_args: Any, **options: Any) -> None:
        paper = None
        try:
            blueprint = find_blueprint(
                level=options["level"], part=options["part"], pool=options["pool"], code=options["blueprint"]
            )
            solution = assemble(
                blueprint=blueprint,
                seed=options["seed"],
                avoid=paper_ids(options["avoid"]),
                time_limit=options["time_limit"],
            )
            if options["freeze"] and solution.is_feasible:
                paper = freeze_paper(solution=solution, by=None, at=timezone.now())
        except Refusal as refusal:
            self.stderr.write(f"{refusal.message}{refusal.remedy}")
            raise SystemExit(2) from None
        self._print(solution, paper, as_json=options["format"] == "json")
        if not solution.is_feasible:
            raise SystemExit(1)

    def _print(self, solution: Solution, paper: Paper | None, *, as_json: bool) -> None:
        answer = solution.as_json()
        if paper:
            answer["forms"][0]["paper"] = paper.code
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        words = {
            "name": solution.blueprint.name,
            "status": solution.solved.status.label,
            "seed": solution.seed,
        }
        self.stdout.write(_("%(name)s：%(status)s，种子 %(seed)d。") % words)
        for form in answer["forms"]:
            for code, points in form["points_by_function"].items():
                self.stdout.write(f"  {code} {solution.names[code]} {points}")
            self.stdout.write(_("  平均难度 %(mean)s") % {"mean": form["mean_facility"]})
        for reason in answer["reasons"]:
            self.stdout.write("  " + reason["text"])
        for text in solution.conflict:
            self.stdout.write("  " + text)
        if paper:
            self.stdout.write(_("已定稿为 %(code)s。") % {"code": paper.code})
