"""Accounts, roles and personal data."""

from typing import ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certs.people.enums import ConsentPurpose, DocumentType, PersonEventKind, Role, Sex
from certs.people.rules import mask_for_staff


class PersonManager(BaseUserManager["Person"]):
    """Django asks for a manager; people are made by certs.people.actions.register_person."""


class Person(AbstractBaseUser):
    """Anyone who logs in. One row per document type and number (D14)."""

    name = models.CharField(_("姓名"), max_length=60)
    document_type = models.CharField(_("证件类型"), max_length=10, choices=DocumentType)
    document_hash = models.CharField(
        max_length=64, unique=True, help_text="keyed hash of type and number; the way to find a person"
    )
    document_cipher = models.BinaryField(help_text="the number, AES-GCM under a key of settings.FIELD_KEYS")
    mobile = models.CharField(_("手机号码"), max_length=20, unique=True, null=True, blank=True)
    email = models.EmailField(_("电子邮箱"), unique=True, null=True, blank=True)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(
        default=False, help_text="made by the demo world; its login is shown in demo mode"
    )
    joined_at = models.DateTimeField(_("注册时间"))

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "document_hash"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=True) | ~Q(email=""), name="person_email_not_blank"
            ),
            models.CheckConstraint(
                condition=Q(mobile__isnull=True) | ~Q(mobile=""), name="person_mobile_not_blank"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def masked_document(self) -> str:
        """Return the document number as its owner and staff see it: the first 6 and the last 2 characters."""
        from certs.people.documents import document_number  # that module needs this one

        return mask_for_staff(document_number(self))

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return whether a backend grants `perm`; `obj`: a centre, what has a `centre_id`, or None."""
        for backend in get_backends():
            try:
                if hasattr(backend, "has_perm") and backend.has_perm(self, perm, obj):  # type: ignore[arg-type]  # ours may be any object with a centre
                    return True
            except PermissionDenied:
                return False
        return False

    def has_perms(self, perms: list[str] | tuple[str, ...], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)


class RoleGrant(models.Model):
    """A staff role, for one centre or (centre empty) for all; ended by a time, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    centre = models.ForeignKey(
        "exams.Centre", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["person", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "centre"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="role_granted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role}"


class Consent(models.Model):
    """A consent as given: to which notice, for what, when; withdrawing sets a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("用途"), max_length=10, choices=ConsentPurpose)
    notice = models.CharField(_("告知书版本"), max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["person", "purpose", "given_at"]

    def __str__(self) -> str:
        return f"{self.person} {self.purpose}"


class Photo(models.Model):
    """A person's photo, re-encoded by us (JPEG, RGB, no metadata), erasable since it is in the database."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="photo")
    jpeg = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} {self.width}x{self.height}"


class PersonEvent(models.Model):
    """What happened to a person's data or rights; append-only."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=PersonEventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} {self.kind}"
