"""The grace of three seconds for every test of this folder, and a client at the answers' address."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import JsonResponse
from django.test import Client
from django.urls import reverse

from exams.delivery import queries
from exams.delivery.models import Attempt
from exams.delivery.tokens import Claim, issue_token
from syllabus.standard.models import Rule
from tests.factories.standard import StandardFactory

GRACE = 3


@pytest.fixture(autouse=True)
def _known_grace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # The cached value itself: most tests here are not about reading the rule.
    monkeypatch.setattr(queries, "_grace", (float("inf"), GRACE))
    yield
    queries.asked_items.cache_clear()


@pytest.fixture
def grace_rule(monkeypatch: pytest.MonkeyPatch) -> Rule:
    """The rule as an administrator keeps it; the cache is empty."""
    monkeypatch.setattr(queries, "_grace", None)
    return _rule(queries.GRACE_RULE, 5)


@pytest.fixture
def marking_rule() -> Rule:
    """What marking, which follows every seal, asks for."""
    return _rule("marking.multiple_half_credit", False)


def _rule(code: str, value: object) -> Rule:
    return Rule.objects.create(
        standard=StandardFactory(),
        code=code,
        name=code,
        group="delivery",
        value=value,
        certainty="decision",
        clause="D12",
        position=Rule.objects.count() + 1,
    )


def token_of(attempt: Attempt, **changes: Any) -> str:
    """Return a token for `attempt`, changed where a test says so; issued now unless `now`."""
    facts = {"attempt_id": attempt.pk, "person_id": attempt.person_id, "paper_id": attempt.paper_id}
    now = changes.pop("now", datetime.datetime.now(datetime.UTC).timestamp())
    return issue_token(Claim(**{**facts, **changes}), now)


@pytest.fixture
def send(client: Client) -> Callable[..., JsonResponse]:
    """Save an answer as the page's script does."""

    def post(attempt: Attempt, *, token: str | None = None, body: Any = None, **changes: Any) -> JsonResponse:
        sent = {"position": 1, "answer": "A", "flagged": False, "revision": 1, **changes}
        response: JsonResponse = client.post(
            reverse("room_answers", args=[attempt.pk]),
            data=sent if body is None else body,
            content_type="application/json",
            headers={"X-Attempt-Token": token_of(attempt) if token is None else token},
        )
        return response

    return post


def shift(attempt: Attempt, *, past: float) -> None:
    """Move the attempt: the database's clock is then `past` seconds after its deadline (negative: before)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE exams_attempt SET deadline_at = clock_timestamp() - make_interval(secs => %s),"
            " started_at = clock_timestamp() - make_interval(secs => %s) WHERE id = %s",
            [past, past + 5400, attempt.pk],
        )
    attempt.refresh_from_db()
