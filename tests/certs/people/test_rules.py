import datetime
import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.people import rules
from certs.people.enums import DocumentType, Permission, Role, Sex
from certs.people.errors import DocumentFault, DocumentInvalid, MobileInvalid, NameInvalid
from certs.people.rules import Grant
from tests.factories.people import make_id_number

TODAY = datetime.date(2026, 11, 22)
numbers = st.integers(0, 5_000_000).map(make_id_number)
texts = st.text(st.characters(categories=["Lu", "Nd"], max_codepoint=127), max_size=40)


def full_width(text: str) -> str:
    """Return `text` as a Chinese input method in full-width mode types it."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def fault_of(kind: str, text: str) -> DocumentFault:
    with pytest.raises(DocumentInvalid) as caught:
        rules.check_document(kind, text, on=TODAY)
    assert caught.value.message
    return caught.value.fault


def test_id_card_known_number_gives_birthday_and_sex():
    assert rules.check_id_card("11010519491231002X", on=TODAY) == rules.DocumentFacts(
        "11010519491231002X", datetime.date(1949, 12, 31), Sex.FEMALE
    )


@pytest.mark.parametrize(
    "text", ["11010519491231002x", full_width("11010519491231002X"), " 110105 19491231 002x\n"]
)
def test_id_card_normalises_what_people_type(text):
    assert rules.check_id_card(text, on=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", DocumentFault.ID_LENGTH),
        ("110105491231002", DocumentFault.ID_LENGTH),
        ("1101051949123100222", DocumentFault.ID_LENGTH),
        ("1101051949123100XX", DocumentFault.ID_CHARACTERS),
        ("11010519491231002A", DocumentFault.ID_CHARACTERS),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢١", DocumentFault.ID_CHARACTERS),
        ("99010519491231002X", DocumentFault.ID_REGION),
        ("11000019491231002X", DocumentFault.ID_REGION),
        ("110105190002290020", DocumentFault.ID_DATE),
        ("110105189912310020", DocumentFault.ID_DATE),
        ("110105194913310020", DocumentFault.ID_DATE),
        ("110105202611220020", DocumentFault.ID_FUTURE),
        ("110105194912310020", DocumentFault.ID_CHECK),
    ],
)
def test_id_card_refusal_names_the_fault(text, fault):
    assert fault_of(DocumentType.ID_CARD, text) == fault


@given(numbers)
def test_id_card_made_numbers_are_valid(number):
    assert rules.check_id_card(number, on=TODAY).number == number


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789"))
def test_id_card_any_single_wrong_digit_is_found(number, place, digit):
    wrong = number[:place] + digit + number[place + 1 :]
    if wrong == number:
        assert rules.check_id_card(wrong, on=TODAY)
    else:
        fault_of(DocumentType.ID_CARD, wrong)


@given(numbers, st.integers(0, 16))
def test_id_card_any_two_swapped_neighbours_are_found(number, place):
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        fault_of(DocumentType.ID_CARD, wrong)


@pytest.mark.parametrize(
    ("kind", "good", "bad", "fault"),
    [
        (
            DocumentType.PASSPORT,
            ["e12345678", "EA1234567", "12345"],
            ["E1234567890", "ABCDEF", "E-123456", "1"],
            "passport",
        ),
        (
            DocumentType.HK_MACAO_PERMIT,
            ["h12345678", "M1234567890"],
            ["T12345678", "H1234567", "H123456789"],
            "hk_macao",
        ),
        (
            DocumentType.TAIWAN_PERMIT,
            ["12345678", "1234567890"],
            ["1234567", "123456789", "A1234567"],
            "taiwan",
        ),
        (DocumentType.OTHER, ["AB-12", "x" * 30], ["----", "abc", "a_bcd", "x" * 31], "other"),
        (
            DocumentType.OTHER,
            ["12345"],
            ["13800138000", "8613800138000", "138-0013-8000", make_id_number(1)],
            "other_looks_known",
        ),
    ],
)
def test_other_documents_follow_their_own_rule(kind, good, bad, fault):
    assert [rules.check_document(kind, text, on=TODAY).number for text in good] == [
        text.upper() for text in good
    ]
    assert {fault_of(kind, text) for text in bad} == {DocumentFault(fault)}


def test_masks_of_an_id_number():
    assert rules.mask_for_staff("11010519491231002X") == "110105**********2X"
    assert rules.mask_for_public("11010519491231002X") == "**************002X"


@given(texts)
def test_masks_never_reveal_more_than_the_rule(number):
    for masked, head, tail in [
        (rules.mask_for_staff(number), 6, 2),
        (rules.mask_for_public(number), 0, 4),
        (rules.mask_mobile(number), 3, 4),
    ]:
        shown = [(place, mark) for place, mark in enumerate(masked) if mark != "*"]
        assert len(masked) == len(number)
        assert len(shown) <= len(number) / 2 or masked == rules.mask_mobile(number)
        assert all(mark == number[place] for place, mark in shown)
        assert all(place < head or place >= len(number) - tail for place, _ in shown)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张", "*"),
        ("张三", "张*"),
        ("张小华", "张*华"),
        ("欧阳明", "欧阳*"),
        ("欧阳小明", "欧阳*明"),
        ("欧阳", "欧*"),
        ("𬱖小明", "𬱖*明"),
        ("阿依古丽·买买提", "阿***·***"),
        ("John Smith", "J*** *****"),
    ],
)
def test_mask_name(name, masked):
    assert rules.mask_name(name) == masked


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=10))
def test_mask_name_hides_at_least_one_character_and_shows_at_most_three(name):
    masked = rules.mask_name(name)
    assert len(masked) == len(name)
    assert "*" in masked
    assert len(masked) - masked.count("*") <= 3


@pytest.mark.parametrize(
    "text",
    ["13812345678", "+86 138 1234 5678", "0086-138-1234-5678", "8613812345678", full_width("13812345678")],
)
def test_mobile_normal_form(text):
    assert rules.normalise_mobile(text) == "13812345678"


@pytest.mark.parametrize(
    "text", ["", "1381234567", "138123456789", "23812345678", "1381234567a", "+1 3812345678"]
)
def test_mobile_refusal(text):
    with pytest.raises(MobileInvalid):
        rules.normalise_mobile(text)


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_mobile_normal_form_is_stable(number):
    assert rules.normalise_mobile(number) == rules.normalise_mobile("+86" + number) == number


@pytest.mark.parametrize("name", ["李 ", " 𬍛　龑 ", "John  Smith"])
def test_name_is_taken(name):
    assert rules.check_name(name) == " ".join(name.split())


@pytest.mark.parametrize("name", ["", "  ", "李\x00明", "李\ue000明", "李\u200b明", "长" * 61])
def test_name_refusal(name):
    with pytest.raises(NameInvalid):
        rules.check_name(name)


def test_permits_by_centre():
    local, everywhere = Grant(Role.EXAM_OFFICER, 1), Grant(Role.EXAM_OFFICER)
    perm = Permission.ADMIT_CANDIDATES
    asked: list[dict[str, object]] = [
        {"anywhere": True},
        {"centre_id": 1},
        {"centre_id": 2},
        {"centre_id": None},
    ]
    assert [rules.permits([local], perm, **case) for case in asked] == [True, True, False, False]
    assert [rules.permits([everywhere], perm, **case) for case in asked] == [True] * 4
    assert [rules.permits([], perm, **case) for case in asked] == [False] * 4
    assert not rules.permits([Grant("unknown")], perm, anywhere=True)


def test_role_table_is_complete_and_keeps_items_from_the_exam_day():
    assert set(rules.ROLE_PERMISSIONS) == set(Role)
    assert frozenset().union(*rules.ROLE_PERMISSIONS.values()) == set(Permission)
    alone = [held for held in rules.ROLE_PERMISSIONS.values() if Permission.SEE_LIVE_ITEMS in held]
    assert alone == [rules.ITEM_PERMISSIONS | {Permission.ASSEMBLE_PAPERS}]


ITEM_ROLES = {
    # role: sees all live items, writes, reviews, sits
    Role.ADMIN: (False, False, False, True),
    Role.ITEM_MANAGER: (True, True, True, False),
    Role.ITEM_WRITER: (False, True, False, False),
    Role.ITEM_REVIEWER: (False, False, True, False),
    Role.EXAM_OFFICER: (False, False, False, True),
    Role.REGISTRAR: (False, False, False, True),
}


@pytest.mark.parametrize("role", Role)
def test_roles_that_know_items_do_not_sit(role):
    held = rules.permissions_of([Grant(role)])
    asked = (Permission.SEE_LIVE_ITEMS, Permission.WRITE_ITEMS, Permission.REVIEW_ITEMS)
    assert (*(one in held for one in asked), rules.may_sit(held)) == ITEM_ROLES[role]
    assert rules.may_sit([])


def test_every_public_rule_names_its_source():
    public = [
        value
        for name, value in vars(rules).items()
        if inspect.isfunction(value) and value.__module__ == rules.__name__ and not name.startswith("_")
    ]
    source = re.compile(r"(Standard: §|Practice: |Decision: D)")
    assert [
        rule.__name__
        for rule in public
        if not source.match((rule.__doc__ or "").strip().splitlines()[-1].strip())
    ] == []
