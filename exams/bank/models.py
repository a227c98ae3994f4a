"""Items and their immutable versions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.bank.enums import CognitiveLevel, Difficulty, ItemState, ItemType, Pool
from syllabus.standard.models import Requirement


class Item(models.Model):
    """An item (题目) over its whole life; what it says stands in its versions."""

    code = models.CharField(_("编号"), max_length=40, unique=True)
    pool = models.CharField(_("题库"), max_length=10, choices=Pool)
    state = models.CharField(_("状态"), max_length=10, choices=ItemState, default=ItemState.DRAFT)
    is_sample = models.BooleanField(
        _("样题"), default=False, help_text="shipped with the repository, so its key is public (D13)"
    )
    created_at = models.DateTimeField()
    current = models.ForeignKey(
        "exams.ItemVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the newest version",
    )

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["pool", "state"])]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """What an item said at one time; never altered (a database trigger refuses it)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    type = models.CharField(_("题型"), max_length=12, choices=ItemType)
    knowledge = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, related_name="+", verbose_name=_("知识点")
    )
    difficulty = models.PositiveSmallIntegerField(_("难度"), choices=Difficulty)
    cognition = models.CharField(_("认知层次"), max_length=12, choices=CognitiveLevel)
    stem = models.TextField(_("题干"))
    options = ArrayField(
        models.TextField(), verbose_name=_("选项"), help_text="texts in order A, B, …; empty for true/false"
    )
    key = models.CharField(
        _("答案"), max_length=5, help_text='letters in order ("B", "ACD"); "T" or "F" for true/false'
    )
    explanation = models.TextField(_("解析"))
    checksum = models.CharField(
        max_length=64, help_text="SHA-256 of the content, to tell a change from a repeat"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_once"),
            models.CheckConstraint(condition=Q(difficulty__range=(1, 5)), name="item_difficulty_1_to_5"),
            models.CheckConstraint(
                condition=(Q(type="single", options__len=4) & Q(key__regex=r"^[A-D]$"))
                | (
                    Q(type="multiple", options__len=5)
                    & Q(key__regex=r"^A?B?C?D?E?$")
                    & Q(key__regex=r"^.{2,4}$")
                )
                | (Q(type="true_false", options__len=0) & Q(key__regex=r"^[TF]$")),
                name="item_key_fits_type",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} v{self.number}"


class ItemEvent(models.Model):
    """Who did what to an item, when and why; append-only."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.item.code} {self.kind}"
