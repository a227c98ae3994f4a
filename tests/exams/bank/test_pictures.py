"""Pictures of items."""

import datetime
import io

import pytest
from django.test import Client
from PIL import Image

from exams.bank.actions.pictures import keep_picture
from exams.bank.errors import PictureRefused
from exams.bank.models import ItemPicture
from tests.factories.people import PersonFactory, item_reviewer, item_writer

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 5, 1, 9, tzinfo=datetime.UTC)


def png(width: int = 60, height: int = 40) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "PNG")
    return buffer.getvalue()


def test_picture_is_encoded_anew_and_kept_once() -> None:
    writer = item_writer()
    first = keep_picture(data=png(), by=writer, at=AT)
    assert (first.mime, first.width, first.height) == ("image/png", 60, 40)
    assert keep_picture(data=png(), by=writer, at=AT) == first
    assert keep_picture(data=png(3000, 1500), by=writer, at=AT).width == 1200


@pytest.mark.parametrize("data", [b"", b"<svg/>", png()[:60], png(4, 4), b"\x00" * 6_000_000])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureRefused):
        keep_picture(data=data, by=item_writer(), at=AT)
    assert not ItemPicture.objects.exists()


def test_upload_gives_the_text_that_shows_the_picture(client: Client) -> None:
    client.force_login(item_writer())
    upload = io.BytesIO(png())
    upload.name = "chart.png"
    page = client.post("/items/pictures/", {"picture": upload, "words": "两[个]框"})
    kept = ItemPicture.objects.get()
    assert f"![两（个）框](pic:{kept.sha256})" in page.content.decode()
    shown = client.get(f"/items/pictures/{kept.sha256}/")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/png")
    client.force_login(PersonFactory())  # a candidate whose paper shows it
    assert client.get(f"/items/pictures/{kept.sha256}/").status_code == 200
    assert client.get(f"/items/pictures/{'0' * 64}/").status_code == 404


def test_upload_needs_words_and_a_writer(client: Client) -> None:
    client.force_login(item_writer())
    upload = io.BytesIO(png())
    upload.name = "chart.png"
    assert client.post("/items/pictures/", {"picture": upload}).status_code == 422
    client.force_login(item_reviewer())
    assert client.get("/items/pictures/").status_code == 403
