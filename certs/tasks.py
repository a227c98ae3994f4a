"""Celery looks for tasks here; they live in the rooms."""

from certs.certificates.tasks import issue_due

__all__ = ["issue_due"]
