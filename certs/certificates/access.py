"""The one door from a view to a certificate."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from certs.certificates.models import Certificate
from certs.certificates.rules import normalise_number
from certs.people.access import own_person
from certs.people.enums import Permission
from certs.people.models import Person
from certs.people.queries import grants_of
from certs.people.rules import permits
from exams.sittings.models import Centre


def file_for(request: HttpRequest, number: str) -> Certificate:
    """Return an issued certificate with its file: for its holder until it is revoked, and for the registrar.

    404 for everyone else, so that numbers cannot be tried.
    """
    issued = Certificate.objects.filter(issued_at__isnull=False)
    certificate = get_object_or_404(issued, number=normalise_number(number).replace("\x00", ""))
    viewer = own_person(request)
    if viewer.has_perm(Permission.ISSUE_CERTIFICATES, certificate):
        return certificate
    if certificate.person_id != viewer.pk or certificate.revoked_at is not None:
        raise Http404
    return certificate


def certificate_for_staff(request: HttpRequest, pk: int) -> Certificate:
    """Return a certificate, without its file, for the registrar of its centre; 403 before 404."""
    viewer = own_person(request)
    if not viewer.has_perm(Permission.ISSUE_CERTIFICATES):
        raise PermissionDenied
    rows = Certificate.objects.defer("pdf").select_related(
        "person", "level__standard", "centre", "revoked_by"
    )
    certificate = get_object_or_404(rows, pk=pk)
    if not viewer.has_perm(Permission.ISSUE_CERTIFICATES, certificate):
        raise PermissionDenied
    return certificate


def centres_of(viewer: Person) -> list[int] | None:
    """Return the centres whose certificates a registrar sees; None: all."""
    grants = grants_of(viewer)
    if permits(grants, Permission.ISSUE_CERTIFICATES):
        return None
    centres = Centre.objects.order_by("pk").values_list("pk", flat=True)
    return [pk for pk in centres if permits(grants, Permission.ISSUE_CERTIFICATES, centre_id=pk)]
