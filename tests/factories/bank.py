"""Items for tests.

`ItemFactory()` is an approved live single-choice item with its current version; give `type`, `knowledge`,
`pool`, `state`, `is_sample`, `key`, `difficulty` … to change it; `version=None` leaves it without a version.
`ItemVersionFactory(item=item, number=2)` adds a version and makes it the current one.
"""

import datetime
import hashlib
from typing import Any

import factory
from factory.django import DjangoModelFactory

from exams.bank import models
from syllabus.standard.models import Level, Requirement
from tests.factories.standard import LevelFactory

CREATED_AT = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
KEYS = {"single": "B", "multiple": "ACD", "true_false": "T"}
OPTIONS = {"single": 4, "multiple": 5, "true_false": 0}


def a_level() -> Level:
    """Return the newest 三级, a small complete one made where there is none."""
    found = Level.objects.filter(number=3).order_by("-standard__edition").first()
    return found or LevelFactory(complete=True)


def knowledge_points(level: Level | None = None) -> list[Requirement]:
    """Return the knowledge points of `level` (default: `a_level()`) in the order of the standard."""
    return list(
        Requirement.objects.filter(work_content__function__level=level or a_level(), kind="knowledge")
        .select_related("work_content__function")
        .order_by("work_content__function__position", "work_content__position", "position")
    )


class ItemVersionFactory(DjangoModelFactory):
    class Meta:
        model = models.ItemVersion

    item = factory.SubFactory("tests.factories.bank.ItemFactory", version=None)
    number = 1
    type = "single"
    level = factory.LazyAttribute(lambda version: version.knowledge.work_content.function.level)
    knowledge = factory.LazyFunction(lambda: knowledge_points()[0])
    difficulty = 3
    cognition = "understand"
    stem = factory.LazyAttribute(lambda version: f"题干 {version.item.code} 第 {version.number} 版（　）。")
    options = factory.LazyAttribute(
        lambda version: [f"选项 {letter}" for letter in "甲乙丙丁戊"[: OPTIONS[version.type]]]
    )
    key = factory.LazyAttribute(lambda version: KEYS[version.type])
    explanation = factory.LazyAttribute(lambda version: f"解析 {version.item.code}。")
    checksum = factory.LazyAttribute(
        lambda version: hashlib.sha256(f"{version.item.code} {version.number}".encode()).hexdigest()
    )
    created_at = CREATED_AT

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> models.ItemVersion:
        version: models.ItemVersion = super()._create(model_class, *args, **kwargs)
        version.item.current = version
        if version.item.state == "approved":
            version.item.approved = version
        version.item.save(update_fields=["current", "approved"])
        return version


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = models.Item
        skip_postgeneration_save = True

    code = factory.Sequence(lambda number: f"3-T.{number + 1}")
    pool = "live"
    state = "approved"
    is_sample = True
    created_at = CREATED_AT

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> models.Item:
        wants_version = kwargs.pop("version", True)
        own = {field.name for field in models.Item._meta.get_fields()}
        content = {name: kwargs.pop(name) for name in list(kwargs) if name not in own}
        state = kwargs.pop("state")
        item: models.Item = super()._create(model_class, *args, state="draft", **kwargs)
        if wants_version is not None:
            version = ItemVersionFactory(item=item, **content)
            # An approved item must have its version, so the state comes last.
            item.state, item.approved = state, None if state in {"draft", "in_review"} else version
            item.save(update_fields=["state", "approved"])
        return item


class ItemEventFactory(DjangoModelFactory):
    class Meta:
        model = models.ItemEvent

    item = factory.SubFactory(ItemFactory)
    kind = "loaded"
    at = CREATED_AT
