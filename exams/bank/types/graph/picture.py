"""Where everything of a drawing is drawn, in CSS pixels: boxes, corners of connectors, lines of text.

Numbers only, so that the editor does exactly the same (static/item_types/drawing/graph.js).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from exams.bank.types.graph.data import Chart, Edge, Graph, Node
from exams.bank.types.graph.layout import Place
from exams.bank.types.graph.route import ways

COLUMN, GAP = 100, 44  # between vertical lines; between rows of boxes
BOX_WIDTH, BOX_LEAST, LINE = 152, 44, 20
TEXT, SMALL = 14, 13  # sizes of labels in boxes and at connectors
_MARGIN = 12
_INSIDE = {"decision": 84}  # how wide text is inside a box; 126 in others
_CLOSING = "，。、；：？！）》」』】〉”’,.;:?!)]}%…"
_TOKEN = re.compile(r"[A-Za-z0-9_.+%/-]+|.", re.DOTALL)

Area = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box is drawn: its middle, size and lines of text."""

    node: Node
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Where a connector is drawn: its corners, and its label's lines with their middle."""

    edge: Edge
    points: tuple[Place, ...]
    lines: tuple[str, ...]
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, and the area it takes."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    area: tuple[int, int, int, int]  # left, top, width, height


# --- Text


def text_width(text: str, size: int) -> int:
    """Return about how wide a text is set: a full square for Chinese, 0.6 of one for Latin."""
    return sum(size if ord(char) > 0x2E7F or char in "“”‘’…—" else (size * 3 + 4) // 5 for char in text)


def wrap(text: str, size: int, width: int) -> tuple[str, ...]:
    """Return a label in lines of about the same length; words stay whole, no line begins with ， or ）."""
    whole = text_width(text, size)
    if whole <= width:
        return (text,) if text else ()
    count = -(-whole // width)
    lines = _filled(text, size, min(width, -(-whole // count) + size // 2))
    return lines if len(lines) <= count else _filled(text, size, width)


def _filled(text: str, size: int, width: int) -> tuple[str, ...]:
    lines = [""]
    for token in _TOKEN.findall(text):
        parts = [token] if text_width(token, size) <= width else list(token)
        for part in parts:
            is_full = text_width(lines[-1] + part, size) > width
            if lines[-1] and is_full and part not in _CLOSING:
                lines.append("")
            if part != " " or lines[-1]:
                lines[-1] += part
    return tuple(line.strip(" ") for line in lines if line.strip(" "))


# --- Geometry


def draw(chart: Chart, graph: Graph) -> Picture:
    """Return where everything is drawn."""
    sizes = {node.id: _size(node) for node in graph.nodes}
    tops = _rows(graph, sizes)
    boxes = {node.id: _box(node, sizes[node.id], tops) for node in graph.nodes}
    taken = [_around(box.x, box.y, box.width, box.height) for box in boxes.values()]
    lines = []
    for edge, way in zip(graph.edges, ways(chart, graph), strict=True):
        line = _line(graph, edge, [(_column(x), tops[y]) for x, y in way], boxes, taken)
        lines.append(line)
        taken.append(_label_area(line))
    return Picture(tuple(boxes.values()), tuple(lines), _area(boxes.values(), lines))


def _size(node: Node) -> tuple[int, int, tuple[str, ...]]:
    lines = wrap(node.label, TEXT, _INSIDE.get(node.kind, 126))
    count = max(1, len(lines))
    if node.kind == "decision":
        return BOX_WIDTH + 16, max(60, 2 * count * LINE), lines
    if node.kind == "document":
        return BOX_WIDTH, count * LINE + 36, lines
    return BOX_WIDTH, max(BOX_LEAST, count * LINE + 20), lines


def _rows(graph: Graph, sizes: Mapping[int, tuple[int, int, tuple[str, ...]]]) -> list[int]:
    """Return the height of each horizontal line of the lattice."""
    last = max((node.y for node in graph.nodes), default=0)
    tops, edge = [GAP // 2], GAP
    for row in range(last + 1):
        height = max((sizes[node.id][1] for node in graph.nodes if node.y == row), default=BOX_LEAST)
        tops += [edge + height // 2, edge + height + GAP // 2]
        edge += height + GAP
    return tops


def _column(x: int) -> int:
    return COLUMN * (x + 1)


def _box(node: Node, size: tuple[int, int, tuple[str, ...]], tops: Sequence[int]) -> Box:
    return Box(node, _column(node.x), tops[2 * node.y + 1], *size)


def _line(
    graph: Graph, edge: Edge, points: list[Place], boxes: Mapping[int, Box], taken: Sequence[Area]
) -> Line:
    points[0] = _rim(boxes[edge.source], points[1])
    points[-1] = _rim(boxes[edge.target], points[-2])
    corners = _corners(points)
    lines = wrap(edge.label, SMALL, 6 * SMALL)
    return Line(edge, corners, lines, *_label_place(graph, edge, corners, lines, taken))


def _rim(box: Box, towards: Place) -> Place:
    if towards[1] == box.y:
        return box.x + (box.width // 2 if towards[0] > box.x else -(box.width // 2)), box.y
    if towards[1] > box.y:
        return box.x, box.y + box.height // 2 - (7 if box.node.kind == "document" else 0)
    return box.x, box.y - box.height // 2


def _corners(points: Sequence[Place]) -> tuple[Place, ...]:
    kept = [points[0]]
    for before, point, after in zip(points, points[1:], points[2:], strict=False):
        if (before[0] == point[0]) != (point[0] == after[0]):
            kept.append(point)
    return (*kept, points[-1])


def _label_place(
    graph: Graph, edge: Edge, corners: Sequence[Place], lines: Sequence[str], taken: Sequence[Area]
) -> Place:
    """Return the middle of a connector's label: beside the piece where it covers least.

    A decision's is looked for from its start, others' from the end, where a connector runs alone.
    """
    if not lines:
        return corners[0]
    width = max(text_width(line, SMALL) for line in lines)
    height = len(lines) * LINE
    pieces = list(pairwise(corners))
    if graph.nodes[edge.source - 1].kind != "decision":
        pieces.reverse()
    best: tuple[int, Place] | None = None
    for one, other in pieces:
        x, y = (one[0] + other[0]) // 2, (one[1] + other[1]) // 2
        if one[1] == other[1]:
            lacks = abs(one[0] - other[0]) - 16 < width
            beside = [(x, y - height // 2 - 3), (x, y + height // 2 + 3)]
        else:
            lacks = abs(one[1] - other[1]) - 8 < height
            beside = [(x + width // 2 + 7, y), (x - width // 2 - 7, y)]
        for place in beside:
            covers = sum(_meet(_around(*place, width, height), other) for other in taken)
            if best is None or 2 * covers + lacks < best[0]:
                best = 2 * covers + lacks, place
    assert best, "a connector has at least one piece"
    return best[1]


def _meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _area(boxes: Iterable[Box], lines: Sequence[Line]) -> Area:
    """Return the area that everything takes, as left, top, width and height."""
    edges = [_around(box.x, box.y, box.width, box.height) for box in boxes]
    for line in lines:
        edges += [(x, y, x, y) for x, y in line.points]
        edges.append(_label_area(line))
    if not edges:
        return 0, 0, 2 * COLUMN, 2 * GAP
    left, top = min(one[0] for one in edges) - _MARGIN, min(one[1] for one in edges) - _MARGIN
    right, bottom = max(one[2] for one in edges) + _MARGIN, max(one[3] for one in edges) + _MARGIN
    return left, top, right - left, bottom - top


def _label_area(line: Line) -> Area:
    width = max((text_width(text, SMALL) for text in line.lines), default=0)
    return _around(line.label_x, line.label_y, width, len(line.lines) * LINE)


def _around(x: int, y: int, width: int, height: int) -> Area:
    return x - width // 2, y - height // 2, x + width // 2, y + height // 2
