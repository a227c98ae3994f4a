"""The address that the page's script saves answers to: no session, no user row, one statement."""

import json
import logging
import time
import uuid
from dataclasses import dataclass, fields

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import localtime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from exams.bank.types.contract import MOST_ANSWER_CHARACTERS
from exams.delivery.actions import Receipt, save_answer
from exams.delivery.enums import SaveStatus
from exams.delivery.errors import AnswerUnreadable
from exams.delivery.rules import MOST_REVISIONS
from exams.delivery.tokens import HEADER, Claim, read_token

log = logging.getLogger(__name__)
# The longest answer with every character written as an escape, and the rest of the message.
MOST_BYTES = 6 * MOST_ANSWER_CHARACTERS + 1024
MOST_POSITION = 9999
_HTTP = {
    SaveStatus.SAVED: 200,
    SaveStatus.REPEATED: 200,
    SaveStatus.STALE: 409,
    SaveStatus.NOT_STARTED: 409,
    SaveStatus.LATE: 410,
    SaveStatus.SEALED: 410,
    SaveStatus.UNKNOWN: 404,
}


# Exempt from CSRF and log-in because the token stands for both: it travels in a header of its own, which no
# foreign page can set, and the statement checks that the attempt is that person's.
@csrf_exempt
@login_not_required
@require_POST
def room_answers(request: HttpRequest, attempt_id: uuid.UUID) -> JsonResponse:
    """Save one answer; the answer is committed before anything is said."""
    claim = read_token(request.headers.get(HEADER, ""), time.time())
    if claim is None or claim.attempt_id != attempt_id:
        return JsonResponse({"status": "no_token"}, status=403)
    sent = _sent(request)
    if sent is None:
        return JsonResponse({"status": "unreadable"}, status=400)
    try:
        receipt = _save(claim, sent)
    except AnswerUnreadable:
        return JsonResponse({"status": "unreadable"}, status=400)
    except Error:
        log.exception("An answer of attempt %s could not be saved; the page will send it again.", attempt_id)
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse(_facts(receipt), status=_HTTP[receipt.status])


@dataclass(frozen=True, slots=True)
class _Sent:
    """An answer as the page's script sends it."""

    position: int
    answer: str
    flagged: bool
    revision: int


_KINDS = {field.name: field.type for field in fields(_Sent)}


def _sent(request: HttpRequest) -> _Sent | None:
    """Return what the script sent where it has the right shape, else None; letters are checked later."""
    try:
        body = request.read(MOST_BYTES + 1)
        data = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return None
    # The exact types: to Python, true is a whole number too.
    if not isinstance(data, dict) or {key: type(value) for key, value in data.items()} != _KINDS:
        return None
    sent = _Sent(**data)
    return sent if 1 <= sent.position <= MOST_POSITION and 1 <= sent.revision <= MOST_REVISIONS else None


def _save(claim: Claim, sent: _Sent) -> Receipt:
    return save_answer(
        attempt_id=claim.attempt_id,
        person_id=claim.person_id,
        paper_id=claim.paper_id,
        position=sent.position,
        answer=sent.answer,
        flagged=sent.flagged,
        revision=sent.revision,
    )


def _facts(receipt: Receipt) -> dict[str, object]:
    return {
        "status": receipt.status,
        "seconds_left": receipt.seconds_left,
        "revision": receipt.revision,
        "answer": receipt.answer,
        "flagged": receipt.flagged,
        "saved_at": f"{localtime(receipt.saved_at):%H:%M:%S}" if receipt.saved_at else "",
    }
