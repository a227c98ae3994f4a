"""The results ledger: one row per published part result, never altered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certs.results.enums import Outcome
from exams.delivery.models import Attempt
from exams.sittings.models import Centre
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level


class PartResult(models.Model):
    """The published result of one part. A correction is a new row that supersedes; what counts is derived.

    `pass_mark` and `valid_through` are frozen as the edition (`level`) had them on the day of publication.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("标准版本"))
    part = models.CharField(_("鉴定项目"), max_length=10, choices=PartCode)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    score = models.DecimalField(_("成绩"), max_digits=7, decimal_places=4, null=True, blank=True)
    pass_mark = models.DecimalField(_("合格线"), max_digits=5, decimal_places=2)
    attempt = models.ForeignKey(Attempt, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sat_on = models.DateField(_("考试日期"))
    published_at = models.DateTimeField(_("公布时间"))
    published_on = models.DateField(_("公布日期"), help_text="the Asia/Shanghai day of published_at")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    valid_through = models.DateField(_("有效至"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    reason = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        ordering = ["published_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome="passed", score__gte=F("pass_mark"), score__lte=100, valid_through__isnull=False
                )
                | Q(outcome="failed", score__gte=0, score__lt=F("pass_mark"), valid_through__isnull=True)
                | Q(outcome="absent", score__isnull=True, valid_through__isnull=True)
                | Q(outcome="void", score=0, valid_through__isnull=True),
                name="part_result_outcome_fits_score",
            ),
            models.CheckConstraint(
                condition=Q(published_on__gte=F("sat_on")), name="part_result_published_after_sitting"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(reason=""), name="part_result_correction_has_reason"
            ),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(supersedes__isnull=True), name="part_result_once_per_attempt"
            ),
        ]
        indexes = [models.Index(fields=["person", "level", "part"])]

    def __str__(self) -> str:
        return f"{self.person} {self.level} {self.part} {self.outcome}"
