"""The first page of everybody, and the health check."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certs.home.queries import candidate_home, database_answers, staff_desk
from certs.people.models import Person
from config.htmx import render_page
from syllabus.standard.queries import current_levels


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The landing page, the staff's desk or the candidate's home."""
    person = request.user
    if not isinstance(person, Person):
        return render_page(request, "certs/home/landing.html", {"levels": current_levels()})
    if cards := staff_desk(person):
        return render_page(request, "certs/home/desk.html", {"cards": cards})
    context = {"home": candidate_home(person, timezone.localdate())}
    return render_page(request, "certs/home/candidate.html", context)


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 when the application and its database are ready, 503 when the database is not."""
    try:
        database_answers()
    except DatabaseError:
        return HttpResponse("database unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
