"""Centres and attempts for tests.

`AttemptFactory()` is a real attempt, admitted and not started, on a frozen live paper of five items in the
paper's own order; `kind="mock"` makes it a mock of a practice paper. Traits: `started` (90 minutes, began a
minute ago), `late` (its deadline passed a minute ago), `sealed` (handed in). Give `paper`, `person`, `centre`
to choose them. `answer(attempt, position, "B")` stores a response as if it had been saved.
"""

import datetime
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from exams.delivery import models
from exams.sittings.models import Centre
from tests.factories.assembly import PaperFactory
from tests.factories.people import PersonFactory


class CentreFactory(DjangoModelFactory[Centre]):
    class Meta:
        model = Centre
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"{number + 1:04d}")
    name = factory.LazyAttribute(lambda centre: f"第 {centre.code} 考点")
    address = ""


def _minutes_ago(minutes: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(minutes=minutes)


class AttemptFactory(DjangoModelFactory[models.Attempt]):
    class Meta:
        model = models.Attempt

    class Params:
        started = factory.Trait(
            started_at=factory.LazyFunction(lambda: _minutes_ago(1)),
            deadline_at=factory.LazyAttribute(
                lambda one: one.started_at + datetime.timedelta(minutes=one.minutes)
            ),
        )
        late = factory.Trait(
            started_at=factory.LazyAttribute(lambda one: _minutes_ago(one.minutes + 1)),
            deadline_at=factory.LazyFunction(lambda: _minutes_ago(1)),
        )
        sealed = factory.Trait(
            started_at=factory.LazyFunction(lambda: _minutes_ago(30)),
            deadline_at=factory.LazyAttribute(
                lambda one: one.started_at + datetime.timedelta(minutes=one.minutes)
            ),
            sealed_at=factory.LazyFunction(timezone.now),
            seal_reason="handed_in",
        )

    kind = "real"
    person = factory.SubFactory(PersonFactory)
    paper = factory.LazyAttribute(lambda one: PaperFactory(pool="live" if one.kind == "real" else "practice"))
    centre = factory.LazyAttribute(lambda one: CentreFactory() if one.kind == "real" else None)
    minutes = 90
    seed = 1
    admitted_at = factory.LazyFunction(lambda: _minutes_ago(60))
    admitted_by = factory.LazyAttribute(lambda one: PersonFactory() if one.kind == "real" else one.person)
    item_order = factory.LazyAttribute(
        lambda one: list(one.paper.items.order_by("position").values_list("position", flat=True))
    )
    option_orders = factory.LazyAttribute(
        lambda one: {
            str(position): list(range(len(order)))
            for position, order in one.paper.items.values_list("position", "option_order")
        }
    )


def answer(attempt: models.Attempt, position: int, letters: str, **kwargs: Any) -> models.Response:
    """Store an answer and its history, revision 1 unless given."""
    facts = {
        "attempt": attempt,
        "position": position,
        "answer": letters,
        "flagged": False,
        "revision": 1,
        "saved_at": timezone.now(),
    } | kwargs
    models.ResponseRevision.objects.create(**facts)
    return models.Response.objects.create(**facts)
