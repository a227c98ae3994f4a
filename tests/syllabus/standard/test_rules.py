"""Soundness of content, as properties; the words for each finding are tested in test_reading."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllabus.standard import rules
from syllabus.standard.content import (
    DecisionEntry,
    FunctionEntry,
    LevelContent,
    RequirementEntry,
    RouteEntry,
    RulesContent,
    Source,
    VectorEntry,
    WorkContentEntry,
    checksum,
)
from tests.syllabus.standard.contents import level_content

weights = st.lists(st.integers(1, 99), min_size=1, max_size=8)


def work_content(code: str, *, skills: int = 1, knowledge: int = 1) -> WorkContentEntry:
    def entries(letter: str, kind: str, count: int) -> tuple[RequirementEntry, ...]:
        codes = [f"{code}.{letter}{number}" for number in range(1, count + 1)]
        return tuple(RequirementEntry(one, kind, f"要求 {one}", "X", "standard") for one in codes)

    return WorkContentEntry(
        code, f"内容 {code}", entries("S", "skill", skills), entries("K", "knowledge", knowledge)
    )


def with_functions(level: LevelContent, given_weights: list[int]) -> LevelContent:
    codes = [str(number) for number in range(1, len(given_weights))] + ["B"]
    functions = tuple(
        FunctionEntry(code, f"功能 {code}", weight, code == "B", False, (work_content(f"{code}.1"),))
        for code, weight in zip(codes, given_weights, strict=True)
    )
    return dataclasses.replace(level, functions=functions, vectors=())


@given(weights)
def test_weights_pass_exactly_when_they_make_100(values: list[int]) -> None:
    found = rules.check_weights(with_functions(level_content(), values))

    assert [one.facts for one in found] == ([] if sum(values) == 100 else [{"total": sum(values)}])


@given(weights, st.data())
def test_split_vector_passes_exactly_when_it_makes_100(values: list[int], data: st.DataObject) -> None:
    level = with_functions(level_content(), values)
    keys = [data.draw(st.sampled_from([one.code, one.work_contents[0].code])) for one in level.functions]
    source = Source("practice", "§5")
    vector = VectorEntry("other", "另一组", source, dict(zip(keys, values, strict=True)))

    found = rules.check_vectors(dataclasses.replace(level, vectors=(vector,)))

    assert [one.code for one in found] == ([] if sum(values) == 100 else ["vector_sum"])


@given(st.integers(0, 3), st.integers(0, 3))
def test_work_content_needs_both_kinds(skills: int, knowledge: int) -> None:
    level = with_functions(level_content(), [95, 5])
    first = dataclasses.replace(
        level.functions[0], work_contents=(work_content("1.1", skills=skills, knowledge=knowledge),)
    )

    found = rules.check_requirements(dataclasses.replace(level, functions=(first, level.functions[1])))

    assert [one.code for one in found] == ["no_skills"] * (not skills) + ["no_knowledge"] * (not knowledge)


@given(st.permutations(["1", "2", "B"]))
def test_basics_stand_last(order: list[str]) -> None:
    level = with_functions(level_content(), [50, 45, 5])
    by_code = {one.code: one for one in level.functions}
    turned = dataclasses.replace(level, functions=tuple(by_code[code] for code in order))

    found = rules.check_functions(turned)

    assert [one.code for one in found] == ([] if order[-1] == "B" else ["basics_last"])


def test_sound_level_has_no_findings() -> None:
    assert rules.check_level(level_content()) == []


@pytest.mark.parametrize(("number", "name"), [(3, "三级"), (2, "二级"), (1, "一级")])
def test_level_has_the_name_of_its_number(number: int, name: str) -> None:
    level = dataclasses.replace(level_content(), number=number)

    assert rules.check_heading(dataclasses.replace(level, name=name)) == []
    assert [one.code for one in rules.check_heading(dataclasses.replace(level, name="四级"))] == [
        "level_name"
    ]


def test_parts_are_theory_and_skill() -> None:
    level = level_content()
    theory, skill = level.parts

    assert rules.check_parts(level) == []
    assert [one.facts for one in rules.check_parts(dataclasses.replace(level, parts=(theory,)))] == [
        {"part": "skill"}
    ]
    assert [one.facts for one in rules.check_parts(dataclasses.replace(level, parts=(skill,)))] == [
        {"part": "theory"}
    ]


@given(st.integers(-1, 5), st.sampled_from([3, 2, 1]))
def test_certificate_asked_for_is_of_a_lower_level(held: int, number: int) -> None:
    route = RouteEntry(f"{number}-1", "取得证书满 2 年", "full", {"holds_level": held, "held_years": 2})
    level = dataclasses.replace(level_content(), number=number, routes=(route,))

    found = [one.code for one in rules.check_routes(level)]

    expected = (
        [] if number < held <= 3 else ["held_level_not_lower"] if held in (1, 2, 3) else ["condition_value"]
    )
    assert found == expected


@pytest.mark.parametrize(
    ("certainty", "clause", "is_sound"),
    [
        ("standard", "§1.7.4", True),
        ("standard", "§4", False),
        ("standard", "D1", False),
        ("practice", "§4", True),
        ("practice", "D4", False),
        ("decision", "D16", True),
        ("decision", "D0", False),
        ("decision", "§1.7.4", False),
    ],
)
def test_clause_fits_its_certainty(certainty: str, clause: str, is_sound: bool) -> None:
    assert (rules.check_source(Source(certainty, clause)) == []) is is_sound


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_decisions_pass_exactly_when_they_count_up(numbers: list[int]) -> None:
    decisions = tuple(DecisionEntry(f"D{number}", "题", "文") for number in numbers)

    found = rules.check_rules(RulesContent("csm", "2026.1", (), decisions))

    assert (found == []) is (numbers == list(range(1, len(numbers) + 1)))


def test_checksum_leaves_lines_out() -> None:
    level = level_content()
    moved = dataclasses.replace(
        level, functions=tuple(dataclasses.replace(one, line=one.line + 7) for one in level.functions)
    )

    assert checksum(moved) == checksum(level)


def test_checksum_tells_contents_apart() -> None:
    level = level_content()

    assert checksum(dataclasses.replace(level, name="二级")) != checksum(level)
