"""What papers the repository's bank and blueprints give: counted by the engine, not guessed."""

import pytest

from exams.analysis.demands import paper_demands
from exams.assembly.counting import check_paper
from exams.assembly.models import Blueprint
from exams.assembly.queries import drawn_pool, specification_of
from exams.assembly.solver import Room, room, solve
from exams.bank.report import bank_report
from exams.bank.report.verdicts import problems
from syllabus.standard.queries import current_level

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_bank")]


def _room(blueprint: Blueprint) -> Room:
    level = current_level(blueprint.level_number)
    specification, frame = specification_of(blueprint, level)
    return room(drawn_pool(blueprint, level, frame).items, specification)


def test_live_bank_gives_three_disjoint_papers_of_every_level_part_and_vector() -> None:
    found = {
        one.code: _room(one).built for one in Blueprint.objects.filter(pool="live", module="", is_short=False)
    }
    assert len(found) == 8  # three levels, theory and skill; 三级 under two vectors; 一级 with calculations
    assert {code: built for code, built in found.items() if built < 3} == {}


def test_practice_bank_gives_two_disjoint_papers_and_every_module_one() -> None:
    for blueprint in Blueprint.objects.filter(pool="practice", module="", is_short=False):
        assert _room(blueprint).built >= 2, blueprint.code
    modules = list(Blueprint.objects.exclude(module=""))
    assert len(modules) == 12
    assert all(_room(one).built >= 1 for one in modules)


def test_skill_papers_meet_the_weights_with_no_type_more_than_twice() -> None:
    for blueprint in Blueprint.objects.filter(part="skill"):
        level = current_level(blueprint.level_number)
        specification, frame = specification_of(blueprint, level)
        pool = drawn_pool(blueprint, level, frame).items
        for seed in (1, 2):
            paper = solve(pool, specification, seed=seed).paper
            assert check_paper(paper, specification) == []
            types = [one.item.type for one in paper]
            assert max(types.count(one) for one in types) <= 2, blueprint.code


def test_report_of_the_bank_finds_nothing_missing() -> None:
    assert [one.text for one in problems(bank_report(demands=paper_demands()))] == []
