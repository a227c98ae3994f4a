"""What skill tasks share: criteria read and refused, the editor's rows, scaled levels."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.enums import Marking
from exams.bank.types import Criterion, RubricLevel, get_kind
from exams.bank.types.skill import criteria_of_rows, criterion_rows, scaled_levels, whole
from tests.exams.bank.types.records import read, read_again, render, words
from tests.exams.bank.types.tasks import CRITERIA, TASK

KIND = get_kind("short_answer")


def test_task_is_read_with_its_criteria() -> None:
    content, problems = read(KIND, TASK)
    assert problems == []
    assert (KIND.part, KIND.marking) == ("skill", Marking.HUMAN)
    assert content.criteria[0] == Criterion(
        "6.2.S2",
        "说明处理步骤",
        2,
        6,
        (RubricLevel(6, "步骤完整"), RubricLevel(3, "缺一到两步"), RubricLevel(0, "未说明")),
    )
    assert content.criteria[1].levels == ()
    assert read_again(KIND, content) == content


def changed(**changes: Any) -> list[dict[str, Any]]:
    return [CRITERIA[0] | changes]


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ([], "criteria 不能是空列表"),
        (None, "缺少 criteria"),
        (changed(requirement="6.2.K2"), "requirement 的写法不对"),
        (changed(text=""), "text 不能为空"),
        (changed(text="字" * 301), "最多 300 个"),
        (changed(least=0), "least 应在 1 到 100 之间"),
        (changed(least=7), "most 不能小于 least"),
        (changed(most=6.5), "most 应为整数"),
        (changed(levels=[{"points": 3, "text": "甲"}, {"points": 6, "text": "乙"}]), "从高到低"),
        (changed(levels=[{"points": 6, "text": "甲"}, {"points": 6, "text": "乙"}]), "从高到低"),
        (changed(levels=[{"points": 5, "text": "甲"}]), "满分 6 分"),
        (changed(levels=[{"points": 6, "text": "甲", "more": 1}]), "不认识的键 more"),
        (changed(levels=["6 甲"]), "应为一组"),
        (changed(weight=1), "不认识的键 weight"),
        ([CRITERIA[0], CRITERIA[0] | {"text": "说明 处理步骤"}], "重复"),
    ],
)
def test_criteria_are_refused(criteria: object, message: str) -> None:
    _content, problems = read(KIND, TASK | {"criteria": criteria})
    assert message in " ".join(problems)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model_answer": None}, "缺少 model_answer"),
        ({"model_answer": r"$\evil$"}, "公式里不能用"),
        ({"material": "[甲](http://x)"}, "不放链接"),
        ({"common_errors": []}, "common_errors 不能是空列表"),
        ({"stem": ""}, "stem 不能为空"),
    ],
)
def test_task_is_refused(changes: dict[str, Any], message: str) -> None:
    _content, problems = read(KIND, TASK | changes)
    assert message in " ".join(problems)


def test_editor_gives_back_what_it_shows() -> None:
    content, _problems = read(KIND, TASK)
    shown = KIND.editor(content)
    html = render(KIND, "editor", shown)
    assert html.count('name="criterion_text"') == 4  # two and two spare
    fields = {
        "material": [shown["data"]["material"].replace("\n", "\r\n")],
        "model_answer": [shown["data"]["model_answer"]],
        "common_errors": [shown["common_errors"]],
        **{
            f"criterion_{name}": [str(row[name]) for row in shown["criteria_rows"]]
            for name in ("requirement", "text", "least", "most", "levels")
        },
    }
    record = {"stem": content.stem} | KIND.from_editor(fields)
    assert read(KIND, record) == (content, [])


def test_editor_of_a_new_task_shows() -> None:
    for code in ("short_answer", "essay", "reply", "oral", "case"):
        kind = get_kind(code)
        assert 'name="criterion_text"' in render(kind, "editor", kind.editor(None))


def test_editor_row_that_is_no_number_is_left_to_the_reader() -> None:
    (row,) = criteria_of_rows(
        {"criterion_text": ["要点"], "criterion_least": ["两"], "criterion_levels": ["满分 好"]}
    )
    assert row == {
        "requirement": "",
        "text": "要点",
        "least": "两",
        "levels": [{"points": "满分 好", "text": ""}],
    }
    assert whole("１２") == "１２"


criteria = st.builds(
    lambda text, least, more, levels: Criterion(
        "6.2.S2",
        text,
        least,
        least + more,
        tuple(
            RubricLevel(points, f"档 {points}")
            for points in sorted({least + more, *(one for one in levels if one < least + more)}, reverse=True)
        )
        if levels
        else (),
    ),
    words(20),
    st.integers(1, 40),
    st.integers(0, 40),
    st.lists(st.integers(0, 80), max_size=4),
)


@given(st.lists(criteria, min_size=1, max_size=5, unique_by=lambda one: one.text))
def test_criteria_come_back_from_rows(found: list[Criterion]) -> None:
    rows = criterion_rows(found)
    fields = {
        f"criterion_{name}": [str(row[name]) for row in rows]
        for name in ("requirement", "text", "least", "most", "levels")
    }
    assert len(criteria_of_rows(fields)) == len(found)


@given(criteria, st.data())
def test_scaled_levels_keep_their_order_and_their_ends(criterion: Criterion, data: st.DataObject) -> None:
    points = data.draw(st.integers(criterion.least, criterion.most))
    levels = scaled_levels(criterion, points)
    numbers = [level.points for level in levels]
    assert numbers == sorted(set(numbers), reverse=True)
    if criterion.levels:
        assert levels[0] == RubricLevel(points, criterion.levels[0].text)
