"""Pure rules of the exam room: order, answers, revisions, deadline."""

import datetime
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exams.bank.types import Content as ItemContent
from exams.bank.types import UnreadableAnswer, get_kind
from exams.delivery.enums import AttemptState, SaveStatus
from exams.delivery.errors import AnswerUnreadable

MOST_REVISIONS = 1_000_000
"""Greatest revision that a browser may name: far above honest use, far below what the column holds."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What the order of a candidate's questions depends on: place, type and how many parts have an order."""

    position: int
    type: str
    options: int


@dataclass(frozen=True, slots=True)
class CandidateOrder:
    """Paper positions in the order a candidate sees them, and for each the order of its shown options."""

    items: list[int]
    options: dict[str, list[int]]


def candidate_order(lines: Iterable[PaperLine], seed: int) -> CandidateOrder:
    """Return the permutation of a frozen paper that belongs to `seed`.

    Items move within their section, options within their item. Sections (types) keep the paper's order; the
    same lines and seed give the same order.

    Practice: papers of one room differ in the order of questions and options.
    """
    generator = random.Random(seed)  # noqa: S311  repeatable on purpose; the seed itself is drawn secretly
    sections: dict[str, list[int]] = {}
    options: dict[str, list[int]] = {}
    for line in sorted(lines, key=lambda line: line.position):
        sections.setdefault(line.type, []).append(line.position)
        options[str(line.position)] = generator.sample(range(line.options), line.options)
    items = [
        position for section in sections.values() for position in generator.sample(section, len(section))
    ]
    return CandidateOrder(items, options)


def shown_order(paper_order: Sequence[int], permutation: Sequence[int]) -> list[int]:
    """Return the version's own index of each part as this candidate sees them, first to last.

    `paper_order` is the frozen paper's (empty where the paper keeps the version's own), `permutation` the
    candidate's: indices into it.

    Practice: papers of one room differ in the order of questions and options.
    """
    return [paper_order[index] for index in permutation] if paper_order else list(permutation)


def checked_answer(content: ItemContent, answer: str) -> str:
    """Return `answer` in the canonical form of the item's type, or raise AnswerUnreadable.

    Empty is "cleared".

    Decision: D10, ADR 0013
    """
    try:
        return get_kind(content.type).parse(content, answer)
    except UnreadableAnswer:
        raise AnswerUnreadable from None


def deadline(started_at: datetime.datetime, minutes: int) -> datetime.datetime:
    """Return when an attempt of `minutes` that began at `started_at` ends.

    Decision: D12
    """
    return started_at + datetime.timedelta(minutes=minutes)


def is_over(now: datetime.datetime, deadline_at: datetime.datetime | None, grace_seconds: int) -> bool:
    """Return whether the deadline and its grace have passed at `now`; never before a start.

    An answer is accepted as long as this is false; the deadline's seal falls as soon as it is true.

    Decision: D12
    """
    return deadline_at is not None and now >= deadline_at + datetime.timedelta(seconds=grace_seconds)


def seconds_left(now: datetime.datetime, deadline_at: datetime.datetime | None) -> int:
    """Return whole seconds until the deadline, cut off; 0 from the deadline on and before a start.

    Decision: D12
    """
    if deadline_at is None or now >= deadline_at:
        return 0
    return int((deadline_at - now).total_seconds())


def clock_text(seconds: int) -> str:
    """Return `58:41`, or `1:30:00` from an hour on.

    Decision: D12
    """
    hours, rest = divmod(max(seconds, 0), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes:02d}:{left:02d}"


def state(started_at: datetime.datetime | None, sealed_at: datetime.datetime | None) -> AttemptState:
    """Return what an attempt is at, from its moments.

    Practice: admitted, started, sealed.
    """
    if sealed_at is not None:
        return AttemptState.SEALED
    return AttemptState.ADMITTED if started_at is None else AttemptState.RUNNING


@dataclass(frozen=True, slots=True)
class Content:
    """What one revision of an answer says."""

    revision: int
    answer: str
    flagged: bool


def revision_status(stored: Content | None, sent: Content) -> SaveStatus:
    """Return what becomes of a revision that reaches an open attempt where `stored` is the newest.

    A greater revision is saved; the stored one sent again is acknowledged as a repeat; anything else is stale
    and changes nothing. The statement in exams.delivery.statement decides the same way.

    Decision: D12
    """
    if stored is None or sent.revision > stored.revision:
        return SaveStatus.SAVED
    return SaveStatus.REPEATED if sent == stored else SaveStatus.STALE


def first_open(answered: Sequence[bool]) -> int:
    """Return the number (1 is the first) of the first question without an answer; 1 where all have one.

    Practice: after a change of machine the candidate continues where he was.
    """
    return next((number for number, done in enumerate(answered, start=1) if not done), 1)
