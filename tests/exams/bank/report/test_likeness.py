"""Near stems: the same as the database finds, whatever the texts."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.report.likeness import NearPair, near_pairs, trigrams

WORDS = ["客户服务", "基本要素", "不包括", "流程", "abc", "Abc", "12", "，", "（　）。", " ", "投诉", "_"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map("".join), max_size=12)


def all_pairs(texts: list[str], percent: int) -> list[NearPair]:
    """Look at every pair."""
    sets = [trigrams(text) for text in texts]
    found = []
    for second, two in enumerate(sets):
        for first, one in enumerate(sets[:second]):
            both = len(one | two)
            if one and two and len(one & two) * 100 >= percent * both:
                found.append(NearPair(first, second, len(one & two) * 100 // both))
    return sorted(found, key=lambda pair: (-pair.percent, pair.first, pair.second))


@given(TEXTS, st.integers(1, 100))
def test_every_near_pair_is_found(texts: list[str], percent: int) -> None:
    assert near_pairs(dict(enumerate(texts)), percent=percent) == all_pairs(texts, percent)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("客户服务的基本要素不包括（　）。", "客户服务的基本要素包括（　）。"),
        ("客户服务", "客户服务"),
        ("CRM 系统 2.0 的作用", "crm系统的作用"),
        ("甲", "乙"),
        ("“满意度”_调查", "满意度调查"),
        ("步骤有：①道歉；②核实", "步骤有道歉核实"),
        ("面积 ½ m²，第Ⅳ步 ₂", "面积 m，第Ⅳ步"),
        ("处理投诉时，应先 道歉。", "处理投诉时应先道歉"),
    ],
)
def test_likeness_is_the_database_s(one: str, other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT similarity(%s, %s)", [one, other])
        similarity = cursor.fetchone()[0]
    first, second = trigrams(one), trigrams(other)
    assert len(first & second) / len(first | second) == pytest.approx(similarity, abs=1e-6)


def test_texts_without_words_are_near_nothing() -> None:
    assert near_pairs({1: "（　）", 2: "（　）", 3: ""}) == []


def test_twins_come_first() -> None:
    texts = {5: "客户服务的基本要素", 3: "客户服务的基本要素", 9: "客户服务的基本要素是"}
    assert near_pairs(texts)[0] == NearPair(3, 5, 100)
