"""Base of the refusals of this app."""

from config.htmx import Refusal


class SyllabusError(Refusal):
    """A rule about the standard says no."""
