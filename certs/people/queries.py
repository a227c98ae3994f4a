"""Reading people."""

from certs.people.documents import hash_number
from certs.people.enums import DocumentType
from certs.people.errors import MobileInvalid
from certs.people.models import Person, RoleGrant
from certs.people.rules import Grant, normalise_email, normalise_mobile

_GRANTS = "_role_grants_now"


def people_called(identifier: str) -> list[Person]:
    """Return whom an identifier (document number of any type, mobile, e-mail) may mean; mostly one or none.

    Several only where the same characters are the numbers of documents of different types.
    """
    identifier = identifier.replace("\x00", "").strip()
    if not identifier or len(identifier) > 254:
        return []
    if "@" in normalise_email(identifier):
        return list(Person.objects.filter(email=normalise_email(identifier)))
    try:
        return list(Person.objects.filter(mobile=normalise_mobile(identifier)))
    except MobileInvalid:
        hashes = [hash_number(kind, identifier) for kind in DocumentType]
    found = {person.document_hash: person for person in Person.objects.filter(document_hash__in=hashes)}
    return [found[value] for value in hashes if value in found]


def find_person(identifier: str) -> Person | None:
    """Return the person an identifier means, or None; ID cards come before other documents."""
    return next(iter(people_called(identifier)), None)


def grants_of(person: Person) -> tuple[Grant, ...]:
    """Return the role grants that hold now, read once for each person object (so once a request)."""
    known: tuple[Grant, ...] | None = person.__dict__.get(_GRANTS)
    if known is None:
        rows = RoleGrant.objects.filter(person_id=person.pk, revoked_at__isnull=True).order_by("pk")
        known = tuple(Grant(role, centre_id) for role, centre_id in rows.values_list("role", "centre_id"))
        person.__dict__[_GRANTS] = known
    return known


def forget_grants(person: Person) -> None:
    """Let the next question about `person` read the grants again."""
    person.__dict__.pop(_GRANTS, None)
