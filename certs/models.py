"""Django looks for models here; they live in the rooms."""

from certs.certificates.models import Certificate, CertificateEvent, SerialCounter
from certs.people.models import Consent, Person, PersonEvent, Photo, RoleGrant
from certs.results.models import PartResult

__all__ = [
    "Certificate",
    "CertificateEvent",
    "Consent",
    "PartResult",
    "Person",
    "PersonEvent",
    "Photo",
    "RoleGrant",
    "SerialCounter",
]
