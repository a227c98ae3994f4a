import io
import struct
import zlib

import pytest
from PIL import Image, ImageFile

from certs.people.errors import PhotoRefused
from certs.people.photos import MOST_BYTES, encode_photo


def picture(
    mode: str = "RGB", size: tuple[int, int] = (300, 400), form: str = "PNG", **options: object
) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, form, **options)
    return buffer.getvalue()


def reopen(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("RGB", "JPEG"),
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("RGBA", "PNG"),
        ("P", "PNG"),
        ("LA", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_kind_becomes_an_rgb_jpeg(mode, form):
    encoded = encode_photo(picture(mode, form=form))
    image = reopen(encoded.jpeg)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (encoded.width, encoded.height))


def test_photo_is_shrunk_into_the_box_and_never_enlarged():
    assert reopen(encode_photo(picture(size=(1200, 1600))).jpeg).size == (480, 640)
    assert reopen(encode_photo(picture(size=(3000, 300))).jpeg).size == (480, 48)
    assert reopen(encode_photo(picture(size=(130, 150))).jpeg).size == (130, 150)


def test_photo_transparency_becomes_white():
    assert reopen(encode_photo(picture("RGBA")).jpeg).getpixel((5, 5)) == (255, 255, 255)


def test_photo_is_turned_upright_and_loses_metadata():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "home address"
    data = picture(size=(400, 300), form="JPEG", exif=exif, comment=b"secret")
    encoded = encode_photo(data)
    image = reopen(encoded.jpeg)
    assert image.size == (300, 400)
    assert not image.getexif()
    assert b"home address" in data
    assert b"home address" not in encoded.jpeg
    assert b"secret" not in encoded.jpeg


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<script>alert(1)</script>",
        picture(form="GIF"),
        picture(form="BMP"),
        picture(form="TIFF"),
        picture(form="JPEG")[:200],
        picture()[:-40],
        bomb(30_000, 30_000),
        bomb(10_000, 10_000),
        bomb(6_000, 6_000),
        bomb(300, 400),
        picture(size=(100, 400)),
        b"\xff" * (MOST_BYTES + 1),
    ],
    ids=[
        "empty",
        "svg",
        "script",
        "gif",
        "bmp",
        "tiff",
        "cut-jpeg",
        "cut-png",
        "bomb",
        "warned",
        "large",
        "short",
        "small",
        "heavy",
    ],
)
def test_photo_refusal(data, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as importing WeasyPrint leaves it
    with pytest.raises(PhotoRefused) as caught:
        encode_photo(data)
    assert caught.value.message
    assert caught.value.remedy
