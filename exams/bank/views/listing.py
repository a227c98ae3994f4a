"""The list of items and what is done to many of them at once; the coverage picture."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from config.htmx import render_page
from exams.bank import queries
from exams.bank.access import bank_actor
from exams.bank.actions.bulk import Order, carry_out
from exams.bank.forms import BulkForm, ItemFilterForm
from exams.bank.forms.listing import BULK_ACTIONS, ONE_WAY
from syllabus.standard.enums import PartCode
from syllabus.standard.queries import current_levels


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """Every item that the person may see, narrowed by the form above the list."""
    actor = bank_actor(request)
    form = ItemFilterForm(request.GET)
    wanted = form.wanted(timezone.localdate())
    context = {
        "form": form,
        "page": queries.page_of_items(wanted, request.GET.get("page"), actor),
        "wanted": wanted,
        "actor": actor,
        "bulk_actions": BULK_ACTIONS,
        "reviewers": queries.reviewers() if actor.manages else [],
    }
    return render_page(request, "exams/bank/items.html", context, fragment="exams/bank/_items.html")


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one thing to the chosen items and report on each; what cannot be undone is asked for twice."""
    bank_actor(request)
    form = BulkForm(request.POST)
    context = {"form": form, "back": request.POST.get("back", "")}
    if not form.is_valid():
        return render_page(request, "exams/bank/bulk.html", context | {"stage": "faulty"}, status=422)
    data = form.cleaned_data
    context |= {"codes": data["item"], "action": data["action"], "label": dict(BULK_ACTIONS)[data["action"]]}
    if data["action"] in ONE_WAY and "confirmed" not in request.POST:
        return render_page(request, "exams/bank/bulk.html", context | {"stage": "confirm"})
    order = Order(data["action"], data["reason"], data["reviewer"])
    outcomes = carry_out(order=order, codes=data["item"], by=request.user, at=timezone.now())
    context |= {
        "stage": "done",
        "done": [one for one in outcomes if not one.refusal],
        "refused": [one for one in outcomes if one.refusal],
    }
    return render_page(request, "exams/bank/bulk.html", context)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """How many items every requirement of a level has, by type and pool, with the holes marked."""
    actor = bank_actor(request)
    levels = current_levels()
    part = PartCode.SKILL if request.GET.get("part") == PartCode.SKILL else PartCode.THEORY
    chosen = next((one for one in levels if str(one.number) == request.GET.get("level")), None)
    level = chosen or next(iter(levels), None)
    context = {
        "levels": levels,
        "level": level,
        "part": part,
        "parts": PartCode.choices,
        "coverage": queries.coverage(level, part, actor) if level else None,
        "may_write": actor.writes or actor.manages,
    }
    return render_page(request, "exams/bank/coverage.html", context, fragment="exams/bank/_coverage.html")
