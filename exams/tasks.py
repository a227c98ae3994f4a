"""Celery looks for tasks here; they live in the rooms."""

from exams.delivery import tasks as delivery_tasks
from exams.marking import tasks as marking_tasks

__all__ = ["delivery_tasks", "marking_tasks"]
