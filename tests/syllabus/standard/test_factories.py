"""The small complete level that other rooms build on."""

import pytest

from syllabus.standard.models import Requirement
from tests.factories.standard import LevelFactory, RuleFactory

pytestmark = pytest.mark.django_db


def test_complete_level_has_all_that_a_paper_needs() -> None:
    level = LevelFactory(complete=True)

    assert [part.code for part in level.parts.all()] == ["theory", "skill"]
    assert [(one.code, one.weight, one.is_basics) for one in level.functions.all()] == [
        ("1", 50, False),
        ("2", 45, False),
        ("B", 5, True),
    ]
    codes = Requirement.objects.filter(work_content__function__level=level).values_list("code", flat=True)
    assert sorted(codes) == sorted(
        f"{content}.{kind}"
        for content in ("1.1", "1.2", "2.1", "2.2", "B.1", "B.2")
        for kind in ("S1", "S2", "K1", "K2")
    )


def test_levels_share_an_edition() -> None:
    assert LevelFactory(number=3).standard == LevelFactory(number=2).standard == RuleFactory().standard
