"""Pure rules of marking: answers against keys, points by function. Points are Decimal, never float."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_NOTHING = Decimal(0)
_HALF = Decimal("0.5")


def score_response(item_type: str, key: str, answer: str, points: int, half_credit: bool) -> Decimal:
    """Return the points that `answer` gains out of `points`; a wrong or empty answer costs nothing.

    Single choice and true/false: all or nothing. Multiple choice: exactly right, or, with `half_credit`,
    half for some but not all of the keys and nothing else. Answers are letters of the version's own options.
    Practice: domain.md 5
    Decision: D10
    """
    full = Decimal(points)
    if not answer:
        return _NOTHING
    if item_type != "multiple":
        return full if answer == key else _NOTHING
    chosen, keys = set(answer), set(key)
    if chosen == keys:
        return full
    return full * _HALF if half_credit and chosen < keys else _NOTHING


@dataclass(frozen=True, slots=True)
class MarkableItem:
    """What marking needs of one paper item; `function` is the code of its function."""

    position: int
    type: str
    key: str
    points: int
    function: str


@dataclass(frozen=True, slots=True)
class FunctionPoints:
    """Points gained of the points a paper has for one function."""

    code: str
    points: Decimal
    full: int


@dataclass(frozen=True, slots=True)
class PaperScore:
    """Points of a whole paper, by function in the order given, and by paper position."""

    points: Decimal
    full: int
    by_function: tuple[FunctionPoints, ...]
    by_position: Mapping[int, Decimal]


def score_paper(
    items: Iterable[MarkableItem], answers: Mapping[int, str], functions: Sequence[str], *, half_credit: bool
) -> PaperScore:
    """Return the score of the answers (by paper position) to `items`.

    `functions` gives the order of the functions; one without an item on the paper is left out. An item of
    another function than these is a ValueError: its points would be missing from the picture.
    Standard: §2.2
    Practice: domain.md 5
    """
    marked = [(one, _score(one, answers, half_credit)) for one in items]
    if strange := {one.function for one, _ in marked} - set(functions):
        raise ValueError(f"items of functions the level does not have: {sorted(strange)}")
    by_function = tuple(
        FunctionPoints(
            code,
            sum((points for one, points in marked if one.function == code), _NOTHING),
            sum(one.points for one, _ in marked if one.function == code),
        )
        for code in functions
        if any(one.function == code for one, _ in marked)
    )
    return PaperScore(
        points=sum((points for _, points in marked), _NOTHING),
        full=sum(one.points for one, _ in marked),
        by_function=by_function,
        by_position={one.position: points for one, points in marked},
    )


def _score(item: MarkableItem, answers: Mapping[int, str], half_credit: bool) -> Decimal:
    return score_response(item.type, item.key, answers.get(item.position, ""), item.points, half_credit)


def shown_options(paper_order: Sequence[int], own_order: Sequence[int]) -> tuple[int, ...]:
    """Return the index of each shown option in the version's own options, in the candidate's order.

    `paper_order` is the paper's order of the version's options, `own_order` the candidate's order of the
    paper's; empty where the paper's order was kept.
    Decision: D10
    """
    return tuple(paper_order[index] for index in own_order) if own_order else tuple(paper_order)
