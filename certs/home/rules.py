"""What a candidate should do next: one action, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Todo(StrEnum):
    """The one next action of a candidate's home page, most pressing first."""

    CONTINUE_REAL = "continue_real"
    ENTER_REAL = "enter_real"
    CONTINUE_MOCK = "continue_mock"
    FETCH_CERTIFICATE = "fetch_certificate"
    EXPIRING = "expiring"
    RETAKE = "retake"
    AWAIT_RESULT = "await_result"
    QUALIFIED = "qualified"
    FIRST_MOCK = "first_mock"
    NEXT_MOCK = "next_mock"


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One part as far as the next action depends on it; `valid_through` of the pass that counts."""

    name: str
    must_sit: bool
    was_sat: bool
    may_from: date | None
    valid_through: date | None


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the next action follows from."""

    day: date
    running_real: bool
    admitted_real: bool
    running_mock: bool
    awaits_result: bool
    mocks_done: int
    qualified: bool
    fresh_certificate: bool
    parts: Sequence[PartFacts]


@dataclass(frozen=True, slots=True)
class NextAction:
    """What to do next; `part` is the part it is about, where there is one."""

    todo: Todo
    part: PartFacts | None = None


_EXPIRING_DAYS = 90


def next_action(situation: Situation) -> NextAction:
    """Return the one next action: what cannot wait first, then what loses something, then practice.

    A pass counts as expiring in its last 90 days while another part of the level is still to be passed.
    Decision: ADR 0010
    """
    now = [
        (situation.running_real, Todo.CONTINUE_REAL),
        (situation.admitted_real, Todo.ENTER_REAL),
        (situation.running_mock, Todo.CONTINUE_MOCK),
        (situation.fresh_certificate, Todo.FETCH_CERTIFICATE),
        (situation.awaits_result, Todo.AWAIT_RESULT),
        (situation.qualified, Todo.QUALIFIED),
    ]
    for applies, todo in now:
        if applies:
            return NextAction(todo)
    open_parts = [part for part in situation.parts if part.must_sit]
    expiring = [part for part in situation.parts if open_parts and _expires_soon(part, situation.day)]
    if expiring:
        return NextAction(Todo.EXPIRING, min(expiring, key=lambda part: part.valid_through or date.max))
    if failed := [part for part in open_parts if part.was_sat]:
        return NextAction(Todo.RETAKE, failed[0])
    return NextAction(Todo.NEXT_MOCK if situation.mocks_done else Todo.FIRST_MOCK)


def _expires_soon(part: PartFacts, day: date) -> bool:
    return part.valid_through is not None and 0 <= (part.valid_through - day).days <= _EXPIRING_DAYS
