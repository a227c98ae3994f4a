"""The candidate's pages: instructions, questions, hand-in, sealed."""

import time
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.htmx import render_page
from exams.delivery import actions, queries
from exams.delivery.access import own_attempt
from exams.delivery.enums import AttemptState, SealReason
from exams.delivery.forms import AnswerForm, ConfirmForm
from exams.delivery.queries import Question, Timed
from exams.delivery.tokens import Claim, issue_token


@require_GET
def room(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Lead to where the attempt is: instructions, the first open question, closing, or sealed."""
    timed = own_attempt(request, attempt_id)
    if timed.state == AttemptState.ADMITTED:
        return _instructions(request, timed, ConfirmForm())
    if timed.state == AttemptState.SEALED:
        return _page(request, "sealed.html", {"timed": timed, "attempt": timed.attempt})
    if not timed.is_writable:
        return _closing(request, timed)
    actions.record_resume(attempt=timed.attempt, by=request.user)
    return redirect("room_question", attempt_id, queries.sheet(timed.attempt).first_open)


@require_POST
def room_start(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Start the clock once the candidate has confirmed identity and rules."""
    timed = own_attempt(request, attempt_id)
    form = ConfirmForm(request.POST)
    if timed.state == AttemptState.ADMITTED:
        if not form.is_valid():
            return _instructions(request, timed, form)
        actions.start(attempt=timed.attempt, by=request.user)
        return redirect("room_question", attempt_id, 1)
    return redirect("room", attempt_id)


@require_http_methods(["GET", "POST"])
def room_question(request: HttpRequest, attempt_id: uuid.UUID, number: int) -> HttpResponse:
    """Show question `number`; a plain form saves its answer here and says where to go next."""
    timed = own_attempt(request, attempt_id)
    if not timed.is_writable and not (request.method == "POST" and timed.state == AttemptState.RUNNING):
        return redirect("room", attempt_id)
    question = queries.question(timed.attempt, number)
    if question is None:
        raise Http404
    if request.method == "POST":
        return _save_and_go(request, timed, question)
    facts = {"question": question, "sheet": queries.sheet(timed.attempt), **_room_facts(timed)}
    return _page(request, "question.html", facts)


def _save_and_go(request: HttpRequest, timed: Timed, question: Question) -> HttpResponseRedirect:
    attempt = timed.attempt
    form = AnswerForm(request.POST, content=queries.asked_items(attempt.paper_id)[question.position].content)
    if not form.is_valid():
        messages.error(request, _("作答内容不符合本题的题型，没有保存。请重新选择。"))
        return redirect("room_question", attempt.pk, question.number)
    if form.is_change:
        receipt = actions.save_answer(
            attempt_id=attempt.pk,
            person_id=attempt.person_id,
            paper_id=attempt.paper_id,
            position=question.position,
            answer=form.cleaned_data["answer"],
            flagged=form.cleaned_data["flagged"],
        )
        if not receipt.is_acknowledged:
            messages.error(
                request,
                _("第 %(number)d 题的改动没有保存：考试时间已到或已封卷。") % {"number": question.number},
            )
            return redirect("room", attempt.pk)
    return redirect(_next_address(form.cleaned_data["go"], attempt.pk, question))


def _next_address(go: str, attempt_id: uuid.UUID, question: Question) -> str:
    if go == "hand-in":
        return reverse("room_hand_in", args=[attempt_id])
    number = int(go) if go.isdecimal() else question.number
    return reverse("room_question", args=[attempt_id, min(max(number, 1), question.of)])


@require_http_methods(["GET", "POST"])
def room_hand_in(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Show what is open and flagged; a POST seals."""
    timed = own_attempt(request, attempt_id)
    if timed.state != AttemptState.RUNNING:
        return redirect("room", attempt_id)
    if request.method == "POST":
        actions.seal(attempt=timed.attempt, reason=SealReason.HANDED_IN, by=request.user)
        return redirect("room", attempt_id)
    if not timed.is_writable:
        return redirect("room", attempt_id)
    facts = {"sheet": queries.sheet(timed.attempt), **_room_facts(timed)}
    return _page(request, "hand_in.html", facts)


@require_GET
def room_clock(request: HttpRequest, attempt_id: uuid.UUID) -> JsonResponse:
    """Return state and seconds left by the database's clock."""
    timed = own_attempt(request, attempt_id)
    response = JsonResponse({"state": timed.state, "seconds_left": timed.seconds_left})
    add_never_cache_headers(response)
    return response


def _instructions(request: HttpRequest, timed: Timed, form: ConfirmForm) -> HttpResponse:
    paper = timed.attempt.paper
    facts = {
        "timed": timed,
        "attempt": timed.attempt,
        "sections": queries.sections(paper),
        "pass_mark": queries.pass_mark(paper),
        "form": form,
    }
    return _page(request, "instructions.html", facts, status=422 if form.is_bound else 200)


def _closing(request: HttpRequest, timed: Timed) -> HttpResponse:
    """Between the deadline and the end of its grace: nothing to answer any more, not yet sealed."""
    response = _page(request, "closing.html", {"timed": timed, "attempt": timed.attempt})
    response["Refresh"] = str(queries.grace_seconds() + 1)
    return response


def _room_facts(timed: Timed) -> dict[str, object]:
    attempt = timed.attempt
    claim = Claim(attempt.pk, attempt.person_id, attempt.paper_id)
    return {
        "timed": timed,
        "attempt": attempt,
        "token": issue_token(claim, time.time()),
        "grace": queries.grace_seconds(),
    }


def _page(
    request: HttpRequest, template: str, facts: dict[str, object], *, status: int = 200
) -> HttpResponse:
    # A question that the browser keeps would come back after sealing by its "back" button.
    response = render_page(request, f"exams/delivery/{template}", facts, status=status)
    add_never_cache_headers(response)
    response["Cache-Control"] = "no-store"
    return response
