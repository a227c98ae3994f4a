"""Outlines of the certificate's font, as PDF operators."""

from typing import Any

from fontTools.pens.basePen import BasePen

from config.printing.fonts import font, glyph_names


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
    name, glyphs, em = glyph_names()[ord(char)], font().getGlyphSet(), font()["head"].unitsPerEm
    a, b, c, d, e, f = place
    half, middle = glyphs[name].width / 2, 0.38 * em  # the ideographic centre above the baseline
    moved = (
        a / em, b / em, c / em, d / em,
        e - (a * half + c * middle) / em, f - (b * half + d * middle) / em,
    )  # fmt: skip
    pen = _PathPen(glyphs, moved)
    glyphs[name].draw(pen)
    return " ".join(pen.operators) + " f"
