"""Refusals of centres and sittings."""

from exams.errors import ExamError


class CentreCodeTaken(ExamError):
    """Another centre has this code."""
