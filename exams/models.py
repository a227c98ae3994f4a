"""Django looks for models here; they live in the rooms."""

from exams.assembly.models import Blueprint, BlueprintSection, Paper, PaperEvent, PaperItem
from exams.bank.models import Item, ItemEvent, ItemVersion
from exams.delivery.models import Attempt, AttemptEvent, Response, ResponseRevision
from exams.marking.models import Score
from exams.sittings.models import Centre

__all__ = [
    "Attempt",
    "AttemptEvent",
    "Blueprint",
    "BlueprintSection",
    "Centre",
    "Item",
    "ItemEvent",
    "ItemVersion",
    "Paper",
    "PaperEvent",
    "PaperItem",
    "Response",
    "ResponseRevision",
    "Score",
]
