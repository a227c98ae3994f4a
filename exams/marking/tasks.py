"""Celery tasks of marking."""

from celery import shared_task

from exams.marking.actions import mark_sealed


@shared_task(name="exams.mark_sealed")  # type: ignore[untyped-decorator]
def mark_sealed_attempts() -> int:
    """Mark what is sealed and has no score; runs after sealing and on a clock."""
    return mark_sealed()
