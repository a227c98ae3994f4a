"""The certificate as a page: text by WeasyPrint, artwork and QR code laid under it, PDF/A-3u."""

import base64
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
import segno
from django.template.loader import get_template
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from certs.certificates.printing.artwork import Form, page_artwork
from config.printing.fonts import font_faces

VARIANT = "pdf/a-3u"
QR_AT, QR_SIDE = (38.0, 32.6), 26.0  # millimetres from the lower left corner
_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Page:
    """Every text on the page, in clear, the address in the QR code, and the photo (JPEG) or nothing."""

    title: str
    subtitle: str
    disclaimer: str
    name: str
    document_label: str
    document_number: str
    occupation: str
    level_name: str
    number: str
    issued_on: str
    issued_on_iso: str
    issuer: str
    statement: str
    verify_address: str
    qr_address: str
    photo: bytes | None = None

    def words(self) -> str:
        """Return every text that is printed, for the glyph check."""
        texts = (getattr(self, field.name) for field in fields(self))
        return "".join(text for text in texts if isinstance(text, str))

    @property
    def name_size(self) -> str:
        """Return the class that keeps a long (usually Latin) name on its line."""
        width = sum(1.0 if ord(char) > 0x2E7F else 0.6 for char in self.name)
        return "" if width <= 17 else "long" if width <= 25 else "longest"


@cache
def _style() -> tuple[CSS, FontConfiguration]:
    """Parse the style once per process: reading the font is most of a first page's cost."""
    fonts = FontConfiguration()
    sheet = Path(__file__).with_name("certificate.css").read_text(encoding="utf-8")
    return CSS(string=font_faces("Certificate") + sheet, font_config=fonts), fonts


def _add(pdf: Any, form: Form) -> Any:
    """Add `form` and what it stamps to the file; return its reference."""
    resources = pydyf.Dictionary(
        {"XObject": pydyf.Dictionary({name: _add(pdf, used) for name, used in form.uses.items()})}
    )
    extra = {
        "Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array(form.box),
        "Resources": resources, "Filter": "/FlateDecode",
    }  # fmt: skip
    stream = pydyf.Stream([form.data], extra)
    pdf.add_object(stream)
    return stream.reference


def _qr_operators(address: str) -> str:
    """Return the QR code as filled runs: level M, a fixed mask, so that an address always draws the same."""
    code = segno.make(address, error="m", mask=2, micro=False, boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    unit = QR_SIDE / len(rows)
    runs = [f"q {_MM:.6f} 0 0 {_MM:.6f} 0 0 cm 0.11 0.106 0.098 rg"]
    for line, row in enumerate(rows):
        y = QR_AT[1] + QR_SIDE - (line + 1) * unit
        start = None
        for column, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                x, width = QR_AT[0] + start * unit, (column - start) * unit
                runs.append(f"{x:.3f} {y:.3f} {width:.3f} {unit + 0.01:.3f} re")
                start = None
    return " ".join(runs) + " f Q"


def render(page: Page) -> bytes:
    """Return the PDF/A file of `page`; the same page gives the same bytes."""
    style, fonts = _style()
    photo = base64.b64encode(page.photo).decode() if page.photo else ""
    html = get_template("certs/certificates/certificate.html").render({"page": page, "photo": photo})

    def underlay(_document: Any, pdf: Any) -> None:
        resources = next(
            item
            for item in pdf.objects
            if isinstance(item, dict) and {"XObject", "Font", "ColorSpace"} <= set(item)
        )
        resources["XObject"]["Artwork"] = _add(pdf, page_artwork())
        under = pydyf.Stream(
            [f"/Artifact BMC q /Artwork Do Q EMC\n/Artifact BMC {_qr_operators(page.qr_address)} EMC"],
            compress=True,
        )
        pdf.add_object(under)
        for item in pdf.objects:
            if isinstance(item, dict) and item.get("Type") == "/Page":
                item["Contents"] = pydyf.Array([under.reference, item["Contents"]])

    document = HTML(string=html).render(stylesheets=[style], font_config=fonts)
    return bytes(document.write_pdf(finisher=underlay, pdf_variant=VARIANT))
