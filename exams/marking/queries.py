"""Reading scores, and for sealed mocks what was answered against the key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from exams.assembly.models import Paper, PaperItem
from exams.bank.enums import Marking
from exams.bank.models import ItemVersion
from exams.bank.types import get_kind, kinds
from exams.delivery.enums import AttemptKind
from exams.delivery.models import Attempt, Response
from exams.marking.errors import KeysWithheld, NotSealed
from exams.marking.models import Score
from exams.marking.rules import MarkableItem, score_response, shown_options
from syllabus.standard.models import Function
from syllabus.standard.queries import rule_value

HALF_CREDIT = "marking.multiple_half_credit"


def current_scores() -> QuerySet[Score]:
    """Return the scores that count: those no other supersedes."""
    return Score.objects.filter(superseded_by__isnull=True).order_by("pk")


def score_of(attempt: Attempt) -> Score | None:
    """Return the score of the attempt that counts, or None where it is not marked."""
    return current_scores().filter(attempt_id=attempt.pk).first()


def scores_of(attempts: Iterable[UUID]) -> dict[UUID, Score]:
    """Return the scores that count by attempt, for the attempts that have one."""
    return {score.attempt_id: score for score in current_scores().filter(attempt_id__in=list(attempts))}


def unmarked() -> list[UUID]:
    """Return the sealed attempts that could have a score and have none, in primary-key order."""
    by_people = [code for code, kind in kinds().items() if kind.marking == Marking.HUMAN]
    sealed = Attempt.objects.filter(sealed_at__isnull=False, scores__isnull=True).exclude(
        paper__items__version__type__in=by_people
    )
    return list(sealed.order_by("pk").values_list("pk", flat=True))


def paper_items(paper: Paper) -> list[PaperItem]:
    """Return the paper's items in order, each with its version up to the function."""
    return list(
        PaperItem.objects.filter(paper_id=paper.pk)
        .select_related("version__item", "version__knowledge__work_content__function")
        .order_by("position")
    )


def answers_of(attempt: Attempt) -> dict[int, str]:
    """Return the answers that count by paper position."""
    return dict(Response.objects.filter(attempt_id=attempt.pk).values_list("position", "answer"))


def functions_of(level_id: int) -> list[Function]:
    """Return the functions of a level in the standard's order."""
    return list(Function.objects.filter(level_id=level_id).order_by("position", "pk"))


def gives_half_credit() -> bool:
    """Return whether some but not all of the keys of a multiple choice gain half the points (D10)."""
    return bool(rule_value(HALF_CREDIT))


def markable(one: PaperItem) -> MarkableItem:
    """Return what the rules need of a paper item."""
    function = one.version.point.work_content.function
    return MarkableItem(one.position, one.version.content, one.points, function.code)


@dataclass(frozen=True, slots=True)
class FunctionResult:
    """Points of one function, with what the standard calls it."""

    function: Function
    points: Decimal
    full: int


def points_by_function(score: Score) -> list[FunctionResult]:
    """Return the score's points by function in the standard's order."""
    stored: Mapping[str, Any] = score.by_function
    return [
        FunctionResult(function, Decimal(stored[function.code]["points"]), int(stored[function.code]["full"]))
        for function in functions_of(score.attempt.paper.level_id)
        if function.code in stored
    ]


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """One item of a sealed mock as the candidate saw it, with key and own answer.

    `number` counts in the candidate's order from 1; `template` and `context` are the type's own view.
    """

    number: int
    position: int
    version: ItemVersion
    answer: str
    points: int
    earned: Decimal
    template: str
    context: dict[str, Any]

    @property
    def is_right(self) -> bool:
        return self.earned == self.points

    @property
    def is_answered(self) -> bool:
        return bool(self.answer)


def marked_items(attempt: Attempt) -> list[MarkedItem]:
    """Return the items of a sealed mock in the candidate's order, keys included.

    Raises KeysWithheld for a real attempt (its items never leave the server) and NotSealed for an open mock.
    """
    if attempt.kind != AttemptKind.MOCK:
        raise KeysWithheld(
            _("正式考试的试题、答案与解析不对外提供。"),
            clause="D13",
            remedy=_("成绩公布后请查看成绩单。"),
        )
    if attempt.sealed_at is None:
        raise NotSealed(_("模拟考试尚未封卷，不能查看答案与解析。"), remedy=_("请先交卷。"))
    answers, half_credit = answers_of(attempt), gives_half_credit()
    by_position = {one.position: one for one in paper_items(attempt.paper)}
    return [
        _marked(number, by_position[position], attempt, answers.get(position, ""), half_credit)
        for number, position in enumerate(attempt.item_order, start=1)
    ]


def _marked(number: int, one: PaperItem, attempt: Attempt, answer: str, half_credit: bool) -> MarkedItem:
    version, content, kind = one.version, one.version.content, get_kind(one.version.type)
    order = shown_options(one.option_order, attempt.option_orders.get(str(one.position), []))
    return MarkedItem(
        number=number,
        position=one.position,
        version=version,
        answer=answer,
        points=one.points,
        earned=score_response(content, answer, one.points, half_credit),
        template=kind.template("review"),
        context=kind.review(content, order, answer),
    )
