"""The closed vocabularies of the item bank."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ItemType(TextChoices):
    SINGLE = "single", _("单项选择题")
    MULTIPLE = "multiple", _("多项选择题")
    TRUE_FALSE = "true_false", _("判断题")


class Pool(TextChoices):
    """An item serves practice or live papers, never both."""

    PRACTICE = "practice", _("练习库")
    LIVE = "live", _("正式库")


class ItemState(TextChoices):
    DRAFT = "draft", _("草稿")
    APPROVED = "approved", _("已审定")
    SUSPENDED = "suspended", _("停用")
    RETIRED = "retired", _("退役")


class Difficulty(IntegerChoices):
    """Expected facility from 0.9 (1) to 0.3 (5); see exams.bank.rules.FACILITY."""

    VERY_EASY = 1, _("很易")
    EASY = 2, _("较易")
    MEDIUM = 3, _("中等")
    HARD = 4, _("较难")
    VERY_HARD = 5, _("很难")


class CognitiveLevel(TextChoices):
    RECALL = "recall", _("识记")
    UNDERSTAND = "understand", _("理解")
    APPLY = "apply", pgettext_lazy("cognitive level", "应用")
