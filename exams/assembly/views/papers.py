"""Papers for staff: the list, assembling, the report, the items, withdrawing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.htmx import render_page
from exams.assembly import actions, queries
from exams.assembly.access import (
    ASSEMBLE,
    get_paper,
    get_paper_with_items,
    may_assemble,
    may_see_items,
    staff,
)
from exams.assembly.errors import BankChanged
from exams.assembly.forms.papers import AssembleForm, FreezeForm, PaperFilterForm, WithdrawForm
from exams.assembly.models import Paper
from exams.assembly.reports import report_on_paper, report_on_solution
from exams.assembly.solutions import Solution

_PER_PAGE = 30


@require_GET
def papers(request: HttpRequest) -> HttpResponse:
    """Every paper, narrowed by the form above the list."""
    user = staff(request)
    form = PaperFilterForm(request.GET)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    page = Paginator(queries.papers(**wanted), _PER_PAGE).get_page(request.GET.get("page"))
    return render_page(
        request,
        "exams/assembly/papers.html",
        {"form": form, "page": page, "is_filtered": any(wanted.values()), "may_assemble": may_assemble(user)},
    )


@require_GET
@permission_required(ASSEMBLE, raise_exception=True)
def assemble(request: HttpRequest) -> HttpResponse:
    """The form, and with its answers the report of the paper it gives; stores nothing."""
    form = AssembleForm(request.GET if "blueprint" in request.GET else None)
    context: dict[str, Any] = {"form": form, "solution": None}
    if form.is_valid():
        context |= _preview(_solve(form))
    return render_page(request, "exams/assembly/assemble.html", context)


@require_POST
@permission_required(ASSEMBLE, raise_exception=True)
def freeze(request: HttpRequest) -> HttpResponse:
    """Store the paper that was shown: solved again, and refused when it is no longer the same."""
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return render_page(
            request, "exams/assembly/assemble.html", {"form": form, "solution": None}, status=422
        )
    shown = form.cleaned_data["sha256"]
    same = queries.papers(blueprint=form.cleaned_data["blueprint"]).filter(
        sha256=shown, withdrawn_at__isnull=True
    )
    paper = same.first()
    if paper is None:  # a second click on the same button finds the paper of the first
        solution = _solve(form)
        if solution.is_feasible and solution.sha256 != shown:
            raise BankChanged
        paper = actions.freeze_paper(solution=solution, by=staff(request), at=timezone.now())
    messages.success(request, _("试卷已定稿，卷号 %(code)s。") % {"code": paper.code})
    return redirect("paper", paper.code)


@require_GET
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The report of one paper."""
    staff(request)
    return _paper_page(request, get_paper(code), WithdrawForm())


@require_GET
def paper_items(request: HttpRequest, code: str) -> HttpResponse:
    """The items and keys of one paper; every look at a live one is kept."""
    found = get_paper_with_items(request.user, code)
    actions.record_view(paper=found, by=staff(request), at=timezone.now())
    rows = [(one, *one.with_key()) for one in queries.placed_items(found)]
    context = {"paper": found, "rows": rows}
    return render_page(request, "exams/assembly/paper_items.html", context)


@require_POST
@permission_required(ASSEMBLE, raise_exception=True)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a paper out of use."""
    found, form = get_paper(code), WithdrawForm(request.POST)
    if not form.is_valid():
        return _paper_page(request, found, form, status=422)
    actions.withdraw_paper(
        paper=found, reason=form.cleaned_data["reason"], by=staff(request), at=timezone.now()
    )
    messages.success(request, _("试卷 %(code)s 已停用。") % {"code": found.code})
    return redirect("paper", found.code)


def _paper_page(request: HttpRequest, found: Paper, form: WithdrawForm, status: int = 200) -> HttpResponse:
    context = {
        "paper": found,
        "report": report_on_paper(found),
        "events": found.events.select_related("by").order_by("-at", "-pk")[:50],
        "may_see_items": may_see_items(request.user, found),
        "may_withdraw": may_assemble(request.user) and not found.withdrawn_at,
        "withdraw_form": form,
    }
    return render_page(request, "exams/assembly/paper.html", context, status=status)


def _solve(form: AssembleForm) -> Solution:
    data = form.cleaned_data
    return actions.assemble(
        blueprint=data["blueprint"], seed=data["seed"], avoid=[paper.pk for paper in data["avoid"]]
    )


def _preview(solution: Solution) -> dict[str, Any]:
    report = report_on_solution(solution, solution.forms[0]) if solution.is_feasible else None
    return {"solution": solution, "report": report}
