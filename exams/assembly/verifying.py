"""A stored paper checked again, without the solver: counted, its hash and contents compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assembly.enums import PaperState
from exams.assembly.equals import faults_of
from exams.assembly.errors import BlueprintUnusable
from exams.assembly.models import Paper, PaperItem
from exams.assembly.queries import (
    Drawn,
    drawn_pool,
    placed_items,
    specification_of,
    stored_specification,
)
from exams.assembly.rows import faults_of_record
from exams.assembly.solutions import digest_of
from exams.bank.models import ItemVersion
from exams.bank.rules import content_checksum


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of checking a paper. `faults` in words: empty where it is what it says.

    `is_blueprint_same`: its blueprint would ask the same today. `is_bank_same`: the pool is what it was drawn
    from, the uses by its own run left out; None where the paper does not say. Neither is a fault.
    """

    paper: Paper
    faults: list[str]
    sha256: str
    is_blueprint_same: bool
    is_bank_same: bool | None

    @property
    def fits(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """Return what `manage.py assemble --verify PAPER --format json` prints."""
        paper = self.paper
        return {
            "paper": paper.code,
            "fits": self.fits,
            "faults": self.faults,
            "sha256": {"stored": paper.sha256, "counted": self.sha256},
            "state": "withdrawn" if paper.withdrawn_at else str(paper.state),
            "letter": paper.form,
            "blueprint": {"code": paper.blueprint.code, "same": self.is_blueprint_same},
            "bank": {"sha256": paper.bank_sha256, "same": self.is_bank_same},
            "seed": paper.seed,
            "solver": paper.solver,
            "status": paper.status,
            "gap": paper.gap,
        }


def verify(paper: Paper) -> Verified:
    """Return what a second count of a stored paper finds, its items' contents included."""
    items = placed_items(paper)
    faults = faults_of(paper) + faults_of_record(paper)
    faults += [
        _("题目 %(code)s 的内容与其校验和不符。") % {"code": one.version.item.code}
        for one in items
        if checksum_of(one.version) != one.version.checksum
    ]
    return Verified(paper, faults, digest_of(items), _asks_the_same(paper), _has_same_bank(paper))


def checksum_of(version: ItemVersion) -> str:
    """Return the checksum of what a version says now, as its file would give it."""
    facts = {
        "knowledge": version.knowledge.code if version.knowledge else "",
        "difficulty": version.difficulty,
        "cognition": version.cognition,
    }
    return content_checksum(facts | asdict(version.content))


def _asks_the_same(paper: Paper) -> bool:
    try:
        asked, _frame = specification_of(paper.blueprint, paper.level)
    except BlueprintUnusable:
        return False
    return asked == stored_specification(paper)[0]


def _has_same_bank(paper: Paper) -> bool | None:
    """Return whether the pool is as it was, the uses by the papers of the same request left out."""
    if not paper.bank_sha256:
        return None
    _specification, frame = stored_specification(paper)
    asked_at = (paper.run.started_at if paper.run else None) or paper.frozen_at
    avoid = list(paper.run.avoid) if paper.run else []
    pool = drawn_pool(paper.blueprint, paper.level, frame, avoid=avoid, on=timezone.localdate(asked_at))
    used = _uses(paper)
    before = [
        # What was drawn was not barred.
        replace(one, used=one.used - used[item], barred=frozenset())
        if (item := pool.versions[one.id].item_id) in used
        else one
        for one in pool.items
    ]
    return Drawn(pool.versions, before).sha256 == paper.bank_sha256


def _uses(paper: Paper) -> Counter[int]:
    """Return how often the papers of the same request use each item (id)."""
    rows = PaperItem.objects.filter(paper__run=paper.run_id) if paper.run_id else paper.items.all()
    rows = rows.exclude(paper__state=PaperState.DRAFT, paper__withdrawn_at__isnull=False)  # taken back
    return Counter(rows.values_list("version__item", flat=True))
