"""Attempts and what was answered in them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.assembly.models import Paper
from exams.delivery.enums import AttemptEventKind, AttemptKind, SealReason
from exams.sittings.models import Centre


class Attempt(models.Model):
    """One candidate's sitting of one paper; its state follows from its moments."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="attempts")
    kind = models.CharField(_("类别"), max_length=5, choices=AttemptKind)
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(
        _("时长（分钟）"), help_text="the candidate's own, extra time included"
    )
    item_order = ArrayField(
        models.PositiveSmallIntegerField(), help_text="paper positions in the order this candidate sees them"
    )
    option_orders = models.JSONField(
        help_text='{"paper position": [index into the paper item\'s shown options, …]}'
    )
    seed = models.BigIntegerField()
    admitted_at = models.DateTimeField(_("准考时间"))
    admitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    deadline_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    sealed_at = models.DateTimeField(_("封卷时间"), null=True, blank=True)
    seal_reason = models.CharField(_("封卷原因"), max_length=10, choices=SealReason, blank=True)

    class Meta:
        ordering = ["-admitted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at__isnull=True, deadline_at__isnull=True)
                | Q(started_at__isnull=False, deadline_at__gt=F("started_at")),
                name="attempt_deadline_after_start",
            ),
            models.CheckConstraint(
                condition=(Q(sealed_at__isnull=True) & Q(seal_reason=""))
                | (Q(sealed_at__isnull=False) & ~Q(seal_reason="")),
                name="attempt_seal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind="mock") | Q(admitted_by__isnull=False, centre__isnull=False),
                name="attempt_real_is_admitted_at_centre",
            ),
            # A candidate has at most one open attempt of each paper, and one open real attempt of all.
            models.UniqueConstraint(
                fields=["person", "paper"],
                condition=Q(sealed_at__isnull=True),
                name="attempt_open_once_per_paper",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(sealed_at__isnull=True, kind="real"),
                name="attempt_open_real_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline_at"], condition=Q(sealed_at__isnull=True), name="attempt_open_by_deadline"
            ),
            models.Index(fields=["person", "-admitted_at"], name="attempt_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Response(models.Model):
    """The answer that counts: the newest accepted revision for one paper position."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="responses")
    position = models.PositiveSmallIntegerField(_("题号"))
    answer = models.TextField(
        _("作答"),
        blank=True,
        help_text="in the type's canonical form (exams.bank.types.contract); empty: cleared",
    )
    flagged = models.BooleanField(_("标记"), default=False)
    revision = models.PositiveIntegerField(_("修订"))
    saved_at = models.DateTimeField(_("保存时间"), help_text="the database's clock")

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="response_once_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.position}"


class ResponseRevision(models.Model):
    """Every accepted revision of every answer; append-only (a database trigger refuses anything else)."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    position = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField()
    answer = models.TextField(blank=True)
    flagged = models.BooleanField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["attempt", "position", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position", "revision"], name="response_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.position}.{self.revision}"


class AttemptEvent(models.Model):
    """What happened to an attempt besides answers; append-only."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=AttemptEventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"
