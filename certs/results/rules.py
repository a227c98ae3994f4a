"""Pure rules of part results: passing, validity, being qualified, sitting again.

Days are Asia/Shanghai calendar days. Every rule that takes a ledger folds it first, so it may be given with
or without its superseded rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
FULL_SCORE = Decimal(100)
MOST_DECIMALS = 4
_TENTH = Decimal("0.1")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger, as far as rules look at it.

    `valid_from` is derived by `current_results`; `outcome` is a value of certs.results.enums.Outcome.
    """

    pk: int
    part: str
    outcome: str
    sat_on: date
    published_on: date
    valid_through: date | None = None
    score: Decimal | None = None
    supersedes: int | None = None
    valid_from: date | None = None

    @property
    def is_pass(self) -> bool:
        return self.outcome == "passed"

    @property
    def is_sitting(self) -> bool:
        """Whether the candidate sat: an absence is a result, but nobody sat."""
        return self.outcome != "absent"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a score passes, and against what."""

    passed: bool
    score: Decimal
    pass_mark: Decimal
    clauses: tuple[str, ...] = ("§1.7.4", "D7")


def judge(score: Decimal, pass_mark: Decimal) -> Judgement:
    """Return whether the exact score reaches the pass mark, which itself passes.

    Standard: §1.7.4
    Decision: D7
    """
    return Judgement(passed=score >= pass_mark, score=score, pass_mark=pass_mark)


def shown(score: Decimal) -> str:
    """Return the score as it is shown: one decimal place, the rest cut off.

    Decision: D7
    """
    return str(score.quantize(_TENTH, rounding=ROUND_DOWN))


def published_on(moment: datetime) -> date:
    """Return the Asia/Shanghai day of an aware moment.

    Decision: D3
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(SHANGHAI).date()


def valid_through(day: date, years: int) -> date:
    """Return the last day on which a pass published on `day` is valid: the corresponding day or month's end.

    Standard: §1.7.4
    Decision: D3
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, and the last year is none of 366 days
        return day.replace(year=day.year + years, day=28)


def is_valid_on(entry: Entry, day: date) -> bool:
    """Return whether the entry is a pass that is valid on `day`, first and last day included.

    Decision: D3
    """
    if not entry.is_pass or entry.valid_through is None:
        return False
    return (entry.valid_from or entry.published_on) <= day <= entry.valid_through


def current_results(ledger: Iterable[Entry], *, known_on: date | None = None) -> tuple[Entry, ...]:
    """Return the rows that count, in order of sitting: superseded rows are out.

    `known_on` leaves out what was published after that day. A pass whose score was corrected to another
    pass is valid from the day the first of the two was published: the correction neither shortens nor
    extends it.
    Decision: D4
    """
    rows = {entry.pk: entry for entry in ledger if known_on is None or entry.published_on <= known_on}
    superseded = {entry.supersedes for entry in rows.values()}
    current = [
        replace(row, valid_from=_valid_from(row, rows)) for row in rows.values() if row.pk not in superseded
    ]
    return tuple(sorted(current, key=lambda row: (row.sat_on, row.published_on, row.pk)))


def _valid_from(entry: Entry, rows: dict[int, Entry]) -> date | None:
    if entry.valid_from is not None or not entry.is_pass:
        return entry.valid_from
    first = entry
    while first.supersedes is not None and (before := rows.get(first.supersedes)) and before.is_pass:
        first = before
    return first.valid_from or first.published_on


def qualified_on(results: Iterable[Entry], parts: Iterable[str]) -> date | None:
    """Return the first day on which every part has a pass valid on that day, or None.

    Standard: §1.7.4
    Decision: D4
    """
    current, wanted = current_results(results), tuple(parts)
    # The first common day of several periods is always the first day of one of them.
    starts = sorted(row.valid_from for row in current if row.is_pass and row.valid_from is not None)
    for day in starts:
        if wanted and all(
            any(row.part == part and is_valid_on(row, day) for row in current) for part in wanted
        ):
            return day
    return None


@dataclass(frozen=True, slots=True)
class PartProof:
    """What the ledger shows of one part on one day: the valid pass, else the pass nearest to being valid."""

    part: str
    is_valid: bool
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class QualificationOnDay:
    """Whether every part was validly passed on the day, with the rows that prove it.

    `due_since` is the first such day up to the day asked about: from then on the certificate is due and
    does not lapse. `differed_then` says that the ledger as published on that day gave another answer.
    """

    day: date
    qualified: bool
    due_since: date | None
    differed_then: bool
    proofs: tuple[PartProof, ...]
    clauses: tuple[str, ...] = ("§1.7.4", "D3", "D4")


def was_qualified_on(results: Iterable[Entry], parts: Iterable[str], day: date) -> QualificationOnDay:
    """Return whether the person was qualified on `day`, by the ledger as it stands now, corrections included.

    Decision: D4
    """
    ledger, wanted = tuple(results), tuple(parts)
    current, then = current_results(ledger), current_results(ledger, known_on=day)
    proofs = tuple(_proof(current, part, day) for part in wanted)
    due = qualified_on(current, wanted)
    qualified = bool(proofs) and all(proof.is_valid for proof in proofs)
    was_seen_then = bool(wanted) and all(_proof(then, part, day).is_valid for part in wanted)
    return QualificationOnDay(
        day=day,
        qualified=qualified,
        due_since=due if due is not None and due <= day else None,
        differed_then=was_seen_then != qualified,
        proofs=proofs,
    )


def _proof(current: Sequence[Entry], part: str, day: date) -> PartProof:
    own = [row for row in current if row.part == part]
    valid = [row for row in own if is_valid_on(row, day)]
    passes = [row for row in own if row.is_pass]
    known = [row for row in own if row.published_on <= day]
    shows = valid or passes or known
    return PartProof(part, bool(valid), shows[-1] if shows else None)


class Step(StrEnum):
    """What comes next for one part."""

    FIRST = "first"  # not sat yet
    RETAKE = "retake"  # sat and not passed
    EXPIRED = "expired"  # passed, and no longer valid: must be sat again
    VALID = "valid"  # passed and valid: not sat again
    QUALIFIED = "qualified"  # the level is reached: nothing to sit any more


@dataclass(frozen=True, slots=True)
class Retake:
    """Whether a part may be sat on a day, why, and the first day from that day on when it may.

    `because` is the row that decides (the valid pass, the last sitting), `earliest_on` is None where no
    day ever comes.
    """

    part: str
    day: date
    step: Step
    may: bool
    must: bool
    earliest_on: date | None
    because: Entry | None
    gap_days: int
    clauses: tuple[str, ...]


def retake(results: Iterable[Entry], parts: Iterable[str], part: str, day: date, gap_days: int) -> Retake:
    """Return whether `part` may be sat on `day`: not while a pass is valid, and `gap_days` between sittings.

    The number of sittings has no limit; absences and voided parts leave an earlier pass alone.
    Standard: §1.7.4
    Decision: D5, D6
    """
    current = current_results(results)
    own = [row for row in current if row.part == part]
    due = qualified_on(current, parts)
    if due is not None and due <= day:
        because = next((row for row in reversed(own) if row.is_pass), None)
        return Retake(part, day, Step.QUALIFIED, False, False, None, because, gap_days, ("D4",))
    step, because, clauses = _step(own, day)
    earliest = _earliest(own, day, gap_days)
    if earliest > day and step in (Step.RETAKE, Step.EXPIRED, Step.FIRST):
        because = next((row for row in own if _is_too_near(row, day, gap_days)), because)
    return Retake(part, day, step, earliest == day, step != Step.VALID, earliest, because, gap_days, clauses)


def _step(own: Sequence[Entry], day: date) -> tuple[Step, Entry | None, tuple[str, ...]]:
    """Return what the part's rows known by `day` come to, the deciding row and the clauses."""
    if valid := [row for row in own if is_valid_on(row, day)]:
        return Step.VALID, valid[-1], ("D5", "D3")
    if expired := [row for row in own if row.valid_through is not None and row.valid_through < day]:
        return Step.EXPIRED, expired[-1], ("D5", "D3")
    if sittings := [row for row in own if row.is_sitting and row.sat_on <= day]:
        return Step.RETAKE, sittings[-1], ("§1.7.4", "D5")
    return Step.FIRST, own[-1] if own else None, ("§1.7.3",)


def _earliest(own: Sequence[Entry], day: date, gap_days: int) -> date:
    """Return the first day from `day` on without a valid pass and far enough from every sitting."""
    while True:
        obstacles = [row.valid_through + _DAY for row in own if row.valid_through and is_valid_on(row, day)]
        obstacles += [row.sat_on + timedelta(gap_days) for row in own if _is_too_near(row, day, gap_days)]
        if not obstacles:
            return day
        day = max(obstacles)


def _is_too_near(row: Entry, day: date, gap_days: int) -> bool:
    return row.is_sitting and abs((day - row.sat_on).days) < gap_days
