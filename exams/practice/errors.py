"""Refusals of practice."""

from exams.errors import ExamError


class NoMockPossible(ExamError):
    """The practice pool cannot fill the blueprint."""


class MockNotSealed(ExamError):
    """Keys and explanations are shown after hand-in only."""
