"""Pure rules of item analysis: what many answers say of an item. Everything is Decimal, never float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

LEAST_ANSWERS = 20
"""Below so many answers nothing is said of an item. Practice: domain.md 5 (facility as observed)."""

_PLACES = Decimal("0.0001")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Candidates of one paper who gained the same on one item.

    `earned` of `full` points on the item; `totals` and `squares` are the sum of their whole scores and of
    the squares of these, out of `paper_points`. An item left blank earned nothing.
    """

    count: int
    earned: Decimal
    full: Decimal
    totals: Decimal
    squares: Decimal
    paper_points: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """What is said of an item. `discrimination` lies between minus 1 and 1; None where nobody differs."""

    answers: int
    facility: Decimal
    discrimination: Decimal | None


def figures(groups: Iterable[AnswerGroup], *, least: int = LEAST_ANSWERS) -> Figures | None:
    """Return the figures of an item from the groups of all its papers; None with fewer than `least` answers.

    Facility is the mean share of the item's points. Discrimination is the corrected point-biserial: the
    correlation of that share with the share of all other points of the paper, the item's own left out, so
    that an item does not vouch for itself. Shares make papers of different sizes comparable.
    Practice: domain.md 5
    """
    count, x, xx, y, yy, xy = 0, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING
    for group in groups:
        share = group.earned / group.full
        rest, rest_squares = _rest(group)
        count += group.count
        x += share * group.count
        xx += share * share * group.count
        y += rest
        yy += rest_squares
        xy += share * rest
    if count < least or not count:
        return None
    return Figures(count, (x / count).quantize(_PLACES), _correlation(count, (x, xx), (y, yy), xy))


def _rest(group: AnswerGroup) -> tuple[Decimal, Decimal]:
    """Return the sum of the group's shares of all other points, and of their squares."""
    others = group.paper_points - group.full
    if others <= 0:
        return _NOTHING, _NOTHING
    gained = group.totals - group.count * group.earned
    squares = group.squares - 2 * group.earned * group.totals + group.count * group.earned**2
    return gained / others, squares / others**2


def _correlation(
    count: int, x: tuple[Decimal, Decimal], y: tuple[Decimal, Decimal], xy: Decimal
) -> Decimal | None:
    spread = (count * x[1] - x[0] ** 2) * (count * y[1] - y[0] ** 2)
    if spread <= Decimal("1e-12"):  # nobody differs, but for what division cut off
        return None
    found = (count * xy - x[0] * y[0]) / spread.sqrt()
    return max(Decimal(-1), min(Decimal(1), found)).quantize(_PLACES)
