"""Computes papers; stores nothing."""

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from exams.assembly.engine.forms import Told
from exams.assembly.models import Blueprint
from exams.assembly.placing import placed_item
from exams.assembly.queries import drawn_pool, specification_of
from exams.assembly.rules import Placed, Specification, arrange
from exams.assembly.solutions import FormOfPaper, Solution, letter_of
from exams.assembly.solver import solve_forms
from exams.bank.models import ItemVersion
from syllabus.standard.queries import current_level


def assemble(
    *,
    blueprint: Blueprint,
    seed: int,
    avoid: Collection[int] = (),
    time_limit: float | None = None,
    forms: int = 1,
    overlap: int = 0,
    on: datetime.date | None = None,
    told: Told | None = None,
) -> Solution:
    """Return papers, or why there are none; stores nothing. `avoid`: ids of papers not to repeat.

    `forms` parallel papers share exactly `overlap` items. `on` is the day that rest after use is counted to
    (today). The same bank (the use of its items in frozen papers included), blueprint, seed and `avoid` give
    the same papers, unless `time_limit` (seconds) cuts the search short. Raises BlueprintUnusable.
    """
    level = current_level(blueprint.level_number)
    specification, frame = specification_of(blueprint, level)
    pool = drawn_pool(blueprint, level, frame, avoid=avoid, on=on or timezone.localdate())
    solved = solve_forms(
        pool.items,
        specification,
        seed=seed,
        forms=forms,
        overlap=overlap,
        time_limit=time_limit,
        told=told,
    )
    arranged = tuple(
        _form(letter_of(number, len(solved.forms)), form, specification, pool.versions, seed)
        for number, form in enumerate(solved.forms)
    )
    return Solution(
        blueprint,
        level,
        specification,
        frame.names,
        seed,
        tuple(sorted(avoid)),
        solved,
        arranged,
        pool.sha256,
    )


def _form(
    letter: str,
    form: Sequence[Placed],
    specification: Specification,
    versions: Mapping[int, ItemVersion],
    seed: int,
) -> FormOfPaper:
    """Return a solved form in the paper's order, with the order of its options."""
    placed = tuple(arrange(form, specification, seed))
    return FormOfPaper(letter, tuple(placed_item(one, versions[one.item.id], seed) for one in placed), placed)
