"""Celery looks for tasks here; they live in the rooms."""

from exams.analysis import tasks as analysis_tasks
from exams.assembly import tasks as assembly_tasks
from exams.bank import tasks as bank_tasks
from exams.delivery import tasks as delivery_tasks
from exams.marking import tasks as marking_tasks

__all__ = ["analysis_tasks", "assembly_tasks", "bank_tasks", "delivery_tasks", "marking_tasks"]
