"""The bank that the repository ships, read from its files: keys, figures, rubrics, drawings, spread."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

from config.sources import Problems
from exams.bank.files import ItemSource, read_item_files
from exams.bank.report.likeness import near_pairs
from exams.bank.types import get_kind
from exams.bank.types.calculation import expression, quantity
from exams.bank.types.calculation.kind import Calculation
from exams.bank.types.contract import Criterion
from exams.bank.types.graph.data import Graph
from exams.bank.types.graph.task import DrawingKind

FIXTURES = Path(__file__).parents[3] / "fixtures"
LEVELS = (3, 2, 1)
POOLS = ("live", "practice")
_PLAIN = str.maketrans({",": None, "，": None, " ": None, "－": "-", "−": "-", "–": "-"})
LETTER_OF_OPTION = re.compile(r"选项?\s*[A-E]|[A-E]\s*[项选]")


@cache
def bank() -> tuple[ItemSource, ...]:
    problems = Problems()
    files = read_item_files([FIXTURES / "items"], problems)
    assert problems.found == []
    return tuple(item for file in files for item in file.items)


@cache
def standard(level: int) -> dict[str, tuple[str, int]]:
    """Return function and weight of each requirement of a level, by code."""
    content = yaml.safe_load((FIXTURES / "standards" / f"level{level}.yaml").read_text(encoding="utf-8"))
    return {
        requirement["code"]: (function["code"], function["weight"])
        for function in content["functions"]
        for work in function["work_contents"]
        for requirement in (*work["skills"], *work["knowledge"])
    }


def theory(level: int, pool: str) -> list[ItemSource]:
    return [i for i in bank() if (i.level, i.pool) == (level, pool) and i.knowledge]


def skill(level: int, pool: str) -> list[ItemSource]:
    return [i for i in bank() if (i.level, i.pool) == (level, pool) and not i.knowledge]


TASKS = [item for item in bank() if not item.knowledge]
DRAWINGS = [item for item in TASKS if isinstance(get_kind(item.content.type), DrawingKind)]


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("level", LEVELS)
def test_every_knowledge_point_has_its_items(level: int, pool: str) -> None:
    counts = Counter(item.knowledge for item in theory(level, pool))
    least = 4 if level == 3 else 2
    knowledge = {code for code in standard(level) if ".K" in code}
    assert {code: counts[code] for code in knowledge if counts[code] < least} == {}
    assert set(counts) <= knowledge


def test_basics_of_level_3_serve_ten_points_of_professional_ethics() -> None:
    assert sum(item.knowledge.startswith("B.1.") for item in theory(3, "live")) >= 27


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("level", LEVELS)
def test_keys_give_nothing_away(level: int, pool: str) -> None:
    single = [one.content for one in theory(level, pool) if one.content.type == "single"]
    keys = Counter(one.key for one in single)
    assert all(abs(keys[letter] / len(single) - 0.25) <= 0.05 for letter in "ABCD")
    judged = Counter(one.content.key for one in theory(level, pool) if one.content.type == "true_false")
    assert 0.45 <= judged["T"] / judged.total() <= 0.55
    gained = Decimal(0)
    for one in single:
        lengths = [len(option) for option in one.options]
        if lengths["ABCD".index(one.key)] == max(lengths):
            gained += Decimal(1) / lengths.count(max(lengths))
    assert gained / len(single) <= Decimal("0.30")


def test_every_theory_item_is_explained_without_naming_an_option_by_its_letter() -> None:
    items = [item for item in bank() if item.knowledge]
    assert [item.code for item in items if len(item.content.explanation) < 15] == []
    assert [item.code for item in items if LETTER_OF_OPTION.search(item.content.explanation)] == []


@pytest.mark.parametrize("level", LEVELS)
def test_near_duplicates_are_rare(level: int) -> None:
    items = [item for item in bank() if item.level == level]
    pairs = near_pairs({number: item.stem for number, item in enumerate(items)})
    assert [(items[one.first].code, items[one.second].code) for one in pairs] == []


def test_every_calculation_recomputes_to_its_key_and_shows_it() -> None:
    calculations = [item for item in bank() if isinstance(get_kind(item.content.type), Calculation)]
    assert len([item for item in calculations if item.level == 1]) >= 24
    for item in calculations:
        _recomputes(item.code, dict(item.content.data))
        key = str(item.content.data["key"])
        assert shown_in(key, item.content.explanation), item.code


def test_every_worked_calculation_and_case_question_recomputes() -> None:
    tasks = [item for item in TASKS if item.content.type == "worked_calculation"]
    assert {item.level for item in tasks} == set(LEVELS)
    for item in tasks:
        for result in item.content.data["results"]:
            _recomputes(item.code, result)
            assert shown_in(result["key"], str(item.content.data["model_answer"])), (item.code, result)
    for item in (item for item in TASKS if item.content.type == "case"):
        for question in item.content.data["questions"]:
            if question["type"] == "calculation":
                _recomputes(item.code, question["data"])


def _recomputes(code: str, data: dict[str, str | int]) -> None:
    value = expression.evaluate(str(data["expression"]))
    key = Decimal(str(data["key"]))
    places = data.get("places")
    assert (value if places is None else quantity.rounded(value, int(places))) == key, code


def shown_in(key: str, text: str) -> bool:
    """Return whether a number stands in a text, with or without separators and trailing noughts."""
    plain = text.translate(_PLAIN)
    short = key.rstrip("0").rstrip(".") if "." in key else key
    return key in plain or short in plain


# --- Skill tasks


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("level", LEVELS)
def test_every_function_has_its_tasks_of_several_types(level: int, pool: str) -> None:
    types: dict[str, list[str]] = {function: [] for function, _weight in standard(level).values()}
    for item in skill(level, pool):
        for function in functions_of(item):
            types[function].append(item.content.type)
    least = 3 if pool == "live" else 2
    assert {function: len(found) for function, found in types.items() if len(found) < least} == {}
    assert {
        function: found for function, found in types.items() if len(set(found)) < 2 and function != "B"
    } == {}
    everything = {one for found in types.values() for one in found}
    assert {"case", "situation", "worked_calculation", "flow_chart", "organisation_chart"} <= everything
    assert {"essay", "oral"} <= everything
    assert pool == "practice" or "reply" in everything


def functions_of(item: ItemSource) -> set[str]:
    return {standard(item.level)[one.requirement][0] for one in item.content.criteria}


@pytest.mark.parametrize("item", TASKS, ids=lambda item: item.code)
def test_rubric_adds_up(item: ItemSource) -> None:
    criteria = item.content.criteria
    assert 2 <= len(criteria) <= 8
    for one in criteria:
        assert one.requirement in standard(item.level)
        _check_levels(one)
    functions = functions_of(item)
    if len(functions) == 1:  # such a task can carry the whole of its function
        weight = next(iter(standard(item.level)[one.requirement][1] for one in criteria))
        assert sum(one.least for one in criteria) <= weight <= sum(one.most for one in criteria)


def _check_levels(one: Criterion) -> None:
    points = [level.points for level in one.levels]
    assert len(points) >= 3
    assert points == sorted(set(points), reverse=True)
    assert (points[0], points[-1]) == (one.most, 0)
    assert 1 <= one.least <= one.most
    assert len({level.text for level in one.levels}) == len(points)


@pytest.mark.parametrize("item", TASKS, ids=lambda item: item.code)
def test_task_says_what_a_marker_needs(item: ItemSource) -> None:
    data = item.content.data
    assert data.get("model_answer") or item.content.type == "case"
    assert len(data.get("common_errors", ())) >= 2
    if item.content.type == "case":
        written = [one for one in data["questions"] if one["type"] == "short_answer"]
        assert all(one["data"]["model_answer"] for one in written)


@pytest.mark.parametrize("item", DRAWINGS, ids=lambda item: item.code)
def test_drawing_of_a_model_answer_is_a_sound_graph(item: ItemSource) -> None:
    kind = get_kind(item.content.type)
    assert isinstance(kind, DrawingKind)
    graph = kind.model(item.content)
    targets: dict[int, list[int]] = {node.id: [] for node in graph.nodes}
    sources = Counter(edge.target for edge in graph.edges)
    for edge in graph.edges:
        targets[edge.source].append(edge.target)
    (start,) = [node.id for node in graph.nodes if not sources[node.id]]
    assert reached(targets, start) == set(targets)
    if item.content.type == "organisation_chart":
        assert max(sources.values()) == 1
        return
    _check_flow(graph, targets, start)


def _check_flow(graph: Graph, targets: dict[int, list[int]], start: int) -> None:
    ends = [node.id for node in graph.nodes if not targets[node.id]]
    labels = {node.id: node.label for node in graph.nodes}
    assert labels[start].startswith("开始")
    assert all(labels[end].startswith("结束") for end in ends)
    assert all(reached(targets, node.id) & set(ends) for node in graph.nodes)
    for node in graph.nodes:
        if node.kind == "decision":
            leaving = [edge for edge in graph.edges if edge.source == node.id]
            assert len(leaving) >= 2
            assert all(edge.label for edge in leaving)


def reached(targets: dict[int, list[int]], start: int) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        for target in targets[waiting.pop()]:
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found
