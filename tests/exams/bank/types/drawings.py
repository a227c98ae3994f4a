"""Drawings for tests: generated ones, and a task with its model answer."""

import random
from typing import Any

from hypothesis import strategies as st

from exams.bank.types.graph.data import (
    FLOW_CHART,
    MOST_LABEL,
    MOST_NODES,
    ORGANISATION_CHART,
    Chart,
    Draft,
    Graph,
    build,
)

CHARTS = (FLOW_CHART, ORGANISATION_CHART)
FLOW = """1 开始：接到客户投诉 → 2
2 步骤：倾听并记录诉求 → 3
3 判断：能否当场解决？ → 4（是）、5（否）
4 步骤：当场答复客户 → 7
5 文档：填写《投诉转办单》 → 6
6 步骤：责任部门处理 → 7
7 步骤：回访并归档"""
ORGANISATION = """1 岗位：总经理 → 2、3
2 部门：市场部
3 部门：客户服务部 → 4、5
4 岗位：投诉处理专员
5 岗位：客户信息专员"""
OUTLINES = {"flow_chart": FLOW, "organisation_chart": ORGANISATION}


def task(code: str, **changes: Any) -> dict[str, Any]:
    """Return the record of a drawing task."""
    criterion = {"requirement": "6.2.S2", "text": "步骤完整", "least": 2, "most": 6}
    return {
        "stem": "按材料画图。",
        "explanation": "依据材料。",
        "model_answer": OUTLINES[code],
        "common_errors": ["遗漏一个方向"],
        "criteria": [criterion],
    } | changes


LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
SIGNS = ["→", "->", "=>", "\\", " @1,2", "：", "（", "）", "、", "开始", "步骤：", "客户", "a"]


def labels(most: int = 12) -> st.SearchStrategy[str]:
    """Generate labels, many of them with signs that an outline uses itself."""
    signs = st.lists(st.sampled_from(SIGNS), max_size=5).map("".join).map(lambda text: text[:most])
    return st.text(LETTERS, max_size=most) | signs


@st.composite
def drafts(draw: Any, chart: Chart, most: int = 7) -> Draft:
    """Generate drawings before they are checked: places given, overlapping, or missing."""
    count = draw(st.integers(0, most))
    kinds = st.sampled_from([symbol.code for symbol in chart.symbols])
    place = st.none() | st.tuples(st.integers(-5, 40), st.integers(-5, 30))
    nodes = [(number, draw(kinds), draw(labels()), draw(place)) for number in range(count)]
    possible = [(one, other) for one in range(count) for other in range(count) if one != other]
    pairs = draw(st.lists(st.sampled_from(possible), max_size=2 * count, unique=True)) if possible else []
    return Draft(nodes, [(source, target, draw(labels(6))) for source, target in pairs])


@st.composite
def graphs(draw: Any, chart: Chart, most: int = 7) -> Graph:
    """Generate drawings."""
    return build(chart, draw(drafts(chart, most)))


@st.composite
def model_graphs(draw: Any, chart: Chart) -> Graph:
    """Generate drawings that may be model answers: with a connector, and a text in every box."""
    draft = draw(drafts(chart, 5))
    kind = chart.symbols[-1].code
    nodes = [(key, code, f"框{label}", place) for key, code, label, place in draft.nodes]
    more = [("a", kind, "甲", None), ("b", kind, "乙", None)]
    return build(chart, Draft([*more, *nodes], [("a", "b", ""), *draft.edges]))


def some_draft(seed: int, chart: Chart) -> Draft:
    """Return a drawing of up to 25 boxes that this seed gives."""
    generator = random.Random(seed)
    count = generator.randint(1, 25)
    alphabet = "客户投诉处理，。（）abc 12->→\\@3,4：𠀀"
    kinds = [symbol.code for symbol in chart.symbols]
    share = generator.random()  # of boxes that have a place

    def label(most: int) -> str:
        return "".join(generator.choice(alphabet) for _ in range(generator.randint(0, most)))

    def place() -> tuple[int, int] | None:
        return (generator.randint(-3, 12), generator.randint(-2, 9)) if generator.random() < share else None

    nodes = [(number, generator.choice(kinds), label(MOST_LABEL), place()) for number in range(count)]
    pairs = {
        (generator.randrange(count), generator.randrange(count))
        for _ in range(generator.randint(0, 2 * count))
    }
    edges = [(source, target, label(10)) for source, target in sorted(pairs) if source != target]
    generator.shuffle(edges)
    return Draft(nodes, edges)


def most_boxes() -> str:
    """Return the outline of a star of as many boxes as a drawing may have."""
    targets = "、".join(str(number) for number in range(2, MOST_NODES + 1))
    return "\n".join(
        [f"1 开始 → {targets}", *(f"{number} 步骤：第{number}步" for number in range(2, MOST_NODES + 1))]
    )
