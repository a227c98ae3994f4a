"""Base of the refusals of this app."""

from config.htmx import Refusal


class ExamError(Refusal):
    """A rule of the exam engine says no."""
