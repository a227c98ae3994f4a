"""The door to items."""

from django.http import Http404

from exams.bank import queries
from exams.bank.models import Item

SEE_LIVE = "exams.see_live_items"


def get_item(code: str) -> Item:
    """Return the item of this code with its current version, or 404."""
    if (item := queries.item(code)) is None:
        raise Http404
    return item
