"""Django looks for models here; they live in the rooms."""

from syllabus.standard.models import (
    Decision,
    EligibilityRoute,
    Function,
    Level,
    Part,
    Requirement,
    Rule,
    Standard,
    StandardEvent,
    VectorWeight,
    WeightVector,
    WorkContent,
)

__all__ = [
    "Decision",
    "EligibilityRoute",
    "Function",
    "Level",
    "Part",
    "Requirement",
    "Rule",
    "Standard",
    "StandardEvent",
    "VectorWeight",
    "WeightVector",
    "WorkContent",
]
