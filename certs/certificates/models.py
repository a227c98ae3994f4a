"""Certificates: due, numbered, rendered and issued exactly once, perhaps revoked; never deleted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certs.certificates.enums import CertificateEventKind
from exams.sittings.models import Centre
from syllabus.standard.models import Level


class SerialCounter(models.Model):
    """The last serial given for a year, centre and level (D15); locked while a number is taken."""

    year = models.PositiveSmallIntegerField()
    centre_code = models.CharField(max_length=4)
    level_number = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["year", "centre_code", "level_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "centre_code", "level_number"], name="serial_counter_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.centre_code} {self.level_number}: {self.last}"


class Certificate(models.Model):
    """One certificate: numbering freezes what it prints in `content`; its PDF has a SHA-256."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("标准版本"))
    level_number = models.PositiveSmallIntegerField(_("级别"))
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(
        _("应发日期"), help_text="the first day on which every part was validly passed (D4)"
    )
    number = models.CharField(_("证书编号"), max_length=14, unique=True, null=True, blank=True)
    content = models.JSONField(default=dict, help_text="every text the document shows, as printed")
    issued_on = models.DateField(_("发证日期"), null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    pdf = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoke_reason = models.CharField(_("撤销原因"), max_length=300, blank=True)

    class Meta:
        ordering = ["-due_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "level_number"], name="certificate_once_per_level"),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_on__isnull=True, pdf__isnull=True, sha256="")
                | (
                    Q(
                        issued_at__isnull=False,
                        issued_on__isnull=False,
                        pdf__isnull=False,
                        number__isnull=False,
                    )
                    & ~Q(sha256="")
                ),
                name="certificate_issued_whole",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoke_reason="")
                | (
                    Q(revoked_at__isnull=False, revoked_by__isnull=False, issued_at__isnull=False)
                    & ~Q(revoke_reason="")
                ),
                name="certificate_revoked_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(issued_on__gte=F("due_on")),
                name="certificate_issued_when_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.person} {self.level_number}"


class CertificateEvent(models.Model):
    """What happened to a certificate, when, by whom and why; append-only."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=CertificateEventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.certificate} {self.kind}"
