"""Items, their immutable versions, and the work on them: review, enemies, pictures, imports."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.bank.enums import (
    CognitiveLevel,
    Decision,
    Difficulty,
    FileFormat,
    ImportState,
    ItemEventKind,
    ItemState,
    Pool,
)
from exams.bank.types import Content, Criterion, RubricLevel, get_kind, type_choices
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level, Requirement


class Item(models.Model):
    """An item (题目) over its whole life; what it says stands in its versions."""

    code = models.CharField(_("编号"), max_length=40, unique=True)
    part = models.CharField(_("鉴定项目"), max_length=10, choices=PartCode, default=PartCode.THEORY)
    pool = models.CharField(_("题库"), max_length=10, choices=Pool)
    state = models.CharField(_("状态"), max_length=10, choices=ItemState, default=ItemState.DRAFT)
    is_sample = models.BooleanField(
        _("样题"), default=False, help_text="shipped with the repository, so its key is public (D13)"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    current = models.ForeignKey(
        "exams.ItemVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the newest version",
    )
    approved = models.ForeignKey(
        "exams.ItemVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the version that papers may use; behind `current` while a revision is in review",
    )
    used_count = models.PositiveIntegerField(_("用过的卷数"), default=0)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["pool", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved__isnull=False), name="item_approved_has_version"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """What an item said at one time; never altered (a database trigger refuses it)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    type = models.CharField(_("题型"), max_length=20, choices=type_choices)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("标准版本"))
    knowledge = models.ForeignKey(
        Requirement,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("知识点"),
        help_text="of theory items, the one that carries their points (D9)",
    )
    difficulty = models.PositiveSmallIntegerField(_("难度"), choices=Difficulty)
    cognition = models.CharField(_("认知层次"), max_length=12, choices=CognitiveLevel)
    stem = models.TextField(_("题干"))
    options = ArrayField(
        models.TextField(),
        default=list,
        verbose_name=_("选项"),
        help_text="texts in order A, B, … of choice types",
    )
    key = models.CharField(
        _("答案"),
        max_length=5,
        blank=True,
        help_text='of choice types: letters in order ("B", "ACD"); "T" or "F" for true/false',
    )
    data = models.JSONField(default=dict, help_text="what else the type needs (exams.bank.types)")
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
                | (Q(type="true_false", options__len=0) & Q(key__regex=r"^[TF]$"))
                | (~Q(type__in=["single", "multiple", "true_false"]) & Q(options__len=0, key="")),
                name="item_key_fits_type",
            ),
        ]
        indexes = [
            GinIndex(fields=["stem"], opclasses=["gin_trgm_ops"], name="item_stem_trigrams"),
            models.Index(fields=["level", "type"], name="item_version_level_type"),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} v{self.number}"

    @property
    def point(self) -> Requirement:
        """Return the knowledge point of a theory item."""
        assert self.knowledge is not None, "a skill task has criteria, no knowledge point"
        return self.knowledge

    @property
    def content(self) -> Content:
        """Return what the version says, as its type reads it; skill tasks with their criteria (one query)."""
        is_skill = get_kind(self.type).part == PartCode.SKILL
        return Content(
            type=self.type,
            stem=self.stem,
            options=tuple(self.options),
            key=self.key,
            explanation=self.explanation,
            data=self.data,
            criteria=tuple(one.as_value() for one in self.criteria.all()) if is_skill else (),
        )


class ItemCriterion(models.Model):
    """A criterion of a skill task's version (D9): whole points in a range, one skill requirement."""

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    requirement = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, related_name="+", verbose_name=_("技能要求")
    )
    text = models.CharField(_("评分要点"), max_length=300)
    least = models.PositiveSmallIntegerField(_("最少分值"))
    most = models.PositiveSmallIntegerField(_("最多分值"))
    levels = models.JSONField(default=list, help_text='[{"points": 4, "text": "…"}, …], most points first')

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="criterion_position_once"),
            models.CheckConstraint(
                condition=Q(least__gte=1, most__gte=F("least")), name="criterion_points_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.position}"

    def as_value(self) -> Criterion:
        """Return the criterion as types see it."""
        levels = tuple(RubricLevel(level["points"], level["text"]) for level in self.levels)
        return Criterion(self.requirement.code, self.text, self.least, self.most, levels)


class EnemyPair(models.Model):
    """Two items that must not meet in one paper; `first` has the smaller id."""

    first = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("原因"), max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["first", "second"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="enemies_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="enemies_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} × {self.second}"


class ItemReview(models.Model):
    """One round of review of a version: who submitted, who is to decide, what was decided."""

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="reviews")
    submitted_at = models.DateTimeField(_("提交时间"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="who has taken or been given it; empty: anybody who may review",
    )
    decision = models.CharField(_("结论"), max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(_("审题时间"), null=True, blank=True)
    reason = models.TextField(_("意见"), blank=True)

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(decided_at__isnull=True), name="review_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, reviewer__isnull=False)),
                name="review_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(reviewer=F("submitted_by")),
                name="review_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(reason=""), name="review_returned_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.decision}"


class ItemComment(models.Model):
    """A remark on an item, made while looking at one version; append-only."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="comments")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("意见"))

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.item.code} {self.at:%Y-%m-%d}"


class ItemPicture(models.Model):
    """A picture that items show, by its digest; re-encoded by us. Its text equivalent stands in the text."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    mime = models.CharField(max_length=20)
    data = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.sha256[:12]


class ItemStatistic(models.Model):
    """What sealed attempts say of a version; replaced whole when it is computed again."""

    version = models.OneToOneField(ItemVersion, on_delete=models.CASCADE, related_name="statistic")
    answers = models.PositiveIntegerField(_("作答人数"))
    facility = models.DecimalField(_("实测难度"), max_digits=5, decimal_places=4)
    discrimination = models.DecimalField(_("区分度"), max_digits=5, decimal_places=4, null=True, blank=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(facility__gte=0, facility__lte=1), name="item_facility_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.facility}"


class ItemImport(models.Model):
    """An import of items: the file as it came, what reading it found, and whether it was confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    format = models.CharField(_("格式"), max_length=5, choices=FileFormat)
    source = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.READING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(
        default=list, help_text='[{"line": 3, "code": "…", "outcome": "new", "messages": []}, …]'
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class ItemEvent(models.Model):
    """Who did what to an item, when and why; append-only."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=ItemEventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.item.code} {self.kind}"
