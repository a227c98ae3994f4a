"""The exam room's work on a clock."""

from celery import shared_task

from exams.delivery import actions


@shared_task(name="exams.seal_due")  # type: ignore[untyped-decorator]
def seal_due() -> int:
    """Seal what is due, whether or not anybody looks."""
    return actions.seal_due()
