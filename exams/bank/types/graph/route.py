"""The way of each connector: along the lines between boxes, with few bends, crossing little.

The lattice: vertical lines `x` (-1 is left of the first box) and, for each row `y` of boxes, horizontal line
`2y + 1` through the boxes' middle and `2y`, `2y + 2` above and below them. A connector may not run through a
box. Each takes the cheapest way (A*, whole numbers, ties settled by position), the shortest connectors first.
Two that neither start nor end together should not share a line: a reader could not tell them apart.

Numbers only, so that the editor does exactly the same (static/item_types/drawing/graph.js).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

from exams.bank.types.graph.data import Chart, Edge, Graph
from exams.bank.types.graph.layout import Place

Step = tuple[int, int]
Way = list[Place]  # points of the lattice, from the middle of a box to the middle of the other

_DOWN, _RIGHT, _LEFT, _UP = range(4)
_STEPS: tuple[Step, ...] = ((0, 1), (1, 0), (-1, 0), (0, -1))
_ACROSS, _ALONG_ROWS = 4, 2  # what a step costs sideways, and up or down
_BEND, _CROSSING, _SHARED = 5, 3, 40
# What it costs to leave a box, and to enter one, in each direction.
_LEAVE = {"flow": (0, 4, 4, 10), "decision": (0, 0, 0, 10), "tree": (0, 20, 20, 40)}
_ENTER = {"flow": (0, 3, 3, 8), "tree": (0, 20, 20, 40)}


@dataclass(slots=True)
class _Lattice:
    """Where boxes stand, and which connectors run along which piece or through which point already."""

    width: int
    height: int
    boxes: set[Place]
    pieces: dict[tuple[int, int, bool], list[int]] = field(default_factory=dict)
    points: dict[tuple[int, int, bool], list[int]] = field(default_factory=dict)


def ways(chart: Chart, graph: Graph) -> list[Way]:
    """Return the way of each connector, in the order of the drawing's connectors."""
    at = {node.id: (node.x, 2 * node.y + 1) for node in graph.nodes}
    lattice = _Lattice(
        max((node.x for node in graph.nodes), default=0) + 1,
        2 * max((node.y for node in graph.nodes), default=0) + 2,
        set(at.values()),
    )
    found: dict[int, Way] = {}
    for index in sorted(
        range(len(graph.edges)), key=lambda index: (_distance(graph.edges[index], at), index)
    ):
        way = _way(chart, graph, index, at, lattice)
        _take(lattice, index, way)
        found[index] = way
    return [found[index] for index in range(len(graph.edges))]


def _distance(edge: Edge, at: dict[int, Place]) -> int:
    return _least(at[edge.source], at[edge.target])


def _least(one: Place, other: Place) -> int:
    return _ACROSS * abs(one[0] - other[0]) + _ALONG_ROWS * abs(one[1] - other[1])


def _way(chart: Chart, graph: Graph, index: int, at: dict[int, Place], lattice: _Lattice) -> Way:
    edge = graph.edges[index]
    start, goal = at[edge.source], at[edge.target]
    is_decision = graph.nodes[edge.source - 1].kind == "decision"
    leave = _LEAVE["tree" if chart.is_tree else "decision" if is_decision else "flow"]
    enter = _ENTER["tree" if chart.is_tree else "flow"]
    friends = _friends(graph, index)
    best: dict[tuple[int, int, int], int] = {}
    before: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    heap: list[tuple[int, int, int, int, int]] = [(_least(start, goal), 0, *start, -1)]
    while heap:
        _bound, cost, x, y, direction = heappop(heap)
        state = (x, y, direction)
        if (x, y) == goal:
            return _back(before, state)
        if cost > best.get(state, cost):
            continue
        for turn, (right, down) in enumerate(_STEPS):
            to = (x + right, y + down)
            is_inside = -1 <= to[0] <= lattice.width and 0 <= to[1] <= lattice.height
            if turn + direction == 3 or not is_inside or (to in lattice.boxes and to != goal):
                continue  # back, outside, or through a box
            extra = (_ACROSS if right else _ALONG_ROWS) + _traffic(lattice, friends, (x, y), to)
            if direction < 0:
                extra += leave[turn]
            elif turn != direction:
                extra += _BEND
            if to == goal:
                extra += enter[turn]
            new = (*to, turn)
            if cost + extra < best.get(new, cost + extra + 1):
                best[new] = cost + extra
                before[new] = state
                heappush(heap, (cost + extra + _least(to, goal), cost + extra, *new))
    raise AssertionError("the lines around the boxes are always free")


def _friends(graph: Graph, index: int) -> set[int]:
    """Return the connectors that may share a line with this one: same target, or source but for decisions."""
    edge = graph.edges[index]
    forks = graph.nodes[edge.source - 1].kind != "decision"
    return {
        number
        for number, other in enumerate(graph.edges)
        if other.target == edge.target or (forks and other.source == edge.source)
    }


def _piece(one: Place, other: Place) -> tuple[int, int, bool]:
    return min(one[0], other[0]), min(one[1], other[1]), one[1] == other[1]


def _traffic(lattice: _Lattice, friends: set[int], one: Place, other: Place) -> int:
    is_level = one[1] == other[1]
    beside = lattice.pieces.get(_piece(one, other), ())
    across = lattice.points.get((*other, not is_level), ())
    strangers = sum(index not in friends for index in beside)
    return _SHARED * strangers + _CROSSING * sum(index not in friends for index in across)


def _take(lattice: _Lattice, index: int, way: Way) -> None:
    for one, other in pairwise(way):
        is_level = one[1] == other[1]
        lattice.pieces.setdefault(_piece(one, other), []).append(index)
        for point in (one, other):
            lattice.points.setdefault((*point, is_level), []).append(index)


def _back(before: dict[tuple[int, int, int], tuple[int, int, int]], state: tuple[int, int, int]) -> Way:
    return [(x, y) for x, y, _direction in _states(before, state)][::-1]


def _states(
    before: dict[tuple[int, int, int], tuple[int, int, int]], state: tuple[int, int, int] | None
) -> Iterator[tuple[int, int, int]]:
    while state is not None:
        yield state
        state = before.get(state)
