"""Import and export of items."""

from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.htmx import render_page
from exams.bank import queries
from exams.bank.access import bank_actor
from exams.bank.actions import importing
from exams.bank.enums import ImportState, Outcome
from exams.bank.exchange import ItemFormat, formats, get_format
from exams.bank.forms import ItemFilterForm, field_words
from exams.bank.forms.exchange import ConfirmForm, ImportForm
from exams.bank.models import ItemImport
from exams.bank.queries.exchange import counts, import_report, imports_of, outgoing, progress_of

_PER_PAGE = 50
_RECENT = 20
_AT_WORK = frozenset({ImportState.READING, ImportState.WRITING})
R = TypeVar("R", bound=HttpResponseBase)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a file, fetch a template, see the last imports."""
    actor = bank_actor(request, writes=True)
    is_sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_sent else ImportForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        made = importing.start_import(name=file.name, source=file.read(), by=request.user, at=timezone.now())
        return redirect("item_import", pk=made.pk)
    context = {
        "form": form,
        "actor": actor,
        "templates": [(one, code) for one in formats().values() for code in one.templates],
        "formats": formats().values(),
        "is_narrowed": any(request.GET.values()),
        "imports": imports_of(actor).exclude(state=ImportState.DROPPED)[:_RECENT],
    }
    return render_page(
        request, "exams/bank/exchange/imports.html", context, status=422 if form.errors else 200
    )


@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """A file to fill in."""
    bank_actor(request, writes=True)
    item_format = next((one for one in formats().values() if code in one.templates), None)
    if item_format is None:
        raise Http404
    return _attached(HttpResponse(item_format.templates[code]()), item_format, f"items-template.{code}")


@require_GET
def item_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An import: how far it is, then what each line comes to."""
    found = _import_for(request, pk)
    return render_page(
        request,
        "exams/bank/exchange/import.html",
        _import_context(request, found),
        fragment="exams/bank/exchange/_import.html",
    )


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the good lines written."""
    found = _import_for(request, pk)
    form = ConfirmForm(request.POST)
    form.is_valid()
    importing.confirm_import(pk=found.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
    return redirect("item_import", pk=found.pk)


@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an import up."""
    importing.drop_import(pk=_import_for(request, pk).pk)
    return redirect("item_imports")


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The items that the list's filters leave, as a file. Keys are in it: for who sees live items."""
    actor = bank_actor(request)
    if not actor.manages:
        raise PermissionDenied
    item_format = formats().get(request.GET.get("format", ""))
    if item_format is None:
        raise Http404
    wanted = ItemFilterForm(request.GET).wanted(timezone.localdate())
    pieces = item_format.write(outgoing(queries.items(wanted, actor)))
    # The first piece now: what a format cannot hold is refused before anything is sent.
    first = next(pieces, b"")
    name = f"items-{timezone.localdate():%Y%m%d}.{item_format.extensions[0]}"
    return _attached(StreamingHttpResponse(chain([first], pieces)), item_format, name)


def _attached(response: R, item_format: ItemFormat, name: str) -> R:
    response.headers["Content-Type"] = item_format.mime
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _import_for(request: HttpRequest, pk: UUID) -> ItemImport:
    """Return an import that the person may see, or 404."""
    found = imports_of(bank_actor(request, writes=True)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _import_context(request: HttpRequest, found: ItemImport) -> dict[str, Any]:
    done, total = progress_of(found)
    context: dict[str, Any] = {
        "found": found,
        "actor": bank_actor(request, writes=True),
        "format": get_format(found.format),
        "is_at_work": found.state in _AT_WORK,
        "done": done,
        "total": total,
        "form": ConfirmForm(),
    }
    if context["is_at_work"]:
        return context
    report = import_report(found.pk)
    tally = counts(report)
    wanted = request.GET.get("outcome", "")
    if wanted not in Outcome.values:
        wanted = ""
    shown = [line for line in report if not wanted or line["outcome"] == wanted]
    page = Paginator(shown, _PER_PAGE).get_page(request.GET.get("page"))
    for line in page.object_list:
        line["label"] = Outcome(line["outcome"]).label
        line["field_names"] = [field_words(key) for key in line.get("fields", ())]
    return context | {
        "page": page,
        "wanted": wanted,
        "tally": [(code, label, tally[code]) for code, label in Outcome.choices],
        "good": tally[Outcome.NEW] + tally[Outcome.CHANGED],
        "refused": tally[Outcome.REFUSED],
        "lines": len(report),
        "is_open": found.state in {ImportState.READY, ImportState.REFUSED},
        "is_drifted": found.confirmed_at is not None and found.state != ImportState.DONE,
        "written": [line for line in report if line.get("confirmed")],
    }
