"""Django looks for models here; they live in the rooms."""

from exams.assembly.models import Blueprint, BlueprintSection, Paper, PaperEvent, PaperItem
from exams.bank.models import (
    EnemyPair,
    Item,
    ItemComment,
    ItemCriterion,
    ItemEvent,
    ItemImport,
    ItemPicture,
    ItemReview,
    ItemStatistic,
    ItemVersion,
)
from exams.delivery.models import Attempt, AttemptEvent, Response, ResponseRevision
from exams.marking.models import Score
from exams.sittings.models import Centre

__all__ = [
    "Attempt",
    "AttemptEvent",
    "Blueprint",
    "BlueprintSection",
    "Centre",
    "EnemyPair",
    "Item",
    "ItemComment",
    "ItemCriterion",
    "ItemEvent",
    "ItemImport",
    "ItemPicture",
    "ItemReview",
    "ItemStatistic",
    "ItemVersion",
    "Paper",
    "PaperEvent",
    "PaperItem",
    "Response",
    "ResponseRevision",
    "Score",
]
