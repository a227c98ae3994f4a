"""The one statement that saves an answer: every owner, state, time and order of revisions."""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from exams.delivery import rules
from exams.delivery.actions import Receipt, save_answer
from exams.delivery.enums import SaveStatus
from exams.delivery.errors import AnswerUnreadable
from exams.delivery.models import Attempt, Response, ResponseRevision
from tests.exams.delivery.conftest import GRACE, shift
from tests.factories.assembly import PaperFactory
from tests.factories.delivery import AttemptFactory, answer
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def save(attempt: Attempt, position: int = 1, letters: str = "A", **changes: Any) -> Receipt:
    facts = {
        "attempt_id": attempt.pk,
        "person_id": attempt.person_id,
        "paper_id": attempt.paper_id,
        "position": position,
        "answer": letters,
        "flagged": False,
        "revision": 1,
    }
    return save_answer(**{**facts, **changes})


def stored(attempt: Attempt) -> list[tuple[int, int, str, bool]]:
    return list(
        Response.objects.filter(attempt=attempt)
        .order_by("position")
        .values_list("position", "revision", "answer", "flagged")
    )


def history(attempt: Attempt) -> list[tuple[int, int, str, bool]]:
    return list(
        ResponseRevision.objects.filter(attempt=attempt)
        .order_by("position", "revision")
        .values_list("position", "revision", "answer", "flagged")
    )


def test_save_stores_answer_and_history_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    attempt = AttemptFactory(started=True)
    save(attempt, 1)  # this connection has planned the statement
    with django_assert_num_queries(1):
        receipt = save(attempt, 2, "C", flagged=True)
    assert receipt.status == SaveStatus.SAVED
    assert 5330 <= receipt.seconds_left <= 5340
    assert receipt.saved_at == Response.objects.get(attempt=attempt, position=2).saved_at
    assert stored(attempt) == history(attempt) == [(1, 1, "A", False), (2, 1, "C", True)]


@pytest.mark.parametrize(
    ("trait", "past", "status"),
    [
        ("admitted", None, SaveStatus.NOT_STARTED),
        ("started", -60, SaveStatus.SAVED),
        ("started", GRACE - 1, SaveStatus.SAVED),
        ("started", GRACE + 0.1, SaveStatus.LATE),
        ("started", 3600, SaveStatus.LATE),
        ("sealed", None, SaveStatus.SEALED),
        ("sealed", -60, SaveStatus.SEALED),
        ("sealed", GRACE + 1, SaveStatus.SEALED),
    ],
)
def test_save_is_judged_by_state_and_the_databases_clock(
    trait: str, past: float | None, status: SaveStatus
) -> None:
    attempt = AttemptFactory(**{} if trait == "admitted" else {trait: True})
    if past is not None:
        shift(attempt, past=past)
    receipt = save(attempt)
    assert receipt.status == status
    assert receipt.is_acknowledged == (status == SaveStatus.SAVED)
    assert len(stored(attempt)) == len(history(attempt)) == (1 if receipt.is_acknowledged else 0)


@pytest.mark.parametrize("wrong", ["person_id", "paper_id", "attempt_id"])
def test_save_refuses_another_owner_paper_or_attempt(wrong: str) -> None:
    attempt, other = AttemptFactory(started=True), AttemptFactory()
    value = {"person_id": PersonFactory().pk, "paper_id": other.paper_id, "attempt_id": other.pk}[wrong]
    assert save(attempt, **{wrong: value}).status == SaveStatus.UNKNOWN
    assert not Response.objects.exists()


def test_save_refuses_a_position_that_the_paper_or_the_attempt_does_not_have() -> None:
    attempt = AttemptFactory(started=True)
    assert save(attempt, 6).status == SaveStatus.UNKNOWN
    Attempt.objects.filter(pk=attempt.pk).update(item_order=[1, 2, 4, 5])
    assert save(attempt, 3).status == SaveStatus.UNKNOWN
    assert stored(attempt) == []


@pytest.mark.parametrize(
    ("position", "letters", "fits"),
    [
        *((1, letters, True) for letters in ("", "A", "D")),
        *((1, letters, False) for letters in ("E", "AB", "T", "a", " A", "A\x00", "\x00", "甲")),
        *((4, letters, True) for letters in ("", "T", "F")),
        *((4, letters, False) for letters in ("A", "TF", "t")),
        *((5, letters, True) for letters in ("", "A", "ACD", "ABCDE")),
        *((5, letters, False) for letters in ("BA", "AA", "F", "ABCDEF")),
    ],
)
def test_save_takes_only_answers_of_the_items_type(position: int, letters: str, fits: bool) -> None:
    attempt = AttemptFactory(started=True, paper=PaperFactory(single=3, true_false=1, multiple=1))
    if fits:
        assert save(attempt, position, letters).is_acknowledged
        return
    with pytest.raises(AnswerUnreadable):
        save(attempt, position, letters)
    assert stored(attempt) == []


def test_newer_revision_replaces_and_keeps_the_older_in_history() -> None:
    attempt = AttemptFactory(started=True)
    assert save(attempt, letters="A").status == SaveStatus.SAVED
    assert save(attempt, letters="B", revision=4).status == SaveStatus.SAVED
    assert stored(attempt) == [(1, 4, "B", False)]
    assert history(attempt) == [(1, 1, "A", False), (1, 4, "B", False)]


def test_the_same_revision_again_is_acknowledged_with_the_first_receipt() -> None:
    attempt = AttemptFactory(started=True)
    first, again = save(attempt), save(attempt)
    assert (again.status, again.saved_at) == (SaveStatus.REPEATED, first.saved_at)
    assert again.is_acknowledged
    assert len(history(attempt)) == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"revision": 2, "letters": "A"},  # older
        {"revision": 2, "letters": "B"},  # older, though it says the same
        {"revision": 3, "letters": "A"},  # another tab's change under the same number
        {"revision": 3, "letters": "B", "flagged": True},
    ],
)
def test_stale_revision_is_refused_with_what_is_stored(sent: dict[str, Any]) -> None:
    attempt = AttemptFactory(started=True)
    answer(attempt, 1, "B", revision=3)
    receipt = save(attempt, **sent)
    assert receipt.status == SaveStatus.STALE
    assert not receipt.is_acknowledged
    assert (receipt.revision, receipt.answer, receipt.flagged) == (3, "B", False)
    assert stored(attempt) == history(attempt) == [(1, 3, "B", False)]


def test_without_a_revision_the_server_chooses_the_next() -> None:
    attempt = AttemptFactory(started=True)
    assert save(attempt, letters="A", revision=None).revision == 1
    answer(attempt, 2, "B", revision=7)
    assert save(attempt, 2, "C", revision=None).revision == 8
    assert stored(attempt) == [(1, 1, "A", False), (2, 8, "C", False)]


contents = st.tuples(st.integers(1, 4), st.sampled_from(["", "A", "B"]), st.booleans())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(contents, min_size=1, max_size=8))
def test_statement_decides_as_the_rule_says(sent: list[tuple[int, str, bool]]) -> None:
    attempt = AttemptFactory(started=True)
    newest: rules.Content | None = None
    accepted = []
    for revision, letters, flagged in sent:
        content = rules.Content(revision, letters, flagged)
        receipt = save(attempt, letters=letters, flagged=flagged, revision=revision)
        assert receipt.status == rules.revision_status(newest, content)
        if receipt.status == SaveStatus.SAVED:
            newest = content
            accepted.append((1, revision, letters, flagged))
        assert newest is not None
        assert stored(attempt) == [(1, newest.revision, newest.answer, newest.flagged)]
    assert history(attempt) == accepted


def test_saves_of_different_questions_do_not_meet() -> None:
    attempt = AttemptFactory(started=True)
    for position, revision in itertools.product((1, 2, 3), (1, 2)):
        assert save(attempt, position, "AB"[revision - 1], revision=revision).status == SaveStatus.SAVED
    assert stored(attempt) == [(1, 2, "B", False), (2, 2, "B", False), (3, 2, "B", False)]
