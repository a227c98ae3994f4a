"""A drawing as text, one box a line: for keyboards, screen readers, files and pages without JavaScript.

    1 开始 → 2
    2 判断：能否当场解决？ → 3（是）、4（否）
    3 步骤：答复客户
    4 文档：填写转办单 @2,2

    line   = number [kind "："] label [" @" column "," row] [" → " target {"、" target}]
    target = number ["（" label "）"]

A number names a box within the text; boxes are numbered again from 1, line by line. Without a kind the box is
a 步骤 (flow chart) or 部门 (organisation chart); 开始 and 结束 alone are both kind and label. Places are
written only where the drawing is not as `layout` would arrange it. `->` and half-width signs do as well. A
backslash takes the next character as it is: `\\→`, `\\（`, `\\\\`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from exams.bank.types.graph.data import (
    MOST_EDGES,
    MOST_LABEL,
    MOST_NODES,
    Chart,
    Draft,
    Graph,
    Node,
    Symbol,
    build,
    label_fault,
    tidy,
)
from exams.bank.types.graph.layout import LAST_COLUMN, LAST_ROW, Place, layered
from exams.bank.types.graph.words import say

_ARROW = re.compile(r"→|⇒|->|=>|—>|－>")  # noqa: RUF001  the full-width minus that input methods give
_NUMBERED = re.compile(r"([0-9０-９]{1,3})[.．、:：)）]?\s*(.*)", re.DOTALL)  # noqa: RUF001
_PLACE = re.compile(r"(?:^|\s)@([0-9０-９]{1,3})\s*[,，]\s*([0-9０-９]{1,3})$")  # noqa: RUF001
_KIND = re.compile(r"([^\\:：\s]{1,8})(?:\s*[:：]\s*|\s+|$)(.*)", re.DOTALL)
_BETWEEN = re.compile(r"[\s、，,;；]*")
_TARGET = re.compile(r"([0-9０-９]{1,3})\s*(?:[（(]((?:\\.|[^\\（）()])*)[）)])?", re.DOTALL)  # noqa: RUF001
_BRACKET = re.compile(r"[\\（）()]")
_ESCAPED = r"\\\g<0>"
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be read, and in which line (from 1)."""

    line: int
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return say(self.code, **self.facts)


@dataclass(frozen=True, slots=True)
class Outline:
    """What was read: the drawing of everything readable, and what was not."""

    graph: Graph
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Line:
    number: int  # of the line
    box: int
    kind: str
    label: str
    place: Place | None
    targets: list[tuple[int, str]]


# --- Writing


def write_outline(chart: Chart, graph: Graph) -> str:
    """Return a drawing as text; `read_outline` gives the same drawing again."""
    ends = [(edge.source - 1, edge.target - 1) for edge in graph.edges]
    arranged = layered(len(graph.nodes), ends, is_tree=chart.is_tree)
    is_arranged = arranged == [(node.x, node.y) for node in graph.nodes]
    return "\n".join(_written(chart, graph, node, with_place=not is_arranged) for node in graph.nodes)


def _written(chart: Chart, graph: Graph, node: Node, *, with_place: bool) -> str:
    symbol = chart.symbol(node.kind)
    label = _ARROW.sub(_ESCAPED, node.label.replace("\\", "\\\\")).replace(" @", " \\@")
    word = "" if node.label in symbol.alone else f"{_word(symbol, graph, node)}："
    text = f"{node.id} {word}{label}"
    if with_place:
        text += f" @{node.x},{node.y}"
    targets = [
        f"{edge.target}（{_BRACKET.sub(_ESCAPED, edge.label)}）" if edge.label else str(edge.target)
        for edge in graph.edges
        if edge.source == node.id
    ]
    return f"{text} → {'、'.join(targets)}" if targets else text


def _word(symbol: Symbol, graph: Graph, node: Node) -> str:
    """Return how a kind is called: 开始 where nothing leads to the box, 结束 where nothing leads on."""
    leads_on = any(edge.source == node.id for edge in graph.edges)
    is_reached = any(edge.target == node.id for edge in graph.edges)
    if not symbol.alone or leads_on == is_reached:
        return symbol.words[0]
    return symbol.alone[0 if leads_on else 1]


# --- Reading


def read_outline(chart: Chart, text: str) -> Outline:
    """Return the drawing that a text describes. Never raises: what it cannot read is a fault."""
    faults: list[Fault] = []
    lines: list[_Line] = []
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if raw.strip():
            lines += _line(chart, number, tidy(raw), faults)
    lines = _boxes(lines, faults)
    nodes = [(line.box, line.kind, line.label, line.place) for line in lines]
    graph = build(chart, Draft(nodes, list(_edges(lines, faults))))
    return Outline(graph, tuple(sorted(faults, key=lambda fault: fault.line)))


def _line(chart: Chart, number: int, text: str, faults: list[Fault]) -> Iterator[_Line]:
    found = _NUMBERED.fullmatch(text)
    if not found:
        faults.append(Fault(number, "numbered"))
        return
    head, tail = _split(found[2])
    place = _PLACE.search(head)
    if place:
        head = head[: place.start()]
    kind, label = _kind(chart, head.strip())
    if fault := label_fault(label):
        faults.append(Fault(number, *fault))
        label = label[:MOST_LABEL] if fault[0] == "long" else ""
    where = (_digits(place[1]), _digits(place[2])) if place else None
    if where and (where[0] > LAST_COLUMN or where[1] > LAST_ROW):
        faults.append(Fault(number, "place", {"x": LAST_COLUMN, "y": LAST_ROW}))
        where = None
    targets = list(_targets(number, tail, faults)) if tail is not None else []
    yield _Line(number, _digits(found[1]), kind, label, where, targets)


def _split(text: str) -> tuple[str, str | None]:
    """Return what stands before and after the first arrow that no backslash precedes."""
    position = 0
    while position < len(text):
        if text[position] == "\\":
            position += 2
            continue
        if found := _ARROW.match(text, position):
            return text[:position].strip(), text[found.end() :]
        position += 1
    return text, None


def _kind(chart: Chart, head: str) -> tuple[str, str]:
    for symbol in chart.symbols:
        if head in symbol.alone:
            return symbol.code, head
    found = _KIND.fullmatch(head)
    if found:
        for symbol in chart.symbols:
            if found[1] in symbol.words:
                return symbol.code, tidy(_plain(found[2]))
    return chart.default, tidy(_plain(head))


def _targets(number: int, tail: str, faults: list[Fault]) -> Iterator[tuple[int, str]]:
    position = _skip(tail, 0)
    if position == len(tail):
        faults.append(Fault(number, "targets"))
    while position < len(tail):
        found = _TARGET.match(tail, position)
        if not found:
            faults.append(Fault(number, "targets"))
            return
        label = tidy(_plain(found[2] or ""))
        if fault := label_fault(label):
            faults.append(Fault(number, *fault))
            label = ""
        yield _digits(found[1]), label
        position = _skip(tail, found.end())


def _skip(text: str, position: int) -> int:
    found = _BETWEEN.match(text, position)
    return found.end() if found else position


def _boxes(lines: list[_Line], faults: list[Fault]) -> list[_Line]:
    kept: dict[int, _Line] = {}
    for line in lines:
        if line.box in kept:
            faults.append(Fault(line.number, "repeated", {"number": line.box}))
        elif len(kept) == MOST_NODES:
            faults.append(Fault(line.number, "nodes", {"most": MOST_NODES}))
        else:
            kept[line.box] = line
    return list(kept.values())


def _edges(lines: list[_Line], faults: list[Fault]) -> Iterator[tuple[int, int, str]]:
    boxes = {line.box for line in lines}
    seen: set[tuple[int, int]] = set()
    for line in lines:
        for target, label in line.targets:
            if target not in boxes:
                faults.append(Fault(line.number, "dangling", {"number": target}))
            elif target == line.box:
                faults.append(Fault(line.number, "itself", {"number": target}))
            elif (line.box, target) in seen:
                faults.append(Fault(line.number, "twice", {"source": line.box, "target": target}))
            elif len(seen) == MOST_EDGES:
                faults.append(Fault(line.number, "edges", {"most": MOST_EDGES}))
            else:
                seen.add((line.box, target))
                yield line.box, target, label


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _digits(text: str) -> int:
    return int(text.translate(_WIDE_DIGITS))


def arranged(graph: Graph, chart: Chart) -> Graph:
    """Return the drawing as the automatic layout arranges it."""
    ends = [(edge.source - 1, edge.target - 1) for edge in graph.edges]
    arranged = layered(len(graph.nodes), ends, is_tree=chart.is_tree)
    nodes = [replace(node, x=x, y=y) for node, (x, y) in zip(graph.nodes, arranged, strict=True)]
    return Graph(tuple(nodes), graph.edges)
