"""What is current, and how many queries it takes."""

from decimal import Decimal
from typing import Any

import pytest

from syllabus.standard import queries
from syllabus.standard.errors import UnknownLevel, UnknownRule
from syllabus.standard.models import VectorWeight
from tests.factories.standard import (
    DecisionFactory,
    LevelFactory,
    RuleFactory,
    StandardFactory,
    WeightVectorFactory,
)

pytestmark = pytest.mark.django_db


def test_current_level_is_in_the_newest_edition_that_has_it() -> None:
    newest = LevelFactory(number=3, standard__edition="2026.10")
    LevelFactory(number=3, standard__edition="2026.9")
    older = LevelFactory(number=2, standard__edition="2026.9")

    assert queries.current_level(3) == newest
    assert queries.current_levels() == [newest, older]
    assert [one.standard.edition for one in queries.level_editions(3)] == ["2026.10", "2026.9"]


def test_unknown_level_is_refused() -> None:
    with pytest.raises(UnknownLevel, match="没有级别 3 的标准") as refusal:
        queries.current_level(3)

    assert (refusal.value.number, refusal.value.clause) == (3, "§1.3")


def test_edition_is_found_by_name() -> None:
    level = LevelFactory(number=3, standard__edition="2026.1")

    assert queries.edition_of_level(3, "2026.1") == level
    with pytest.raises(UnknownLevel):
        queries.edition_of_level(3, "2026.2")


def test_level_tree_holds_everything_in_order() -> None:
    tree = queries.level_tree(LevelFactory(complete=True))

    assert [(one.code, [content.code for content in one.work_contents]) for one in tree.functions] == [
        ("1", ["1.1", "1.2"]),
        ("2", ["2.1", "2.2"]),
        ("B", ["B.1", "B.2"]),
    ]
    first = tree.functions[0].work_contents[0]
    assert [one.code for one in first.skills] == ["1.1.S1", "1.1.S2"]
    assert [one.code for one in first.knowledge] == ["1.1.K1", "1.1.K2"]
    assert tree.counts == {"functions": 2, "work_contents": 4, "skills": 8, "knowledge": 8}


@pytest.mark.parametrize("complete", [False, True])
def test_level_tree_takes_as_many_queries_whatever_it_holds(
    complete: bool, django_assert_num_queries: Any
) -> None:
    level = LevelFactory(complete=complete, parts=True)
    if complete:
        vector = WeightVectorFactory(level=level)
        VectorWeight.objects.bulk_create(
            VectorWeight(vector=vector, function=one, weight=one.weight) for one in level.functions.all()
        )

    with django_assert_num_queries(7 if complete else 4):
        queries.level_tree(level)


def test_vector_shows_split_functions_by_their_contents() -> None:
    level = LevelFactory(complete=True)
    vector = WeightVectorFactory(level=level)
    first, second, basics = level.functions.all()
    one, other = basics.work_contents.all()
    for fields in ({"function": first, "weight": 45}, {"function": second, "weight": 40}):
        VectorWeight.objects.create(vector=vector, **fields)
    VectorWeight.objects.create(vector=vector, work_content=one, weight=10)
    VectorWeight.objects.create(vector=vector, work_content=other, weight=5)

    (table,) = queries.level_tree(level).vectors

    assert [(line.own, line.weight, line.parts) for line in table.lines] == [
        (50, 45, []),
        (45, 40, []),
        (5, 15, [(one.name, 10), (other.name, 5)]),
    ]


def test_rule_value_is_the_newest_editions() -> None:
    RuleFactory(code="results.gap", value=30, standard=StandardFactory(edition="2026.9"))
    RuleFactory(code="results.gap", value="0.65", standard=StandardFactory(edition="2026.10"))
    LevelFactory(standard__edition="2027.1")

    assert queries.rule_value("results.gap") == Decimal("0.65")
    assert [one.standard.edition for one in queries.rules()] == ["2026.10"]


def test_rule_dropped_by_the_newest_edition_is_unknown() -> None:
    RuleFactory(code="results.old", standard=StandardFactory(edition="2026.1"))
    RuleFactory(code="results.new", standard=StandardFactory(edition="2026.2"))

    with pytest.raises(UnknownRule, match=r"results\.old"):
        queries.rule_value("results.old")


def test_rules_and_decisions_are_empty_before_anything_is_loaded() -> None:
    assert (queries.rules(), queries.decisions(), queries.rules_by_group()) == ([], [], {})


def test_decisions_come_in_order() -> None:
    standard = RuleFactory().standard
    for number in (2, 10, 1):
        DecisionFactory(standard=standard, position=number)

    assert [one.code for one in queries.decisions()] == ["D1", "D2", "D10"]
