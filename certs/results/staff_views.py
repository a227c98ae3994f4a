"""Screens of the registrar: the desk, entering, the ledger, a person's results, corrections."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from certs.errors import RegistryError
from certs.people.documents import document_number
from certs.people.models import Person
from certs.people.rules import mask_for_staff
from certs.results.access import (
    centre_filter,
    may_publish,
    own_centres,
    person_for_publisher,
    publisher,
    result_for_publisher,
)
from certs.results.actions import correct_result, publish_many, record_result
from certs.results.forms import CorrectForm, LedgerForm, PublishForm, QualifiedForm, RecordForm
from certs.results.queries import (
    QualificationAnswer,
    desk,
    ledger_lines,
    ledger_rows,
    qualification_answer,
    search_ledger,
    standings,
    unpublished,
)
from certs.results.rules import published_on
from certs.results.screens import desk_rows, standing_cards
from config.htmx import render_page

PAGE = 50


def _say_refusal(form: Any, error: RegistryError) -> None:
    form.add_error(None, error.message + error.remedy)


@never_cache
@require_http_methods(["GET", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """The desk: what waits for publication; POST publishes the selection."""
    by = publisher(request)
    page = Paginator(unpublished().filter(centre_filter(by)), PAGE).get_page(request.GET.get("page"))
    lines = desk(list(page.object_list))
    form = PublishForm(lines, request.POST) if request.method == "POST" else PublishForm(lines)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = publish_many(by=by, at=timezone.now(), **data)
        except RegistryError as error:
            _say_refusal(form, error)
        else:
            said = ngettext("已公布 %(count)d 项成绩。", "已公布 %(count)d 项成绩。", len(done))
            messages.success(request, said % {"count": len(done)})
            return redirect("results")
    ready = request.GET.get("select") == "passed" and request.method == "GET"
    rows = desk_rows(lines, by, form.chosen("attempts"), form.chosen("confirmed"), select_passed=ready)
    context = {"form": form, "page_obj": page, "rows": rows}
    return render_page(request, "certs/results/desk.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def result_record(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter a result that no attempt gives, for a person given or to be found."""
    by = publisher(request)
    person = None if pk is None else person_for_publisher(request, pk)
    form = RecordForm(request.POST or None, centres=own_centres(by), person=person)
    if request.method == "POST" and form.is_valid():
        try:
            row = record_result(by=by, at=timezone.now(), **form.facts())
        except RegistryError as error:
            _say_refusal(form, error)
        else:
            messages.success(request, _("成绩已记入台账。"))
            return redirect("person_results", row.person_id)
    return render_page(request, "certs/results/record.html", {"form": form, "person": person})


@never_cache
@require_GET
def results_ledger(request: HttpRequest) -> HttpResponse:
    """Search the ledger."""
    by = publisher(request)
    form = LedgerForm(request.GET)
    found = search_ledger(**form.wanted()).filter(centre_filter(by))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = ledger_lines(page.object_list, published_on(timezone.now()))
    context = {"form": form, "page_obj": page, "lines": lines, "is_filtered": bool(form.wanted())}
    return render_page(request, "certs/results/ledger.html", context, fragment="certs/results/_ledger.html")


@never_cache
@require_GET
def person_results(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's standing, ledger, and the answer to 'qualified on day D?'."""
    by, person = publisher(request), person_for_publisher(request, pk)
    today = published_on(timezone.now())
    form = QualifiedForm(request.GET) if "day" in request.GET else QualifiedForm(initial={"day": today})
    rows = ledger_rows().filter(person=person)
    context = {
        "person": person,
        "number": mask_for_staff(document_number(person)),
        "cards": standing_cards(standings(person, today)),
        "lines": [(line, may_publish(by, line.row)) for line in ledger_lines(rows, today)],
        "form": form,
        "answer": _answer(person, form),
        "is_own": by.pk == person.pk,
    }
    return render_page(request, "certs/results/person.html", context, fragment="certs/results/_answer.html")


def _answer(person: Person, form: QualifiedForm) -> QualificationAnswer | None:
    if not form.is_bound or not form.is_valid():
        return None
    level, day = form.question()
    return qualification_answer(person, level, day)


@never_cache
@require_http_methods(["GET", "POST"])
def result_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a row by a new one that supersedes it."""
    by, row = publisher(request), result_for_publisher(request, pk)
    form = CorrectForm(request.POST or None, initial=CorrectForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            correct_result(result=row, by=by, at=timezone.now(), **form.facts(row))
        except RegistryError as error:
            _say_refusal(form, error)
        else:
            messages.success(request, _("更正已记入台账，原来的记录仍然可查。"))
            return redirect("person_results", row.person_id)
    line = ledger_lines([row], published_on(timezone.now()))[0]
    return render_page(request, "certs/results/correct.html", {"form": form, "line": line})
