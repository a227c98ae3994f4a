"""From HTML to PDF: our fonts, our style, and nothing fetched but the bank's own pictures."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from config.printing.fonts import SANS, SERIF, SIGNS, families, font_faces, missing_characters
from exams.assembly.errors import Unprintable
from exams.assembly.printing.formulas import without_mathml
from exams.bank.models import ItemPicture

logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every rule that only screens need

_STYLE = Path(__file__).with_name("paper.css")
_PICTURE = re.compile(r'src="[^"]*?([0-9a-f]{64})[^"]*"')
_LOADED = re.compile(r"<link\b[^>]*>|<script\b.*?</script>", re.DOTALL)
_SCHEME = "picture:"
_SVG_FONTS = re.compile(r'font-family="[^"]*"')
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))  # they come along when text is pasted
_TAG = re.compile(r"<[^>]*>")


class _Pictures(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Gives pictures of the bank by their digest; every other address is refused."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        del headers
        picture = ItemPicture.objects.filter(pk=url.removeprefix(_SCHEME)).first()
        if not url.startswith(_SCHEME) or picture is None:
            raise FatalURLFetchingError(f"not a picture of the bank: {url[:80]}")
        return URLFetcherResponse(url, bytes(picture.data), {"Content-Type": picture.mime})


@cache
def _style() -> tuple[CSS, FontConfiguration]:
    """Parse the style once per process: reading the fonts is most of a first page's cost."""
    fonts = FontConfiguration()
    faces = font_faces("Paper Serif", SERIF, SIGNS) + font_faces("Paper Sans", SANS, SIGNS)
    names = {
        "serif": ", ".join(f'"{name}"' for name in families("Paper Serif")),
        "sans": ", ".join(f'"{name}"' for name in families("Paper Sans")),
    }
    sheet = _STYLE.read_text(encoding="utf-8")
    for word, fallback in names.items():
        sheet = sheet.replace(f'"Paper {word.title()}"', fallback)
    return CSS(string=faces + sheet, font_config=fonts), fonts


def for_paper(html: str) -> str:
    """Return HTML of the screen as paper needs it: formulas as spans, pictures by digest, nothing loaded."""
    html = html.translate(_INVISIBLE)
    html = _PICTURE.sub(lambda found: f'src="{_SCHEME}{found[1]}"', _LOADED.sub("", html))
    html = html.replace("currentColor", "#1b1b1b")
    sans = ", ".join(families("Paper Sans"))
    return without_mathml(_SVG_FONTS.sub(f'font-family="{sans}"', html))


def to_pdf(html: str) -> bytes:
    """Return the tagged PDF of a page; the same page gives the same bytes. Raises Unprintable."""
    page = for_paper(html)
    words = re.sub(r"\s", "", _TAG.sub("", page))
    if missing := missing_characters(words, SERIF) or missing_characters(words, SANS):
        raise Unprintable(missing)
    style, fonts = _style()
    document = HTML(string=page, base_url=_SCHEME, url_fetcher=_Pictures())
    return bytes(document.write_pdf(stylesheets=[style], font_config=fonts, pdf_tags=True))
