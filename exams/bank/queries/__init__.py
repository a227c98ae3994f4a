"""What the bank holds."""

from exams.bank.queries.coverage import Coverage, coverage
from exams.bank.queries.listing import (
    ItemFilter,
    Page,
    functions_with_items,
    items,
    page_of_items,
    usable_versions,
)
from exams.bank.queries.similar import Near, near_items
from exams.bank.queries.single import (
    actor_of,
    enemies_of,
    history_of,
    item,
    record_of_version,
    standing_of,
    standings,
    version_of,
)
from exams.bank.queries.work import open_reviews, places, reviewers, taken_codes

__all__ = [
    "Coverage",
    "ItemFilter",
    "Near",
    "Page",
    "actor_of",
    "coverage",
    "enemies_of",
    "functions_with_items",
    "history_of",
    "item",
    "items",
    "near_items",
    "open_reviews",
    "page_of_items",
    "places",
    "record_of_version",
    "reviewers",
    "standing_of",
    "standings",
    "taken_codes",
    "usable_versions",
    "version_of",
]
