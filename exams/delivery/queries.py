"""Reading attempts, questions and answers; nothing here reads the key or the explanation of an item."""

import datetime
import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Now

from exams.assembly.enums import PaperState
from exams.assembly.models import Paper, PaperItem
from exams.bank.enums import Pool
from exams.bank.types import Content, get_kind, type_label
from exams.delivery import rules
from exams.delivery.enums import AttemptKind, AttemptState
from exams.delivery.models import Attempt, Response
from exams.sittings.models import Centre
from syllabus.standard.enums import PartCode
from syllabus.standard.errors import UnknownRule
from syllabus.standard.models import Part
from syllabus.standard.queries import rule_value

GRACE_RULE = "delivery.grace_seconds"
_GRACE_KEPT_SECONDS = 30.0
_grace: tuple[float, int] | None = None


def grace_seconds() -> int:
    """Return the grace after a deadline, in seconds; kept in the process for 30 s. Without the rule: none."""
    global _grace  # noqa: PLW0603  one figure per process, so that a save costs one statement only
    now = time.monotonic()
    if _grace is None or _grace[0] <= now:
        try:
            value = int(str(rule_value(GRACE_RULE)))
        except UnknownRule:
            value = 0
        _grace = (now + _GRACE_KEPT_SECONDS, value)
    return _grace[1]


def forget_grace() -> None:
    """Read the grace anew at its next use."""
    global _grace  # noqa: PLW0603
    _grace = None


def database_now() -> datetime.datetime:
    """Return the database's clock: the one authority on time (D12)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    assert row is not None
    moment: datetime.datetime = row[0]
    return moment


@dataclass(frozen=True, slots=True)
class Timed:
    """An attempt and the database's time at which it was read."""

    attempt: Attempt
    now: datetime.datetime

    @property
    def state(self) -> AttemptState:
        return rules.state(self.attempt.started_at, self.attempt.sealed_at)

    @property
    def seconds_left(self) -> int:
        return rules.seconds_left(self.now, self.attempt.deadline_at)

    @property
    def clock(self) -> str:
        return rules.clock_text(self.seconds_left)

    @property
    def is_due(self) -> bool:
        """Whether the deadline's seal is owed."""
        return self.attempt.sealed_at is None and rules.is_over(
            self.now, self.attempt.deadline_at, grace_seconds()
        )

    @property
    def is_writable(self) -> bool:
        return self.state == AttemptState.RUNNING and self.seconds_left > 0


def timed_attempt(attempt_id: uuid.UUID) -> Timed | None:
    """Return the attempt with its paper, level, centre and person, read at the database's clock."""
    found = (
        Attempt.objects.filter(pk=attempt_id)
        .select_related("paper__level__standard", "paper__blueprint", "centre", "person")
        .annotate(now=Now())
        .first()
    )
    return None if found is None else Timed(found, found.now)


def due_attempts(at_most: int) -> QuerySet[Attempt]:
    """Return open attempts whose deadline and grace are over by the database's clock, in pk order."""
    cutoff = Now() - datetime.timedelta(seconds=grace_seconds())
    return Attempt.objects.filter(sealed_at__isnull=True, deadline_at__lte=cutoff).order_by("pk")[:at_most]


def paper_lines(paper: Paper) -> list[rules.PaperLine]:
    """Return what the order of a candidate's questions depends on."""
    return [
        rules.PaperLine(position, asked.content.type, get_kind(asked.content.type).orderable(asked.content))
        for position, asked in asked_items(paper.pk).items()
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """An item of a frozen paper as it is asked: its content has no key, explanation or criteria.

    `data` may hold what answers are marked by; only `ItemKind.question` decides what of it is shown.
    """

    content: Content
    points: int
    option_order: tuple[int, ...]


@lru_cache(maxsize=256)
def asked_items(paper_id: int) -> Mapping[int, Asked]:
    """Return what is asked at each position of a frozen paper (which never changes), in its order."""
    rows = (
        PaperItem.objects.filter(paper_id=paper_id)
        .order_by("position")
        .values_list(
            "position",
            "points",
            "option_order",
            "version__type",
            "version__stem",
            "version__options",
            "version__data",
        )
    )
    return MappingProxyType(
        {
            position: Asked(Content(kind, stem, tuple(options), data=data), points, tuple(order))
            for position, points, order, kind, stem, options, data in rows
        }
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One question as its candidate sees it, with the answer so far.

    `template` and `context` are the type's own view of it (exams.bank.types.contract).
    """

    number: int
    of: int
    position: int
    type: str
    points: int
    stem: str
    template: str
    context: dict[str, Any]
    section: int
    section_place: int
    section_size: int
    answer: str
    flagged: bool
    revision: int

    @property
    def type_label(self) -> str:
        return type_label(self.type)

    @property
    def is_multiple(self) -> bool:
        return self.type == "multiple"

    @property
    def last_letter(self) -> str:
        """The letter of the last option on screen; empty where there are no lettered options."""
        options = self.context.get("options") or [{}]
        return str(options[-1].get("shown", ""))


def question(attempt: Attempt, number: int) -> Question | None:
    """Return question `number` (1 is the first) of an attempt; None where it has no such question."""
    if not 1 <= number <= len(attempt.item_order):
        return None
    position = attempt.item_order[number - 1]
    asked = asked_items(attempt.paper_id)[position]
    kind = get_kind(asked.content.type)
    order = rules.shown_order(asked.option_order, attempt.option_orders[str(position)])
    saved = Response.objects.filter(attempt=attempt, position=position).first()
    answer = saved.answer if saved else ""
    section, place, size = _place_in_section(attempt, number)
    return Question(
        number=number,
        of=len(attempt.item_order),
        position=position,
        type=kind.code,
        points=asked.points,
        stem=asked.content.stem,
        template=kind.template("question"),
        context=kind.question(asked.content, order, answer),
        section=section,
        section_place=place,
        section_size=size,
        answer=answer,
        flagged=saved.flagged if saved else False,
        revision=saved.revision if saved else 0,
    )


def _place_in_section(attempt: Attempt, number: int) -> tuple[int, int, int]:
    """Return the number of the question's section, its place in the section, and the section's size."""
    asked = asked_items(attempt.paper_id)
    kinds = [asked[position].content.type for position in attempt.item_order]
    kind = kinds[number - 1]
    sections = list(dict.fromkeys(kinds))
    return sections.index(kind) + 1, kinds[:number].count(kind), kinds.count(kind)


@dataclass(frozen=True, slots=True)
class Mark:
    """One square of the navigator."""

    number: int
    position: int
    is_answered: bool
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class SheetSection:
    """The squares of one section (type)."""

    label: str
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answer card: every question, whether it is answered and flagged."""

    sections: list[SheetSection]

    @property
    def marks(self) -> list[Mark]:
        return [mark for section in self.sections for mark in section.marks]

    @property
    def open_numbers(self) -> list[int]:
        return [mark.number for mark in self.marks if not mark.is_answered]

    @property
    def flagged_numbers(self) -> list[int]:
        return [mark.number for mark in self.marks if mark.is_flagged]

    @property
    def answered(self) -> int:
        return sum(mark.is_answered for mark in self.marks)

    @property
    def first_open(self) -> int:
        return rules.first_open([mark.is_answered for mark in self.marks])


def sheet(attempt: Attempt) -> Sheet:
    """Return the answer card of an attempt in the candidate's order."""
    asked = asked_items(attempt.paper_id)
    saved = {
        position: (bool(answer), flagged)
        for position, answer, flagged in Response.objects.filter(attempt=attempt)
        .order_by("position")
        .values_list("position", "answer", "flagged")
    }
    sections: dict[str, list[Mark]] = {}
    for number, position in enumerate(attempt.item_order, start=1):
        mark = Mark(number, position, *saved.get(position, (False, False)))
        sections.setdefault(asked[position].content.type, []).append(mark)
    return Sheet([SheetSection(type_label(kind), marks) for kind, marks in sections.items()])


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a paper: so many questions of a type at so many points in all."""

    label: str
    count: int
    points: int


def sections(paper: Paper) -> list[Section]:
    """Return the sections of a frozen paper in its order."""
    rows = (
        PaperItem.objects.filter(paper=paper)
        .values("version__type")
        .annotate(count=Count("pk"), total=Sum("points"), first=Min("position"))
        .order_by("first")
    )
    return [Section(type_label(row["version__type"]), row["count"], row["total"]) for row in rows]


@dataclass(frozen=True, slots=True)
class PassMark:
    """What passes, and where that is written."""

    value: Decimal
    clause: str


def pass_mark(paper: Paper) -> PassMark | None:
    """Return the pass mark of the paper's part; None for a short paper, which says nothing about passing."""
    part = Part.objects.filter(level=paper.level_id, code=paper.part).first()
    if part is None or paper.is_short:
        return None
    return PassMark(part.pass_mark, part.sources.get("pass_mark", {}).get("clause", ""))


@dataclass(frozen=True, slots=True)
class Watched:
    """A real attempt as an officer sees it: how far, not what."""

    attempt: Attempt
    answered: int
    flagged: int
    of: int
    clock: str
    state: AttemptState
    is_soon: bool


def watched_attempts(*, centres: Collection[Centre], state: str, text: str = "") -> list[Watched]:
    """Return the newest 200 real attempts at `centres`; `state` and part of a name narrow them."""
    found = (
        Attempt.objects.filter(kind=AttemptKind.REAL, centre__in=centres, person__name__icontains=text)
        .select_related("person", "paper", "centre")
        .annotate(
            now=Now(),
            answered=Count("responses", filter=~Q(responses__answer="")),
            flags=Count("responses", filter=Q(responses__flagged=True)),
        )
        .filter(**_STATE_FILTERS.get(state, {}))
        .order_by("-admitted_at", "pk")[:200]
    )
    return [
        Watched(
            attempt=one,
            answered=one.answered,
            flagged=one.flags,
            of=len(one.item_order),
            clock=rules.clock_text(left := rules.seconds_left(one.now, one.deadline_at)),
            state=rules.state(one.started_at, one.sealed_at),
            is_soon=left <= 600,
        )
        for one in found
    ]


_STATE_FILTERS: Mapping[str, Mapping[str, bool]] = {
    AttemptState.ADMITTED: {"sealed_at__isnull": True, "started_at__isnull": True},
    AttemptState.RUNNING: {"sealed_at__isnull": True, "started_at__isnull": False},
    AttemptState.SEALED: {"sealed_at__isnull": False},
}


def admissible_papers(*, samples_too: bool) -> QuerySet[Paper]:
    """Return sealed live theory papers in use; those with sample items only where `samples_too` (D13)."""
    papers = Paper.objects.filter(
        pool=Pool.LIVE, part=PartCode.THEORY, state=PaperState.SEALED, withdrawn_at__isnull=True
    )
    if not samples_too:
        papers = papers.filter(has_sample_items=False)
    return papers.select_related("level").order_by("-frozen_at", "-pk")
