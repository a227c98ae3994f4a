"""The officer's desk: admit, watch, give time, seal."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.htmx import Refusal, render_page
from exams.delivery import actions, queries
from exams.delivery.access import officer_centres, watched_attempt, workable_attempt
from exams.delivery.enums import AttemptKind, SealReason
from exams.delivery.forms import AdmitForm, GiveTimeForm, SealForm, WatchForm


@require_GET
def admissions(request: HttpRequest) -> HttpResponse:
    """List the real attempts of the officer's centres; the list renews itself."""
    centres = officer_centres(request)
    form = WatchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"state": "", "q": ""}
    attempts = queries.watched_attempts(centres=centres, state=wanted["state"], text=wanted["q"])
    facts = {"attempts": attempts, "form": form, "now": timezone.now(), "is_filtered": any(wanted.values())}
    return render_page(
        request, "exams/delivery/admissions.html", facts, fragment="exams/delivery/_attempts.html"
    )


@require_http_methods(["GET", "POST"])
def admit(request: HttpRequest) -> HttpResponse:
    """Admit one candidate to one paper."""
    form = AdmitForm(request.POST or None, centres=officer_centres(request))
    if form.is_valid():
        try:
            attempt = actions.admit(
                person=form.person,
                paper=form.cleaned_data["paper"],
                kind=AttemptKind.REAL,
                centre=form.cleaned_data["centre"],
                by=request.user,
                at=timezone.now(),
                minutes=form.cleaned_data["minutes"],
            )
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.remedy}")
        else:
            messages.success(request, _("已准予 %(name)s 参加考试。") % {"name": form.person})
            return redirect("admission", attempt.pk)
    return render_page(
        request, "exams/delivery/admit.html", {"form": form}, status=422 if form.errors else 200
    )


@require_GET
def admission(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Show one attempt's facts and record, with what an officer may do."""
    return _admission(request, attempt_id, seal_form=SealForm(), time_form=GiveTimeForm())


@require_POST
def admission_seal(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Seal an attempt, with the reason."""
    form = SealForm(request.POST)
    attempt = workable_attempt(request, attempt_id)
    if not form.is_valid():
        return _admission(request, attempt_id, seal_form=form, time_form=GiveTimeForm())
    actions.seal(attempt=attempt, reason=SealReason.OFFICER, by=request.user, note=form.cleaned_data["note"])
    messages.success(request, _("已封卷。"))
    return redirect("admission", attempt_id)


@require_POST
def admission_time(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Give lost time back, with the reason."""
    form = GiveTimeForm(request.POST)
    attempt = workable_attempt(request, attempt_id)
    if not form.is_valid():
        return _admission(request, attempt_id, seal_form=SealForm(), time_form=form)
    given = form.cleaned_data
    actions.give_time(attempt=attempt, minutes=given["minutes"], why=given["why"], by=request.user)
    messages.success(request, _("已补时 %(minutes)d 分钟。") % {"minutes": given["minutes"]})
    return redirect("admission", attempt_id)


def _admission(
    request: HttpRequest, attempt_id: uuid.UUID, *, seal_form: SealForm, time_form: GiveTimeForm
) -> HttpResponse:
    timed = watched_attempt(request, attempt_id)
    facts = {
        "timed": timed,
        "attempt": timed.attempt,
        "sheet": queries.sheet(timed.attempt),
        "events": timed.attempt.events.select_related("by").order_by("at", "pk"),
        "is_own": timed.attempt.person_id == request.user.pk,
        "seal_form": seal_form,
        "time_form": time_form,
    }
    bound = seal_form.is_bound or time_form.is_bound
    return render_page(request, "exams/delivery/admission.html", facts, status=422 if bound else 200)
