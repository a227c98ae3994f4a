from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.practice.rules import judge_mock, most_to_gain


@pytest.mark.parametrize(
    ("points", "passed", "margin"),
    [("60", True, "0"), ("59.96", False, "0.04"), ("100", True, "40"), ("0", False, "60")],
)
def test_judge_mock_passes_at_the_mark(points, passed, margin):
    verdict = judge_mock(Decimal(points), 100, Decimal(60), is_short=False)
    assert (verdict.passed, verdict.margin) == (passed, Decimal(margin))


def test_judge_mock_scales_to_100_points():
    assert judge_mock(Decimal(30), 50, Decimal(60), is_short=True).points == 60


def test_most_to_gain_is_where_most_points_were_lost():
    assert most_to_gain([("概述", Decimal(3)), ("信息管理", Decimal(9)), ("沟通", Decimal(9))]) == "信息管理"


def test_most_to_gain_of_a_full_score_is_nothing():
    assert most_to_gain([("概述", Decimal(0))]) is None
    assert most_to_gain([]) is None


@given(st.lists(st.tuples(st.text(min_size=1), st.decimals(0, 100, places=2)), min_size=1))
def test_most_to_gain_loses_least_to_no_other(losses):
    name = most_to_gain(losses)
    most = max(lost for _, lost in losses)
    assert (name is None) == (most == 0)
    assert name is None or (name, most) in losses
