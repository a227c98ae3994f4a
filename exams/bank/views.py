"""The bank for item managers; keys are on these pages, so the permission guards both."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from config.htmx import render_page
from exams.bank import queries
from exams.bank.access import SEE_LIVE, get_item
from exams.bank.forms import ItemFilterForm
from exams.bank.rules import lettered

_PER_PAGE = 50


@require_GET
@permission_required(SEE_LIVE, raise_exception=True)
def items(request: HttpRequest) -> HttpResponse:
    """Every item, narrowed by the form above the list."""
    form = ItemFilterForm(request.GET)
    wanted = form.wanted()
    page = Paginator(queries.items(wanted), _PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_filtered": wanted != queries.ItemFilter()}
    return render_page(request, "exams/bank/items.html", context)


@require_GET
@permission_required(SEE_LIVE, raise_exception=True)
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item as it stands, with its versions and what was done to it."""
    found = get_item(code)
    version = found.current
    assert version is not None, "get_item returns items with a version only"
    context = {
        "item": found,
        "version": version,
        "options": lettered(version.options, version.key),
        "versions": found.versions.select_related("knowledge", "created_by").order_by("-number"),
        "events": found.events.select_related("by").order_by("-at", "-pk")[:50],
    }
    return render_page(request, "exams/bank/item.html", context)
