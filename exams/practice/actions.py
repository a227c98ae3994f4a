"""Starts mocks."""

import datetime
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from exams.assembly.actions import assemble, freeze_paper
from exams.assembly.models import Blueprint
from exams.delivery.actions import Someone, admit
from exams.delivery.enums import AttemptKind
from exams.delivery.models import Attempt
from exams.practice.errors import NoMockPossible
from exams.practice.queries import last_paper, open_mock


def start_mock(
    *, person: Someone, blueprint: Blueprint, at: datetime.datetime, seed: int | None = None
) -> Attempt:
    """Assemble a fresh practice paper for `person` and admit them to it; an open mock is returned as it is.

    The items of the person's last mock are avoided while the bank allows it. Raises NoMockPossible with the
    solver's reasons where the bank cannot fill the blueprint at all.
    """
    if attempt := open_mock(person, blueprint):
        return attempt
    seed = secrets.randbelow(2**31) if seed is None else seed
    solution = assemble(blueprint=blueprint, seed=seed, avoid=last_paper(person, blueprint))
    if not solution.is_feasible:
        solution = assemble(blueprint=blueprint, seed=seed)
    if not solution.is_feasible:
        raise NoMockPossible(
            _("练习库的题目不足，暂时组不出这份模拟卷。"), remedy=_("请稍后再试，或改做另一份模拟卷。")
        )
    with transaction.atomic():
        paper = freeze_paper(solution=solution, by=None, at=at)
        return admit(person=person, paper=paper, kind=AttemptKind.MOCK, centre=None, by=person, at=at)
