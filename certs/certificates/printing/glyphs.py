"""The one font of the certificate: which characters it has, and their outlines."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

FREQUENT, LESS_FREQUENT, FULL = "Certificate Frequent", "Certificate Less Frequent", "Certificate Full"


@cache
def font_path() -> Path:
    """Return the font file that the installed font package brings."""
    return Path(str(files("pylopdf_fonts_zh_cn") / "NotoSerifSC-Regular.otf"))


@cache
def _font() -> TTFont:
    return TTFont(font_path(), lazy=True)


@cache
def _names() -> dict[int, str]:
    return dict(_font().getBestCmap())


def missing_characters(text: str) -> str:
    """Return the characters of `text` that the font cannot draw, each once, in order of appearance."""
    have = _names()
    return "".join(dict.fromkeys(char for char in text if ord(char) not in have))


class _PathPen(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes an outline as PDF path operators, placed by an affine map (a, b, c, d, e, f)."""

    def __init__(self, glyphs: Any, place: tuple[float, ...]) -> None:
        super().__init__(glyphs)
        self.place = place
        self.operators: list[str] = []

    def _at(self, point: tuple[float, float]) -> str:
        (x, y), (a, b, c, d, e, f) = point, self.place
        return f"{a * x + c * y + e:.2f} {b * x + d * y + f:.2f}"

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.operators.append(f"{self._at(pt)} m")

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.operators.append(f"{self._at(pt)} l")

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self.operators.append(f"{self._at(pt1)} {self._at(pt2)} {self._at(pt3)} c")

    def _closePath(self) -> None:  # noqa: N802
        self.operators.append("h")


def outline(char: str, place: tuple[float, ...]) -> str:
    """Return the filled outline of `char`, centred; an em is 1 unit before `place` is applied."""
    name, glyphs, em = _names()[ord(char)], _font().getGlyphSet(), _font()["head"].unitsPerEm
    a, b, c, d, e, f = place
    half, middle = glyphs[name].width / 2, 0.38 * em  # the ideographic centre above the baseline
    moved = (
        a / em, b / em, c / em, d / em,
        e - (a * half + c * middle) / em, f - (b * half + d * middle) / em,
    )  # fmt: skip
    pen = _PathPen(glyphs, moved)
    glyphs[name].draw(pen)
    return " ".join(pen.operators) + " f"
