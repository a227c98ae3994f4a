"""What came of a search for papers, as values."""

from __future__ import annotations

from dataclasses import dataclass

from exams.assembly.engine.problem import Key
from exams.assembly.enums import SolveStatus
from exams.assembly.rules import Placed


@dataclass(frozen=True, slots=True)
class Shortage:
    """`missing` more items of `type` in `function` would do: one on each of these knowledge points.

    `knowledge` and `difficulties` go together and have `missing` entries, a point as often as it needs items;
    so have `cognitions` where quotas ask for levels (empty: any level), else none.
    """

    function: str
    type: str
    missing: int
    knowledge: tuple[str, ...]
    difficulties: tuple[int, ...] = ()
    cognitions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """A demand of a conflict: its key, its bounds, and how many more items of its kind would resolve it.

    `missing` is None where no number of items would (or none was found in time).
    """

    key: Key
    least: float | None
    most: float | None
    missing: int | None


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver can vouch for. `gap` is relative; a form stands in the pool's order.

    Without forms: `clashes` is a set of demands that cannot be met together, `is_irreducible` whether each is
    proven to be needed for that; `shortages` the fewest items that would make everything possible;
    `reasons` what else is to be said. `spread` is how far the forms' mean facilities lie apart.
    """

    status: SolveStatus
    gap: float = 0.0
    seconds: float = 0.0
    forms: tuple[tuple[Placed, ...], ...] = ()
    spread: float = 0.0
    clashes: tuple[Clash, ...] = ()
    is_irreducible: bool = True
    shortages: tuple[Shortage, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def paper(self) -> tuple[Placed, ...]:
        """Return the first form; empty where there is none."""
        return self.forms[0] if self.forms else ()


@dataclass(frozen=True, slots=True)
class Room:
    """How many disjoint papers a bank holds: `built` of them, at most `most` (None: not proven in time).

    `dry` is what the next one would lack first.
    """

    built: int
    most: int | None
    dry: tuple[Shortage, ...]
