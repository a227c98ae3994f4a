"""Celery tasks of the bank."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from exams.bank.actions import importing


@shared_task(name="exams.read_import")  # type: ignore[untyped-decorator]
def read_import(pk: str, language: str | None = None) -> None:
    """Read an uploaded file and report on its lines."""
    importing.read_import(pk=UUID(pk), language=language)


@shared_task(name="exams.write_import")  # type: ignore[untyped-decorator]
def write_import(pk: str, language: str | None = None) -> None:
    """Write a confirmed import."""
    importing.write_import(pk=UUID(pk), at=timezone.now(), language=language)


@shared_task(name="exams.resume_imports")  # type: ignore[untyped-decorator]
def resume_imports() -> int:
    """Take up what a dead worker left; runs on a clock."""
    return importing.resume_imports(at=timezone.now())
