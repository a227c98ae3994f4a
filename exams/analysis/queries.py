"""What real attempts gave, summed by the database: few rows however many candidates there were."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum

from exams.analysis.rules import AnswerGroup
from exams.assembly.models import PaperItem
from exams.bank.types import get_kind
from exams.delivery.enums import AttemptKind
from exams.marking.models import Score
from exams.marking.queries import current_scores, gives_half_credit


@dataclass(frozen=True, slots=True)
class _Sums:
    """How many candidates, and the sums of their scores and of the squares of these."""

    count: int = 0
    totals: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)

    def without(self, others: "list[_Sums]") -> "_Sums":
        return _Sums(
            self.count - sum(one.count for one in others),
            self.totals - sum((one.totals for one in others), Decimal(0)),
            self.squares - sum((one.squares for one in others), Decimal(0)),
        )


def answer_groups() -> dict[int, list[AnswerGroup]]:
    """Return for each item version (pk) what candidates earned on it, in five queries.

    Counted are sealed real attempts with the score that counts. Who left an item blank earned nothing on it.
    Items that people mark are left out: their points are not in the answer.
    """
    papers = _by_paper()
    answers = _by_answer()
    half_credit = gives_half_credit()
    rows = (
        PaperItem.objects.filter(paper__in=papers)
        .select_related("version", "paper")
        .order_by("version_id", "paper_id")
    )
    found: dict[int, list[AnswerGroup]] = defaultdict(list)
    for row in rows:
        given = answers.get((row.paper_id, row.position), {})
        blank = papers[row.paper_id].without(list(given.values()))
        earned = {answer: _earned(row, answer, half_credit) for answer in ("", *given)}
        if None in earned.values():
            continue
        found[row.version_id] += [
            AnswerGroup(
                sums.count,
                earned[answer] or Decimal(0),
                Decimal(row.points),
                sums.totals,
                sums.squares,
                Decimal(row.paper.points),
            )
            for answer, sums in (("", blank), *given.items())
            if sums.count
        ]
    return dict(found)


def _earned(row: PaperItem, answer: str, half_credit: bool) -> Decimal | None:
    version = row.version
    return get_kind(version.type).mark(version.content, answer, Decimal(row.points), half_credit=half_credit)


def _counted() -> QuerySet[Score]:
    scores = current_scores().filter(attempt__kind=AttemptKind.REAL, attempt__sealed_at__isnull=False)
    return scores.order_by()


_SUMS = {
    "count": Count("pk"),
    "totals": Sum("points"),
    "squares": Sum(F("points") * F("points")),
}


def _by_paper() -> dict[int, _Sums]:
    rows = _counted().values_list("attempt__paper").annotate(**_SUMS)
    return {paper: _Sums(*sums) for paper, *sums in rows}


def _by_answer() -> dict[tuple[int, int], dict[str, _Sums]]:
    rows = (
        _counted()
        .filter(attempt__responses__answer__gt="")
        .values_list("attempt__paper", "attempt__responses__position", "attempt__responses__answer")
        .annotate(**_SUMS)
    )
    found: dict[tuple[int, int], dict[str, _Sums]] = defaultdict(dict)
    for paper, position, answer, *sums in rows:
        found[paper, position][answer] = _Sums(*sums)
    return found
