"""Who is logging in, and what a person may do."""

import hashlib
import re

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest

from certs.people.models import Person
from certs.people.queries import find_person, grants_of, people_called
from certs.people.rules import permissions_of, permits
from exams.sittings.models import Centre


class IdentifierBackend(BaseBackend):
    """Logs in by document number of any type, mobile or e-mail, and password."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002  asked for by Django
        username: str | None = None,
        password: str | None = None,
        **_: object,
    ) -> Person | None:
        """Return the active person whose identifier and password these are, or None."""
        if not username or not password:
            return None
        people = people_called(username)
        if not people:
            make_password(password)  # the same work as a wrong password, so that time tells nothing
        for person in people:
            if person.check_password(password) and person.is_active:
                return person
        return None

    def get_user(self, user_id: int) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()


class RoleBackend(BaseBackend):
    """Answers has_perm from the role grants that hold now and the table in rules."""

    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        """Return whether `perm` is granted for `obj`: a centre, a thing of one, or None for anywhere."""
        if not isinstance(user_obj, Person) or not user_obj.is_active:
            return False
        grants = grants_of(user_obj)
        if obj is None:
            return permits(grants, perm, anywhere=True)
        return permits(grants, perm, centre_id=_centre_id(obj))

    def get_all_permissions(
        self,
        user_obj: AbstractBaseUser | AnonymousUser,
        obj: Model | None = None,  # noqa: ARG002
    ) -> set[str]:
        if not isinstance(user_obj, Person) or not user_obj.is_active:
            return set()
        return {str(permission) for permission in permissions_of(grants_of(user_obj))}


def _centre_id(obj: object) -> int | None:
    found = obj.pk if isinstance(obj, Centre) else getattr(obj, "centre_id", None)
    return found if isinstance(found, int) else None


def lockout_name(request: HttpRequest | None, credentials: dict[str, str] | None = None) -> str:
    """Return under what name django-axes counts failures: a hash, the same for each identifier of one person.

    So no document number is stored in clear, and changing between mobile and e-mail gives no further tries.
    """
    given = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    if re.fullmatch(r"[0-9a-f]{64}", given):
        return given  # after a login axes names the person by USERNAME_FIELD
    person = find_person(given)
    return person.document_hash if person else hashlib.sha256(f"unknown:{given}".encode()).hexdigest()
