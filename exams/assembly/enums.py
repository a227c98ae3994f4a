"""The closed vocabularies of assembly."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SolveStatus(TextChoices):
    """What the solver can vouch for."""

    OPTIMAL = "optimal", _("已证明最优")
    FEASIBLE = "feasible", _("满足全部要求")
    INFEASIBLE = "infeasible", _("无法组成")


class PaperEventKind(TextChoices):
    FROZEN = "frozen", _("定稿")
    VIEWED = "viewed", _("查看")
    WITHDRAWN = "withdrawn", _("停用")
