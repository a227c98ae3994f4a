"""How long searches take in a bank of 50,000 items: the list's text search and likeness of stems.

A throwaway cluster of its own; stems are put together from clauses of the stems shipped, so that characters
are as common as they are in real ones. Every search is another text: pieces of two, three and six characters
taken from stems (six also shuffled, so that hardly any stem has them), and whole stems with two characters
changed. Measured is what the page does: the queries as exams.bank.queries builds them, rows fetched and made
objects, from this process over the socket. All pairs, as the report looks for them, are measured on a part.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.services import throwaway_postgresql

ITEMS, SEARCHES, TARGET = 50_000, 100, 0.1
NEAR_SIZES = (2_000, 10_000)
_WARM_UP = 5


def run() -> Iterator[dict[str, Any]]:
    """Yield one figure for each kind of search; the work is done by a process on a cluster of its own."""
    import json
    import subprocess

    from config.embedded.places import PROJECT

    with throwaway_postgresql() as url:
        variables = {**os.environ, "DATABASE_URL": url, "REDIS_URL": "", "CHIZHENG_ENV": "development"}
        variables |= {"DEBUG": "0", "PYTHONPATH": str(PROJECT)}
        done = subprocess.run(
            [sys.executable, "-c", "import tests.bench.search as b; b.measure()"],
            cwd=PROJECT,
            env=variables,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    yield from (json.loads(line) for line in done.stdout.splitlines())


def measure() -> None:
    """Fill the database of DATABASE_URL and print a JSON line for each figure."""
    import json

    import django

    django.setup()
    for figure in _figures():
        sys.stdout.write(json.dumps(figure, ensure_ascii=False) + "\n")


def _figures() -> Iterator[dict[str, Any]]:
    draw = random.Random(7)
    stems = _fill(draw)
    from exams.bank.lifecycle import Actor
    from exams.bank.queries import ItemFilter, near_items, page_of_items

    manager = Actor(1, manages=True)
    for size in (2, 3, 6):
        pieces = [_piece(draw, draw.choice(stems), size) for _ in range(SEARCHES)]
        yield _figure(
            f"search_{size}_characters",
            [lambda text=text: page_of_items(ItemFilter(text=text), 1, manager) for text in pieces],
        )
    strange = ["".join(draw.sample(_piece(draw, draw.choice(stems), 6), 6)) for _ in range(SEARCHES)]
    yield _figure(
        "search_6_characters_shuffled",
        [lambda text=text: page_of_items(ItemFilter(text=text), 1, manager) for text in strange],
    )
    changed = [_changed(draw, draw.choice(stems)) for _ in range(SEARCHES)]
    yield _figure(
        "near_items_of_a_stem", [lambda text=text: near_items(text, viewer=manager) for text in changed]
    )
    yield _figure(
        "list_of_items_like_a_stem",
        [lambda text=text: page_of_items(ItemFilter(similar=text), 1, manager) for text in changed],
    )
    yield _figure("list_unfiltered", [lambda: page_of_items(ItemFilter(), 1, manager)] * 20)
    yield from _all_pairs(stems)


def _figure(name: str, searches: Sequence[Callable[[], Any]]) -> dict[str, Any]:
    for search in searches[:_WARM_UP]:
        search()
    seconds, found = [], []
    for search in searches:
        begun = time.perf_counter()
        answer = search()
        seconds.append(time.perf_counter() - begun)
        # A list counts up to exams.bank.queries.listing.MOST_COUNTED.
        found.append(len(answer) if isinstance(answer, list) else answer.total)
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return {
        "figure": name,
        "items": ITEMS,
        "p50_ms": round(statistics.median(seconds) * 1000, 1),
        "p95_ms": round(p95 * 1000, 1),
        "worst_ms": round(max(seconds) * 1000, 1),
        "searches": len(seconds),
        "found_median": statistics.median(found),
        "target_p95_ms": TARGET * 1000,
        "met": p95 <= TARGET,
        "measured": "queries and objects of one page as exams.bank.queries builds them, warm, one connection",
    }


def _all_pairs(stems: Sequence[str]) -> Iterator[dict[str, Any]]:
    from exams.bank.report.likeness import near_pairs

    for size in NEAR_SIZES:
        begun = time.perf_counter()
        pairs = near_pairs(dict(enumerate(stems[:size])))
        yield {
            "figure": "near_pairs_of_a_bank",
            "items": size,
            "seconds": round(time.perf_counter() - begun, 2),
            "pairs": len(pairs),
            "measured": "all pairs with a trigram similarity of 0.6 or more, one process, texts in memory",
        }


# --- The bank -----------------------------------------------------------------------------------------------


def _fill(draw: random.Random) -> list[str]:
    """Migrate, load what is shipped and add items up to ITEMS; return all stems."""
    from pathlib import Path

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from exams.bank.actions import load_items
    from exams.bank.models import Item, ItemVersion
    from syllabus.standard.actions import load_standard

    call_command("migrate", verbosity=0)
    fixtures = Path(settings.FIXTURES_ROOT)
    load_standard(paths=[fixtures / "standards"], by=None, at=timezone.now(), editions_in_use=[])
    load_items(paths=[fixtures / "items"], by=None, at=timezone.now())
    shipped = list(ItemVersion.objects.filter(knowledge__isnull=False).order_by("pk"))
    clauses = [clause for one in shipped for clause in one.stem.split("，") if len(clause) > 3]
    made = range(ITEMS - Item.objects.count())
    stems = {number: "，".join(draw.sample(clauses, draw.randint(2, 3))) for number in made}
    states = {number: draw.choices(("approved", "draft"), (9, 1))[0] for number in made}
    now = timezone.now()
    with transaction.atomic():
        items = Item.objects.bulk_create(
            (
                Item(
                    code=f"3-B-{draw.choice('LP')}{number:05}",
                    pool=draw.choice(("live", "practice")),
                    state="draft",
                    created_at=now,
                )
                for number in made
            ),
            batch_size=5_000,
        )
        versions = ItemVersion.objects.bulk_create(
            (
                _version(draw.choice(shipped), item, stems[number], now)
                for number, item in zip(made, items, strict=True)
            ),
            batch_size=5_000,
        )
        for number, item, version in zip(made, items, versions, strict=True):
            item.current = version
            item.state = states[number]
            item.approved = version if item.state == "approved" else None
        Item.objects.bulk_update(items, ["current", "approved", "state"], batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return list(stems.values())


def _version(like: Any, item: Any, stem: str, now: Any) -> Any:
    from exams.bank.models import ItemVersion

    return ItemVersion(
        item=item,
        number=1,
        type=like.type,
        level_id=like.level_id,
        knowledge_id=like.knowledge_id,
        difficulty=like.difficulty,
        cognition=like.cognition,
        stem=stem,
        options=like.options,
        key=like.key,
        explanation=like.explanation,
        checksum=f"{item.code:0<64}",
        created_at=now,
    )


def _piece(draw: random.Random, stem: str, size: int) -> str:
    """Return `size` characters that stand together in the stem, without punctuation where there are such."""
    places = [
        place
        for place in range(len(stem) - size)
        if all(char.isalnum() for char in stem[place : place + size])
    ]
    start = draw.choice(places) if places else 0
    return stem[start : start + size]


def _changed(draw: random.Random, stem: str) -> str:
    """Return the stem with two characters of it changed."""
    place = draw.randrange(max(1, len(stem) - 2))
    return stem[:place] + "新的" + stem[place + 2 :]
