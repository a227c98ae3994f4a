"""Flow chart: the steps of a process, drawn and marked by a person against criteria."""

from django.utils.translation import gettext_lazy as _

from exams.bank.types.graph.data import FLOW_CHART
from exams.bank.types.graph.task import DrawingKind


class FlowChart(DrawingKind):
    """流程图. Practice: domain.md 5; Decision: ADR 0015 (the answer is a graph)."""

    code = "flow_chart"
    label = _("流程图")
    position = 14
    chart = FLOW_CHART


KIND = FlowChart()
