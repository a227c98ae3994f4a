"""What a drawing is: boxes of a few kinds on a grid and connectors between them, within limits.

The grid: a box stands in row `y` on the vertical line `x`; neighbours in a row are two lines apart, so that
a parent can stand midway above two children and a connector always finds a free line beside a box.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from exams.bank.types.graph.layout import LAST_COLUMN, LAST_ROW, Place, places
from exams.bank.types.graph.words import say

MOST_NODES, MOST_EDGES, MOST_LABEL = 60, 120, 40
_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class GraphError(ValueError):
    """The data are no drawing; the message says why."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A kind of box. `words` name it in an outline, the first is written; `alone` are labels that do too."""

    code: str
    words: tuple[str, ...]
    label: Any
    alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A kind of drawing. The first symbol that `default` names stands where an outline names none."""

    code: str
    symbols: tuple[Symbol, ...]
    default: str
    has_arrows: bool = True
    is_tree: bool = False  # parents stand centred above their children, connectors leave downwards

    def symbol(self, code: str) -> Symbol:
        """Return the symbol of this code; KeyError for an unknown one."""
        for one in self.symbols:
            if one.code == code:
                return one
        raise KeyError(code)


# Words of symbols belong to answers, not to the interface: they stay Chinese (D16). Labels are translated.
FLOW_CHART = Chart(
    "flow_chart",
    (
        Symbol(
            "terminal",
            ("起止", "开始", "结束", "开始/结束"),
            pgettext_lazy("flow chart", "开始/结束"),
            ("开始", "结束"),
        ),
        Symbol("step", ("步骤",), gettext_lazy("步骤")),
        Symbol("decision", ("判断",), pgettext_lazy("flow chart", "判断")),
        Symbol("document", ("文档",), gettext_lazy("文档")),
    ),
    default="step",
)
ORGANISATION_CHART = Chart(
    "organisation_chart",
    (
        Symbol("department", ("部门",), gettext_lazy("部门")),
        Symbol("post", ("岗位",), gettext_lazy("岗位")),
    ),
    default="department",
    has_arrows=False,
    is_tree=True,
)


@dataclass(frozen=True, slots=True)
class Node:
    """A box. Its id is its place in the drawing's list, from 1."""

    id: int
    kind: str
    label: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A connector from one box to another."""

    source: int
    target: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawing. Connectors stand in the order of their sources; no two boxes overlap."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes)


@dataclass(frozen=True, slots=True)
class Draft:
    """A drawing before it is checked: any ids, places perhaps missing."""

    nodes: Sequence[tuple[object, str, str, Place | None]]  # id, kind, label, place
    edges: Sequence[tuple[object, object, str]]


def label_fault(label: str) -> tuple[str, dict[str, object]] | None:
    """Return why a text cannot stand in a box or at a connector: the fault's code and facts."""
    if _REFUSED.search(label):
        return "characters", {}
    if len(tidy(label)) > MOST_LABEL:
        return "long", {"count": len(tidy(label)), "most": MOST_LABEL}
    return None


def tidy(label: str) -> str:
    """Return a label with every run of white space as one blank, trimmed."""
    return re.sub(r"\s+", " ", label).strip(" ")


def build(chart: Chart, draft: Draft) -> Graph:
    """Return the drawing of a draft: numbered from 1, placed without overlap. Raises GraphError."""
    if len(draft.nodes) > MOST_NODES:
        raise GraphError(say("nodes", most=MOST_NODES))
    if len(draft.edges) > MOST_EDGES:
        raise GraphError(say("edges", most=MOST_EDGES))
    numbers = {key: number for number, (key, *_rest) in enumerate(draft.nodes, start=1)}
    if len(numbers) < len(draft.nodes):
        raise GraphError(say("unreadable"))
    if {kind for _key, kind, _label, _place in draft.nodes} - {one.code for one in chart.symbols}:
        raise GraphError(say("kind"))
    labels = [node[2] for node in draft.nodes] + [edge[2] for edge in draft.edges]
    if fault := next(filter(None, map(label_fault, labels)), None):
        raise GraphError(say(fault[0], **fault[1]))
    edges = _edges(draft, numbers)
    found = places(
        [place for *_rest, place in draft.nodes],
        [(edge.source - 1, edge.target - 1) for edge in edges],
        is_tree=chart.is_tree,
    )
    if any(not (0 <= x <= LAST_COLUMN and 0 <= y <= LAST_ROW) for x, y in found):
        raise GraphError(say("far"))
    nodes = [
        Node(number, kind, tidy(label), *found[number - 1])
        for number, (_key, kind, label, _place) in enumerate(draft.nodes, start=1)
    ]
    return Graph(tuple(nodes), tuple(edges))


def _edges(draft: Draft, numbers: Mapping[object, int]) -> list[Edge]:
    edges = []
    seen = set()
    for source, target, label in draft.edges:
        if source not in numbers or target not in numbers:
            raise GraphError(say("dangling", number=target if source in numbers else source))
        ends = numbers[source], numbers[target]
        if ends[0] == ends[1]:
            raise GraphError(say("itself", number=ends[0]))
        if ends in seen:
            raise GraphError(say("twice", source=ends[0], target=ends[1]))
        seen.add(ends)
        edges.append(Edge(*ends, tidy(label)))
    return sorted(edges, key=lambda edge: edge.source)


# --- As JSON


def from_data(chart: Chart, data: object) -> Graph:
    """Return the drawing that decoded JSON holds: `{"nodes": [...], "edges": [...]}`. Raises GraphError."""
    if not isinstance(data, Mapping):
        raise GraphError(say("unreadable"))
    nodes = [_node(one) for one in _members(data, "nodes")]
    edges = [
        (_key(one.get("from")), _key(one.get("to")), _text(one.get("label", "")))
        for one in _members(data, "edges")
    ]
    return build(chart, Draft(nodes, edges))


def from_json(chart: Chart, text: str) -> Graph:
    """Return the drawing of a JSON text; raises GraphError."""
    return from_data(chart, decode(text))


def decode(text: str) -> object:
    """Return decoded JSON; raises GraphError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise GraphError(say("unreadable")) from None


def to_data(graph: Graph) -> dict[str, list[dict[str, Any]]]:
    """Return the drawing as JSON has it."""
    nodes = [{"id": n.id, "kind": n.kind, "label": n.label, "x": n.x, "y": n.y} for n in graph.nodes]
    edges = [{"from": e.source, "label": e.label, "to": e.target} for e in graph.edges]
    return {"edges": edges, "nodes": nodes}


def to_json(data: Mapping[str, Any]) -> str:
    """Return canonical JSON: sorted keys, no blanks."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _members(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise GraphError(say("unreadable"))
    return found


def _node(one: Mapping[str, Any]) -> tuple[object, str, str, Place | None]:
    x, y = one.get("x"), one.get("y")
    place = None if x is None or y is None else (_whole(x), _whole(y))
    return _key(one.get("id")), _text(one.get("kind")), _text(one.get("label", "")), place


def _key(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise GraphError(say("unreadable"))
    return str(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphError(say("unreadable"))
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10_000:
        raise GraphError(say("unreadable"))
    return value
