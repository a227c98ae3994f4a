"""Reads centres."""

from exams.sittings.models import Centre


def centres() -> list[Centre]:
    """Return every centre by code."""
    return list(Centre.objects.order_by("code"))
