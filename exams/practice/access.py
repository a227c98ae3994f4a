"""The door from a view to a mock."""

import uuid

from django.http import Http404
from django.utils.translation import gettext as _

from exams.assembly.models import Blueprint
from exams.bank.enums import Pool
from exams.delivery.actions import Someone
from exams.delivery.enums import AttemptKind
from exams.delivery.models import Attempt
from exams.practice.errors import MockNotSealed
from syllabus.standard.enums import PartCode


def mock_blueprint(code: str) -> Blueprint:
    """Return a theory blueprint of the practice pool by code; 404 for any other, retired ones too."""
    try:
        return Blueprint.objects.get(
            code=code, pool=Pool.PRACTICE, part=PartCode.THEORY, retired_at__isnull=True
        )
    except Blueprint.DoesNotExist:
        raise Http404 from None


def own_sealed_mock(person: Someone, attempt_id: uuid.UUID) -> Attempt:
    """Return the person's own sealed mock; 404 for another's or a real one, a refusal while it is open."""
    attempts = Attempt.objects.select_related("paper__blueprint", "paper__level__standard")
    try:
        attempt = attempts.get(pk=attempt_id, person=person.pk, kind=AttemptKind.MOCK)
    except Attempt.DoesNotExist:
        raise Http404 from None
    if attempt.sealed_at is None:
        raise MockNotSealed(
            _("这次模拟考试还没有交卷，交卷后才能看答案和解析。"), remedy=_("请先回到考场交卷。")
        )
    return attempt
