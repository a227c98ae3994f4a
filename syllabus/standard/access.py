"""The door from a view to a level: the asked edition, or 404."""

from django.http import Http404

from syllabus.standard.errors import UnknownLevel
from syllabus.standard.models import Level
from syllabus.standard.queries import level_editions


def open_level(number: int, edition: str) -> tuple[Level, list[Level]]:
    """Return the level in `edition` (empty: the newest) and all its editions, newest first; else 404."""
    editions = level_editions(number)
    for level in editions:
        if edition in ("", level.standard.edition):
            return level, editions
    raise Http404(str(UnknownLevel(number)))
