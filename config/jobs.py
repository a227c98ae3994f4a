"""Work after commit: the one way an action hands work to Celery."""

from collections.abc import Mapping
from functools import partial

from django.db import transaction

from config.celery import app


def after_commit(task: str, **kwargs: object) -> None:
    """Enqueue the task named `task` once the running transaction has committed; at once outside of one.

    A rolled-back action enqueues nothing. A broker that cannot be reached does not undo the committed
    action: the periodic task of the same area picks the work up later (settings.CELERY_BEAT_SCHEDULE).
    """
    transaction.on_commit(partial(_send, task, kwargs), robust=True)


def _send(task: str, kwargs: Mapping[str, object]) -> None:
    # By registered object, not by name alone: send_task() would ignore eager mode.
    app.loader.import_default_modules()
    app.tasks[task].apply_async(kwargs=dict(kwargs))
