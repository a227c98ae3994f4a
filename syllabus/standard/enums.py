"""The closed vocabularies of a standard."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Certainty(TextChoices):
    """How sure a figure is (docs/domain.md)."""

    STANDARD = "standard", _("职业标准")
    PRACTICE = "practice", _("鉴定惯例")
    DECISION = "decision", _("本系统决定")


class Provenance(TextChoices):
    """Whether a requirement's wording is the standard's own or ours (D1)."""

    STANDARD = "standard", _("标准原文")
    AUTHORED = "authored", _("自拟")


class RequirementKind(TextChoices):
    SKILL = "skill", _("技能要求")
    KNOWLEDGE = "knowledge", _("专业知识要求")


class Importance(TextChoices):
    """Importance of a requirement as an examinable element (鉴定点)."""

    CORE = "X", _("核心")
    GENERAL = "Y", pgettext_lazy("importance", "一般")
    SUPPORTING = "Z", _("辅助")


class PartCode(TextChoices):
    """The separately assessed parts (鉴定项目) of a level."""

    THEORY = "theory", _("理论知识考试")
    SKILL = "skill", _("操作技能考核")


class Allows(TextChoices):
    """What an eligibility route admits to."""

    FULL = "full", _("全部鉴定")
    MODULE = "module", _("单项模块")


class Mode(TextChoices):
    COMPUTER = "computer", _("机考")
    PAPER = "paper", _("笔试")
    ORAL = "oral", _("口试")


class RuleGroup(TextChoices):
    """What a rule's figure is about; the first part of its code."""

    ASSESSMENT = "assessment", _("鉴定")
    SITE = "site", _("考场与人员")
    DELIVERY = "delivery", _("考试过程")
    PAPERS = "papers", _("命题组卷")
    MARKING = "marking", _("评分")
    RESULTS = "results", _("成绩与补考")
    VIOLATIONS = "violations", _("违纪")
    ARCHIVE = "archive", _("档案")
