"""Blueprints and frozen papers."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.assembly.enums import PaperEventKind, SolveStatus
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
        default=1,
        help_text="most points of a knowledge point: ⌈weight ÷ points of its function⌉ + this",
    )
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
    points = models.PositiveSmallIntegerField(_("每题分值"))

    class Meta:
        ordering = ["blueprint", "position"]
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "position"], name="section_position_once"),
            models.UniqueConstraint(fields=["blueprint", "type"], name="section_type_once"),
            models.CheckConstraint(condition=Q(count__gt=0, points__gt=0), name="section_numbers_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.count} × {self.points}"


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
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        constraints = [
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


class PaperEvent(models.Model):
    """Who froze, looked at or withdrew a paper, and when; append-only."""

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
