"""What a candidate is told about a mock."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MockVerdict:
    """Whether a mock reached the pass mark, and by how much, in points of 100.

    `is_indicative`: the paper was a short one, whose points follow the weights only roughly.
    """

    points: Decimal
    pass_mark: Decimal
    passed: bool
    margin: Decimal
    is_indicative: bool


def judge_mock(points: Decimal, full: int, pass_mark: Decimal, *, is_short: bool) -> MockVerdict:
    """Return the verdict on a mock of `full` points, on the exact score; the pass mark itself passes.

    Standard: §1.7.4
    Decision: D7
    """
    scaled = points * 100 / full
    return MockVerdict(scaled, pass_mark, scaled >= pass_mark, abs(scaled - pass_mark), is_short)


def most_to_gain(losses: Sequence[tuple[str, Decimal]]) -> str | None:
    """Return the function that lost the most points, the first of equals; None where nothing was lost.

    What to study next is where most points are to be gained, not where the share is lowest.
    Decision: ADR 0006
    """
    name, lost = max(losses, key=lambda loss: loss[1], default=("", Decimal(0)))
    return name if lost > 0 else None
