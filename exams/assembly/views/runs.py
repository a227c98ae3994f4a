"""Runs: asking for papers, watching, stopping, and keeping what came of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.htmx import render_page
from exams.assembly import actions
from exams.assembly.access import ASSEMBLE, staff
from exams.assembly.enums import PaperState
from exams.assembly.forms.runs import AssembleForm
from exams.assembly.models import AssemblyRun
from exams.assembly.screens import recent_runs, run_context

_GIVEN = ("blueprint", "forms_wanted", "overlap", "seed", "time_limit")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ASSEMBLE, raise_exception=True)
def assemble(request: HttpRequest) -> HttpResponse:
    """The form that asks for papers, and the last runs; the address may give what the form begins with."""
    is_sent = request.method == "POST"
    given: dict[str, Any] = {key: request.GET[key] for key in _GIVEN if key in request.GET}
    given |= {"avoid": request.GET.getlist("avoid")} if "avoid" in request.GET else {}
    form = AssembleForm(request.POST) if is_sent else AssembleForm(initial=given)
    if is_sent and form.is_valid():
        run = actions.start_run(**form.wanted, by=staff(request), at=timezone.now())
        return redirect("run", run.pk)
    context = {"form": form, "runs": recent_runs()}
    return render_page(request, "exams/assembly/assemble.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
@permission_required(ASSEMBLE, raise_exception=True)
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A run: how far it is, then its forms side by side, or why there are none."""
    return render_page(
        request,
        "exams/assembly/run.html",
        run_context(_get_run(pk)),
        fragment="exams/assembly/_run.html",
    )


@require_POST
@permission_required(ASSEMBLE, raise_exception=True)
def cancel_run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a run."""
    staff(request)
    actions.cancel_run(run=_get_run(pk), at=timezone.now())
    return redirect("run", pk)


@require_POST
@permission_required(ASSEMBLE, raise_exception=True)
def keep_run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Freeze all forms of a run: drafts of live papers, practice papers at once."""
    papers = actions.freeze_run(run=_get_run(pk), by=staff(request), at=timezone.now())
    is_draft = papers[0].state == PaperState.DRAFT
    text = _("已存为草稿：%(codes)s，待另一人批准。") if is_draft else _("试卷已定稿：%(codes)s。")
    messages.success(request, text % {"codes": "、".join(paper.code for paper in papers)})
    return redirect("paper", papers[0].code) if len(papers) == 1 else redirect("run", pk)


def _get_run(pk: UUID) -> AssemblyRun:
    return get_object_or_404(AssemblyRun.objects.select_related("blueprint", "requested_by"), pk=pk)
