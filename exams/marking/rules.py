"""Pure rules of marking: answers against keys, points by function. Points are Decimal, never float."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from exams.bank.enums import Marking
from exams.bank.types import Content, get_kind
from exams.marking.errors import NeedsMarkers

_NOTHING = Decimal(0)


def needs_markers(types: Iterable[str]) -> bool:
    """Return whether items of any of these types are marked by people.

    Practice: domain.md 5
    """
    return any(get_kind(code).marking == Marking.HUMAN for code in types)


def score_response(content: Content, answer: str, points: int, half_credit: bool) -> Decimal:
    """Return the points that `answer` gains out of `points`; a wrong or empty answer costs nothing.

    The item's type says how (ADR 0013); NeedsMarkers for one that people mark.
    Practice: domain.md 5
    Decision: D10
    """
    if not answer:
        return _NOTHING
    gained = get_kind(content.type).mark(content, answer, Decimal(points), half_credit=half_credit)
    if gained is None:
        raise NeedsMarkers(_("这份答卷有需要考评员评分的题，不能自动评分。"), clause="practice")
    return gained


@dataclass(frozen=True, slots=True)
class MarkableItem:
    """What marking needs of one paper item; `function` is the code of its function."""

    position: int
    content: Content
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
    if strange := {one.function for one, _points in marked} - set(functions):
        raise ValueError(f"items of functions the level does not have: {sorted(strange)}")
    by_function = tuple(
        FunctionPoints(
            code,
            sum((points for one, points in marked if one.function == code), _NOTHING),
            sum(one.points for one, _points in marked if one.function == code),
        )
        for code in functions
        if any(one.function == code for one, _points in marked)
    )
    return PaperScore(
        points=sum((points for _one, points in marked), _NOTHING),
        full=sum(one.points for one, _points in marked),
        by_function=by_function,
        by_position={one.position: points for one, points in marked},
    )


def _score(item: MarkableItem, answers: Mapping[int, str], half_credit: bool) -> Decimal:
    return score_response(item.content, answers.get(item.position, ""), item.points, half_credit)


def shown_options(paper_order: Sequence[int], own_order: Sequence[int]) -> tuple[int, ...]:
    """Return the index of each shown option in the version's own options, in the candidate's order.

    `paper_order` is the paper's order of the version's options, `own_order` the candidate's order of the
    paper's; either is empty where the order before it was kept.
    Decision: D10
    """
    if not paper_order or not own_order:
        return tuple(own_order or paper_order)
    return tuple(paper_order[index] for index in own_order)
