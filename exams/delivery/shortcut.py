"""Middleware that hands the saving of answers straight to its view.

The view needs none of session, user, CSRF, language, messages or content policy, and together they cost more
CPU than the save itself (docs/adr/0003-saving-answers.md). It stands right after SecurityMiddleware.
"""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from exams.delivery.views.saving import room_answers

_ANSWERS = re.compile(r"/room/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/answers/")


def answers_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer at the address of `room_answers` before the other middleware; leave the rest to them."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        found = _ANSWERS.fullmatch(request.path_info)
        return room_answers(request, uuid.UUID(found[1])) if found else get_response(request)

    return middleware
