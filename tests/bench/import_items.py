"""What importing 5,000 items of every type takes, in time and memory: read, report, write, for each format.

A throwaway durable PostgreSQL; each import in a process of its own, as a worker does it. Memory is the growth
of the peak resident size over what the process had before, for 5,000 items and for 1,000: what grows with the
file is the report, and little else.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from config.embedded.places import PROJECT
from tests.services import throwaway_postgresql

ITEMS, FEW = 5_000, 1_000
TARGET_SECONDS, TARGET_GROWTH_MB = 60, 100
POINTS = {"xlsx": "1.1.K1", "csv": "1.1.K2", "yaml": "1.2.K1"}


def run() -> Iterator[dict[str, Any]]:
    """Yield a figure for each format."""
    with throwaway_postgresql(durable=True) as url:
        variables = {
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": "",
            "CHIZHENG_ENV": "development",
            "DEBUG": "0",
            "PYTHONPATH": str(PROJECT),
        }
        _call(variables, "prepare()")
        for code in POINTS:
            few = json.loads(_call(variables, f"measure({code!r}, {ITEMS + 1}, {FEW})"))
            many = json.loads(_call(variables, f"measure({code!r}, 1, {ITEMS})"))
            seconds = many["read_seconds"] + many["write_seconds"]
            yield {
                "figure": f"import_{ITEMS}_items_{code}",
                "seconds": round(seconds, 1),
                **many,
                f"peak_growth_mb_{FEW}_items": few["peak_growth_mb"],
                "target_seconds": TARGET_SECONDS,
                "target_growth_mb": TARGET_GROWTH_MB,
                "met": seconds <= TARGET_SECONDS and many["peak_growth_mb"] <= TARGET_GROWTH_MB,
                "measured": "wall time of the two tasks: read and report; read again, judge again and write"
                " in one transaction",
            }


def _call(variables: dict[str, str], call: str) -> str:
    code = f"import tests.bench.import_items as b; b.{call}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=variables,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def prepare() -> None:
    """Migrate and give the database of DATABASE_URL a standard and somebody who imports."""
    import django

    django.setup()
    from django.core.management import call_command

    from tests.factories.people import item_manager
    from tests.factories.standard import LevelFactory

    call_command("migrate", verbosity=0)
    LevelFactory(complete=True)
    item_manager()


def measure(code: str, first: int, count: int) -> None:
    """Import `count` items numbered from `first`; print seconds and growth of the peak memory as JSON."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from config.celery import app
    from exams.bank.actions.importing import confirm_import, read_import, start_import, write_import
    from exams.bank.exchange import get_format

    app.conf.update(task_always_eager=False)  # the tasks are called here, one by one
    by = get_user_model()._default_manager.order_by("pk").last()
    assert by is not None, "prepare() made somebody"
    source = b"".join(get_format(code).write(_items(code, first, count)))
    made = start_import(name=f"bench.{code}", source=source, by=by, at=timezone.now())  # type: ignore[arg-type]
    size, before = len(source), _reset_peak()
    del source
    start = time.perf_counter()
    read_import(pk=made.pk)
    read = time.perf_counter() - start
    start = time.perf_counter()
    confirm_import(pk=made.pk, by=by, at=timezone.now(), approve=True)  # type: ignore[arg-type]
    write_import(pk=made.pk, at=timezone.now())
    wrote = time.perf_counter() - start
    made.refresh_from_db()
    assert (made.state, len(made.report)) == ("done", count), made.state
    facts = {
        "read_seconds": round(read, 1),
        "write_seconds": round(wrote, 1),
        "file_mb": round(size / 1e6, 1),
        "peak_growth_mb": round((_peak() - before) / 1e6, 1),
    }
    sys.stdout.write(json.dumps(facts))


def _items(code: str, first: int, count: int) -> Iterator[Any]:
    """Yield items of every type, four of five of them choices, with codes and stems of their own."""
    from exams.bank.exchange.examples import examples

    kinds = examples()
    choices = [one for one in kinds if one.content.type in {"single", "multiple", "true_false"}]
    others = [one for one in kinds if one not in choices]
    serial = list(POINTS).index(code) * 3_000
    for number in range(first, first + count):
        pool = others if number % 5 == 0 else choices
        example = pool[number // 5 % len(pool)]
        content = replace(example.content, stem=f"第 {code} {number} 题。{example.content.stem}")
        place = f"{POINTS[code]}-P{number:04}" if example.knowledge else f"S-P{serial + number // 5:04}"
        yield replace(
            example,
            code=f"3-{place}",
            knowledge=POINTS[code] if example.knowledge else "",
            content=content,
            is_sample=False,
            is_approved=False,
        )


def _reset_peak() -> int:
    """Forget the peak so far; return the bytes resident now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1024
