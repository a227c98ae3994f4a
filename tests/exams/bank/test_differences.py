"""The difference between two versions."""

from hypothesis import given
from hypothesis import strategies as st

from exams.bank.differences import Piece, changes, pieces, words


def test_pieces_name_what_went_and_what_came() -> None:
    assert pieces("客户服务的三个要素。", "客户服务的五个要素。") == (
        Piece("same", "客户服务的"),
        Piece("gone", "三"),
        Piece("new", "五"),
        Piece("same", "个要素。"),
    )


def test_latin_words_and_numbers_change_whole() -> None:
    assert pieces("第 12 天用 CRM 系统", "第 15 天用 ERP 系统")[1:3] == (
        Piece("gone", "12"),
        Piece("new", "15"),
    )


@given(st.text(max_size=40), st.text(max_size=40))
def test_pieces_hold_both_texts(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(one.text for one in found if one.kind != "new") == before
    assert "".join(one.text for one in found if one.kind != "gone") == after


def test_changes_name_the_fields_that_differ() -> None:
    before = {"stem": "同", "options": ["甲", "乙"], "key": "A"}
    after = {"stem": "同", "options": ["甲", "丙"], "key": "A", "explanation": "新"}
    assert [one.key for one in changes(before, after)] == ["options", "explanation"]


def test_words_of_nested_values_are_lines() -> None:
    assert words([{"text": "甲", "points": 2}, True]) == "1. \n　text：甲\n　points：2\n2. √"
