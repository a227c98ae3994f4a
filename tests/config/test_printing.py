"""The fonts of PDFs."""

import pytest

from config.printing.fonts import SANS, SERIF, SIGNS, families, font_faces, font_path, missing_characters
from config.printing.subset import cut_font, gb2312_characters

RARE = "龑䶮㛃𬍛𬱖鿫"
NOTDEF = "\U000f0000"


@pytest.mark.parametrize("name", [SERIF, SANS])
def test_missing_characters_are_named_each_once(name: str) -> None:
    assert missing_characters(f"王{NOTDEF}小{NOTDEF}明", name) == NOTDEF
    assert missing_characters("abc，。0X①√×÷≤≥√", name) == ""


def test_the_serif_font_draws_rare_names() -> None:
    assert missing_characters(RARE) == ""


def test_rows_of_gb_2312_are_read() -> None:
    assert ord("啊") in gb2312_characters((0xB0,))
    assert {ord("①"), ord("Ω")} <= set(gb2312_characters(SIGNS))


def test_a_cut_font_is_much_smaller() -> None:
    cut = cut_font(font_path(), map(ord, "试卷"))
    assert cut is not None
    assert len(cut) < font_path().stat().st_size / 100


def test_faces_name_three_families_in_order() -> None:
    faces = font_faces("Test")
    assert [f'font-family: "{name}"' in faces for name in families("Test")] == [True, True, True]
