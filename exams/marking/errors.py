"""Refusals of marking."""

from exams.errors import ExamError


class NotSealed(ExamError):
    """An attempt that is still open has no score."""


class NeedsMarkers(ExamError):
    """A paper with an item that a person marks has no score by itself."""


class RemarkRefused(ExamError):
    """A re-mark without a reason, without a first score, or of one's own attempt."""


class KeysWithheld(ExamError):
    """Keys and explanations are shown for sealed mocks only."""
