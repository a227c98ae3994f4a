"""Refusals of marking."""

from exams.errors import ExamError


class NotSealed(ExamError):
    """An attempt that is still open has no score."""


class RemarkRefused(ExamError):
    """A re-mark without a reason, without a first score, or of one's own attempt."""


class KeysWithheld(ExamError):
    """Keys and explanations are shown for sealed mocks only."""
