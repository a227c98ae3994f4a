"""Page or fragment, and refusals: the two things every view shares."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect


class Refusal(Exception):
    """A rule says no. Base of each app's errors; shown to the user as a page with status 409.

    `message` says what and why, `clause` names the rule's source, `remedy` says what to do.
    """

    clause: str = ""
    remedy: str = ""

    def __init__(self, message: str = "", *, clause: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause or self.clause
        self.remedy = remedy or self.remedy


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or `fragment` when htmx asks for the element of that name.

    A fragment `_name.html` has one root element with id `name`; htmx asks for it through `hx-target="#name"`.
    """
    htmx = getattr(request, "htmx", None)
    if fragment and htmx and not htmx.boosted and not htmx.history_restore_request:
        return render(request, fragment, dict(context or {}), status=status)
    return render(request, template, dict(context or {}), status=status)


class RefusalMiddleware:
    """Turns a Refusal that a view lets through into the refusal page (409).

    Where a fragment would be answered by the way to the log-in page, the browser goes there as a whole.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "htmx", False) and isinstance(response, HttpResponseRedirect):
            login = resolve_url(settings.LOGIN_URL)
            if response.url.startswith(f"{login}?"):
                return HttpResponseClientRedirect(response.url)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return render(request, "409.html", {"refusal": exception}, status=409)
        return None
