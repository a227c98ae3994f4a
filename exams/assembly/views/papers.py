"""Papers for staff: the list, the report of one, its items, withdrawing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.htmx import render_page
from exams.assembly import actions, queries
from exams.assembly.access import (
    ASSEMBLE,
    get_paper,
    get_paper_with_items,
    may_assemble,
    may_swap,
    needs_reason,
    staff,
)
from exams.assembly.forms.papers import LookForm, PaperFilterForm, WithdrawForm
from exams.assembly.models import Paper
from exams.assembly.screens import paper_context

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
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The report of one paper, and what may be done with it."""
    staff(request)
    return paper_page(request, get_paper(code))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper_items(request: HttpRequest, code: str) -> HttpResponse:
    """The items and keys of one paper; a look at a live one is kept, one at a sealed one takes a reason."""
    found = get_paper_with_items(request.user, code)
    context: dict[str, Any] = {"paper": found, "rows": None, "form": None}
    reason = ""
    if needs_reason(found):
        context["form"] = form = LookForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return render_page(
                request, "exams/assembly/paper_items.html", context, status=422 if form.is_bound else 200
            )
        reason = form.cleaned_data["reason"]
    actions.record_view(paper=found, by=staff(request), at=timezone.now(), reason=reason)
    context["rows"] = [(one, *one.with_key()) for one in queries.placed_items(found)]
    context["may_swap"] = may_swap(request.user, found)
    return render_page(request, "exams/assembly/paper_items.html", context)


@require_POST
@permission_required(ASSEMBLE, raise_exception=True)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a paper out of use, a draft too."""
    found, form = get_paper(code), WithdrawForm(request.POST)
    if not form.is_valid():
        return paper_page(request, found, status=422, withdraw_form=form)
    actions.withdraw_paper(
        paper=found, reason=form.cleaned_data["reason"], by=staff(request), at=timezone.now()
    )
    messages.success(request, _("试卷 %(code)s 已停用。") % {"code": found.code})
    return redirect("paper", found.code)


def paper_page(request: HttpRequest, found: Paper, *, status: int = 200, **bound: Any) -> HttpResponse:
    """Return the page of a paper; `bound` are forms that were refused."""
    context = paper_context(request.user, found) | bound
    return render_page(request, "exams/assembly/paper.html", context, status=status)
