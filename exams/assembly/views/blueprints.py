"""Blueprints: the list, the editor with its forecast, retiring, the file."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.htmx import render_page
from exams.assembly import actions
from exams.assembly.access import ASSEMBLE, get_blueprint, staff
from exams.assembly.errors import BlueprintChanged
from exams.assembly.exporting import as_yaml
from exams.assembly.files import BlueprintSource
from exams.assembly.forecast import forecast, room_for
from exams.assembly.forms.blueprints import StartForm
from exams.assembly.forms.writing import BlueprintDraft
from exams.assembly.histories import differences, history_of
from exams.assembly.models import Blueprint
from exams.assembly.overview import shelves
from exams.assembly.queries import source_of
from syllabus.standard.queries import current_level, level_tree

_EDITOR = "exams/assembly/blueprint.html"
_FRAGMENTS = {"check": "exams/assembly/_forecast.html", "room": "exams/assembly/_room.html"}


@require_GET
@permission_required(ASSEMBLE, raise_exception=True)
def blueprints(request: HttpRequest) -> HttpResponse:
    """Every blueprint by level, retired ones folded."""
    return render_page(request, "exams/assembly/blueprints.html", {"shelves": shelves()})


@require_http_methods(["GET", "POST"])
@permission_required(ASSEMBLE, raise_exception=True)
def new_blueprint(request: HttpRequest) -> HttpResponse:
    """Say what it is for (level, part, pool, what to begin with), then write it."""
    form = StartForm(request.GET or {"level": "3", "part": "theory", "pool": "live", "start": "full"})
    if not request.GET or not form.is_valid():
        return render_page(request, "exams/assembly/blueprint_new.html", {"form": form})
    data = form.cleaned_data
    draft = BlueprintDraft(
        level_tree(form.level_chosen),
        data["part"],
        data["pool"],
        start=data["start"],
        copied=form.copied,
        taken=frozenset(form.known),
    )
    return _editor(request, draft)


@require_http_methods(["GET", "POST"])
@permission_required(ASSEMBLE, raise_exception=True)
def blueprint(request: HttpRequest, code: str) -> HttpResponse:
    """Change a blueprint, with what the bank can do for it beside."""
    row = get_blueprint(code)
    tree = level_tree(current_level(row.level_number))
    return _editor(request, BlueprintDraft(tree, row.part, row.pool, row))


@require_POST
@permission_required(ASSEMBLE, raise_exception=True)
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Take a blueprint out of use."""
    row = actions.retire_blueprint(blueprint=get_blueprint(code), by=staff(request), at=timezone.now())
    messages.success(request, _("蓝图“%(name)s”已停用。") % {"name": row.name})
    return redirect("blueprints")


@require_GET
@permission_required(ASSEMBLE, raise_exception=True)
def blueprint_file(_request: HttpRequest, code: str) -> HttpResponse:
    """The blueprint as a file that `load_blueprints` takes."""
    text = as_yaml(source_of(get_blueprint(code)))
    headers = {"Content-Disposition": f'attachment; filename="{code}.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


def _editor(request: HttpRequest, draft: BlueprintDraft) -> HttpResponse:
    if request.method == "GET":
        return _page(request, draft, draft.stored())
    record = draft.sent(request.POST)
    source = draft.read(record)
    go = request.POST.get("go", "save")
    if go in _FRAGMENTS:
        extra = _foreseen(draft, source, go)
        return _page(request, draft, record, extra=extra, fragment=_FRAGMENTS[go])
    if draft.found:
        return _page(request, draft, record, status=422)
    try:
        row = actions.save_blueprint(
            source=source, by=staff(request), at=timezone.now(), checksum=request.POST.get("checksum", "")
        )
    except BlueprintChanged as changed:
        return _both(request, draft, source, record, changed)
    messages.success(request, _("蓝图“%(name)s”已保存。") % {"name": row.name})
    return redirect("blueprint", row.code)


def _foreseen(draft: BlueprintDraft, source: BlueprintSource, go: str) -> dict[str, Any]:
    """Return what the bank can do for a blueprint as typed; nothing where it is not a blueprint yet."""
    asked: dict[str, Any] = {"source": source, "problems": draft.said()}
    if draft.found:
        return asked | {"stage": "faulty"}
    day = timezone.localdate()
    if go == "room":
        return asked | {"room": room_for(source, draft.tree.level, draft.tree, on=day)}
    return asked | {"forecast": forecast(source, draft.tree.level, draft.tree, on=day)}


def _both(
    request: HttpRequest,
    draft: BlueprintDraft,
    source: BlueprintSource,
    record: dict[str, Any],
    changed: BlueprintChanged,
) -> HttpResponse:
    """Show how what is stored now differs from what was typed; saving again then means it."""
    row = get_blueprint(source.code)
    extra = {
        "changed": changed,
        "differences": differences(source_of(row).as_json(), source.as_json()),
        "checksum": row.checksum,
    }
    return _page(request, draft, record, extra=extra, status=409)


def _page(
    request: HttpRequest,
    draft: BlueprintDraft,
    record: dict[str, Any],
    *,
    extra: dict[str, Any] | None = None,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    row: Blueprint | None = draft.row
    given: dict[str, Any] = dict.fromkeys(("forecast", "room", "changed", "differences", "problems", "stage"))
    given |= extra or {}
    checksum = str(given.pop("checksum", "") or request.POST.get("checksum", row.checksum if row else ""))
    said = draft.messages
    context = {
        "draft": draft,
        "row": row,
        "form": draft.form(record, checksum),
        "sections": draft.section_rows(record),
        "section_errors": said.get("sections", []),
        "other_errors": said.get("", []),
        "quotas": draft.quota_groups(record),
        "history": history_of(row) if row else [],
        "papers": row.papers.filter(withdrawn_at__isnull=True).count() if row else 0,
    }
    return render_page(request, _EDITOR, context | given, fragment=fragment, status=status)
