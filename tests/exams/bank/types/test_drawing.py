"""Flow charts and organisation charts as item types: files, answers, what is shown to whom."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.types import Content, ItemKind, UnreadableAnswer, get_kind
from exams.bank.types.contract import MOST_ANSWER_CHARACTERS
from exams.bank.types.graph.data import from_data, to_data, to_json
from exams.bank.types.graph.outline import read_outline, write_outline
from exams.bank.types.graph.task import DrawingKind
from tests.exams.bank.types.drawings import CHARTS, OUTLINES, graphs, model_graphs, task
from tests.exams.bank.types.records import answers, read, read_again, render

CODES = [chart.code for chart in CHARTS]
each = pytest.mark.parametrize("code", CODES)
WRONG = "1 开始 → 2\n2 步骤：甲 → 9"


def kind_of(code: str) -> DrawingKind:
    kind = get_kind(code)
    assert isinstance(kind, DrawingKind)
    return kind


def content(code: str, **changes: Any) -> Content:
    found, problems = read(kind_of(code), task(code, **changes))
    assert not problems, problems
    return found


@each
def test_task_is_read_with_its_model_answer(code: str) -> None:
    found = content(code)
    assert (
        write_outline(kind_of(code).chart, from_data(kind_of(code).chart, found.data["model_answer"]))
        == OUTLINES[code]
    )
    assert [one.requirement for one in found.criteria] == ["6.2.S2"]


@each
@given(data=st.data())
def test_what_is_written_is_read_again(code: str, data: Any) -> None:
    chart = kind_of(code).chart
    graph = data.draw(model_graphs(chart))
    found = content(code, model_answer=write_outline(chart, graph))
    assert found.data["model_answer"] == to_data(graph)
    assert read_again(kind_of(code), found) == found


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (WRONG, "items.yaml:3: model_answer：第 2 行：没有编号 9 的框。"),
        ("1 开始", "items.yaml:3: 参考答案至少要有两个框和一条连线。"),
        ("1 开始 → 2\n2 步骤：", "items.yaml:3: 参考答案的每个框都要有文字。"),
    ],
)
def test_model_answer_that_is_no_drawing_is_refused(model: str, problem: str) -> None:
    assert read(kind_of("flow_chart"), task("flow_chart", model_answer=model))[1] == [problem]


@each
@given(data=st.data())
def test_json_and_outline_are_the_same_answer(code: str, data: Any) -> None:
    kind, item = kind_of(code), content(code)
    graph = data.draw(graphs(kind.chart))
    canonical = to_json(to_data(graph)) if graph else ""
    assert kind.parse(item, to_json(to_data(graph))) == canonical
    assert kind.parse(item, write_outline(kind.chart, graph)) == canonical
    assert kind.from_fields(item, {"answer": [write_outline(kind.chart, graph)]}) == canonical
    assert len(canonical) <= MOST_ANSWER_CHARACTERS


@each
@given(text=answers() | st.text(max_size=300))
def test_parse_never_crashes_and_repeats(code: str, text: str) -> None:
    kind, item = kind_of(code), content(code)
    try:
        parsed = kind.parse(item, text)
    except UnreadableAnswer:
        return
    assert kind.parse(item, parsed) == parsed
    kind.question(item, (), parsed)
    kind.review(item, (), parsed)


def test_outline_with_faults_is_kept_as_it_was_written() -> None:
    kind, item = kind_of("flow_chart"), content("flow_chart")
    parsed = kind.parse(item, WRONG)
    assert json.loads(parsed) == {"outline": WRONG}
    shown = render(kind, "question", kind.question(item, (), parsed))
    assert WRONG in shown
    assert "第 2 行：没有编号 9 的框。" in shown
    assert "大纲有读不懂的地方" in render(kind, "review", kind.review(item, (), parsed))


@pytest.mark.parametrize("answer", ["{", "{}x", '{"nodes":[1]}', "\x00", f"甲{'长' * 9_001}", "1" * 20_001])
def test_what_no_page_sends_is_unreadable(answer: str) -> None:
    with pytest.raises(UnreadableAnswer):
        kind_of("flow_chart").parse(content("flow_chart"), answer)


@each
@pytest.mark.parametrize("answer", ["", "  \n", '{"nodes":[],"edges":[]}', '{"outline":""}'])
def test_empty_drawing_is_no_answer(code: str, answer: str) -> None:
    assert kind_of(code).parse(content(code), answer) == ""


def key_texts(item: Content) -> list[str]:
    return [node["label"] for node in item.data["model_answer"]["nodes"] if len(node["label"]) > 2]


@each
def test_candidate_never_sees_the_model_answer(code: str) -> None:
    kind, item = kind_of(code), content(code)
    views = {"question": kind.question(item, (), ""), "print": kind.printed(item, ())}
    for view, context in views.items():
        html = render(kind, view, context)
        assert [
            text
            for text in [*key_texts(item), "遗漏一个方向", "步骤完整"]
            if text in html or text in repr(context)
        ] == []


@each
def test_review_shows_both_drawings_and_their_comparison(code: str) -> None:
    kind, item = kind_of(code), content(code)
    lines = OUTLINES[code].splitlines()
    part = read_outline(kind.chart, "\n".join([*lines[:-1], f"{len(lines)} 步骤：赠送纪念礼品"])).graph
    html = render(kind, "review", kind.review(item, (), to_json(to_data(part))))
    assert html.count("<svg") == 2
    assert "赠送纪念礼品" in html
    assert [word for word in ("一致", "缺", "多出的框", "步骤完整", "遗漏一个方向") if word not in html] == []


@each
def test_review_without_answer_shows_the_key_alone(code: str) -> None:
    kind, item = kind_of(code), content(code)
    html = render(kind, "review", kind.review(item, (), ""))
    assert "未作答" in html
    assert html.count("<svg") == 1


@each
def test_paper_has_a_frame_and_the_marking_key_the_drawing(code: str) -> None:
    kind, item = kind_of(code), content(code)
    assert "drawing-frame" in render(kind, "print", kind.printed(item, ()))
    key = render(kind, "key", kind.printed_key(item))
    assert "<svg" in key
    assert "步骤完整" in key


@each
def test_editor_takes_both_forms_of_the_model_answer(code: str) -> None:
    kind, item = kind_of(code), content(code)
    assert OUTLINES[code] in render(kind, "editor", kind.editor(item))
    assert 'name="model_answer"' in render(kind, "editor", kind.editor(None))
    for text in (OUTLINES[code], to_json(item.data["model_answer"])):
        assert kind.from_editor({"model_answer": [text]})["model_answer"] == OUTLINES[code]
    assert kind.from_editor({"model_answer": [to_json({"outline": WRONG})]})["model_answer"] == WRONG
    assert kind.from_editor({"model_answer": ["{"]})["model_answer"] == "{"
    assert "model_answer" not in kind.from_editor({"model_answer": [""]})


@each
def test_people_mark_drawings(code: str) -> None:
    kind: ItemKind = kind_of(code)
    assert (kind.part, kind.marking) == ("skill", "human")
