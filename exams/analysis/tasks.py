"""Celery tasks of item analysis."""

from celery import shared_task
from django.utils import timezone

from exams.analysis.actions import update_statistics


@shared_task(name="exams.update_statistics")  # type: ignore[untyped-decorator]
def update_item_statistics() -> int:
    """Compute the statistics of all items anew; runs every night. Returns how many versions have figures."""
    return update_statistics(at=timezone.now()).kept
