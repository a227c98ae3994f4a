"""What may happen to an item and who may do it, as truth tables."""

from dataclasses import replace

import pytest

from exams.bank.errors import ItemRefused
from exams.bank.lifecycle import CHECKS, Actor, Standing, may_see, possible

WRITER, OTHER, REVIEWER, MANAGER, NOBODY = (
    Actor(1, writes=True),
    Actor(2, writes=True),
    Actor(3, reviews=True),
    Actor(4, manages=True, writes=True, reviews=True),
    Actor(5),
)
PEOPLE = (WRITER, OTHER, REVIEWER, MANAGER, NOBODY)
DRAFT = Standing("live", "draft", created_by=1, written_by=1, has_approved=False, is_ahead=True)
WAITING = replace(DRAFT, state="in_review", is_in_review=True, submitted_by=1)
APPROVED = replace(DRAFT, state="approved", has_approved=True, is_ahead=False)
REVISED = replace(APPROVED, is_ahead=True)
SUSPENDED = replace(APPROVED, state="suspended")
RETIRED = replace(APPROVED, state="retired")


@pytest.mark.parametrize(
    ("item", "seen"),
    [
        # by writer, other writer, reviewer, manager, nobody
        (DRAFT, (True, False, False, True, False)),
        (WAITING, (True, False, True, True, False)),
        (APPROVED, (True, False, False, True, False)),
        (replace(APPROVED, has_reviewed=True), (True, False, True, True, False)),
        (replace(APPROVED, pool="practice"), (True, True, True, True, False)),
        (replace(DRAFT, pool="practice"), (True, True, True, True, False)),
        (replace(APPROVED, created_by=None), (False, False, False, True, False)),
    ],
)
def test_live_items_of_others_stay_hidden(item: Standing, seen: tuple[bool, ...]) -> None:
    assert tuple(may_see(item, person) for person in PEOPLE) == seen


@pytest.mark.parametrize(
    ("item", "writer", "reviewer", "manager"),
    [
        (DRAFT, {"edit", "submit", "retire"}, set(), {"edit", "submit", "retire", "move"}),
        (WAITING, set(), {"decide", "take"}, {"decide", "take", "assign", "move"}),
        (APPROVED, {"edit"}, set(), {"edit", "suspend", "retire", "move"}),
        (REVISED, {"edit", "submit"}, set(), {"edit", "submit", "suspend", "retire", "move"}),
        (SUSPENDED, {"edit"}, set(), {"edit", "reinstate", "retire", "move"}),
        (RETIRED, set(), set(), set()),
        (
            replace(APPROVED, pool="practice"),
            {"edit"},
            set(),
            {"edit", "suspend", "retire"},
        ),
    ],
)
def test_each_state_allows_its_own_steps(
    item: Standing, writer: set[str], reviewer: set[str], manager: set[str]
) -> None:
    assert [set(possible(item, person)) for person in (WRITER, REVIEWER, MANAGER)] == [
        writer,
        reviewer,
        manager,
    ]
    assert set(possible(item, OTHER)) == set()
    assert set(possible(item, NOBODY)) == set()


def test_nobody_decides_about_what_he_wrote_or_submitted() -> None:
    for own in (replace(WAITING, written_by=4), replace(WAITING, submitted_by=4)):
        with pytest.raises(ItemRefused, match="自己"):
            CHECKS["decide"](own, MANAGER)


def test_a_review_is_decided_by_who_has_it_or_a_manager() -> None:
    taken = replace(WAITING, reviewer=3)
    second = Actor(6, reviews=True)
    assert "decide" in possible(taken, REVIEWER)
    assert set(possible(taken, second)) == set()
    assert "decide" in possible(taken, MANAGER)
    with pytest.raises(ItemRefused, match="已经有"):
        CHECKS["take"](taken, MANAGER)


def test_retired_never_comes_back_and_practice_never_turns_live() -> None:
    with pytest.raises(ItemRefused, match="退役的题目不能恢复"):
        CHECKS["reinstate"](RETIRED, MANAGER)
    with pytest.raises(ItemRefused, match="不能转回正式库"):
        CHECKS["move"](replace(APPROVED, pool="practice"), MANAGER)
