"""A drawing as SVG: boxes in their shapes, right-angled connectors with heads, wrapped labels.

Colours come from the page (currentColor, classes), so that dark mode needs nothing; presentation attributes
make it complete where no style sheet is (PDF). No `style`, no ids: many drawings may stand on one page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from exams.bank.types.graph.data import Chart, Graph
from exams.bank.types.graph.layout import Place
from exams.bank.types.graph.picture import LINE, SMALL, TEXT, Box, Line, draw, text_width
from exams.bank.types.graph.words import say

_FONTS = "Noto Sans SC, Noto Sans CJK SC, sans-serif"
_BEND, _HEAD = 8, 9


def svg(
    chart: Chart,
    graph: Graph,
    *,
    boxes: Mapping[int, str] | None = None,
    edges: Mapping[int, str] | None = None,
    width: int = 0,
) -> SafeString:
    """Return a drawing as an `<svg>` of its own size; for paper at most `width` pixels wide, perhaps turned.

    `boxes` and `edges` give classes to boxes (by id) and connectors (by position from 0): `missing`, `extra`.
    """
    picture = draw(chart, graph)
    left, top, wide, high = picture.area
    shown = min(wide, width) if width else wide
    size = f'width="{shown}" height="{high * shown // wide}" viewBox="{left} {top} {wide} {high}"'
    turn = ""
    if shown * 4 < wide * 3 and wide > high:
        # Too small to read upright: it lies on its side.
        tall = min(wide, width * 7 // 5, wide * width // high)
        size = f'width="{high * tall // wide}" height="{tall}" viewBox="{-top - high} {left} {high} {wide}"'
        turn = ' transform="rotate(90)"'
    parts = [_box(box, (boxes or {}).get(box.node.id, "")) for box in picture.boxes]
    parts += [_edge(chart, line, (edges or {}).get(index, "")) for index, line in enumerate(picture.lines)]
    words = escape(say("picture", boxes=len(graph.nodes), edges=len(graph.edges)))
    return mark_safe(  # noqa: S308 -- everything of a candidate is escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" aria-label="{words}"'
        f' {size} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"'
        f' font-family="{_FONTS}" text-anchor="middle" lang="zh-Hans"><g{turn}>{"".join(parts)}</g></svg>'
    )


def shape(box: Box) -> str:
    """Return the path of a box's outline."""
    left, top = box.x - box.width // 2, box.y - box.height // 2
    right, bottom = box.x + box.width // 2, box.y + box.height // 2
    match box.node.kind:
        case "decision":
            return f"M{box.x} {top}L{right} {box.y}L{box.x} {bottom}L{left} {box.y}Z"
        case "document":
            line, arm = bottom - 7, box.width // 4
            wave = f"Q{box.x + arm} {line - 12} {box.x} {line}Q{box.x - arm} {line + 12} {left} {line}Z"
            return f"M{left} {top}H{right}V{line}{wave}"
        case "terminal":
            return _rounded(left, top, right, bottom, min(box.height // 2, 24))
        case "post":
            return _rounded(left, top, right, bottom, 10)
        case "department":
            return f"M{left} {top}H{right}V{bottom}H{left}ZM{left} {top + 5}H{right}"
        case _:
            return f"M{left} {top}H{right}V{bottom}H{left}Z"


def _rounded(left: int, top: int, right: int, bottom: int, radius: int) -> str:
    arc = f"A{radius} {radius} 0 0 1 "
    return (
        f"M{left + radius} {top}H{right - radius}{arc}{right} {top + radius}V{bottom - radius}"
        f"{arc}{right - radius} {bottom}H{left + radius}{arc}{left} {bottom - radius}V{top + radius}"
        f"{arc}{left + radius} {top}Z"
    )


def connector(points: Sequence[Place]) -> str:
    """Return the path of a connector, its corners rounded."""
    path = f"M{points[0][0]} {points[0][1]}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        path += f"L{start[0]} {start[1]}Q{corner[0]} {corner[1]} {end[0]} {end[1]}"
    return f"{path}L{points[-1][0]} {points[-1][1]}"


def _towards(corner: Place, point: Place) -> Place:
    """Return the point near a corner where its rounding begins."""
    right, down = point[0] - corner[0], point[1] - corner[1]
    length = min(_BEND, (abs(right) + abs(down)) // 2)
    return corner[0] + _sign(right) * length, corner[1] + _sign(down) * length


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def head(points: Sequence[Place]) -> str:
    """Return the path of an arrow's head at the end of a connector."""
    (from_x, from_y), (x, y) = points[-2], points[-1]
    right, down = _sign(x - from_x) * _HEAD, _sign(y - from_y) * _HEAD
    side_x, side_y = down // 2, right // 2
    return f"M{x} {y}L{x - right + side_x} {y - down + side_y}L{x - right - side_x} {y - down - side_y}Z"


def _edge(chart: Chart, line: Line, mark: str) -> str:
    tip = (
        f'<path class="head" d="{head(line.points)}" fill="currentColor" stroke="none"/>'
        if chart.has_arrows
        else ""
    )
    dashes = ' stroke-dasharray="5 4"' if mark else ""
    return (
        f'<g class="{f"edge {mark}".strip()}"><path class="line" d="{connector(line.points)}"{dashes}/>{tip}'
        f"{_label(line)}</g>"
    )


def _label(line: Line) -> str:
    if not line.lines:
        return ""
    width = max(text_width(text, SMALL) for text in line.lines) + 4
    height = len(line.lines) * LINE
    place = f'x="{line.label_x - width // 2}" y="{line.label_y - height // 2}"'
    return (
        f'<rect class="gap" {place} width="{width}" height="{height}" fill="white" stroke="none"/>'
        f"{_text(line.lines, line.label_x, line.label_y, SMALL)}"
    )


def _box(box: Box, mark: str) -> str:
    shift = {"document": -6, "department": 2}.get(box.node.kind, 0)
    dashes = ' stroke-dasharray="5 4"' if mark else ""
    return (
        f'<g class="{f"box {box.node.kind} {mark}".strip()}">'
        f'<path class="shape" d="{shape(box)}" fill="white"{dashes}/>'
        f"{_text(box.lines, box.x, box.y + shift, TEXT)}</g>"
    )


def _text(lines: Sequence[str], x: int, y: int, size: int) -> str:
    first = y - (len(lines) - 1) * LINE // 2 + 5
    return "".join(
        f'<text x="{x}" y="{first + number * LINE}" font-size="{size}" fill="currentColor" stroke="none">'
        f"{escape(text)}</text>"
        for number, text in enumerate(lines)
    )
