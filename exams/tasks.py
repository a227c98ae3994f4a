"""Celery looks for tasks here; they live in the rooms."""

from exams.marking import tasks as marking_tasks

__all__ = ["marking_tasks"]
