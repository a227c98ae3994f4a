"""A bank and a paper's demands in the engine's terms."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence

from exams.assembly.engine.problem import Demand, Item, Key, Measure, Part
from exams.assembly.engine.problem import Specification as Demands
from exams.assembly.rules import PoolItem, Specification, contents_of, enemies_met, knowledge_caps
from exams.bank.rules import FACILITY

HUNDREDTHS = 100
FACILITY_KEY: Key = ("facility",)
_USE_COST = 400  # one use weighs as much as 0.4 of the widest seeded difference
_SEEDED_COST = 1000


def engine_pool(pool: Sequence[PoolItem], specification: Specification, seed: int) -> list[Item]:
    """Return the items as the engine takes them, with costs drawn from the seed."""
    draw = random.Random(seed)  # noqa: S311  spreads use, keeps no secret
    return [
        engine_item(item, specification, draw.randrange(_SEEDED_COST) + _USE_COST * item.used)
        for item in pool
    ]


def engine_item(item: PoolItem, specification: Specification, cost: int = 0) -> Item:
    """Return one item as the engine takes it."""
    points = specification.points_of(item.type)
    tags = {f"type={item.type}", f"difficulty={item.difficulty}", f"cognition={item.cognition}"}
    parts = tuple(
        Part(
            points or part.least,
            points or part.most,
            frozenset(
                {
                    f"function={part.function}",
                    f"content={part.function}/{part.work_content}",
                    f"requirement={part.function}/{part.requirement}",
                    f"importance={part.importance}",
                }
            ),
        )
        for part in item.parts
    )
    if not specification.has_criteria:  # one part: work contents are counted in items
        tags |= {tag for part in parts for tag in part.tags}
    tags |= {f"barred={reason}" for reason in item.barred}
    values = {"facility": float(FACILITY[item.difficulty] * HUNDREDTHS)}
    return Item(item.code, frozenset(tags), parts, values, cost)


def engine_demands(pool: Iterable[PoolItem], specification: Specification) -> Demands:
    """Return everything a paper of this pool is held to, each demand under a key that names it."""
    limits = specification.limits
    demands = [
        Demand(("section", one.type), Measure.COUNT, frozenset({f"type={one.type}"}), one.fewest, one.count)
        for one in specification.sections
    ]
    demands += [
        Demand(("function", code), Measure.POINTS, frozenset({f"function={code}"}), weight, weight)
        for code, weight in specification.weights.items()
    ]
    if limits.least_per_work_content:
        measure = Measure.POINTS if specification.has_criteria else Measure.COUNT
        demands += [
            Demand(
                ("content", *pair),
                measure,
                frozenset({f"content={'/'.join(pair)}"}),
                limits.least_per_work_content,
            )
            for pair in contents_of(specification)
        ]
    demands += [
        Demand(("knowledge", *pair), Measure.POINTS, frozenset({f"requirement={'/'.join(pair)}"}), None, cap)
        for pair, cap in knowledge_caps(specification).items()
    ]
    demands.append(facility_demand(specification))
    demands += [
        Demand(
            ("quota", quota.attribute, quota.value),
            Measure.POINTS,
            frozenset({f"{quota.attribute}={quota.value}"}),
            quota.least,
            quota.most,
        )
        for quota in specification.quotas
    ]
    listed = list(pool)
    reasons = sorted({reason for item in listed for reason in item.barred})
    demands += [
        Demand(("barred", reason), Measure.COUNT, frozenset({f"barred={reason}"}), None, 0)
        for reason in reasons
    ]
    return Demands(tuple(demands), frozenset(enemies_met(listed)))


def facility_demand(specification: Specification) -> Demand:
    """Return the band of the points-weighted mean facility."""
    # In hundredths of a facility times points, so that every coefficient and bound is a whole number.
    limits, scale = specification.limits, specification.points * HUNDREDTHS
    least, most = math.ceil(limits.facility_least * scale), math.floor(limits.facility_most * scale)
    return Demand(FACILITY_KEY, Measure.POINTS, frozenset(), least, most, "facility")


def fits(item: PoolItem, specification: Specification) -> bool:
    """Return whether an item can stand in such a paper at all: by its type, and by where its points go."""
    return specification.has_type(item.type) and all(
        part.function in specification.weights for part in item.parts
    )
