"""Where boxes stand that nobody placed: in layers from the first box down, never on one another.

Numbers only, so that the editor does exactly the same (static/item_types/drawing/graph.js).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Place = tuple[int, int]
Ends = tuple[int, int]  # indices of the two boxes

LAST_COLUMN, LAST_ROW = 120, 99
_LOOSE_ACROSS = 3  # boxes without any connector stand in rows of so many


def places(given: Sequence[Place | None], edges: Sequence[Ends], *, is_tree: bool) -> list[Place]:
    """Return a place for each box: the given one, or an automatic one; moved aside where two overlap.

    The smallest column and the smallest row are 0. Where given places are too far apart, all are
    beyond the grid.
    """
    fixed = _from_zero([place for place in given if place is not None])
    if any(x > LAST_COLUMN or y > LAST_ROW for x, y in fixed):
        return [(LAST_COLUMN + 1, LAST_ROW + 1)] * len(given)
    known = iter(fixed)
    wanted = [None if place is None else next(known) for place in given]
    automatic = layered(len(given), edges, is_tree=is_tree) if None in wanted else []
    taken: set[Place] = set()
    found: dict[int, Place] = {}
    order = sorted(range(len(given)), key=lambda index: (wanted[index] is None, index))
    for index in order:
        found[index] = free_place(taken, wanted[index] or automatic[index])
        taken.add(found[index])
    return _from_zero([found[index] for index in range(len(given))])


def layered(count: int, edges: Sequence[Ends], *, is_tree: bool) -> list[Place]:
    """Return an automatic place for each of `count` boxes.

    A box stands below everything that leads to it (connectors that lead back are left out), and each branch
    has columns of its own: so no two boxes overlap. The first branch of a flow goes straight down.
    """
    after: list[list[int]] = [[] for _index in range(count)]
    reached = [False] * count
    for source, target in edges:
        after[source].append(target)
        reached[target] = True
    order, children, ahead = _walk(count, after, reached)
    rows = [0] * count
    for index in reversed(order):  # sources before targets
        for target in ahead[index]:
            rows[target] = max(rows[target], rows[index] + 1)
    columns = [0] * count
    next_column = 0
    for index in order:  # children before parents
        if not after[index] and not reached[index]:
            continue
        if children[index]:
            first, last = columns[children[index][0]], columns[children[index][-1]]
            columns[index] = (first + last) // 2 if is_tree else first
        else:
            columns[index] = next_column
            next_column += 2
    loose = [index for index in range(count) if not after[index] and not reached[index]]
    first_row = max((rows[index] + 1 for index in order if index not in loose), default=0)
    for number, index in enumerate(loose):
        columns[index] = 2 * (number % _LOOSE_ACROSS)
        rows[index] = first_row + number // _LOOSE_ACROSS
    return list(zip(columns, rows, strict=True))


def _walk(
    count: int, after: Sequence[Sequence[int]], reached: Sequence[bool]
) -> tuple[list[int], list[list[int]], list[list[int]]]:
    """Return the boxes in post-order, each one's children in the tree of discovery, and its ways ahead."""
    order: list[int] = []
    children: list[list[int]] = [[] for _index in range(count)]
    ahead: list[list[int]] = [[] for _index in range(count)]
    state = [0] * count  # 1 while its branch is being walked, 2 afterwards

    def visit(index: int) -> None:
        state[index] = 1
        for target in after[index]:
            if state[target] == 0:
                children[index].append(target)
                visit(target)
            if state[target] == 2:
                ahead[index].append(target)
        state[index] = 2
        order.append(index)

    for index in sorted(range(count), key=lambda index: (reached[index], index)):
        if state[index] == 0:
            visit(index)
    return order, children, ahead


def free_place(taken: set[Place], place: Place) -> Place:
    """Return the free place nearest to `place`, looking below before above, right before left."""
    for down in _outwards(LAST_ROW + 1):
        for right in _outwards(9):
            x, y = place[0] + right, place[1] + down
            is_inside = 0 <= x <= LAST_COLUMN and 0 <= y <= LAST_ROW
            if is_inside and not any((x + aside, y) in taken for aside in (-1, 0, 1)):
                return x, y
    raise AssertionError("a drawing has fewer boxes than the grid has rows")


def _outwards(most: int) -> Iterator[int]:
    yield 0
    for distance in range(1, most):
        yield distance
        yield -distance


def _from_zero(found: Sequence[Place]) -> list[Place]:
    if not found:
        return []
    left, top = min(x for x, _y in found), min(y for _x, y in found)
    return [(x - left, y - top) for x, y in found]
