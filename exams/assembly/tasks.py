"""Celery tasks of assembly."""

from uuid import UUID

from celery import shared_task

from exams.assembly.actions import runs


@shared_task(name="exams.run_assembly")  # type: ignore[untyped-decorator]
def run_assembly(pk: str, language: str | None = None) -> None:
    """Solve a run that somebody asked for."""
    runs.run_assembly(pk=UUID(pk), language=language)


@shared_task(name="exams.resume_runs")  # type: ignore[untyped-decorator]
def resume_runs() -> int:
    """Take up what a dead worker left; runs on a clock."""
    return runs.resume_runs()
