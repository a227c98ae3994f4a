"""The product's addresses and two that misbehave."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.htmx import Refusal
from config.urls import urlpatterns as product


@login_not_required
def refuse(_request: HttpRequest) -> HttpResponse:
    raise Refusal("离上次考试不足 30 天。", clause="D5", remedy="12 月 9 日以后可以再考。")


@login_not_required
def forbid(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def misread(_request: HttpRequest) -> HttpResponse:
    raise BadRequest


@login_not_required
def fall(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


urlpatterns = [
    *product,
    path("refuse/", refuse),
    path("forbid/", forbid),
    path("misread/", misread),
    path("fall/", fall),
]
