import datetime

import pytest

from certs.home.rules import PartFacts, Situation, Todo, next_action

DAY = datetime.date(2026, 11, 21)


def situation(**changes):
    facts = {
        "day": DAY,
        "running_real": False,
        "admitted_real": False,
        "running_mock": False,
        "awaits_result": False,
        "mocks_done": 0,
        "qualified": False,
        "fresh_certificate": False,
        "parts": (),
    }
    return Situation(**(facts | changes))


def part(**changes):
    facts = {
        "name": "理论知识考试",
        "must_sit": False,
        "was_sat": True,
        "may_from": None,
        "valid_through": None,
    }
    return PartFacts(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "todo"),
    [
        ({}, Todo.FIRST_MOCK),
        ({"mocks_done": 1}, Todo.NEXT_MOCK),
        ({"qualified": True, "mocks_done": 3}, Todo.QUALIFIED),
        ({"awaits_result": True, "qualified": True}, Todo.AWAIT_RESULT),
        ({"fresh_certificate": True, "qualified": True}, Todo.FETCH_CERTIFICATE),
        ({"running_mock": True, "fresh_certificate": True}, Todo.CONTINUE_MOCK),
        ({"admitted_real": True, "running_mock": True}, Todo.ENTER_REAL),
        ({"running_real": True, "admitted_real": True}, Todo.CONTINUE_REAL),
    ],
)
def test_next_action_takes_the_most_pressing(changes, todo):
    assert next_action(situation(**changes)).todo == todo


def test_next_action_names_the_part_to_retake():
    failed = part(must_sit=True, may_from=DAY)
    assert next_action(situation(parts=[part(), failed])).part == failed


def test_next_action_warns_of_a_pass_that_expires_while_another_part_is_open():
    passed = part(valid_through=DAY + datetime.timedelta(90))
    failed = part(name="操作技能考核", must_sit=True)
    action = next_action(situation(parts=[passed, failed]))
    assert (action.todo, action.part) == (Todo.EXPIRING, passed)


@pytest.mark.parametrize("days", [-1, 91])
def test_next_action_does_not_warn_of_an_expired_or_a_long_valid_pass(days):
    passed = part(valid_through=DAY + datetime.timedelta(days))
    failed = part(name="操作技能考核", must_sit=True)
    assert next_action(situation(parts=[passed, failed])).todo == Todo.RETAKE


def test_next_action_of_a_part_never_sat_is_practice():
    assert next_action(situation(parts=[part(must_sit=True, was_sat=False)])).todo == Todo.FIRST_MOCK
