"""The candidate's pages, and what must never be on them."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exams.delivery import tokens
from exams.delivery.models import Attempt, Response, ResponseRevision
from exams.delivery.views import saving
from tests.exams.delivery.conftest import GRACE, shift, token_of
from tests.factories.delivery import AttemptFactory, answer
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
Send = Callable[..., JsonResponse]


def address(name: str, attempt: Attempt, *more: object) -> str:
    return reverse(name, args=[attempt.pk, *more])


@pytest.fixture
def running(client: Client) -> Attempt:
    attempt: Attempt = AttemptFactory(started=True)
    client.force_login(attempt.person, backend="certs.people.backends.IdentifierBackend")
    return attempt


def login(client: Client, person: Any) -> None:
    client.force_login(person, backend="certs.people.backends.IdentifierBackend")


def row(attempt: Attempt, position: int) -> tuple[str, bool, int] | None:
    found = Response.objects.filter(attempt=attempt, position=position)
    return found.values_list("answer", "flagged", "revision").first()


# --- Saving by the page's script


def test_save_answers_with_a_receipt_in_one_query_without_session(
    client: Client, send: Send, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attempt = AttemptFactory(started=True)
    send(attempt)
    with django_assert_num_queries(1):
        response = send(attempt, position=2, answer="D", flagged=True)
    assert response.status_code == 200
    result = response.json()
    assert re.fullmatch(r"\d\d:\d\d:\d\d", result.pop("saved_at"))
    assert result.pop("seconds_left") == pytest.approx(5340, abs=5)
    assert result == {"status": "saved", "revision": 1, "answer": "D", "flagged": True}
    assert not response.cookies


@pytest.mark.parametrize(
    ("make_token", "why"),
    [
        (lambda attempt: "", "none"),
        (lambda attempt: token_of(attempt)[:-1] + "x", "signature"),
        (lambda attempt: token_of(attempt, attempt_id=uuid.uuid4()), "another attempt"),
        (lambda attempt: token_of(attempt, now=1_000_000), "expired"),
        (lambda attempt: "x~y", "nonsense"),
    ],
)
def test_save_refuses_a_wrong_token(send: Send, make_token: Callable[[Attempt], str], why: str) -> None:
    attempt = AttemptFactory(started=True)
    response = send(attempt, token=make_token(attempt))
    assert (response.status_code, response.json()) == (403, {"status": "no_token"})
    assert not Response.objects.exists()


def test_save_refuses_a_token_of_another_person(send: Send) -> None:
    attempt = AttemptFactory(started=True)
    response = send(attempt, token=token_of(attempt, person_id=PersonFactory().pk))
    assert (response.status_code, response.json()["status"]) == (404, "unknown")


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "A\x00"},
        {"answer": "E"},
        {"answer": "AB"},
        {"answer": None},
        {"answer": 1},
        {"position": "1"},
        {"position": True},
        {"position": 0},
        {"position": 2**40},
        {"revision": 0},
        {"revision": 2**31},
        {"flagged": "no"},
        {"extra": 1},
        {"body": "[]"},
        {"body": "{"},
        {"body": "[" * 1000},
        {"body": '{"position": 1}'},
        {"body": b"\xff\xfe"},
        {"body": '"' + "x" * 2000 + '"'},
    ],
)
def test_save_refuses_what_is_no_answer(send: Send, change: dict[str, Any]) -> None:
    attempt = AttemptFactory(started=True)
    response = send(attempt, **change)
    assert (response.status_code, response.json()) == (400, {"status": "unreadable"})
    assert not Response.objects.exists()


def test_save_of_a_stale_revision_gives_the_newer_answer_back(send: Send) -> None:
    attempt = AttemptFactory(started=True)
    answer(attempt, 1, "C", revision=5, flagged=True)
    response = send(attempt, revision=5)
    assert response.status_code == 409
    result = response.json()
    assert (result["status"], result["answer"], result["flagged"], result["revision"]) == (
        "stale",
        "C",
        True,
        5,
    )


@pytest.mark.parametrize(
    ("traits", "code", "status"),
    [({}, 409, "not_started"), ({"late": True}, 410, "late"), ({"sealed": True}, 410, "sealed")],
)
def test_save_outside_of_the_time_is_refused(
    send: Send, traits: dict[str, bool], code: int, status: str
) -> None:
    response = send(AttemptFactory(**traits))
    assert (response.status_code, response.json()["status"]) == (code, status)
    assert not Response.objects.exists()


def test_late_save_is_refused_though_the_web_servers_and_browsers_clocks_lie(send: Send) -> None:
    attempt = AttemptFactory(started=True)
    token = token_of(attempt)
    shift(attempt, past=GRACE + 1)
    with time_machine.travel("2020-01-01", tick=False):
        assert send(attempt, token=token).json()["status"] == "late"
    running = AttemptFactory(started=True)
    with time_machine.travel("2035-01-01", tick=False):
        assert send(running, token=token_of(running)).json()["status"] == "saved"


def test_save_never_acknowledges_what_the_database_did_not_take(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = AttemptFactory(started=True)

    def fail(**_: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(saving, "save_answer", fail)
    response = send(attempt)
    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})


def test_token_outlives_neither_its_time_nor_a_change() -> None:
    claim = tokens.Claim(uuid.uuid4(), 7, 8)
    token = tokens.issue_token(claim, 1000)
    assert tokens.read_token(token, 1000 + tokens.LASTS_SECONDS - 1) == claim
    assert tokens.read_token(token, 1000 + tokens.LASTS_SECONDS) is None
    assert tokens.read_token(token.replace(".7.", ".9."), 1000) is None


# --- Plain forms


def post(client: Client, attempt: Attempt, number: int, **form: object) -> HttpResponse:
    return client.post(address("room_question", attempt, number), form)


def test_plain_form_saves_a_change_and_goes_on(client: Client, running: Attempt) -> None:
    response = post(client, running, 1, answer="B", go="2")
    assert response.headers["Location"] == address("room_question", running, 2)
    assert row(running, 1) == ("B", False, 1)
    response = post(client, running, 5, answer=["D", "A"], flagged="on", go="hand-in")
    assert response.headers["Location"] == address("room_hand_in", running)
    assert row(running, 5) == ("AD", True, 1)


def test_plain_form_without_a_change_writes_nothing(client: Client, running: Attempt) -> None:
    answer(running, 1, "B")
    post(client, running, 1, answer="B", seen_answer="B", go="2")
    post(client, running, 2, go="3")
    assert ResponseRevision.objects.count() == 1


def test_stale_page_that_changed_nothing_does_not_overwrite_a_newer_answer(
    client: Client, running: Attempt
) -> None:
    answer(running, 1, "B")
    post(client, running, 1, go="2")  # this page was loaded before B was chosen elsewhere
    assert row(running, 1) == ("B", False, 1)


def test_plain_form_clears(client: Client, running: Attempt) -> None:
    answer(running, 1, "B", flagged=True)
    response = post(
        client, running, 1, answer="B", seen_answer="B", flagged="on", seen_flagged="on", clear="on"
    )
    assert response.headers["Location"] == address("room_question", running, 1)
    assert row(running, 1) == ("", True, 2)


def test_plain_form_refuses_what_does_not_fit(client: Client, running: Attempt) -> None:
    for letters in (["A", "B"], ["Z"], ["A\0"]):
        response = post(client, running, 1, answer=letters, go="2")
        assert response.headers["Location"] == address("room_question", running, 1)
    assert not Response.objects.exists()


def test_plain_form_after_the_deadline_says_that_it_was_not_saved(client: Client, running: Attempt) -> None:
    shift(running, past=GRACE + 1)
    response = client.post(address("room_question", running, 1), {"answer": "A", "go": "2"}, follow=True)
    assert response.redirect_chain[-1][0] == address("room", running)
    assert not Response.objects.exists()
    running.refresh_from_db()
    assert running.seal_reason == "deadline"


def test_plain_form_needs_the_csrf_token(running: Attempt) -> None:
    strict = Client(enforce_csrf_checks=True)
    login(strict, running.person)
    assert post(strict, running, 1, answer="A").status_code == 403
    assert not Response.objects.exists()


# --- Pages


def test_instructions_come_first_and_the_clock_starts_only_after_confirming(client: Client) -> None:
    attempt = AttemptFactory()
    login(client, attempt.person)
    page = client.get(address("room", attempt)).content.decode()
    assert attempt.person.name in page
    assert attempt.person.masked_document in page
    assert "题干" not in page
    assert client.get(address("room_question", attempt, 1)).headers["Location"] == address("room", attempt)
    assert client.post(address("room_start", attempt)).status_code == 422
    attempt.refresh_from_db()
    assert attempt.started_at is None
    response = client.post(address("room_start", attempt), {"confirmed": "on"})
    assert response.headers["Location"] == address("room_question", attempt, 1)
    attempt.refresh_from_db()
    assert attempt.started_at is not None


def test_resume_continues_at_the_first_open_question(client: Client, running: Attempt) -> None:
    answer(running, 1, "A")
    answer(running, 2, "")
    response = client.get(address("room", running))
    assert response.headers["Location"] == address("room_question", running, 2)
    assert running.events.get().kind == "resumed"


def test_question_shows_own_answer_in_the_candidates_order(client: Client, running: Attempt) -> None:
    Attempt.objects.filter(pk=running.pk).update(
        item_order=[2, 1, 3, 4, 5], option_orders={**running.option_orders, "2": [3, 1, 0, 2]}
    )
    answer(running, 2, "B", flagged=True)
    page = client.get(address("room_question", running, 1))
    question = page.context["question"]
    assert [(one["shown"], one["letter"], one["text"]) for one in question.context["options"]] == [
        ("A", "D", "选项 丁"),
        ("B", "B", "选项 乙"),
        ("C", "A", "选项 甲"),
        ("D", "C", "选项 丙"),
    ]
    assert (question.position, question.answer, question.flagged, question.revision) == (2, "B", True, 1)
    assert page.headers["Cache-Control"] == "no-store"


def test_question_costs_the_same_queries_however_much_is_answered(
    client: Client, running: Attempt, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(address("room_question", running, 1))
    for answered in range(1, 4):
        answer(running, answered, "A")
        with django_assert_num_queries(4):
            client.get(address("room_question", running, 1))


@pytest.mark.parametrize("number", [0, 6, 999])
def test_question_that_is_not_there_is_404(client: Client, running: Attempt, number: int) -> None:
    assert client.get(address("room_question", running, number)).status_code == 404


NAMES = ["room", "room_clock", "room_hand_in", "room_start", "room_question"]


@pytest.mark.parametrize("name", NAMES)
def test_another_persons_attempt_is_404_and_a_strangers_a_login(client: Client, name: str) -> None:
    attempt = AttemptFactory(started=True)
    where = address(name, attempt, *([1] if name == "room_question" else []))
    method = client.post if name == "room_start" else client.get
    assert method(where).status_code == 302
    login(client, PersonFactory())
    assert method(where).status_code == 404
    if name in {"room_hand_in", "room_question"}:
        assert client.post(where).status_code == 404


def test_no_key_or_explanation_leaves_before_the_seal_and_no_item_after_it(
    client: Client, running: Attempt, send: Send
) -> None:
    pages = [client.get(address("room_question", running, number)) for number in range(1, 6)]
    pages += [client.get(address("room_hand_in", running)), client.get(address("room_clock", running))]
    pages += [send(running, position=1, answer="A"), send(running, position=1, answer="B")]
    for page in pages:
        text = page.content.decode()
        assert "解析" not in text
        assert "explanation" not in text
        assert "data-key" not in text
    client.post(address("room_hand_in", running))
    for where in [
        address("room", running),
        address("room_question", running, 1),
        address("room_hand_in", running),
    ]:
        text = client.get(where, follow=True).content.decode()
        assert "已封卷" in text
        assert "题干" not in text
        assert "选项" not in text
        assert "解析" not in text.replace("不公布试题、答案与解析", "")


def test_pages_never_ask_the_database_for_a_key(client: Client, running: Attempt) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(address("room_question", running, 1))
        client.get(address("room_hand_in", running))
        post(client, running, 1, answer="B", go="2")
    for query in queries.captured_queries:
        assert '"exams_itemversion"."key"' not in query["sql"]
        assert "explanation" not in query["sql"]


def test_hand_in_names_what_is_open_and_flagged_then_seals(client: Client, running: Attempt) -> None:
    answer(running, 1, "A", flagged=True)
    sheet = client.get(address("room_hand_in", running)).context["sheet"]
    assert (sheet.answered, sheet.open_numbers, sheet.flagged_numbers) == (1, [2, 3, 4, 5], [1])
    assert client.post(address("room_hand_in", running)).headers["Location"] == address("room", running)
    running.refresh_from_db()
    assert running.seal_reason == "handed_in"


def test_a_look_after_the_deadline_seals(client: Client, running: Attempt) -> None:
    shift(running, past=GRACE + 1)
    assert "已封卷" in client.get(address("room", running)).content.decode()
    running.refresh_from_db()
    assert (running.seal_reason, running.sealed_at) == ("deadline", running.deadline_at)


def test_within_the_grace_the_page_is_closing_and_shows_no_question(client: Client, running: Attempt) -> None:
    shift(running, past=GRACE - 2)
    page = client.get(address("room_question", running, 1), follow=True)
    assert page.headers["Refresh"] == str(GRACE + 1)
    assert "题干" not in page.content.decode()


def test_clock_tells_state_and_seconds_of_the_database(client: Client, running: Attempt) -> None:
    shift(running, past=-100)
    result = client.get(address("room_clock", running)).json()
    assert (result["state"], result["seconds_left"]) == ("running", pytest.approx(99, abs=1))
