"""One example of each item type, for templates: `example.yaml` in the type's own folder, as a file's item."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from config.sources import Problems, read_yaml
from exams.bank import types
from exams.bank.enums import Pool
from exams.bank.exchange.contract import Outgoing
from exams.bank.types import kinds

LEVEL = 3


@cache
def examples() -> tuple[Outgoing, ...]:
    """Return the examples of the types that have one, in the order of the types."""
    found = []
    for kind in kinds().values():
        path = Path(types.__file__).parent / kind.code / "example.yaml"
        problems = Problems()
        record = read_yaml(path, problems) if path.exists() else None
        if record is None:
            continue
        data = record.data
        found.append(
            Outgoing(
                code=data["code"],
                level=LEVEL,
                pool=Pool.PRACTICE,
                is_sample=True,
                is_approved=True,
                knowledge=data.get("knowledge", ""),
                difficulty=int(data["difficulty"]),
                cognition=data["cognition"],
                content=kind.read(record),
            )
        )
    return tuple(found)
