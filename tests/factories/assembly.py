"""Blueprints and frozen papers for tests, made directly, without the solver.

`PaperFactory()` is a frozen live paper of 5 items of 20 points: three single, one true/false, one multiple,
with knowledge points going round the level's. `PaperFactory(single=1, true_false=0, multiple=1,
points_each=50)` changes that; `items=None` leaves it empty. Keys are those of `tests.factories.bank.KEYS`;
options stand in their own order, or reversed with `reverse_options=True`.
"""

import datetime
import itertools
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from exams.assembly import models
from tests.factories.bank import OPTIONS, ItemFactory, a_level, knowledge_points

FROZEN_AT = datetime.datetime(2026, 1, 3, tzinfo=datetime.UTC)


class BlueprintFactory(DjangoModelFactory):
    class Meta:
        model = models.Blueprint
        django_get_or_create = ("code",)

    code = factory.LazyAttribute(lambda one: f"l{one.level_number}-{one.part}-{one.pool}-test")
    name = "三级理论（测试）"
    level_number = 3
    part = "theory"
    pool = "live"
    minutes = None
    is_short = False
    facility_least = Decimal("0.300")
    facility_most = Decimal("0.900")
    least_per_work_content = 0
    extra_per_knowledge = 100
    checksum = "0" * 64


class BlueprintSectionFactory(DjangoModelFactory):
    class Meta:
        model = models.BlueprintSection

    blueprint = factory.SubFactory(BlueprintFactory)
    position = factory.Sequence(lambda number: number + 1)
    type = "single"
    count = 1
    points = 1


class PaperFactory(DjangoModelFactory):
    class Meta:
        model = models.Paper

    code = factory.Sequence(lambda number: f"L3-T-X-{number + 1:04d}")
    level = factory.LazyFunction(a_level)
    pool = "live"
    blueprint = factory.SubFactory(BlueprintFactory, pool=factory.SelfAttribute("..pool"))
    part = "theory"
    minutes = 90
    points = 100
    is_short = False
    has_sample_items = True
    seed = 7
    status = "optimal"
    gap = 0.0
    seconds = 0.1
    solver = "test"
    mean_facility = Decimal("0.6000")
    specification = factory.LazyFunction(dict)
    sha256 = "0" * 64
    frozen_at = FROZEN_AT
    state = "sealed"
    sealed_at = factory.LazyAttribute(lambda one: FROZEN_AT if one.state == "sealed" else None)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> models.Paper:
        counts = {"single": 3, "true_false": 1, "multiple": 1}
        counts = {item_type: kwargs.pop(item_type, count) for item_type, count in counts.items()}
        points_each, reverse = kwargs.pop("points_each", 20), kwargs.pop("reverse_options", False)
        wants_items = kwargs.pop("items", True)
        types = [item_type for item_type, count in counts.items() for _ in range(count)]
        points = list(zip(types, itertools.cycle(knowledge_points(kwargs["level"])), strict=False))
        if wants_items is not None:
            kwargs["points"] = len(types) * points_each
            kwargs["specification"] = kwargs["specification"] or _specification(counts, points_each, points)
        paper: models.Paper = super()._create(model_class, *args, **kwargs)
        for position, (item_type, knowledge) in enumerate(points if wants_items is not None else [], start=1):
            item = ItemFactory(
                type=item_type, knowledge=knowledge, pool=paper.pool, is_sample=paper.has_sample_items
            )
            order = list(range(OPTIONS[item_type]))
            PaperItemFactory(
                paper=paper,
                position=position,
                version=item.current,
                points=points_each,
                option_order=order[::-1] if reverse else order,
            )
        return paper


def _specification(counts: dict[str, int], points: int, places: list[Any]) -> dict[str, Any]:
    """Return the specification as frozen: what the papers' sections and functions carry."""
    weights: dict[str, int] = {}
    for _, knowledge in places:
        function = knowledge.work_content.function.code
        weights[function] = weights.get(function, 0) + points
    return {
        "sections": [
            {"type": t, "count": c, "points": points, "least": None} for t, c in counts.items() if c
        ],
        "weights": weights,
        "limits": {
            "facility_least": "0.300",
            "facility_most": "0.900",
            "least_per_work_content": 0,
            "extra_per_knowledge": 100,
        },
    }


class PaperItemFactory(DjangoModelFactory):
    class Meta:
        model = models.PaperItem

    paper = factory.SubFactory(PaperFactory, items=None)
    position = 1
    version = factory.LazyAttribute(lambda one: ItemFactory(pool=one.paper.pool).current)
    points = 1
    option_order = factory.LazyAttribute(lambda one: list(range(len(one.version.options))))


class PaperEventFactory(DjangoModelFactory):
    class Meta:
        model = models.PaperEvent

    paper = factory.SubFactory(PaperFactory)
    kind = "frozen"
    at = FROZEN_AT


class PaperReaderFactory(DjangoModelFactory):
    """`person` may see the items of `paper`."""

    class Meta:
        model = models.PaperReader

    paper = factory.SubFactory(PaperFactory)
    named_at = FROZEN_AT


class AssemblyRunFactory(DjangoModelFactory):
    """A run that waits."""

    class Meta:
        model = models.AssemblyRun

    blueprint = factory.SubFactory(BlueprintFactory)
    blueprint_checksum = factory.LazyAttribute(lambda one: one.blueprint.checksum)
    seed = 7
    requested_at = FROZEN_AT
