"""Background work of certificates."""

import logging
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from certs.certificates.actions import issue_certificate, make_due, note_failure, number_certificate
from certs.certificates.models import Certificate
from certs.certificates.queries import people_due, waiting_certificates
from certs.errors import RegistryError

logger = logging.getLogger(__name__)


@shared_task(name="certs.issue_due")  # type: ignore[untyped-decorator]  # Celery has no types
def issue_due() -> int:
    """Make, number and issue every certificate that is due; return how many were issued.

    May run twice at the same time and be killed at any point: each step is done once, the next run goes on.
    """
    at = timezone.now()
    for found in people_due(at):
        make_due(found=found, by=None, at=at)
    return sum(_issue(certificate, at) for certificate in waiting_certificates())


def _issue(certificate: Certificate, at: datetime) -> bool:
    """Return whether the certificate is issued; a failure is recorded and stops no other certificate."""
    try:
        numbered = number_certificate(certificate=certificate, by=None, at=at)
        issue_certificate(certificate=numbered, by=None, at=at)
    except RegistryError as error:
        note_failure(certificate=certificate, reason=error.message, at=at)
    except Exception as error:
        logger.exception("certificate %s could not be made", certificate.pk)
        note_failure(certificate=certificate, reason=f"{type(error).__name__}: {error}"[:300], at=at)
    else:
        return True
    return False
