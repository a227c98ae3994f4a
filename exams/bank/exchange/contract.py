"""The contract of a file format: read a file into records, write items into a file.

A format knows its own layout and nothing of the bank: it turns each item of a file into a `Record` with the
keys of our YAML files, and the item types read that record. So every format is checked by the same code.
Reading and writing stream: an item at a time, so that a large file costs no more memory than a small one.

Standard: none; the contract is ours (docs/exchange.md).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from config.sources import Problem, Problems, Record
from exams.bank.types import Content, get_kind

MOST_BYTES = 20_000_000
MOST_ITEMS = 20_000


@dataclass(frozen=True, slots=True)
class Head:
    """What holds for an item beside its own record: a YAML file says it once, a table in each row.

    `record` is what said it, for problems that are found later.
    """

    record: Record
    level: int
    pool: str
    standard: str = ""
    is_sample: bool = False
    state: str = "draft"
    is_sound: bool = True
    """Nothing is wrong with the head itself; else what follows from it means nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as a file holds it, not yet read by its type.

    Its problems are in `record.problems`, which is its own; `line` is what one sees at the edge of
    the file: the line of a text, the row of a table.
    """

    head: Head
    record: Record
    line: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One item as it is written into a file."""

    code: str
    level: int
    pool: str
    is_sample: bool
    is_approved: bool
    knowledge: str
    difficulty: int
    cognition: str
    content: Content
    standard: str = "csm"

    def record(self) -> dict[str, Any]:
        """Return the keys and values of its record in our YAML files, blanks left out."""
        content = self.content
        own = get_kind(content.type).write(content)
        facts = {
            "code": self.code,
            "type": content.type,
            "knowledge": self.knowledge,
            "difficulty": self.difficulty,
            "cognition": self.cognition,
            "stem": content.stem,
            **own,
            "explanation": content.explanation,
        }
        return {key: value for key, value in facts.items() if value not in ("", None)}


class ItemFormat(ABC):
    """A file format. Instances hold no state."""

    code: ClassVar[str]
    label: ClassVar[Any]
    position: ClassVar[int]
    extensions: ClassVar[tuple[str, ...]]
    mime: ClassVar[str]

    @abstractmethod
    def count(self, source: bytes) -> int:
        """Return about how many lines `source` has, for a progress bar; never fails."""

    @abstractmethod
    def read(self, source: bytes, problems: Problems, *, name: str) -> Iterator[Entry]:
        """Yield the items of a file in its order; what is wrong with the file itself goes to `problems`.

        Raises nothing, whatever the bytes are. `name` is how the file is called in problems.
        """

    @abstractmethod
    def write(self, items: Iterable[Outgoing]) -> Iterator[bytes]:
        """Yield the pieces of a file with these items; raises ExportRefused for what the format cannot hold.

        Items of one level, pool, sample mark and state come together.
        """

    def place(self, line: int, problem: Problem) -> tuple[str, str]:
        """Return where in its item a problem is, and what it says, for those who see such files.

        `line` is the item's own.
        """
        del line
        return "", problem.message

    @property
    def templates(self) -> Mapping[str, Any]:
        """Return the files to fill in that this format offers: name → function that makes the bytes."""
        return {}
