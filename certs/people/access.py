"""The one door from a view to a person."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from certs.people.enums import Permission
from certs.people.models import Person, Photo, RoleGrant
from certs.people.queries import photo_of


def own_person(request: HttpRequest) -> Person:
    """Return the person who is logged in."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def person_for_staff(request: HttpRequest, pk: int, permission: Permission = Permission.SEE_PEOPLE) -> Person:
    """Return a person for a holder of `permission`; 403 before 404, so that numbers cannot be tried."""
    if not own_person(request).has_perm(permission):
        raise PermissionDenied
    return get_object_or_404(Person, pk=pk)


def grant_for_admin(request: HttpRequest, person: Person, pk: int) -> RoleGrant:
    """Return one of a person's grants for an administrator."""
    if not own_person(request).has_perm(Permission.GRANT_ROLES):
        raise PermissionDenied
    return get_object_or_404(RoleGrant.objects.select_related("person"), pk=pk, person=person)


def photo_for(request: HttpRequest, pk: int) -> Photo:
    """Return a photo for the person on it or staff who may see people; 404 for everyone else."""
    viewer = own_person(request)
    if viewer.pk != pk and not viewer.has_perm(Permission.SEE_PEOPLE):
        raise Http404
    photo = photo_of(Person(pk=pk))
    if photo is None:
        raise Http404
    return photo
