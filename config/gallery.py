"""The gallery at /ui/: every component on one page, in both themes; for developers only."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def ui(request: HttpRequest) -> HttpResponse:
    """Show the gallery; 404 outside of development."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "ui/gallery.html", {})
