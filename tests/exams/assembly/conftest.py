"""A small bank that one small blueprint can be served from, and the real bank as shipped."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from exams.assembly.models import Blueprint
from tests.factories.assembly import BlueprintFactory, BlueprintSectionFactory
from tests.factories.bank import ItemFactory, knowledge_points
from tests.factories.bank_files import load_shipped
from tests.factories.standard import LevelFactory

AT = datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.UTC)


@pytest.fixture
def level() -> Any:
    """三级 with weights 50 + 45 + 5 and four knowledge points in each function."""
    return LevelFactory(complete=True)


@pytest.fixture
def blueprint(level: Any) -> Blueprint:
    """Twenty singles of five points from a bank that has four items on every knowledge point."""
    blueprint = BlueprintFactory(
        code="small", least_per_work_content=0, extra_per_knowledge=10, facility_least=Decimal("0.550")
    )
    BlueprintSectionFactory(blueprint=blueprint, type="single", count=20, points=5)
    for number, point in enumerate(knowledge_points(level) * 8, start=1):
        ItemFactory(code=f"3-{number:03d}", knowledge=point, difficulty=number % 3 + 2)
    return blueprint


@pytest.fixture
def real_bank() -> None:
    """The standard, the sample bank and the blueprints of the repository."""
    load_shipped()
