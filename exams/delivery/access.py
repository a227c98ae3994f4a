"""The doors to attempts: a candidate's own, and those an officer watches."""

import uuid
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from exams.delivery.actions import Someone, seal
from exams.delivery.enums import AttemptKind, SealReason
from exams.delivery.errors import OwnAttempt
from exams.delivery.models import Attempt
from exams.delivery.queries import Timed, timed_attempt
from exams.sittings.models import Centre

ADMIT = "exams.admit_candidates"


def own_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Timed:
    """Return the candidate's own attempt, sealed first where its time is over; 404 for anybody else's."""
    found = timed_attempt(attempt_id)
    if found is None or found.attempt.person_id != request.user.pk:
        raise Http404
    return _sealed_when_due(found)


def _sealed_when_due(found: Timed) -> Timed:
    if not found.is_due:
        return found
    sealed = seal(attempt=found.attempt, reason=SealReason.DEADLINE, by=None)
    found.attempt.sealed_at, found.attempt.seal_reason = sealed.sealed_at, sealed.seal_reason
    return found


def officer_centres(request: HttpRequest) -> list[Centre]:
    """Return the centres where this officer admits candidates; 403 where there is none."""
    user = cast("Someone", request.user)
    if not user.has_perm(ADMIT):
        raise PermissionDenied
    return [centre for centre in Centre.objects.order_by("code") if user.has_perm(ADMIT, centre)]


def watched_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Timed:
    """Return a real attempt at one of the officer's centres, sealed first where its time is over."""
    user = cast("Someone", request.user)
    if not user.has_perm(ADMIT):
        raise PermissionDenied
    found = timed_attempt(attempt_id)
    if found is None or found.attempt.kind != AttemptKind.REAL:
        raise Http404
    if not user.has_perm(ADMIT, found.attempt.centre):
        raise Http404
    return _sealed_when_due(found)


def workable_attempt(request: HttpRequest, attempt_id: uuid.UUID) -> Attempt:
    """Return a watched attempt that is not the officer's own, to act on."""
    attempt = watched_attempt(request, attempt_id).attempt
    if attempt.person_id == request.user.pk:
        raise OwnAttempt
    return attempt
