"""Papers of the demo: sealed ones to sit, and drafts that wait for a second person."""

import datetime

from certs.people.models import Person
from exams.assembly.actions import assemble, freeze_paper, seal_paper
from exams.assembly.actions.runs import freeze_solution
from exams.assembly.models import Blueprint, Paper

SEALED = (
    ("l3-theory-live", 1),
    ("l3-theory-live", 2),
    ("l3-theory-live-demo", 1),
    ("l3-skill-live", 1),
)
"""Blueprint and seed of each sealed paper; papers of one blueprint share no item."""
TO_SIT = 3  # the theory papers among them
DRAFTS = "l2-theory-live"


def make_papers(*, maker: Person, approver: Person, at: datetime.datetime) -> list[Paper]:
    """Make what is missing of the demo's papers; returns the sealed theory papers, the short one last."""
    found: list[Paper] = []
    for code, seed in SEALED:
        known = Paper.objects.filter(blueprint__code=code, seed=seed, withdrawn_at__isnull=True)
        paper = known.order_by("pk").first()
        if paper is None:
            avoid = [one.pk for one in found if one.blueprint.code == code]
            solution = assemble(blueprint=Blueprint.objects.get(code=code), seed=seed, avoid=avoid)
            draft = freeze_paper(solution=solution, by=maker, at=at)
            paper = seal_paper(paper=draft, by=approver, at=at)
        found.append(paper)
    if not Paper.objects.filter(blueprint__code=DRAFTS).exists():
        solution = assemble(blueprint=Blueprint.objects.get(code=DRAFTS), seed=1, forms=2)
        freeze_solution(solution=solution, by=maker, at=at)
    return found[:TO_SIT]
