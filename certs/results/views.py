"""Screens of the candidate: own results and the result slip."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from certs.people.access import own_person
from certs.people.documents import document_number
from certs.people.rules import mask_for_public
from certs.results.access import own_result
from certs.results.queries import ledger_lines, sat_on, standings, unpublished
from certs.results.rules import published_on, shown
from certs.results.screens import standing_cards
from config.htmx import render_page


@never_cache
@require_GET
def my_results(request: HttpRequest) -> HttpResponse:
    """Per level: what counts, until when, what comes next."""
    person = own_person(request)
    today = published_on(timezone.now())
    waiting = [(attempt, sat_on(attempt)) for attempt in unpublished().filter(person=person)]
    cards = [card for card in standing_cards(standings(person, today)) if card.standing.has_results]
    return render_page(
        request, "certs/results/mine.html", {"cards": cards, "waiting": waiting, "today": today}
    )


@never_cache
@require_GET
def result_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """A printable slip of one own result; no items, keys or explanations."""
    row = own_result(request, pk)
    today = published_on(timezone.now())
    context = {
        "line": ledger_lines([row], today)[0],
        "score": shown(row.score) if row.score is not None else "—",
        "number": mask_for_public(document_number(row.person)),
        "today": today,
    }
    return render_page(request, "certs/results/slip.html", context)
