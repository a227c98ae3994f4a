"""Every item type in the exam room: asked without its key, saved in its canonical form, marked, shown."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.http import JsonResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exams.bank.enums import Marking
from exams.bank.types import get_kind, kinds
from exams.bank.types.contract import MOST_ANSWER_CHARACTERS
from exams.delivery import queries
from exams.delivery.actions import admit
from exams.delivery.models import Attempt, Response
from exams.delivery.views.saving import MOST_BYTES
from exams.marking.actions import mark
from exams.marking.queries import marked_items
from tests.factories.delivery import AttemptFactory
from tests.factories.people import PersonFactory
from tests.factories.types import content_of, paper_of

pytestmark = pytest.mark.django_db
CODES = list(kinds())
AUTO = [code for code, kind in kinds().items() if kind.marking == Marking.AUTO]
Send = Callable[..., JsonResponse]

# What a right-hand candidate's page sends for the examples, and the canonical answer where it differs.
SENT = {
    "single": "A",
    "multiple": "AB",
    "true_false": "T",
    "calculation": "33.33",
    "short_answer": "第一，致歉。\n第二，核实。",
    "essay": "方案 “甲” \\ 乙",
    "reply": "尊敬的顾客：您好！",
    "oral": "",
    "case_choice": '{"q1":"A","q2":"T"}',
}


def open_attempt(client: Client, *codes: str) -> Attempt:
    attempt: Attempt = AttemptFactory(kind="mock", started=True, paper=paper_of(*codes))
    client.force_login(attempt.person, backend="certs.people.backends.IdentifierBackend")
    return attempt


def page(client: Client, attempt: Attempt, number: int = 1) -> str:
    response = client.get(reverse("room_question", args=[attempt.pk, number]))
    assert response.status_code == 200
    return response.content.decode()


def texts(value: object) -> Iterator[str]:
    """Yield every text of a nested value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in {"kind", "chart"}:  # words for symbols of a drawing, the same for all
                yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


@pytest.mark.parametrize("code", CODES)
def test_question_is_asked_without_explanation_key_or_criteria(client: Client, code: str) -> None:
    attempt = open_attempt(client, code)
    html = page(client, attempt)
    content = content_of(code)
    assert "机密" not in html
    hidden = [
        content.data.get("model_answer"),
        content.data.get("common_errors"),
        content.data.get("formula"),
    ]
    hidden += [one.get(key) for one in content.data.get("questions", []) for key in ("explanation", "data")]
    hidden += [(one.text, [level.text for level in one.levels]) for one in content.criteria]
    for text in texts(hidden):
        assert len(text) < 4 or text in content.stem or text not in html


@pytest.mark.parametrize("code", CODES)
def test_content_that_is_asked_was_loaded_without_key_and_explanation(client: Client, code: str) -> None:
    attempt = open_attempt(client, code)
    asked = queries.asked_items(attempt.paper_id)[1].content
    assert (asked.key, asked.explanation, asked.criteria) == ("", "", ())
    assert asked.stem == content_of(code).stem


@pytest.mark.parametrize("code", CODES)
def test_parts_are_drawn_in_an_order_for_each_candidate(code: str) -> None:
    person = PersonFactory()
    paper = paper_of(code)
    attempt = admit(person=person, paper=paper, kind="mock", centre=None, by=person, at=timezone.now())
    content = content_of(code)
    assert sorted(attempt.option_orders["1"]) == list(range(get_kind(code).orderable(content)))
    assert queries.question(attempt, 1) is not None


@pytest.mark.parametrize("code", SENT)
def test_answer_is_saved_shown_again_and_reviewed(client: Client, send: Send, code: str) -> None:
    attempt = open_attempt(client, code)
    response = send(attempt, answer=SENT[code])
    assert response.json()["status"] == "saved"
    assert response.json()["answer"] == SENT[code]
    assert send(attempt, answer=SENT[code]).json()["status"] == "repeated"
    page(client, attempt)
    plain = {"seen_answer": SENT[code], "go": "1", **fields(code)}
    client.post(reverse("room_question", args=[attempt.pk, 1]), plain)
    assert Response.objects.get().revision == 1, "the plain form of what is saved already is no change"


def fields(code: str) -> dict[str, Any]:
    sent = SENT[code]
    if sent.startswith("{"):
        return {f"answer.{name}": value for name, value in json.loads(sent).items()}
    return {"answer": list(sent) if code == "multiple" else sent.replace("\n", "\r\n")}


@pytest.mark.parametrize("code", CODES)
def test_no_answer_is_taken_as_cleared_and_nonsense_refused(client: Client, send: Send, code: str) -> None:
    attempt = open_attempt(client, code)
    assert send(attempt, answer="").json()["status"] == "saved"
    for nonsense in ("\x00", '{"answer.x": 1}\ud800', "字" * (MOST_ANSWER_CHARACTERS + 1)):
        assert send(attempt, answer=nonsense, revision=2).status_code == 400


def test_longest_answer_fits_into_a_message(client: Client, send: Send) -> None:
    attempt = open_attempt(client, "essay")
    longest = "\x01" * (MOST_ANSWER_CHARACTERS - 1) + "字"
    assert len(json.dumps(longest)) < MOST_BYTES
    assert send(attempt, answer=longest).json()["status"] == "saved"
    assert Response.objects.get().answer == longest


def test_answer_comes_back_in_canonical_form(client: Client, send: Send) -> None:
    attempt = open_attempt(client, "case_choice")
    result = send(attempt, answer='{"q2": "T", "q1": ""}').json()
    assert (result["status"], result["answer"]) == ("saved", '{"q2":"T"}')
    assert send(attempt, answer='{"q1": "", "q2": "T"}').json()["status"] == "repeated"


def test_plain_form_saves_several_fields_and_clears_them(client: Client) -> None:
    attempt = open_attempt(client, "case_choice")
    where = reverse("room_question", args=[attempt.pk, 1])
    client.post(where, {"answer.q1": "C", "answer.q2": "F", "seen_answer": "", "go": "1"})
    assert Response.objects.get().answer == '{"q1":"C","q2":"F"}'
    client.post(where, {"answer.q1": "C", "seen_answer": '{"q1":"C","q2":"F"}', "clear": "on", "go": "1"})
    assert Response.objects.get().answer == ""


@pytest.mark.usefixtures("marking_rule")
def test_paper_of_all_types_that_mark_themselves_is_marked_and_shown(client: Client, send: Send) -> None:
    attempt = open_attempt(client, *AUTO)
    for position, code in enumerate(AUTO, start=1):
        if code in SENT:
            send(attempt, position=position, answer=SENT[code])
    client.post(reverse("room_hand_in", args=[attempt.pk]))
    attempt.refresh_from_db()
    score = mark(attempt=attempt)
    assert 0 < score.points < score.full_points
    earned = {one.version.type: one.earned for one in marked_items(attempt)}
    assert earned["calculation"] == earned["case_choice"] == Decimal(10)
    shown = client.get(reverse("mock_result", args=[attempt.pk])).content.decode()
    assert shown.count("机密解析") == len(AUTO)
