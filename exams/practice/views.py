"""Mocks: choose, start, look at the result."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from config.htmx import render_page
from exams.marking.actions import mark
from exams.practice.access import mock_blueprint, own_sealed_mock
from exams.practice.actions import start_mock
from exams.practice.queries import MockResult, mock_blueprints, mock_result_of, mocks_of


@require_safe
def mocks(request: HttpRequest) -> HttpResponse:
    """What can be practised, and the mocks so far."""
    context = {"blueprints": mock_blueprints(), "rows": mocks_of(request.user)}
    return render_page(request, "exams/practice/mocks.html", context)


@require_POST
def mock_start(request: HttpRequest, code: str) -> HttpResponse:
    """Assemble a mock (or find the open one) and go to its room."""
    blueprint = mock_blueprint(code)
    attempt = start_mock(person=request.user, blueprint=blueprint, at=timezone.now())
    return redirect("room", attempt.pk)


@require_safe
def mock_result(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """The result of a sealed mock, item by item; `?show=wrong` keeps those that cost points."""
    attempt = own_sealed_mock(request.user, attempt_id)
    result: MockResult = mock_result_of(attempt, mark(attempt=attempt))
    only_wrong = request.GET.get("show") == "wrong"
    items = [item for item in result.items if not item.is_right] if only_wrong else result.items
    context = {"attempt": attempt, "result": result, "items": items, "only_wrong": only_wrong}
    return render_page(request, "exams/practice/result.html", context, fragment="exams/practice/_items.html")
