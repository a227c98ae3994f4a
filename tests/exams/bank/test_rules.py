"""Pure rules of items."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.rules import (
    code_pattern,
    content_checksum,
    fold,
    has_blank,
    is_catch_all,
    key_fault,
    lettered,
    names_a_letter,
    next_code,
)


@given(st.sets(st.sampled_from("ABCDE"), min_size=2, max_size=4))
def test_key_of_multiple_choice_is_two_to_four_letters_in_order(letters: set[str]) -> None:
    ordered = "".join(sorted(letters))
    assert key_fault("multiple", ordered) == ""
    assert key_fault("multiple", ordered[::-1]) != ""


@given(st.text(max_size=6))
def test_key_of_single_choice_is_one_letter_of_four(key: str) -> None:
    assert (key_fault("single", key) == "") == (key in {"A", "B", "C", "D"})


@given(st.text())
def test_fold_ignores_space_at_the_end(text: str) -> None:
    assert fold(f"{text}\u3000\u200b\n") == fold(text)


@pytest.mark.parametrize(
    ("one", "other"), [("\uff21\uff11", "a 1"), ("客户\u200b", "客户"), ("（　）", "( )")]
)
def test_fold_removes_what_nobody_sees(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "option", ["以上都对", "以上都不对", "以上皆是", "以上选项均正确", "都对", "上述全部"]
)
def test_catch_all_options_are_known(option: str) -> None:
    assert is_catch_all(option)


@pytest.mark.parametrize("option", ["客户都满意", "全部门店", "两地均可办理", "均衡分配座席", "事前前述风险"])
def test_ordinary_options_are_no_catch_all(option: str) -> None:
    assert not is_catch_all(option)


@pytest.mark.parametrize("text", ["选项B错误", "A项是结果", "故选C。", "答案为ACD", "Ｂ选项"])
def test_explanation_that_names_a_letter_is_known(text: str) -> None:
    assert names_a_letter(text)


@pytest.mark.parametrize("text", ["VIP 项目", "A 类客户优先", "应选择 CRM 系统", "B2B 业务"])
def test_letters_of_other_words_are_left_alone(text: str) -> None:
    assert not names_a_letter(text)


def test_blank_is_known_in_every_width() -> None:
    assert all(has_blank(stem) for stem in ("是（　）。", "是( )", "是（）", "是____。"))
    assert not has_blank("客户（含内部客户）是服务的对象。")


def test_code_pattern_tells_level_point_and_pool() -> None:
    assert code_pattern(3, "1.1.K1", "practice") == r"3-1\.1\.K1-[LP]\d{2,4}"
    assert code_pattern(3, "1.1.K1", "live") == r"3-1\.1\.K1-L\d{2,4}"


def test_next_code_follows_the_highest_of_its_place_and_pool() -> None:
    taken = ["3-1.1.K1-L01", "3-1.1.K1-L07", "3-1.1.K1-P09", "3-1.1.K10-L12", "3-1.1.K1-Lx"]
    assert next_code(3, "1.1.K1", "live", taken) == "3-1.1.K1-L08"
    assert next_code(3, "S", "practice", taken) == "3-S-P01"
    assert next_code(3, "1.1.K1", "live", ["3-1.1.K1-L99"]) == "3-1.1.K1-L100"


def test_checksum_ignores_the_order_of_fields() -> None:
    assert content_checksum({"a": "1", "b": ["2"]}) == content_checksum({"b": ["2"], "a": "1"})
    assert content_checksum({"a": "1"}) != content_checksum({"a": 1})


def test_lettered_marks_the_key() -> None:
    assert lettered(["甲", "乙"], "B") == [("A", "甲", False), ("B", "乙", True)]
