"""The static part of the page, computed by us: paper, guilloche border, corner rosettes, watermark and seal.

Everything is drawn once per process as PDF form XObjects: a strand or a petal is one short curve, stamped
along a side or around a centre, so a page of some thousand lines weighs a few kilobytes. Units are
millimetres from the lower left corner (one `cm` scales to points).
"""

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from certs.certificates.printing.glyphs import outline

Point = tuple[float, float]
WIDTH, HEIGHT = 297.0, 210.0  # A4 landscape
CINNABAR, CINNABAR_SOFT, CINNABAR_PALE = "0.659 0.196 0.122", "0.780 0.475 0.408", "0.965 0.914 0.882"
INK, INK_SOFT, GOLD, GOLD_PALE = (
    "0.200 0.278 0.357",
    "0.550 0.590 0.640",
    "0.690 0.604 0.420",
    "0.955 0.934 0.890",
)
PAPER, WHITE = "0.996 0.988 0.972", "1 1 1"
EDGE, BAND = 9.0, 13.0  # outer rule; width of the band
CENTRE_LINE = EDGE + BAND / 2
CORNER = 10.2  # radius of a corner rosette
SEAL_AT, SEAL_RADIUS = (237.5, 45.6), 19.5


@dataclass(frozen=True, slots=True)
class Form:
    """A form XObject: its operators, deflated, and the forms that it stamps by name."""

    data: bytes
    box: tuple[float, float, float, float]
    uses: dict[str, "Form"]


def _form(
    operators: list[str], box: tuple[float, float, float, float], uses: dict[str, Form] | None = None
) -> Form:
    return Form(zlib.compress("\n".join(operators).encode(), 9), box, uses or {})


def _curve(at: Callable[[float], Point], start: float, end: float, pieces: int) -> str:
    """Return a stroke along `at` as smooth Bézier pieces (Hermite, slopes by central difference)."""
    step, tiny = (end - start) / pieces, 1e-5
    x, y = at(start)
    parts = [f"{x:.3f} {y:.3f} m"]
    for index in range(pieces):
        first, last = start + index * step, start + (index + 1) * step
        handles = []
        for moment, sign in ((first, 1), (last, -1)):
            (px, py), (ax, ay), (bx, by) = at(moment), at(moment - tiny), at(moment + tiny)
            reach = sign * step / 3 / (2 * tiny)
            handles.append(f"{px + (bx - ax) * reach:.3f} {py + (by - ay) * reach:.3f}")
        px, py = at(last)
        parts.append(f"{' '.join(handles)} {px:.3f} {py:.3f} c")
    return " ".join(parts) + " S"


def _circle(centre: Point, radius: float) -> str:
    x, y, k = *centre, radius * 0.5522847
    r = radius
    return (
        f"{x + r:.3f} {y:.3f} m {x + r:.3f} {y + k:.3f} {x + k:.3f} {y + r:.3f} {x:.3f} {y + r:.3f} c "
        f"{x - k:.3f} {y + r:.3f} {x - r:.3f} {y + k:.3f} {x - r:.3f} {y:.3f} c "
        f"{x - r:.3f} {y - k:.3f} {x - k:.3f} {y - r:.3f} {x:.3f} {y - r:.3f} c "
        f"{x + k:.3f} {y - r:.3f} {x + r:.3f} {y - k:.3f} {x + r:.3f} {y:.3f} c h"
    )


def _rectangle(inset: float) -> str:
    return f"{inset:.3f} {inset:.3f} {WIDTH - 2 * inset:.3f} {HEIGHT - 2 * inset:.3f} re"


def _stamp(name: str, centre: Point, times: int) -> list[str]:
    """Stamp the form `name` around `centre`."""
    parts = []
    for index in range(times):
        angle = 2 * math.pi * index / times
        c, s = math.cos(angle), math.sin(angle)
        parts.append(f"q {c:.5f} {s:.5f} {-s:.5f} {c:.5f} {centre[0]:.3f} {centre[1]:.3f} cm /{name} Do Q")
    return parts


# Border ---------------------------------------------------------------------------------------------------


def _wave(height: float, phase: float, period: float, beat: float = 0.0) -> Callable[[float], Point]:
    def at(x: float) -> Point:
        angle = 2 * math.pi * x / period
        swell = 1 - beat + beat * math.cos(2 * angle)
        return x, height * swell * math.sin(angle + phase)

    return at


def _border_tile(period: float) -> Form:
    """One period of the band: two interlaced ribbons of parallel waves and a finer counter-wave in ink."""
    half = BAND / 2 - 1.15
    operators = ["0.055 w 1 J"]
    for colour, turn in ((CINNABAR_SOFT, 0.0), (CINNABAR_SOFT, math.pi)):
        operators.append(f"{colour} RG")
        operators += [_curve(_wave(half, turn + 0.13 * k, period), 0, period, 8) for k in range(-4, 5)]
    operators.append(f"{GOLD} RG")
    for turn in (math.pi / 2, -math.pi / 2):
        operators += [
            _curve(_wave(half * (0.40 + 0.13 * k), turn, period, 0.18), 0, period, 10) for k in range(5)
        ]
    operators.append(f"{INK_SOFT} RG 0.05 w")
    for turn in (0.0, math.pi):
        operators += [
            _curve(_wave(half * 0.34, turn + 0.35 * k, period / 2), 0, period, 12) for k in (-1, 0, 1)
        ]
    return _form(operators, (-1, -half - 1, period + 1, half + 1))


def _side(start: Point, length: float, angle: float, tile: float) -> list[str]:
    """Stamp whole tiles along a side, stretched a little so that they fit exactly."""
    count = round(length / tile)
    stretch = length / count / tile
    c, s = math.cos(angle), math.sin(angle)
    parts = []
    for index in range(count):
        x, y = start[0] + c * index * tile * stretch, start[1] + s * index * tile * stretch
        parts.append(f"q {c * stretch:.6f} {s * stretch:.6f} {-s:.6f} {c:.6f} {x:.3f} {y:.3f} cm /Tile Do Q")
    return parts


# Rosettes -------------------------------------------------------------------------------------------------


def _petal(middle: float, swing: float, lobes: int, phase: float) -> Callable[[float], Point]:
    def at(angle: float) -> Point:
        radius = middle + swing * math.cos(lobes * angle + phase)
        return radius * math.cos(angle), radius * math.sin(angle)

    return at


def _hypotrochoid(size: float, lobes: int, skip: int, reach: float) -> Callable[[float], Point]:
    """Return a hypotrochoid of radius `size`, closed after `skip` turns, with `lobes` loops."""
    turn = lobes / skip - 1
    scale = size / (1 + reach)

    def at(t: float) -> Point:
        return scale * (math.cos(t) + reach * math.cos(turn * t)), scale * (
            math.sin(t) - reach * math.sin(turn * t)
        )

    return at


def _rings(radius: float, rings: list[tuple[float, float, int, str]], lobes: int, width: float) -> Form:
    """One petal of nested rosettes: (middle, swing, strands, colour) as shares of `radius`."""
    operators = [f"{width} w 1 J"]
    for middle, swing, strands, colour in rings:
        operators.append(f"{colour} RG")
        for strand in range(strands):
            phase = 2 * math.pi * strand / strands
            at = _petal(radius * middle, radius * swing, lobes, phase)
            operators.append(_curve(at, 0, 2 * math.pi / lobes, 6))
    return _form(operators, (-radius, -radius, radius, radius))


def _weave(
    radius: float, lobes: int, skip: int, strands: list[tuple[float, float, str]], width: float
) -> Form:
    """One loop each of nested hypotrochoids: (size share, reach, colour)."""
    operators = [f"{width} w 1 J"]
    for share, reach, colour in strands:
        at = _hypotrochoid(radius * share, lobes, skip, reach)
        operators += [f"{colour} RG", _curve(at, 0, 2 * math.pi * skip / lobes, 10 + 4 * skip)]
    return _form(operators, (-radius, -radius, radius, radius))


# Seal -----------------------------------------------------------------------------------------------------


def _ring_text(pair: str, times: int, radius: float, size: float) -> list[str]:
    """Return `pair` so many times around a circle, dots between; as outlines, so nothing to select."""
    parts = []
    for index in range(times):
        middle = math.pi / 2 - 2 * math.pi * index / times
        for char, turn in zip(pair, (0.19, -0.19), strict=True):
            angle = middle + turn
            c, s = math.sin(angle) * size, -math.cos(angle) * size
            parts.append(outline(char, (c, s, -s, c, radius * math.cos(angle), radius * math.sin(angle))))
        dot = middle + math.pi / times
        parts.append(f"{_circle((radius * math.cos(dot), radius * math.sin(dot)), 0.42)} f")
    return parts


def _seal() -> Form:
    """The round seal: rings, engraved weave, 持证 around and in the middle; abstract, without a star."""
    r = SEAL_RADIUS
    petals = _weave(r * 0.985, 48, 7, [(1.0, 0.045, CINNABAR), (0.985, 0.06, CINNABAR_SOFT)], 0.09)
    lace = _rings(r * 0.66, [(0.86, 0.13, 5, CINNABAR_SOFT), (0.86, 0.07, 3, CINNABAR)], 30, 0.08)
    operators = [f"{CINNABAR} RG {CINNABAR} rg", *_stamp("Petal", (0, 0), 48), *_stamp("Lace", (0, 0), 30)]
    operators += [f"{CINNABAR} RG"]
    for radius, width in (
        (1.0, 0.42),
        (0.895, 0.10),
        (0.875, 0.22),
        (0.665, 0.22),
        (0.645, 0.08),
        (0.485, 0.08),
        (0.465, 0.3),
    ):
        operators.append(f"{width} w {_circle((0, 0), r * radius)} S")
    operators += _ring_text("持证", 6, r * 0.77, 3.1)
    operators += [
        outline("持", (7.4, 0, 0, 7.4, -3.75, 0)),
        outline("证", (7.4, 0, 0, 7.4, 3.75, 0)),
    ]
    return _form(operators, (-r - 1, -r - 1, r + 1, r + 1), {"Petal": petals, "Lace": lace})


# The page -------------------------------------------------------------------------------------------------


@cache
def page_artwork() -> Form:
    """Return everything of the page that is the same on every certificate."""
    tile_period = 13.0
    corner = _rings(
        CORNER,
        [
            (0.80, 0.18, 7, CINNABAR_SOFT),
            (0.50, 0.18, 7, GOLD),
            (0.27, 0.12, 5, CINNABAR_SOFT),
            (0.80, 0.07, 3, INK_SOFT),
        ],
        16,
        0.055,
    )
    water = _weave(
        66,
        60,
        17,
        [
            (1.0, 0.34, CINNABAR_PALE),
            (0.95, 0.42, GOLD_PALE),
            (0.72, 0.52, CINNABAR_PALE),
            (0.46, 0.60, GOLD_PALE),
        ],
        0.15,
    )
    far_x, far_y = WIDTH - CENTRE_LINE, HEIGHT - CENTRE_LINE
    long, short = WIDTH - 2 * CENTRE_LINE, HEIGHT - 2 * CENTRE_LINE
    operators = ["2.834646 0 0 2.834646 0 0 cm", f"{PAPER} rg {_rectangle(EDGE)} f"]
    operators += _stamp("Water", (WIDTH / 2, 98.0), 60)
    operators += _side((CENTRE_LINE, CENTRE_LINE), long, 0, tile_period)
    operators += _side((far_x, CENTRE_LINE), short, math.pi / 2, tile_period)
    operators += _side((far_x, far_y), long, math.pi, tile_period)
    operators += _side((CENTRE_LINE, far_y), short, -math.pi / 2, tile_period)
    operators.append(f"{CINNABAR} RG 0.45 w {_rectangle(EDGE)} S 0.12 w {_rectangle(EDGE + 0.85)} S")
    operators.append(f"0.12 w {_rectangle(EDGE + BAND - 0.85)} S 0.35 w {_rectangle(EDGE + BAND)} S")
    operators.append(f"{GOLD} RG 0.1 w {_rectangle(EDGE + BAND + 1.4)} S")
    for centre in ((CENTRE_LINE, CENTRE_LINE), (far_x, CENTRE_LINE), (far_x, far_y), (CENTRE_LINE, far_y)):
        operators.append(f"{PAPER} rg {CINNABAR} RG 0.35 w {_circle(centre, CORNER)} B")
        operators += _stamp("Corner", centre, 16)
        operators.append(f"{CINNABAR} RG 0.12 w {_circle(centre, CORNER - 0.7)} S")
    operators.append(f"{GOLD} RG 0.18 w")
    for left in (83.0, 178.0):  # flanks the disclaimer
        operators.append(f"{left} 150.7 m {left + 36} 150.7 l S")
    operators.append("0.15 w 88 117.9 m 259 117.9 l S 88 101.9 m 259 101.9 l S 88 86.6 m 259 86.6 l S")
    operators.append(f"q 1 0 0 1 {SEAL_AT[0]} {SEAL_AT[1]} cm /Seal Do Q")
    uses = {"Tile": _border_tile(tile_period), "Corner": corner, "Water": water, "Seal": _seal()}
    return _form(operators, (0, 0, WIDTH * 2.834646, HEIGHT * 2.834646), uses)
