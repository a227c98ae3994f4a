"""What the database itself refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from syllabus.standard.models import StandardEvent, VectorWeight
from tests.factories.standard import (
    DecisionFactory,
    EligibilityRouteFactory,
    FunctionFactory,
    LevelFactory,
    PartFactory,
    RequirementFactory,
    RuleFactory,
    StandardFactory,
    WeightVectorFactory,
    WorkContentFactory,
)

pytestmark = pytest.mark.django_db


def refuse(constraint: str, make: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_level_number_is_one_to_three() -> None:
    standard = StandardFactory()
    refuse("level_number_1_to_3", lambda: LevelFactory(number=4, name="四级", standard=standard))


@pytest.mark.parametrize("weight", [0, 101])
def test_function_weight_is_one_to_hundred(weight: int) -> None:
    level = LevelFactory()
    refuse("function_weight_1_to_100", lambda: FunctionFactory(level=level, weight=weight))


@pytest.mark.parametrize("mark", [0, 101])
def test_pass_mark_is_within_hundred(mark: int) -> None:
    level = LevelFactory()
    refuse("part_pass_mark_within_100", lambda: PartFactory(level=level, pass_mark=mark))


@pytest.mark.parametrize("field", ["minutes", "valid_years"])
def test_part_numbers_are_positive(field: str) -> None:
    level = LevelFactory()
    refuse("part_numbers_positive", lambda: PartFactory(level=level, **{field: 0}))


def test_codes_stand_once() -> None:
    level = LevelFactory(complete=True)
    function = level.functions.all()[0]
    content = function.work_contents.all()[0]
    standard = level.standard
    EligibilityRouteFactory(level=level, position=1)
    WeightVectorFactory(level=level)
    RuleFactory(standard=standard, code="results.gap")
    DecisionFactory(standard=standard, position=1)

    refuse("part_once_per_level", lambda: PartFactory(level=level, code="theory"))
    refuse("function_code_once_per_level", lambda: FunctionFactory(level=level, position=1))
    refuse("work_content_code_once", lambda: WorkContentFactory(function=function, position=1))
    refuse("requirement_code_once", lambda: RequirementFactory(work_content=content, position=1))
    refuse("route_code_once_per_level", lambda: EligibilityRouteFactory(level=level, position=1))
    refuse("vector_code_once_per_level", lambda: WeightVectorFactory(level=level))
    refuse("decision_code_once_per_edition", lambda: DecisionFactory(standard=standard, position=1))


def test_vector_weight_is_of_one_thing_once() -> None:
    level = LevelFactory(complete=True)
    vector = WeightVectorFactory(level=level)
    function = level.functions.all()[0]
    content = function.work_contents.all()[0]
    weigh = VectorWeight.objects.create
    weigh(vector=vector, function=function, weight=5)

    refuse("vector_weight_of_one_thing", lambda: weigh(vector=vector, weight=5))
    refuse(
        "vector_weight_of_one_thing",
        lambda: weigh(vector=vector, function=function, work_content=content, weight=5),
    )
    refuse("vector_weight_once", lambda: weigh(vector=vector, function=function, weight=6))


def test_events_are_never_altered_or_deleted() -> None:
    standard = StandardFactory()
    event = StandardEvent.objects.create(
        standard=standard, at=standard.loaded_at, file="level3.yaml", checksum="0" * 64
    )

    refuse("never altered", lambda: StandardEvent.objects.update(file="other.yaml"))
    refuse("never altered", event.delete)
