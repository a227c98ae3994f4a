"""The standard as loaded: editions, levels, functions, work contents, requirements, weights and rules.

An edition is a set of files that came into force together. Each level stands in the edition it was last
changed in; the current form of a level is the one in the newest edition that has it. Rows of an edition
that papers were made under are never altered (syllabus.standard.actions.load_standard).
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from syllabus.standard.enums import Allows, Certainty, Importance, Mode, PartCode, Provenance, RequirementKind


class Standard(models.Model):
    """One edition of the occupational standard as this product holds it."""

    code = models.SlugField(_("职业代码"), max_length=20)
    edition = models.CharField(_("版本"), max_length=20)
    loaded_at = models.DateTimeField(_("载入时间"))

    class Meta:
        ordering = ["code", "edition"]
        constraints = [models.UniqueConstraint(fields=["code", "edition"], name="standard_edition_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.edition}"


class Level(models.Model):
    """A level (级别) in one edition: 3 is 三级, 1 the highest."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="levels")
    number = models.PositiveSmallIntegerField(_("级别"))
    name = models.CharField(_("名称"), max_length=20)
    clause = models.CharField(_("条款"), max_length=40)
    effective_on = models.DateField(_("生效日期"))
    checksum = models.CharField(
        _("内容摘要"), max_length=64, help_text="SHA-256 of the file's content, comments and layout left out"
    )

    class Meta:
        ordering = ["-number", "-standard__edition"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="level_once_per_edition"),
            models.CheckConstraint(condition=Q(number__range=(1, 3)), name="level_number_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.standard.edition}"


class Part(models.Model):
    """A separately assessed part (鉴定项目) of a level, with its numbers and the source of each."""

    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="parts")
    code = models.CharField(_("代码"), max_length=10, choices=PartCode)
    name = models.CharField(_("名称"), max_length=30)
    position = models.PositiveSmallIntegerField()
    pass_mark = models.DecimalField(_("合格线"), max_digits=5, decimal_places=2)
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"))
    valid_years = models.PositiveSmallIntegerField(_("有效期（年）"))
    modes = ArrayField(models.CharField(max_length=10, choices=Mode), verbose_name=_("方式"))
    sources = models.JSONField(
        default=dict, help_text='{"pass_mark": {"certainty": "standard", "clause": "§1.7.4"}, …}'
    )

    class Meta:
        ordering = ["level", "position"]
        constraints = [
            models.UniqueConstraint(fields=["level", "code"], name="part_once_per_level"),
            models.CheckConstraint(
                condition=Q(pass_mark__gt=0, pass_mark__lte=100), name="part_pass_mark_within_100"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, valid_years__gt=0), name="part_numbers_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.name}"


class Function(models.Model):
    """A function (职业功能) and its weight (比重) of 100; the basics are a function of their own."""

    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="functions")
    code = models.CharField(_("代码"), max_length=10)
    name = models.CharField(_("名称"), max_length=50)
    position = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField(_("比重"))
    is_basics = models.BooleanField(_("相关基础知识"), default=False)
    is_provisional = models.BooleanField(_("暂定"), default=False)

    class Meta:
        ordering = ["level", "position"]
        constraints = [
            models.UniqueConstraint(fields=["level", "code"], name="function_code_once_per_level"),
            models.CheckConstraint(condition=Q(weight__range=(1, 100)), name="function_weight_1_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class WorkContent(models.Model):
    """A work content (工作内容) of a function."""

    function = models.ForeignKey(Function, on_delete=models.CASCADE, related_name="work_contents")
    code = models.CharField(_("代码"), max_length=10)
    name = models.CharField(_("名称"), max_length=50)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["function", "position"]
        constraints = [models.UniqueConstraint(fields=["function", "code"], name="work_content_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Requirement(models.Model):
    """A skill or knowledge requirement: the smallest examinable element (鉴定点)."""

    work_content = models.ForeignKey(WorkContent, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(_("类别"), max_length=10, choices=RequirementKind)
    code = models.CharField(_("代码"), max_length=20)
    text = models.CharField(_("内容"), max_length=200)
    position = models.PositiveSmallIntegerField()
    importance = models.CharField(_("重要程度"), max_length=1, choices=Importance)
    provenance = models.CharField(_("来源"), max_length=10, choices=Provenance)

    class Meta:
        ordering = ["work_content", "kind", "position"]
        constraints = [models.UniqueConstraint(fields=["work_content", "code"], name="requirement_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class EligibilityRoute(models.Model):
    """One way to be allowed to apply (申报条件); `requires` holds conditions that must all be met."""

    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="routes")
    code = models.CharField(_("代码"), max_length=10)
    text = models.CharField(_("条件"), max_length=200)
    position = models.PositiveSmallIntegerField()
    allows = models.CharField(_("可申报"), max_length=10, choices=Allows)
    requires = models.JSONField()

    class Meta:
        ordering = ["level", "position"]
        constraints = [models.UniqueConstraint(fields=["level", "code"], name="route_code_once_per_level")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class WeightVector(models.Model):
    """Another set of weights for a level, beside the functions' own."""

    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="vectors")
    code = models.SlugField(_("代码"), max_length=30)
    name = models.CharField(_("名称"), max_length=50)
    certainty = models.CharField(_("依据"), max_length=10, choices=Certainty)
    clause = models.CharField(_("条款"), max_length=40)

    class Meta:
        ordering = ["level", "code"]
        constraints = [models.UniqueConstraint(fields=["level", "code"], name="vector_code_once_per_level")]

    def __str__(self) -> str:
        return f"{self.level} {self.name}"


class VectorWeight(models.Model):
    """One weight of a vector: of a whole function, or of one work content where a function is split."""

    vector = models.ForeignKey(WeightVector, on_delete=models.CASCADE, related_name="weights")
    function = models.ForeignKey(Function, on_delete=models.CASCADE, null=True, blank=True)
    work_content = models.ForeignKey(WorkContent, on_delete=models.CASCADE, null=True, blank=True)
    weight = models.PositiveSmallIntegerField(_("比重"))

    class Meta:
        ordering = ["vector", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(function__isnull=False, work_content__isnull=True)
                | Q(function__isnull=True, work_content__isnull=False),
                name="vector_weight_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["vector", "function", "work_content"], name="vector_weight_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function or self.work_content} {self.weight}"


class Rule(models.Model):
    """A figure that the product works by, with its clause and how sure it is."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="rules")
    code = models.SlugField(_("代码"), max_length=60)
    name = models.CharField(_("名称"), max_length=100)
    group = models.CharField(_("类别"), max_length=20)
    value = models.JSONField(_("数值"))
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    certainty = models.CharField(_("依据"), max_length=10, choices=Certainty)
    clause = models.CharField(_("条款"), max_length=40)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["standard", "position"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="rule_code_once_per_edition")
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class Decision(models.Model):
    """A decision of ours (D1, D2, …) where no source says anything; shown beside what follows from it."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="decisions")
    code = models.CharField(_("编号"), max_length=5)
    title = models.CharField(_("题目"), max_length=60)
    text = models.TextField(_("内容"))
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["standard", "position"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="decision_code_once_per_edition")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class StandardEvent(models.Model):
    """What was loaded, by whom and what it changed; append-only."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)
    diff = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file} {self.at:%Y-%m-%d}"
