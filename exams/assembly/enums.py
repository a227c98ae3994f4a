"""The closed vocabularies of assembly."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SolveStatus(TextChoices):
    """What the solver can vouch for."""

    OPTIMAL = "optimal", _("已证明最优")
    FEASIBLE = "feasible", _("满足全部要求")
    INFEASIBLE = "infeasible", _("无法组成")
    UNKNOWN = "unknown", _("限时内没有结论")


class PaperState(TextChoices):
    """Where a paper stands; a withdrawn one keeps its state and carries `withdrawn_at`."""

    DRAFT = "draft", _("待批准")
    SEALED = "sealed", _("已封存")


class PaperEventKind(TextChoices):
    FROZEN = "frozen", _("定稿")
    SWAPPED = "swapped", _("换题")
    SEALED = "sealed", _("批准封存")
    NAMED = "named", _("指定查看人")
    VIEWED = "viewed", _("查看")
    PRINTED = "printed", _("打印")
    WITHDRAWN = "withdrawn", _("停用")


class QuotaAttribute(TextChoices):
    """What a blueprint may ask points of."""

    COGNITION = "cognition", _("认知层次")
    IMPORTANCE = "importance", _("重要程度")
    DIFFICULTY = "difficulty", _("难度")


class RunState(TextChoices):
    """Where an assembly run stands."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("求解中")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("出错")


class BlueprintEventKind(TextChoices):
    CREATED = "created", pgettext_lazy("blueprint", "新建")
    CHANGED = "changed", pgettext_lazy("blueprint", "修改")
    RETIRED = "retired", pgettext_lazy("blueprint", "停用")
