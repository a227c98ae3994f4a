"""Organisation chart: departments and posts, drawn and marked by a person against criteria."""

from django.utils.translation import gettext_lazy as _

from exams.bank.types.graph.data import ORGANISATION_CHART
from exams.bank.types.graph.task import DrawingKind


class OrganisationChart(DrawingKind):
    """组织结构图. Practice: domain.md 5; Decision: ADR 0015 (the answer is a graph)."""

    code = "organisation_chart"
    label = _("组织结构图")
    position = 15
    chart = ORGANISATION_CHART


KIND = OrganisationChart()
