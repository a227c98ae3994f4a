"""Verification by anyone: number and name in, valid, revoked or unknown out, as a page or as JSON."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certs.certificates.forms import VerifyForm
from certs.certificates.queries import Verification
from certs.certificates.queries import verify as find
from certs.certificates.throttle import seconds_to_wait
from config.htmx import render_page


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Show the form; answer it when it is sent."""
    if request.method != "POST":
        return _respond(request, VerifyForm(), None)
    return _answer(request, VerifyForm(request.POST))


@login_not_required
@require_safe
@never_cache
def verify_number(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the address in a QR code: the number in the path, the name in the query."""
    if not request.GET.get("name", "").strip():
        return _respond(request, VerifyForm(initial={"number": number}), None)
    return _answer(request, VerifyForm({"number": number, "name": request.GET["name"]}))


def _answer(request: HttpRequest, form: VerifyForm) -> HttpResponse:
    """Count the request, then look; a form that is not filled in properly is not counted."""
    if not form.is_valid():
        return _respond(request, form, None)
    wait = seconds_to_wait(request.META.get("REMOTE_ADDR", ""))
    if wait:
        response = _respond(request, form, None, wait=wait, status=429)
        response["Retry-After"] = str(wait)
        return response
    return _respond(request, form, find(form.cleaned_data["number"], form.cleaned_data["name"]))


def _respond(
    request: HttpRequest, form: VerifyForm, found: Verification | None, *, wait: int = 0, status: int = 200
) -> HttpResponse:
    if _wants_json(request):
        facts, status = _facts(found, wait)
        response: HttpResponse = JsonResponse(facts, status=status, json_dumps_params={"ensure_ascii": False})
    else:
        context = {"form": form, "found": found, "wait": wait}
        response = render_page(request, "certs/certificates/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_vary_headers(response, ["Accept"])
    return response


def _facts(found: Verification | None, wait: int) -> tuple[dict[str, Any], int]:
    if wait:
        return {"error": "too_many_requests", "detail": _("查询过于频繁。"), "retry_after": wait}, 429
    if found is None:
        return {"error": "number_and_name_required", "detail": _("请给出证书编号和姓名。")}, 400
    return found.as_json(), 200


def _wants_json(request: HttpRequest) -> bool:
    if wanted := request.GET.get("format"):
        return wanted == "json"
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
