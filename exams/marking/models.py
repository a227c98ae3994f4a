"""Scores of sealed attempts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.delivery.models import Attempt


class Score(models.Model):
    """The score of a sealed attempt, as marked against the frozen paper; append-only, the newest counts."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="scores")
    marked_at = models.DateTimeField(_("评分时间"))
    points = models.DecimalField(_("得分"), max_digits=7, decimal_places=4)
    full_points = models.PositiveSmallIntegerField(_("满分"))
    by_function = models.JSONField(
        help_text='{"function code": {"points": "18.00", "full": "20"}} in the paper\'s order'
    )
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["attempt", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=F("full_points")), name="score_within_paper"
            ),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(supersedes__isnull=True), name="score_first_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.points}"
