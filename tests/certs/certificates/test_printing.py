"""The PDF: text, glyphs, picture, metadata, weight."""

import dataclasses
import io
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import segno
from PIL import Image

from certs.certificates.printing.page import QR_AT, QR_SIDE, Page, render

RARE = "龑䶮㛃𬍛𬱖鿫"
NOTDEF = "\U000f0000"
PAGE = Page(
    title="职业能力证书",
    subtitle="CERTIFICATE OF OCCUPATIONAL COMPETENCE",
    disclaimer="非国家职业资格证书",
    name="王小明",
    document_label="居民身份证号码",
    document_number="11010119900307123X",
    occupation="客户服务管理师",
    level_name="三级",
    number="2600013000001X",
    issued_on="2026年3月10日",
    issued_on_iso="2026-03-10",
    issuer="持证职业能力评价中心",
    statement="持证人参加客户服务管理师（三级）理论知识考试和操作技能考核，均达到合格标准，特发此证。",
    verify_address="https://chizheng.example/verify/",
    qr_address="https://chizheng.example/verify/2600013000001X/?name=%E7%8E%8B",
)


def text_of(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "one.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout


def picture_of(pdf: bytes, tmp_path: Path, box: tuple[int, int, int, int] | None = None) -> Image.Image:
    """Return the page (or `box` of it: x, y, width, height) at 100 dpi."""
    path = tmp_path / "one.pdf"
    path.write_bytes(pdf)
    names = ["-x", "-y", "-W", "-H"]
    crop = [part for name, value in zip(names, box or (), strict=bool(box)) for part in (name, str(value))]
    command = ["pdftoppm", "-r", "100", "-png", *crop, str(path)]
    return Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert(
        "L"
    )


def named(name: str) -> Page:
    return dataclasses.replace(PAGE, name=name)


def test_text_is_what_went_in_and_nothing_else(tmp_path: Path) -> None:
    found = re.sub(r"\s+", "", text_of(render(PAGE), tmp_path))
    fixed = [
        "姓名",
        "职业",
        "级别",
        "证书编号",
        "证书查验",
        "照片",
        "扫描二维码，或在下列网址输入证书编号和姓名",
    ]
    texts = [
        value
        for key, value in dataclasses.asdict(PAGE).items()
        if key not in ("qr_address", "issued_on_iso", "photo")
    ]
    assert sorted(found) == sorted(re.sub(r"\s+", "", "".join([*texts, *fixed])))


@pytest.mark.parametrize(
    "field", ["name", "document_number", "number", "statement", "issuer", "verify_address"]
)
def test_each_fact_is_selectable_in_one_piece(field: str, tmp_path: Path) -> None:
    assert getattr(PAGE, field) in text_of(render(PAGE), tmp_path)


@pytest.mark.parametrize("name", [*RARE, RARE, "欧阳·龑", "Jean-Baptiste van den Oudenaarden Grijpskerk III"])
def test_rare_and_long_names_are_extracted_as_written(name: str, tmp_path: Path) -> None:
    found = text_of(render(named(name)), tmp_path)
    # The font shares glyphs between a few compatibility characters; what is read back must be the very ones.
    assert name in found, [unicodedata.name(char, "?") for char in found]


def test_rare_names_print_their_own_glyph_not_a_box(tmp_path: Path) -> None:
    box = (345, 305, 60, 60)
    nothing = picture_of(render(named(NOTDEF)), tmp_path, box).tobytes()
    pictures = [picture_of(render(named(char)), tmp_path, box).tobytes() for char in RARE]
    assert len({nothing, *pictures}) == len(RARE) + 1


def test_rare_and_common_glyphs_stand_at_the_same_size(tmp_path: Path) -> None:
    box = (345, 305, 60, 60)
    for char in ("国", "䶮"):
        dark = (
            picture_of(render(named(char)), tmp_path, box)
            .point(lambda value: 255 if value < 120 else 0)
            .getbbox()
        )
        assert dark is not None
        assert 26 <= dark[2] - dark[0] <= 38


def test_same_page_gives_the_same_bytes() -> None:
    assert render(named(RARE)) == render(named(RARE))


def test_same_page_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import django, hashlib; django.setup();"
        "from tests.certs.certificates.test_printing import PAGE, render;"
        "print(hashlib.sha256(render(PAGE)).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "config.settings"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_forbidden_words_are_absent(tmp_path: Path) -> None:
    found = re.sub(r"\s+", "", text_of(render(PAGE), tmp_path))
    assert found.count("国家职业资格") == 1
    assert found.count("非国家职业资格证书") == 1


def opened(pdf: bytes) -> Any:
    return pikepdf.open(io.BytesIO(pdf))


def test_file_says_what_it_is() -> None:
    with opened(render(PAGE)) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
            assert metadata["dc:title"] == "职业能力证书 2600013000001X"
            assert metadata["dc:creator"] == ["持证职业能力评价中心"]
        assert str(pdf.Root.Lang) == "zh-Hans"
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert len(pdf.pages) == 1
        assert [round(float(side)) for side in pdf.pages[0].MediaBox[2:]] == [842, 595]


def test_file_keeps_to_pdf_a() -> None:
    with opened(render(named(RARE))) as pdf:
        assert pdf.trailer.get("/ID") is not None
        assert not pdf.is_encrypted
        assert "/AcroForm" not in pdf.Root
        assert "/OpenAction" not in pdf.Root
        for font in pdf.pages[0].Resources.Font.values():
            assert "/ToUnicode" in font
            assert "/FontFile3" in font.DescendantFonts[0].FontDescriptor
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                assert item.get("/Filter") != "/LZWDecode"
                assert "/SMask" not in item
        content = b"".join(part.read_bytes() for part in pdf.pages[0].Contents)
        assert content.startswith(b"/Artifact BMC q /Artwork Do Q")


def test_file_is_light() -> None:
    assert len(render(PAGE)) < 72 * 1024


def test_photo_is_printed_where_there_is_one(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGB", (330, 462), (20, 30, 40)).save(data, "JPEG")
    with_photo = picture_of(render(dataclasses.replace(PAGE, photo=data.getvalue())), tmp_path)
    without = picture_of(render(PAGE), tmp_path)
    middle = (215, 380)
    assert with_photo.getpixel(middle) < 60
    assert without.getpixel(middle) > 200
    assert "照片" not in text_of(render(dataclasses.replace(PAGE, photo=data.getvalue())), tmp_path)


def test_markup_in_a_name_is_text(tmp_path: Path) -> None:
    assert "<b>&amp;" in text_of(render(named("<b>&amp;")), tmp_path)


def test_qr_code_is_drawn_module_by_module(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(render(PAGE))
    command = ["pdftoppm", "-r", "254", "-png", str(path)]  # 10 pixels a millimetre
    page = Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert(
        "L"
    )
    code = segno.make(PAGE.qr_address, error="m", mask=2, micro=False, boost_error=False)
    unit = QR_SIDE / len(code.matrix)
    left, top = QR_AT[0], 210 - QR_AT[1] - QR_SIDE
    drawn = [
        [
            int(
                page.getpixel((round((left + (x + 0.5) * unit) * 10), round((top + (y + 0.5) * unit) * 10)))
                < 128
            )
            for x in range(len(code.matrix))
        ]
        for y in range(len(code.matrix))
    ]
    assert drawn == [list(row) for row in code.matrix]
