"""The real parts that tests lean on work: Redis, a worker that takes what is enqueued, the htmx helper."""

import subprocess

import pytest
from django.core.cache.backends.redis import RedisCache
from django.http import HttpResponse
from django.test import Client

from config.celery import app
from config.embedded.processes import wait_until
from tests.htmx import attribute, parse, replace


def test_redis_server_keeps_values(redis_server: str) -> None:
    cache = RedisCache(redis_server, {})
    cache.set("key", "value")
    assert cache.get("key") == "value"
    cache.close()


def test_celery_worker_takes_tasks_from_this_process(celery_worker: subprocess.Popen[bytes]) -> None:
    app.send_task("celery.backend_cleanup", queue=app.conf.task_default_queue)
    done = "celery.backend_cleanup"
    assert wait_until(
        lambda: any(done in s["total"] for s in (app.control.inspect(timeout=0.5).stats() or {}).values()), 15
    )


def test_tasks_are_eager_without_worker() -> None:
    assert app.conf.task_always_eager is True


@pytest.mark.django_db
def test_fragment_replaces_element_of_same_id(client: Client) -> None:
    page = parse(HttpResponse('<main><p id="a">old</p><p id="b">kept</p></main>'))
    fragment = parse(HttpResponse('<p id="a">new</p>'))
    assert replace(page, attribute(fragment, "id"), fragment)
    assert str(page) == str(parse(HttpResponse('<main><p id="a">new</p><p id="b">kept</p></main>')))
    assert not replace(page, "c", fragment)
