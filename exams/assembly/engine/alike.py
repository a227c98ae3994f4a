"""Items that cannot be told apart: of each kind only the cheapest, as many as forms can hold, are tried."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence

from exams.assembly.engine.problem import Item, Measure, Specification


def fewer(pool: Sequence[Item], specification: Specification, forms: int = 1) -> list[Item]:
    """Return the pool without items that no cheapest forms need, in its order: nothing is lost by it.

    Items are alike when they have the same tags, parts, values and curve, no unit and no enemies: one can
    stand for the other in any form. Where the demands let `forms` forms have n of a kind, the n cheapest do.
    """
    apart = {one for pair in specification.enemies for one in pair}
    kinds: dict[Hashable, list[int]] = defaultdict(list)
    for number, item in enumerate(pool):
        is_single = item.id in apart or item.unit in specification.units
        values = tuple(sorted(item.values.items()))
        kinds[item.id if is_single else (item.tags, item.parts, values, item.curve)].append(number)
    kept: list[int] = []
    for numbers in kinds.values():
        most = most_alike(pool[numbers[0]], specification, forms) if len(numbers) > 1 else None
        kept += sorted(numbers, key=lambda number: (pool[number].cost, number))[:most]
    return [pool[number] for number in sorted(kept)]


def most_alike(item: Item, specification: Specification, forms: int = 1) -> int | None:
    """Return how many items like this one the demands let `forms` forms have at most; None without a bound.

    Demands that weigh by a value say nothing here: values may be negative.
    """
    found: list[int] = []
    for demand in specification.demands:
        if demand.most is None or demand.value:
            continue
        if demand.measure == Measure.COUNT:
            each = int(demand.tags <= item.tags)
        else:
            each = sum(part.least for part in item.parts if demand.tags <= item.tags | part.tags)
        if each > 0:
            found.append(max(math.floor(demand.most * forms / each + 1e-9), 0))
    return min(found, default=None)
