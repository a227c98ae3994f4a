"""Worked calculation: results that recompute, and what of them is shown to whom."""

from typing import Any

import pytest

from exams.bank.types import get_kind
from tests.exams.bank.types.records import read, read_again, render
from tests.exams.bank.types.tasks import TASK, TASK_WITHOUT

KIND = get_kind("worked_calculation")
RESULTS = [
    {"name": "接通率", "key": "92", "unit": "%", "expression": "4600/5000*100"},
    {"name": "单次成本", "key": "12.50", "unit": "元", "places": 2, "expression": "57500/4600"},
]


def content(**changes: Any) -> Any:
    found, problems = read(KIND, TASK | {"results": RESULTS} | changes)
    assert not problems, problems
    return found


def test_task_comes_back_as_written() -> None:
    found = content()
    assert found.data["results"] == RESULTS
    assert read_again(KIND, found) == found


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "results"),
        ([RESULTS[0] | {"key": "91"}], "不符"),
        ([RESULTS[0] | {"expression": "4600÷x"}], "expression"),
        ([RESULTS[0] | {"key": "九十二"}], "key"),
        ([RESULTS[1] | {"places": 3}], "3 位小数"),
        ([RESULTS[0], RESULTS[0]], "重复"),
        ([RESULTS[0] | {"colour": "red"}], "colour"),
        ([{"key": "1", "expression": "1"}], "name"),
    ],
)
def test_results_that_cannot_be_are_refused(rows: list[dict[str, Any]], words: str) -> None:
    assert words in " ".join(read(KIND, TASK | {"results": rows})[1])


def test_results_are_for_the_marker_only() -> None:
    found = content(stem=TASK_WITHOUT["stem"])
    shown = render(KIND, "question", KIND.question(found, (), "")) + render(
        KIND, "print", KIND.printed(found, ())
    )
    assert "单次成本" not in shown
    assert "57500/4600" not in shown
    review = render(KIND, "review", KIND.review(found, (), "见附页"))
    assert "单次成本" in review
    assert "57500/4600" in review


def test_editor_gives_what_it_was_given_and_leaves_blank_rows_out() -> None:
    found = content()
    html = render(KIND, "editor", KIND.editor(found))
    assert html.count('name="result_name"') == 4
    columns = {
        f"result_{name}": [str(row.get(name, "")) for row in RESULTS] + ["", ""]
        for name in ("name", "key", "unit", "places", "expression")
    }
    assert KIND.from_editor(columns)["results"] == RESULTS
