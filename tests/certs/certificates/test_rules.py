"""The number, what is due, the state and the words of a certificate."""

import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from certs.certificates.enums import CertificateState
from certs.certificates.errors import NumberInvalid, NumbersUsedUp
from certs.certificates.rules import (
    Content,
    Number,
    centre_of_number,
    check_character,
    compose_number,
    due,
    has_valid_check,
    normalise_number,
    parse_number,
    same_name,
    state,
    statement,
    written_day,
)
from certs.people.rules import id_check_character
from certs.results.rules import Entry

DAY = datetime.date(2026, 3, 10)
NOW = datetime.datetime(2026, 3, 10, tzinfo=datetime.UTC)
digits = st.text("0123456789", min_size=1, max_size=30)
numbers = st.builds(
    Number,
    st.integers(2000, 2099),
    st.from_regex(r"\A[0-9]{4}\Z"),
    st.integers(1, 3),
    st.integers(1, 999_999),
)


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if " " < char < "\x7f" else char for char in text)


@pytest.mark.parametrize(("text", "check"), [("0794", "0"), ("079", "X"), ("11010519491231002", "X")])
def test_check_character_of_published_examples(text: str, check: str) -> None:
    assert check_character(text) == check


@given(st.from_regex(r"\A[0-9]{17}\Z"))
def test_check_character_agrees_with_the_weights_of_the_id_number(text: str) -> None:
    assert check_character(text) == id_check_character(text)


@given(digits)
def test_check_character_makes_a_valid_text(text: str) -> None:
    assert has_valid_check(text + check_character(text))


@given(digits, st.data())
def test_check_character_detects_every_single_error(text: str, data: st.DataObject) -> None:
    whole = text + check_character(text)
    place = data.draw(st.integers(0, len(whole) - 1))
    allowed = "0123456789X" if place == len(whole) - 1 else "0123456789"
    wrong = data.draw(st.sampled_from(allowed))
    assume(wrong != whole[place])
    assert not has_valid_check(whole[:place] + wrong + whole[place + 1 :])


@given(digits, st.data())
def test_check_character_detects_every_transposition(text: str, data: st.DataObject) -> None:
    whole = text + check_character(text)
    place = data.draw(st.integers(0, len(whole) - 2))
    assume(whole[place] != whole[place + 1])
    assert not has_valid_check(whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :])


def test_number_has_its_five_pieces() -> None:
    number = compose_number(issued_on=DAY, centre_code="3101", level_number=3, serial=42)
    assert str(number)[:13] == "2631013000042"
    assert has_valid_check(str(number))


@pytest.mark.parametrize("serial", [0, 1_000_000])
def test_number_refuses_a_serial_out_of_range(serial: int) -> None:
    with pytest.raises(NumbersUsedUp):
        compose_number(issued_on=DAY, centre_code="0001", level_number=1, serial=serial)


@given(numbers)
def test_number_is_parsed_back_from_any_common_writing(number: Number) -> None:
    text = str(number)
    grouped = f" {text[:2]} {text[2:6]}-{text[6]}–{text[7:13]} {text[13]}"
    assert {
        parse_number(text),
        parse_number(wide(text)),
        parse_number(grouped),
        parse_number(text.lower()),
    } == {number}


@pytest.mark.parametrize("text", ["", "2631013000042", "26310130000420", "26310190000421", "甲", "2" * 40])
def test_number_refuses_what_is_none(text: str) -> None:
    with pytest.raises(NumberInvalid):
        parse_number(text)


def test_number_is_stored_in_half_width_capitals() -> None:
    assert normalise_number(wide("26-0001 3 000001 x")) == "2600013000001X"


@pytest.mark.parametrize(
    ("given_name", "printed"),
    [
        ("王 小明", "王小明"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Anna  LEE", "anna lee"),
        (wide("ANNA"), "Anna"),
    ],
)
def test_same_name_puts_width_case_spaces_and_dots_aside(given_name: str, printed: str) -> None:
    assert same_name(given_name) == same_name(printed)


def test_same_name_tells_different_names_apart() -> None:
    assert same_name("王小明") != same_name("王晓明")


def entry(pk: int, part: str, sat_on: datetime.date, published_on: datetime.date | None = None) -> Entry:
    day = published_on or sat_on
    return Entry(pk, part, "passed", sat_on, day, day.replace(year=day.year + 2))


def test_due_from_the_first_day_on_which_all_parts_are_valid() -> None:
    theory, skill = entry(1, "theory", DAY), entry(2, "skill", DAY + datetime.timedelta(30))
    found = due([theory, skill], ["theory", "skill"])
    assert found is not None
    assert (found.on, found.deciding.pk) == (DAY + datetime.timedelta(30), 2)


def test_due_centre_follows_the_part_sat_last_not_the_one_published_last() -> None:
    theory = entry(1, "theory", DAY, DAY + datetime.timedelta(20))
    skill = entry(2, "skill", DAY + datetime.timedelta(5))
    found = due([theory, skill], ["theory", "skill"])
    assert found is not None
    assert (found.on, found.deciding.pk) == (DAY + datetime.timedelta(20), 2)


def test_due_needs_the_parts_on_one_same_day() -> None:
    assert (
        due([entry(1, "theory", DAY), entry(2, "skill", DAY.replace(year=2029))], ["theory", "skill"]) is None
    )
    assert due([entry(1, "theory", DAY)], ["theory", "skill"]) is None


def test_centre_of_number_is_0001_where_there_is_none() -> None:
    assert (centre_of_number(None), centre_of_number("3101")) == ("0001", "3101")


def test_state_follows_from_the_moments() -> None:
    states = [state(None, None), state(NOW, None), state(NOW, NOW)]
    assert states == [CertificateState.DUE, CertificateState.VALID, CertificateState.REVOKED]


def content(parts: tuple[str, ...]) -> Content:
    return Content(
        number="n",
        name="王小明",
        document_type="id_card",
        document_label="居民身份证号码",
        document_mask="1***",
        document_cipher="00",
        occupation="客户服务管理师",
        level_number=3,
        level_name="三级",
        parts=parts,
        issued_on="2026-03-10",
        issuer="中心",
        site="s",
    )


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("甲",), "（三级）甲，达到合格标准"),
        (("甲", "乙"), "（三级）甲和乙，均达到合格标准"),
        (("甲", "乙", "丙"), "（三级）甲、乙和丙，均达到合格标准"),
    ],
)
def test_statement_names_every_part(parts: tuple[str, ...], words: str) -> None:
    assert statement(content(parts)) == f"持证人参加客户服务管理师{words}，特发此证。"


def test_content_survives_json() -> None:
    assert Content.from_json(content(("甲", "乙")).as_json()) == content(("甲", "乙"))


def test_written_day_is_chinese() -> None:
    assert written_day("2026-03-10") == "2026年3月10日"
