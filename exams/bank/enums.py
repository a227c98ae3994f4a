"""The closed vocabularies of the item bank."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Pool(TextChoices):
    """An item serves practice or live papers, never both."""

    PRACTICE = "practice", _("练习库")
    LIVE = "live", _("正式库")


class ItemState(TextChoices):
    """draft → in review → approved → suspended or retired; only approved items enter papers."""

    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("审题中")
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


class Marking(TextChoices):
    """Who marks a response."""

    AUTO = "auto", _("自动评分")
    HUMAN = "human", _("人工评分")


class Decision(TextChoices):
    """What a reviewer decides about a version."""

    APPROVED = "approved", _("审定")
    RETURNED = "returned", _("退回修改")


class ItemEventKind(TextChoices):
    LOADED = "loaded", _("载入")
    REVISED = "revised", _("修订")
    DRAFTED = "drafted", _("起草")
    SUBMITTED = "submitted", _("提交审题")
    RETURNED = "returned", _("退回")
    APPROVED = "approved", _("审定")
    SUSPENDED = "suspended", _("停用")
    REINSTATED = "reinstated", _("恢复")
    RETIRED = "retired", _("退役")
    MOVED = "moved", _("转入练习库")
    ENEMIES = "enemies", _("设为互斥")
    FRIENDS = "friends", _("取消互斥")


class ImportState(TextChoices):
    """Where an import stands: read and reported, then confirmed or dropped."""

    READING = "reading", _("读取中")
    READY = "ready", _("待确认")
    REFUSED = "refused", _("有错误")
    WRITING = "writing", _("写入中")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已放弃")
    FAILED = "failed", _("失败")


class FileFormat(TextChoices):
    YAML = "yaml", "YAML"
    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"


class Outcome(TextChoices):
    """What importing a line of a file would do, or did."""

    NEW = "new", pgettext_lazy("import", "新增")
    CHANGED = "changed", pgettext_lazy("import", "有改动")
    KEPT = "kept", pgettext_lazy("import", "未变")
    REFUSED = "refused", pgettext_lazy("import", "有错误")
