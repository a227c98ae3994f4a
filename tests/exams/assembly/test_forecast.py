"""What the bank can do for a blueprint, stored or only typed."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from exams.assembly.errors import BlueprintUnusable
from exams.assembly.forecast import Forecast, RoomForecast, forecast, room_for
from exams.assembly.models import Blueprint
from exams.assembly.queries import Asked, source_of
from exams.assembly.rules import Quota, Section
from exams.bank.models import EnemyPair, Item
from syllabus.standard.models import Requirement
from syllabus.standard.queries import level_tree
from tests.factories.bank import ItemFactory, knowledge_points

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 3, 1)


def forecast_of(blueprint: Asked, level: Any) -> Forecast:
    return forecast(blueprint, level, level_tree(level), on=TODAY)


def room_of(blueprint: Asked, level: Any) -> RoomForecast:
    return room_for(blueprint, level, level_tree(level), on=TODAY)


def test_possible_blueprint_shows_what_each_function_needs_and_has(blueprint: Blueprint, level: Any) -> None:
    found = forecast_of(blueprint, level)
    assert found.is_possible
    assert (found.fitting, found.drawable, found.conflict, found.shortages) == (96, 96, (), ())
    limits = found.specification.limits
    assert limits.facility_least <= found.mean <= limits.facility_most
    assert [(row.weight, row.cells[0].have, row.cells[0].needed) for row in found.rows] == [
        (50, 32, Decimal(10)),
        (45, 32, Decimal(9)),
        (5, 32, Decimal(1)),
    ]
    assert [(one.label, one.have, one.is_short) for one in found.columns] == [("单项选择题", 96, False)]
    assert not any(row.is_short or cell.is_short for row in found.rows for cell in row.cells)


def test_typed_blueprint_is_answered_as_the_stored_one(blueprint: Blueprint, level: Any) -> None:
    stored, typed = forecast_of(blueprint, level), forecast_of(source_of(blueprint), level)
    assert stored.specification == typed.specification
    assert stored.solved.forms == typed.solved.forms


def test_impossible_blueprint_says_what_clashes_and_what_is_missing(blueprint: Blueprint, level: Any) -> None:
    source = source_of(blueprint)
    asked = replace(source, quotas=(Quota("difficulty", "1", 10, None),))
    found = forecast_of(asked, level)
    assert not found.is_possible
    assert found.conflict[0] == "以下要求单独一项就不能满足："
    assert found.conflict[1] == "难度“很易”至少 10 分（再补这类题 2 题可以化解）"
    assert len(found.shortages) == 1
    assert "难度 1" in found.shortages[0]


def test_sections_that_do_not_add_up_are_said_without_solving(blueprint: Blueprint, level: Any) -> None:
    source = source_of(blueprint)
    found = forecast_of(replace(source, sections=(Section("single", 19, 5),)), level)
    assert not found.is_possible
    assert found.shortages == ("各大题分值合计 95 分，各职业功能比重合计 100 分，两者必须相等。",)


def test_core_requirements_without_a_drawable_item_are_named(blueprint: Blueprint, level: Any) -> None:
    point = knowledge_points(level)[0]
    Requirement.objects.filter(pk=point.pk).update(importance="X")
    core = {one.code for one in knowledge_points(level) if one.importance == "X"} | {point.code}
    assert forecast_of(blueprint, level).unreachable == ()
    Item.objects.filter(current__knowledge=point).update(state="suspended")
    found = forecast_of(blueprint, level)
    assert found.core == len(core)
    assert [one.code for one in found.unreachable] == [point.code]


def test_items_shown_too_often_or_lately_are_counted_as_barred(blueprint: Blueprint, level: Any) -> None:
    at = datetime.datetime(2026, 2, 26, 16, 30, tzinfo=datetime.UTC)  # the 27th in Shanghai: two days ago
    Item.objects.filter(code__in=["3-001", "3-002"]).update(used_count=3)
    Item.objects.filter(code__in=["3-002", "3-003"]).update(last_used_at=at)
    source = source_of(blueprint)
    found = forecast_of(replace(source, exposure_cap=3, rest_days=3), level)
    assert found.barred == {"exposed": 2, "resting": 2}
    assert (found.fitting, found.drawable) == (96, 93)
    assert forecast_of(replace(source, exposure_cap=4, rest_days=2), level).drawable == 96


def test_pairs_of_enemies_are_counted(blueprint: Blueprint, level: Any) -> None:
    first, second = Item.objects.filter(code__in=["3-001", "3-002"]).order_by("pk")
    EnemyPair.objects.create(first=first, second=second, at=timezone.now())
    assert forecast_of(blueprint, level).enemies == 1


def test_module_paper_is_about_one_function_only(blueprint: Blueprint, level: Any) -> None:
    source = replace(source_of(blueprint), module="1", extra_per_knowledge=100)
    found = forecast_of(source, level)
    assert [(row.code, row.weight) for row in found.rows] == [("1", 100)]
    assert found.fitting == 32
    with pytest.raises(BlueprintUnusable):
        forecast_of(replace(source, module="9"), level)


def test_room_is_proven_and_names_what_runs_dry(blueprint: Blueprint, level: Any) -> None:
    found = room_of(blueprint, level)
    assert found.most is not None
    assert 1 <= found.built <= found.most == 3  # ten of thirty-two items of the first function in each paper
    assert found.dry[0].code in {"1", "2", "B"}
    assert found.dry[0].type == "单项选择题"
    assert found.dry[0].missing >= found.dry[-1].missing > 0


def test_room_of_an_empty_bank_is_none_and_proven(blueprint: Blueprint, level: Any) -> None:
    Item.objects.update(state="suspended")
    found = room_of(blueprint, level)
    assert (found.built, found.most, found.is_exact) == (0, 0, True)
    assert sum(one.missing for one in found.dry) == 20


@pytest.mark.parametrize("more", [0, 12])
def test_forecast_costs_the_same_for_every_bank(
    blueprint: Blueprint, level: Any, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number, point in enumerate(knowledge_points(level)[:more], start=500):
        ItemFactory(code=f"3-{number}", knowledge=point, difficulty=3)
    source, tree = source_of(blueprint), level_tree(level)
    with django_assert_num_queries(2):
        forecast(source, level, tree, on=TODAY)
