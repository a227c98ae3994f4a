"""Blueprints, runs of the solver, and frozen papers."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.assembly.enums import (
    BlueprintEventKind,
    PaperEventKind,
    PaperState,
    QuotaAttribute,
    RunState,
    SolveStatus,
)
from exams.bank.enums import Pool
from exams.bank.models import ItemVersion
from exams.bank.types import type_choices
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level


class Blueprint(models.Model):
    """What a paper must be made of (命题双向细目); sections beside it, weights from the level."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level_number = models.PositiveSmallIntegerField(_("级别"))
    part = models.CharField(_("鉴定项目"), max_length=10, choices=PartCode)
    pool = models.CharField(_("题库"), max_length=10, choices=Pool)
    minutes = models.PositiveSmallIntegerField(
        _("时长（分钟）"), null=True, blank=True, help_text="empty: the part's own"
    )
    is_short = models.BooleanField(
        _("短卷"), default=False, help_text="weights rounded to whole questions; says nothing about passing"
    )
    facility_least = models.DecimalField(_("平均难度下限"), max_digits=4, decimal_places=3)
    facility_most = models.DecimalField(_("平均难度上限"), max_digits=4, decimal_places=3)
    least_per_work_content = models.PositiveSmallIntegerField(_("每项工作内容至少题数"), default=1)
    extra_per_knowledge = models.PositiveSmallIntegerField(
        _("知识点分值余量"),
        null=True,
        blank=True,
        default=1,
        help_text="most points of a knowledge point: ⌈weight ÷ points of its function⌉ + this; empty: any",
    )
    vector = models.CharField(
        _("比重"),
        max_length=40,
        blank=True,
        help_text="code of a weight vector; empty: the standard's own",
    )
    module = models.CharField(
        _("模块"),
        max_length=10,
        blank=True,
        help_text="code of the function that carries all points (D8)",
    )
    exposure_cap = models.PositiveSmallIntegerField(
        _("最多使用次数"), null=True, blank=True, help_text="items in so many frozen papers are not drawn"
    )
    rest_days = models.PositiveSmallIntegerField(
        _("使用后停歇天数"), default=0, help_text="items used less than so many days ago are not drawn"
    )
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ["-level_number", "part", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(facility_least__lte=F("facility_most")), name="blueprint_band_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BlueprintSection(models.Model):
    """A section (大题): so many items of one type at so many points each."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    type = models.CharField(_("题型"), max_length=20, choices=type_choices)
    count = models.PositiveSmallIntegerField(_("题量"))
    least = models.PositiveSmallIntegerField(
        _("最少题量"),
        null=True,
        blank=True,
        help_text="where fewer than `count` will do; empty: exactly `count`",
    )
    points = models.PositiveSmallIntegerField(_("每题分值"), help_text="0: what an item's criteria are given")

    class Meta:
        ordering = ["blueprint", "position"]
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "position"], name="section_position_once"),
            models.UniqueConstraint(fields=["blueprint", "type"], name="section_type_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="section_count_positive"),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(least__lte=F("count")), name="section_least_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.count} × {self.points}"


class BlueprintQuota(models.Model):
    """Points that a paper has on one value of an attribute: at least, at most, or both."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="quotas")
    attribute = models.CharField(_("属性"), max_length=12, choices=QuotaAttribute)
    value = models.CharField(_("取值"), max_length=12)
    least = models.PositiveSmallIntegerField(_("最少分值"), null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("最多分值"), null=True, blank=True)

    class Meta:
        ordering = ["blueprint", "attribute", "value"]
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "attribute", "value"], name="quota_value_once"),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(least__lte=F("most")),
                name="quota_in_order",
            ),
            models.CheckConstraint(
                condition=Q(least__isnull=False) | Q(most__isnull=False), name="quota_asks_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute} {self.value} {self.least}–{self.most}"


class BlueprintEvent(models.Model):
    """Who made or changed a blueprint, and what it said after; append-only."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=BlueprintEventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    detail = models.JSONField(default=dict, help_text="the blueprint as its file would say it")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.blueprint.code} {self.kind}"


class AssemblyRun(models.Model):
    """One request for papers: what was asked, how it stands, what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blueprint = models.ForeignKey(Blueprint, on_delete=models.PROTECT, related_name="runs")
    blueprint_checksum = models.CharField(max_length=64)
    forms = models.PositiveSmallIntegerField(_("卷数"), default=1)
    overlap = models.PositiveSmallIntegerField(_("共同题数"), default=0)
    seed = models.BigIntegerField(_("种子"))
    avoid = ArrayField(models.PositiveBigIntegerField(), default=list, help_text="ids of papers not repeated")
    seconds_allowed = models.FloatField(_("限时（秒）"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=RunState, default=RunState.WAITING)
    is_cancelled = models.BooleanField(default=False, help_text="somebody asked to stop")
    progress = models.JSONField(default=dict, help_text="form, seconds, value, bound, gap")
    result = models.JSONField(default=dict, help_text="status, gap, spread, seconds, forms, reasons")
    solver = models.CharField(_("求解器"), max_length=40, blank=True)
    bank_sha256 = models.CharField(max_length=64, blank=True, help_text="of the pool that was drawn from")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(condition=Q(forms__gt=0, forms__lte=26), name="run_forms_in_range")
        ]

    def __str__(self) -> str:
        return f"{self.blueprint.code} × {self.forms} {self.state}"


class Paper(models.Model):
    """A frozen paper (试卷): the versions, order, option order and points that its candidates see."""

    code = models.CharField(_("卷号"), max_length=40, unique=True)
    blueprint = models.ForeignKey(Blueprint, on_delete=models.PROTECT, related_name="papers")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("鉴定项目"), max_length=10, choices=PartCode)
    pool = models.CharField(_("题库"), max_length=10, choices=Pool)
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"))
    points = models.PositiveSmallIntegerField(_("满分"))
    is_short = models.BooleanField(_("短卷"), default=False)
    has_sample_items = models.BooleanField(_("含样题"), default=False)
    seed = models.BigIntegerField(_("种子"))
    status = models.CharField(_("求解结果"), max_length=10, choices=SolveStatus)
    gap = models.FloatField(_("间隙"))
    seconds = models.FloatField(_("求解用时（秒）"))
    solver = models.CharField(_("求解器"), max_length=40)
    mean_facility = models.DecimalField(_("平均难度"), max_digits=5, decimal_places=4)
    specification = models.JSONField(help_text="sections, weights and limits as they were when frozen")
    sha256 = models.CharField(
        _("摘要"), max_length=64, help_text="over item versions, order, option order and points"
    )
    frozen_at = models.DateTimeField(_("定稿时间"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=10, choices=PaperState, default=PaperState.DRAFT)
    form = models.CharField(_("卷别"), max_length=1, blank=True, help_text="A, B, C of parallel forms")
    run = models.ForeignKey(
        AssemblyRun, null=True, blank=True, on_delete=models.PROTECT, related_name="papers"
    )
    vector = models.CharField(_("比重"), max_length=40, blank=True)
    module = models.CharField(_("模块"), max_length=10, blank=True)
    bank_sha256 = models.CharField(
        _("题库状态"), max_length=64, blank=True, help_text="of the pool that was drawn from"
    )
    sealed_at = models.DateTimeField(_("封存时间"), null=True, blank=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sealed_by__isnull=True)
                | Q(frozen_by__isnull=True)
                | ~Q(sealed_by=F("frozen_by"))
                | Q(pool="practice"),
                name="paper_sealed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sealed_at__isnull=True)
                | Q(state="sealed", sealed_at__isnull=False),
                name="paper_sealed_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(status="infeasible"), name="paper_satisfies_its_blueprint"),
            models.CheckConstraint(condition=Q(points__gt=0, minutes__gt=0), name="paper_numbers_positive"),
        ]

    def __str__(self) -> str:
        return self.code


class PaperItem(models.Model):
    """One item of a frozen paper."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("题号"), help_text="1 is the first")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="paper_items")
    points = models.PositiveSmallIntegerField(_("分值"))
    option_order = ArrayField(
        models.PositiveSmallIntegerField(),
        help_text="index into the version's options of each shown option; [2, 0, 1, 3] shows C first",
    )
    criterion_points = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        help_text="of a skill task, the points of each criterion in order; they add up to `points`",
    )

    class Meta:
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="paper_position_once"),
            models.UniqueConstraint(fields=["paper", "version"], name="paper_version_once"),
            models.CheckConstraint(
                condition=Q(points__gt=0, position__gt=0), name="paper_item_numbers_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper.code} {self.position}"


class PaperReader(models.Model):
    """A person who may see the items of a live paper; all others may not, whatever their role."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="readers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["paper", "named_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "person"], name="paper_reader_once")]

    def __str__(self) -> str:
        return f"{self.paper.code} {self.person}"


class PaperEvent(models.Model):
    """Who froze, changed, sealed, looked at or withdrew a paper, and when; append-only."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=PaperEventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.paper.code} {self.kind}"
