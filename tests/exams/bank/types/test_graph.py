"""Graphs of drawings: three forms of the same, places without overlap, ways, pictures, comparison."""

import json
import re
from itertools import combinations, pairwise
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.bank.types.graph.comparison import compare, likeness
from exams.bank.types.graph.data import (
    FLOW_CHART,
    MOST_EDGES,
    MOST_NODES,
    ORGANISATION_CHART,
    Chart,
    Graph,
    GraphError,
    build,
    from_json,
    to_data,
    to_json,
)
from exams.bank.types.graph.outline import Outline, arranged, read_outline, write_outline
from exams.bank.types.graph.picture import SMALL, TEXT, Box, draw, text_width, wrap
from exams.bank.types.graph.route import ways
from exams.bank.types.graph.svg import svg
from tests.exams.bank.types.drawings import CHARTS, FLOW, ORGANISATION, drafts, graphs, most_boxes

charts = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: str(chart.code))


def flow(text: str) -> Graph:
    outline = read_outline(FLOW_CHART, text)
    assert outline.faults == ()
    return outline.graph


def meet(one: Box, other: Box) -> bool:
    return (
        abs(one.x - other.x) * 2 < one.width + other.width
        and abs(one.y - other.y) * 2 < one.height + other.height
    )


# --- Three forms of one drawing


@charts
@given(data=st.data())
def test_graph_json_and_outline_say_the_same(chart: Chart, data: Any) -> None:
    graph = data.draw(graphs(chart))
    assert from_json(chart, to_json(to_data(graph))) == graph
    assert read_outline(chart, write_outline(chart, graph)) == Outline(graph)


@charts
@given(data=st.data())
def test_outline_of_an_arranged_drawing_has_no_places(chart: Chart, data: Any) -> None:
    graph = arranged(data.draw(graphs(chart)), chart)
    text = write_outline(chart, graph)
    assert not re.search(r"\s@\d+,\d+( →|$)", text, re.MULTILINE)
    assert read_outline(chart, text).graph == graph


@given(
    text=st.text()
    | st.lists(st.sampled_from([*"0123456789\n→ -=>@,：（）、\\", "步骤", "1 ", "开始"])).map("".join)
)
def test_reading_any_text_never_crashes(text: str) -> None:
    for chart in CHARTS:
        outline = read_outline(chart, text)
        assert read_outline(chart, write_outline(chart, outline.graph)) == Outline(outline.graph)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("开始 → 2", ["第 1 行：每行以编号开头，如“2 步骤：核对身份 → 3”。"]),
        ("1 开始 →", ["第 1 行：箭头后面要写编号，如“→ 3（是）、4（否）”。"]),
        ("\n1 开始 → 甲", ["第 2 行：箭头后面要写编号，如“→ 3（是）、4（否）”。"]),
        ("1 开始 → 2", ["第 1 行：没有编号 2 的框。"]),
        ("1 步骤：甲 → 1", ["第 1 行：框 1 不能连到自己。"]),
        ("1 步骤：甲 → 2、2\n2 结束", ["第 1 行：1 → 2 重复。"]),
        ("1 步骤：甲\n1 步骤：乙", ["第 2 行：编号 1 重复。"]),
        ("1 步骤：甲 @121,0", ["第 1 行：位置最大为 120,99。"]),
        (f"1 步骤：{'长' * 41}", ["第 1 行：文字有 41 个字，最多 40 个。"]),
        ("1 步骤：\ufeff甲", ["第 1 行：文字含有不能用的字符。"]),
        (f"{most_boxes()}\n61 步骤：甲", ["第 61 行：最多 60 个框。"]),
    ],
)
def test_outline_faults_name_the_line(text: str, faults: list[str]) -> None:
    found = read_outline(FLOW_CHART, text).faults
    assert [f"第 {fault.line} 行：{fault.message}" for fault in found] == faults


def test_outline_is_read_as_people_type_it() -> None:
    typed = "１. 开始 -> 2\n\n2、判断 是否属实? => 3(是),４（否）\n3) 上报 —> 4\n4：结束"
    assert write_outline(FLOW_CHART, flow(typed)) == (
        "1 开始 → 2\n2 判断：是否属实? → 3（是）、4（否）\n3 步骤：上报 → 4\n4 结束"
    )


def test_boxes_are_numbered_again_line_by_line() -> None:
    assert write_outline(FLOW_CHART, flow("10 开始 → 7\n7 结束")) == "1 开始 → 2\n2 结束"


# --- Limits


def node(number: int, **changes: Any) -> dict[str, Any]:
    return {"id": number, "kind": "step", "label": "甲", "x": 0, "y": number} | changes


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"nodes": 1},
        {"nodes": [1]},
        {"nodes": [{}]},
        {"nodes": [node(1), node(1)]},
        {"nodes": [node(1), node("1")]},  # type: ignore[arg-type]
        {"nodes": [node(1, kind="department")]},
        {"nodes": [node(1, label="长" * 41)]},
        {"nodes": [node(1, label="\x00")]},
        {"nodes": [node(1, label=1)]},
        {"nodes": [node(1, x=0.5)]},
        {"nodes": [node(1, x=True)]},
        {"nodes": [node(1, x=10**9)]},
        {"nodes": [node(1), node(2, x=121)]},
        {"nodes": [node(number) for number in range(MOST_NODES + 1)]},
        {"nodes": [node(1)], "edges": [{"from": 1, "to": 2}]},
        {"nodes": [node(1)], "edges": [{"from": 1, "to": 1}]},
        {"nodes": [node(1), node(2)], "edges": [{"from": 1, "to": 2}] * 2},
        {"nodes": [node(1), node(2)], "edges": [{"from": 1, "to": 2, "label": "长" * 41}]},
        {"nodes": [node(1), node(2)], "edges": [{"from": None, "to": 2}]},
    ],
)
def test_data_that_are_no_drawing_are_refused(data: Any) -> None:
    with pytest.raises(GraphError):
        from_json(FLOW_CHART, json.dumps(data))


def test_most_connectors_are_counted() -> None:
    nodes = [node(number) for number in range(12)]
    pairs = [(one, other) for one in range(12) for other in range(12) if one != other]
    edges = [{"from": source, "to": target} for source, target in pairs]
    assert (
        len(from_json(FLOW_CHART, json.dumps({"nodes": nodes, "edges": edges[:MOST_EDGES]})).edges)
        == MOST_EDGES
    )
    with pytest.raises(GraphError, match="最多 120 条连线"):
        from_json(FLOW_CHART, json.dumps({"nodes": nodes, "edges": edges[: MOST_EDGES + 1]}))


# --- Places and ways


@charts
@given(data=st.data())
def test_boxes_never_overlap(chart: Chart, data: Any) -> None:
    graph = build(chart, data.draw(drafts(chart)))
    for one in (graph, arranged(graph, chart)):
        assert not [pair for pair in combinations(draw(chart, one).boxes, 2) if meet(*pair)]


@charts
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_connectors_join_their_boxes_and_run_through_none(chart: Chart, data: Any) -> None:
    graph = data.draw(graphs(chart, 10))
    standing = {(one.x, 2 * one.y + 1): one.id for one in graph.nodes}
    for edge, way in zip(graph.edges, ways(chart, graph), strict=True):
        assert (standing[way[0]], standing[way[-1]]) == (edge.source, edge.target)
        assert not [point for point in way[1:-1] if point in standing]
        steps = [abs(x - to_x) + abs(y - to_y) for (x, y), (to_x, to_y) in pairwise(way)]
        assert set(steps) == {1}


def test_flow_runs_down_with_branches_to_the_right() -> None:
    assert [(one.x, one.y) for one in flow(FLOW).nodes] == [
        (0, 0),
        (0, 1),
        (0, 2),
        (0, 3),
        (2, 3),
        (2, 4),
        (0, 5),
    ]


def test_parents_stand_centred_above_their_children() -> None:
    graph = read_outline(ORGANISATION_CHART, ORGANISATION).graph
    assert [(one.x, one.y) for one in graph.nodes] == [(1, 0), (0, 1), (3, 1), (2, 2), (4, 2)]


def test_way_back_does_not_lengthen_a_drawing() -> None:
    graph = flow("1 开始 → 2\n2 步骤：甲 → 3\n3 判断：乙 → 2（否）、4（是）\n4 结束")
    assert [(one.x, one.y) for one in graph.nodes] == [(0, 0), (0, 1), (0, 2), (0, 3)]


def test_ways_of_a_decision_leave_it_apart() -> None:
    graph = flow("1 判断：甲 → 2（是）、3（否）\n2 步骤：乙\n3 步骤：丙")
    first, second = ways(FLOW_CHART, graph)
    assert first[1] != second[1]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: str(chart.code))
def test_most_boxes_fit(chart: Chart) -> None:
    graph = read_outline(chart, most_boxes()).graph
    assert len(graph.nodes) == MOST_NODES
    assert not [pair for pair in combinations(draw(chart, graph).boxes, 2) if meet(*pair)]


# --- Pictures


@charts
@given(data=st.data())
def test_svg_has_every_label_and_no_style(chart: Chart, data: Any) -> None:
    graph = data.draw(graphs(chart, 8))
    text = svg(chart, graph)
    assert not re.search(r"\bstyle=|<style|<script|\bon\w+=|\bid=", re.sub(r">[^<]*<", "><", text))
    said = re.sub(r"\s", "", "".join(re.findall(r"<text[^>]*>([^<]*)</text>", text)))
    assert all(f">{line}<" in text for line in _escaped(chart, graph))
    assert len(said) >= len(graph.nodes) - sum(not one.label for one in graph.nodes)
    assert min(map(int, re.findall(r'font-size="(\d+)"', text)), default=TEXT) >= 12


def _escaped(chart: Chart, graph: Graph) -> list[str]:
    from html import escape

    picture = draw(chart, graph)
    found = [line for one in picture.boxes for line in one.lines]
    for box in picture.boxes:
        assert _bare("".join(box.lines)) == _bare(box.node.label)
    for line in picture.lines:
        assert _bare("".join(line.lines)) == _bare(line.edge.label)
    return [escape(line) for line in found]


def _bare(text: str) -> str:
    return text.replace(" ", "")


def test_svg_is_well_formed_and_says_what_it_is() -> None:
    root = fromstring(svg(FLOW_CHART, flow("1 开始：<b>&\"' → 2\n2 结束")))
    assert root.get("aria-label") == "图：2 个框，1 条连线"
    assert "<b>&\"'" in [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]


def test_arrows_are_for_flows_only() -> None:
    assert svg(FLOW_CHART, flow(FLOW)).count('class="head"') == 7
    organisation = read_outline(ORGANISATION_CHART, ORGANISATION).graph
    assert svg(ORGANISATION_CHART, organisation).count('class="head"') == 0


def test_wide_drawing_is_turned_for_paper() -> None:
    wide = read_outline(ORGANISATION_CHART, most_boxes()).graph
    assert 'transform="rotate(90)"' in svg(ORGANISATION_CHART, wide, width=640)
    assert "rotate" not in svg(FLOW_CHART, flow(FLOW), width=640)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("回访", ("回访",)),
        ("倾听并记录客户诉求与联系方式", ("倾听并记录客户", "诉求与联系方式")),
        ("填写《客户投诉处理登记表》", ("填写《客户投诉", "处理登记表》")),
        ("在24小时内处理并反馈给客户", ("在24小时内处", "理并反馈给客户")),
        ("一二三四五六七八九，", ("一二三四五", "六七八九，")),
        ("W" * 40, ("W" * 14, "W" * 14, "W" * 12)),
    ],
)
def test_labels_wrap_evenly_and_by_the_rules(text: str, lines: tuple[str, ...]) -> None:
    assert wrap(text, TEXT, 126) == lines


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], codec="utf-8"), max_size=40))
def test_no_line_is_much_wider_than_its_box(text: str) -> None:
    assert all(
        text_width(line.rstrip("，。、；：？！）》」』】〉”’,.;:?!)]}%…"), SMALL) <= 78
        for line in wrap(text, SMALL, 78)
    )


# --- Comparison


MODEL = "1 开始 → 2\n2 判断：能否当场解决？ → 3（是）、4（否）\n3 步骤：答复客户\n4 文档：填写投诉转办单"


@pytest.mark.parametrize(
    ("answer", "boxes", "edges"),  # matched, missing, extra; matched, turned, missing, extra
    [
        (MODEL, ([1, 2, 3, 4], [], []), (3, 0, 0, 0)),
        ("", ([], [1, 2, 3, 4], []), (0, 0, 3, 0)),
        ("1 开始 → 2\n2 判断：能否当场解决", ([1, 2], [3, 4], []), (1, 0, 2, 0)),
        ("1 开始\n2 步骤：回访客户 → 1", ([1], [2, 3, 4], [2]), (0, 0, 3, 1)),
        ("1 判断：当场能解决吗 → 2\n2 开始", ([1, 2], [3, 4], []), (0, 1, 2, 0)),
        ("1 步骤：填写转办单", ([4], [1, 2, 3], []), (0, 0, 3, 0)),
        ("1 步骤：答复客户\n2 步骤：答复客户", ([3], [1, 2, 4], [2]), (0, 0, 3, 0)),
    ],
    ids=["same", "nothing", "part", "other", "turned", "alike", "twice"],
)
def test_comparison_names_matched_missing_and_extra(
    answer: str, boxes: tuple[list[int], list[int], list[int]], edges: tuple[int, int, int, int]
) -> None:
    found = compare(flow(answer), flow(MODEL))
    matched = [pair.model.id for pair in found.nodes]
    assert (matched, [one.id for one in found.missing_nodes], [one.id for one in found.extra_nodes]) == boxes
    counts = len(found.edges), len(found.turned_edges), len(found.missing_edges), len(found.extra_edges)
    assert counts == edges


def test_comparison_tells_other_kinds_and_labels() -> None:
    found = compare(flow(MODEL.replace("文档：", "步骤：").replace("（否）", "（不能）")), flow(MODEL))
    assert [pair.is_same_kind for pair in found.nodes] == [True, True, True, False]
    assert [pair.is_same_label for pair in found.edges] == [True, True, False]


@charts
@given(data=st.data())
def test_comparison_counts_every_box_and_connector_once(chart: Chart, data: Any) -> None:
    answer, model = data.draw(graphs(chart, 6)), data.draw(graphs(chart, 6))
    found = compare(answer, model)
    assert len(found.nodes) + len(found.missing_nodes) == len(model.nodes)
    assert len(found.nodes) + len(found.extra_nodes) == len(answer.nodes)
    drawn = len(found.edges) + len(found.turned_edges)
    assert drawn + len(found.extra_edges) == len(answer.edges)
    assert len(found.edges) + len(found.missing_edges) <= len(model.edges)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("回访", "回 访。", 100, 100),
        ("回访", "回访客户", 60, 99),
        ("当场解决", "当场处理并解决", 50, 99),
        ("责任部门处理", "责任部门在24小时内处理并反馈", 50, 99),
        ("客户服务部", "生产部", 0, 49),
        ("开始", "结束", 0, 0),
        ("", "", 0, 0),
    ],
)
def test_likeness_of_labels(one: str, other: str, least: int, most: int) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)
