"""Centres, sealed attempts with answers, and ledger rows for tests, made directly.

`SealedAttemptFactory()` is a real attempt on a live paper of five items of 20 points
(tests.factories.assembly), sealed and with every answer right; `answers={1: "A"}` gives other answers,
`mock=True` a mock on a practice paper, `started=False` one that was never started, `open=True` one that is
still running. `PartResultFactory()` is a passed theory result; `outcome="failed"`, `score`, `part`,
`published_at` change it.
"""

import datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from certs.results.models import PartResult
from certs.results.rules import published_on, valid_through
from exams.delivery.models import Attempt, Response
from exams.sittings.models import Centre
from tests.factories.assembly import PaperFactory
from tests.factories.bank import KEYS, a_level
from tests.factories.people import PersonFactory
from tests.factories.standard import RuleFactory

NINE = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
PUBLISHED_AT = datetime.datetime(2026, 3, 10, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def load_rules(*, gap: int = 30, half_credit: bool = False) -> None:
    """Make the rules that results and marking read."""
    RuleFactory(code="results.retake_gap_days", value=gap)
    RuleFactory(code="marking.multiple_half_credit", value=half_credit)


class CentreFactory(DjangoModelFactory):
    class Meta:
        model = Centre
        django_get_or_create = ("code",)

    code = "0101"
    name = factory.LazyAttribute(lambda centre: f"考点 {centre.code}")


class SealedAttemptFactory(DjangoModelFactory):
    class Meta:
        model = Attempt

    class Params:
        mock = False
        open = False
        started = True
        at = NINE

    person = factory.SubFactory(PersonFactory)
    paper = factory.LazyAttribute(
        lambda one: PaperFactory(pool="practice" if one.mock else "live", level=a_level())
    )
    kind = factory.LazyAttribute(lambda one: "mock" if one.mock else "real")
    centre = factory.Maybe("mock", None, factory.SubFactory(CentreFactory))
    minutes = 90
    item_order = factory.LazyAttribute(
        lambda one: list(one.paper.items.order_by("position").values_list("position", flat=True))
    )
    option_orders = factory.LazyFunction(dict)
    seed = 7
    admitted_at = factory.LazyAttribute(lambda one: one.at)
    admitted_by = factory.Maybe("mock", None, factory.SubFactory(PersonFactory))
    started_at = factory.LazyAttribute(lambda one: one.at if one.started else None)
    deadline_at = factory.LazyAttribute(
        lambda one: one.at + datetime.timedelta(minutes=90) if one.started else None
    )
    sealed_at = factory.LazyAttribute(lambda one: None if one.open else one.at + datetime.timedelta(hours=1))
    seal_reason = factory.LazyAttribute(lambda one: "" if one.open else "handed_in")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Attempt:
        answers = kwargs.pop("answers", {})
        attempt: Attempt = super()._create(model_class, *args, **kwargs)
        if attempt.started_at is None:
            return attempt
        for one in attempt.paper.items.select_related("version"):
            Response.objects.create(
                attempt=attempt,
                position=one.position,
                answer=answers.get(one.position, KEYS[one.version.type]),
                revision=1,
                saved_at=attempt.started_at,
            )
        return attempt


class PartResultFactory(DjangoModelFactory):
    class Meta:
        model = PartResult

    person = factory.SubFactory(PersonFactory)
    level = factory.LazyFunction(a_level)
    part = "theory"
    outcome = "passed"
    score = factory.LazyAttribute(
        lambda row: {
            "passed": Decimal(72),
            "failed": Decimal("54.5"),
            "absent": None,
            "void": Decimal(0),
        }[row.outcome]
    )
    pass_mark = Decimal(60)
    centre = factory.SubFactory(CentreFactory)
    published_at = PUBLISHED_AT
    published_on = factory.LazyAttribute(lambda row: published_on(row.published_at))
    sat_on = factory.LazyAttribute(lambda row: row.published_on - datetime.timedelta(days=8))
    published_by = factory.SubFactory(PersonFactory)
    valid_through = factory.LazyAttribute(
        lambda row: valid_through(row.published_on, 2) if row.outcome == "passed" else None
    )
    reason = factory.LazyAttribute(lambda row: "录入有误" if getattr(row, "supersedes", None) else "")
