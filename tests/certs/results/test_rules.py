"""Passing, validity, qualification and retakes, with every edge of a day."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.results.rules import (
    Entry,
    Step,
    current_results,
    is_valid_on,
    judge,
    published_on,
    qualified_on,
    retake,
    shown,
    valid_through,
    was_qualified_on,
)

PARTS = ("theory", "skill")
GAP = 30
scores = st.decimals(0, 100, places=4)
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def entry(pk: int, part: str, outcome: str, published: date, **kwargs: object) -> Entry:
    through = valid_through(published, 2) if outcome == "passed" else None
    facts: dict[str, object] = {"sat_on": published, "valid_through": through, **kwargs}
    return Entry(pk=pk, part=part, outcome=outcome, published_on=published, **facts)  # type: ignore[arg-type]


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """Ledgers of up to eight rows, some of which correct an earlier one."""
    rows: list[Entry] = []
    free: list[Entry] = []
    day = date(2024, 1, 1)
    for pk in range(1, draw(st.integers(0, 8)) + 1):
        day += timedelta(draw(st.integers(0, 400)))
        outcome = draw(st.sampled_from(["passed", "passed", "failed", "absent", "void"]))
        sat_on = day - timedelta(draw(st.integers(0, 20)))
        old = draw(st.sampled_from([None, *free]))
        part = old.part if old else draw(st.sampled_from(PARTS))
        row = entry(pk, part, outcome, day, sat_on=sat_on, supersedes=old.pk if old else None)
        rows.append(row)
        free.append(row)
        if old:
            free.remove(old)
    return rows


# --- Scores -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "passed", "text"),
    [
        ("60", True, "60.0"),
        ("60.0000", True, "60.0"),
        ("59.9999", False, "59.9"),
        ("59.96", False, "59.9"),
        ("0", False, "0.0"),
        ("100", True, "100.0"),
        ("72.05", True, "72.0"),
    ],
)
def test_score_is_judged_exactly_and_shown_cut_off(score: str, passed: bool, text: str) -> None:
    decision = judge(Decimal(score), Decimal(60))
    assert (decision.passed, decision.clauses) == (passed, ("§1.7.4", "D7"))
    assert shown(Decimal(score)) == text


@given(scores)
def test_shown_score_never_passes_what_fails(score: Decimal) -> None:
    cut = Decimal(shown(score))
    assert cut <= score < cut + Decimal("0.1")
    assert judge(cut, Decimal(60)).passed == judge(score, Decimal(60)).passed


# --- Days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 3, 9, 16, 0, tzinfo=UTC), date(2026, 3, 10)),
        (datetime(2026, 3, 10, 0, 0, tzinfo=timezone(timedelta(hours=8))), date(2026, 3, 10)),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_moment_falls_on_its_day_in_shanghai(moment: datetime, day: date) -> None:
    assert published_on(moment) == day


def test_moment_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        published_on(datetime(2026, 3, 9))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "years", "last"),
    [
        (date(2026, 3, 10), 2, date(2028, 3, 10)),
        (date(2028, 2, 29), 2, date(2030, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2026, 2, 28), 2, date(2028, 2, 28)),
        (date(2026, 3, 31), 2, date(2028, 3, 31)),
        (date(2026, 1, 1), 2, date(2028, 1, 1)),
        (date(2096, 2, 29), 4, date(2100, 2, 28)),
    ],
)
def test_validity_ends_on_the_corresponding_day(day: date, years: int, last: date) -> None:
    assert valid_through(day, years) == last


@given(days, st.integers(1, 10))
def test_validity_keeps_month_and_day_where_there_is_one(day: date, years: int) -> None:
    last = valid_through(day, years)
    assert last.year == day.year + years
    assert last.month == day.month
    assert last.day == day.day or (day.day, last.day) == (29, 28)


@given(days, days, st.integers(1, 10))
def test_later_publication_never_ends_earlier(one: date, other: date, years: int) -> None:
    first, second = sorted((one, other))
    assert valid_through(first, years) <= valid_through(second, years)


def test_pass_is_valid_from_its_first_to_its_last_day() -> None:
    row = entry(1, "theory", "passed", date(2026, 3, 10), sat_on=date(2026, 3, 1))
    days_and_validity = {
        date(2026, 3, 1): False,
        date(2026, 3, 9): False,
        date(2026, 3, 10): True,
        date(2028, 3, 10): True,
        date(2028, 3, 11): False,
    }
    assert {day: is_valid_on(row, day) for day in days_and_validity} == days_and_validity


@pytest.mark.parametrize("outcome", ["failed", "absent", "void"])
def test_only_a_pass_is_valid(outcome: str) -> None:
    assert not is_valid_on(entry(1, "theory", outcome, date(2026, 3, 10)), date(2026, 3, 10))


# --- The fold -----------------------------------------------------------------------------------------------


def test_superseded_rows_do_not_count() -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "theory", "failed", date(2026, 3, 20), supersedes=1),
    ]
    assert [row.pk for row in current_results(rows)] == [2]
    assert [row.pk for row in current_results(rows, known_on=date(2026, 3, 19))] == [1]


def test_pass_corrected_to_a_pass_is_valid_from_the_first() -> None:
    first, second, third = date(2026, 3, 10), date(2026, 3, 20), date(2026, 3, 25)
    rows = [
        entry(1, "theory", "passed", first),
        entry(2, "theory", "passed", second, supersedes=1),
        entry(3, "theory", "passed", third, supersedes=2),
    ]
    assert [(row.pk, row.valid_from) for row in current_results(rows)] == [(3, first)]


def test_pass_that_corrects_a_failure_is_valid_from_the_correction() -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "theory", "failed", date(2026, 3, 20), supersedes=1),
        entry(3, "theory", "passed", date(2026, 3, 25), supersedes=2),
    ]
    assert [row.valid_from for row in current_results(rows)] == [date(2026, 3, 25)]


@given(ledgers())
def test_folding_twice_is_folding_once(rows: list[Entry]) -> None:
    current = current_results(rows)
    assert current_results(current) == current
    assert {row.pk for row in current}.isdisjoint({row.supersedes for row in rows})
    assert list(current) == sorted(current, key=lambda row: (row.sat_on, row.published_on, row.pk))


# --- Qualified ----------------------------------------------------------------------------------------------


def test_qualified_from_the_day_the_last_part_is_passed() -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "skill", "failed", date(2026, 3, 12)),
        entry(3, "skill", "passed", date(2026, 6, 1)),
    ]
    assert qualified_on(rows, PARTS) == date(2026, 6, 1)
    assert qualified_on(rows[:2], PARTS) is None
    assert qualified_on(rows, ("theory",)) == date(2026, 3, 10)
    assert qualified_on(rows, ()) is None


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (date(2028, 3, 10), date(2028, 3, 10)),  # the last day of the first pass
        (date(2028, 3, 11), None),  # one day too late
        (date(2026, 3, 10), date(2026, 3, 10)),  # the same day
    ],
)
def test_qualified_only_while_both_passes_are_valid(second: date, expected: date | None) -> None:
    rows = [entry(1, "theory", "passed", date(2026, 3, 10)), entry(2, "skill", "passed", second)]
    assert qualified_on(rows, PARTS) == expected


def test_qualified_by_a_new_pass_after_an_expired_one() -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "skill", "passed", date(2028, 3, 11)),
        entry(3, "theory", "passed", date(2028, 5, 1)),
    ]
    assert qualified_on(rows, PARTS) == date(2028, 5, 1)


def test_correction_of_a_pass_removes_the_qualification() -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "skill", "passed", date(2026, 3, 10)),
        entry(3, "skill", "failed", date(2026, 3, 11), supersedes=2),
    ]
    assert qualified_on(rows[:2], PARTS) == date(2026, 3, 10)
    assert qualified_on(rows, PARTS) is None


@pytest.mark.parametrize("outcome", ["absent", "void", "failed"])
def test_later_result_that_is_no_pass_leaves_the_pass_alone(outcome: str) -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "theory", outcome, date(2026, 5, 10)),
        entry(3, "skill", "passed", date(2026, 6, 10)),
    ]
    assert qualified_on(rows, PARTS) == date(2026, 6, 10)


@given(ledgers())
def test_qualified_day_is_the_first_with_every_part_valid(rows: list[Entry]) -> None:
    first = qualified_on(rows, PARTS)
    current = current_results(rows)
    every = [
        day
        for day in (date(2024, 1, 1) + timedelta(n) for n in range(0, 8 * 401 + 2))
        if all(any(row.part == part and is_valid_on(row, day) for row in current) for part in PARTS)
    ]
    assert first == (every[0] if every else None)


@given(ledgers(), days)
def test_qualification_once_due_does_not_lapse(rows: list[Entry], day: date) -> None:
    due, answer = qualified_on(rows, PARTS), was_qualified_on(rows, PARTS, day)
    assert answer.due_since == (due if due and due <= day else None)
    assert answer.qualified == all(proof.is_valid for proof in answer.proofs)
    assert not answer.qualified or answer.due_since is not None
    for proof in answer.proofs:
        assert proof.is_valid == (proof.entry is not None and is_valid_on(proof.entry, day))


def test_answer_for_a_day_names_the_rows_that_prove_it() -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "skill", "passed", date(2026, 6, 1)),
    ]
    before, on, after = (
        was_qualified_on(rows, PARTS, day) for day in (date(2026, 5, 31), date(2026, 6, 1), date(2028, 3, 11))
    )
    assert (before.qualified, before.due_since) == (False, None)
    assert [(p.part, p.is_valid) for p in before.proofs] == [("theory", True), ("skill", False)]
    assert (on.qualified, on.due_since) == (True, date(2026, 6, 1))
    assert [p.entry.pk for p in on.proofs if p.entry] == [1, 2]
    assert (after.qualified, after.due_since) == (False, date(2026, 6, 1))
    assert [p.is_valid for p in after.proofs] == [False, True]


def test_answer_says_that_a_later_correction_changed_it() -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "skill", "passed", date(2026, 3, 10)),
        entry(3, "skill", "failed", date(2026, 4, 1), supersedes=2),
    ]
    answer = was_qualified_on(rows, PARTS, date(2026, 3, 15))
    assert (answer.qualified, answer.differed_then) == (False, True)
    assert not was_qualified_on(rows, PARTS, date(2026, 4, 1)).differed_then


# --- Sitting again ------------------------------------------------------------------------------------------


def test_first_sitting_is_open() -> None:
    step = retake([], PARTS, "theory", date(2026, 3, 10), GAP)
    assert (step.step, step.may, step.must, step.earliest_on) == (Step.FIRST, True, True, date(2026, 3, 10))
    assert step.clauses == ("§1.7.3",)


@pytest.mark.parametrize(("day", "may"), [(date(2026, 12, 8), False), (date(2026, 12, 9), True)])
def test_failed_part_is_retaken_after_the_gap(day: date, may: bool) -> None:
    row = entry(1, "skill", "failed", date(2026, 11, 20), sat_on=date(2026, 11, 9))
    step = retake([row], PARTS, "skill", day, GAP)
    assert (step.step, step.may, step.must, step.because) == (Step.RETAKE, may, True, row)
    assert step.earliest_on == date(2026, 12, 9)
    assert retake([row], PARTS, "theory", day, GAP).step is Step.FIRST


def test_valid_pass_is_not_sat_again() -> None:
    row = entry(1, "theory", "passed", date(2026, 3, 10))
    last = retake([row], PARTS, "theory", date(2028, 3, 10), GAP)
    assert (last.step, last.may, last.must, last.clauses) == (Step.VALID, False, False, ("D5", "D3"))
    assert last.earliest_on == date(2028, 3, 11)
    assert last.because is not None
    assert last.because.pk == 1


def test_expired_pass_must_be_sat_again() -> None:
    row = entry(1, "theory", "passed", date(2026, 3, 10))
    step = retake([row], PARTS, "theory", date(2028, 3, 11), GAP)
    assert (step.step, step.may, step.must) == (Step.EXPIRED, True, True)


def test_voided_sitting_counts_for_the_gap_and_an_absence_does_not() -> None:
    day = date(2026, 3, 10)
    void = retake([entry(1, "theory", "void", day)], PARTS, "theory", day + timedelta(5), GAP)
    absent = retake([entry(1, "theory", "absent", day)], PARTS, "theory", day + timedelta(5), GAP)
    assert (void.step, void.may, void.earliest_on) == (Step.RETAKE, False, date(2026, 4, 9))
    assert (absent.step, absent.may) == (Step.FIRST, True)


@pytest.mark.parametrize("outcome", ["absent", "void"])
def test_absence_and_voiding_leave_the_pass_valid(outcome: str) -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "theory", outcome, date(2026, 6, 10)),
    ]
    step = retake(rows, PARTS, "theory", date(2026, 6, 20), GAP)
    assert (step.step, step.because and step.because.pk) == (Step.VALID, 1)


def test_superseded_sitting_does_not_count_for_the_gap() -> None:
    rows = [
        entry(1, "theory", "failed", date(2026, 3, 10)),
        entry(2, "theory", "absent", date(2026, 3, 12), supersedes=1),
    ]
    assert retake(rows, PARTS, "theory", date(2026, 3, 15), GAP).may


def test_late_entry_keeps_its_distance_from_a_later_sitting() -> None:
    row = entry(1, "theory", "failed", date(2026, 3, 10))
    step = retake([row], PARTS, "theory", date(2026, 3, 1), GAP)
    assert (step.may, step.because and step.because.pk) == (False, 1)


def test_qualified_person_sits_nothing_any_more() -> None:
    rows = [
        entry(1, "theory", "passed", date(2026, 3, 10)),
        entry(2, "skill", "passed", date(2026, 3, 10)),
    ]
    step = retake(rows, PARTS, "theory", date(2029, 1, 1), GAP)
    assert (step.step, step.may, step.must, step.earliest_on) == (Step.QUALIFIED, False, False, None)
    assert step.clauses == ("D4",)


@given(ledgers(), st.sampled_from(PARTS), days, st.integers(1, 60))
def test_earliest_day_is_allowed_and_none_before_it(
    rows: list[Entry], part: str, day: date, gap: int
) -> None:
    step = retake(rows, ("theory", "skill", "review"), part, day, gap)  # never qualified: no review passed
    assert step.earliest_on is not None
    assert step.earliest_on >= day
    assert step.may == (step.earliest_on == day)
    assert retake(rows, ("theory", "skill", "review"), part, step.earliest_on, gap).may
    if step.earliest_on > day:
        eve = step.earliest_on - timedelta(1)
        assert not retake(rows, ("theory", "skill", "review"), part, eve, gap).may
    assert step.must == (step.step is not Step.VALID)
    assert not (step.step is Step.VALID and step.may)
