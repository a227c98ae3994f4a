"""The fonts of PDFs: where they are, which characters they have, and how a style sheet names them.

There is no fallback to other fonts: what neither font can draw is named before anything is printed.
"""

import base64
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

from config.printing.subset import FREQUENT_ROWS, LESS_FREQUENT_ROWS, cut_font, gb2312_characters

SERIF, SANS = "NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf"
SIGNS = (0xA1, 0xA2, 0xA3, 0xA6)  # rows of GB 2312: marks, ①…, full-width forms, Greek
# What Chinese texts use besides GB 2312: blanks that markup makes, dashes, the middle dot, the minus sign.
_EXTRA = (0xA0, 0xB2, 0xB3, 0xB7, 0x2002, 0x2003, 0x2009, 0x2013, 0x2014, 0x2022, 0x2212)


@cache
def font_path(name: str = SERIF) -> Path:
    """Return the font file that the installed font package brings."""
    return Path(str(files("pylopdf_fonts_zh_cn") / name))


@cache
def font(name: str = SERIF) -> TTFont:
    """Return the font, opened once per process."""
    return TTFont(font_path(name), lazy=True)


@cache
def glyph_names(name: str = SERIF) -> dict[int, str]:
    """Return the name of the glyph of every character that the font has."""
    return dict(font(name).getBestCmap())


def missing_characters(text: str, name: str = SERIF) -> str:
    """Return the characters of `text` that the font cannot draw, each once, in order of appearance."""
    have = glyph_names(name)
    return "".join(dict.fromkeys(char for char in text if ord(char) not in have))


def families(title: str) -> tuple[str, str, str]:
    """Return the names of a font's three families: frequent characters, less frequent ones, all."""
    return f"{title} Frequent", f"{title} Less Frequent", f"{title} Full"


@cache
def font_faces(title: str, name: str = SERIF, rows: tuple[int, ...] = ()) -> str:
    """Return the `@font-face` rules of a font's families (`families`); the full one serves rare characters.

    `rows` are rows of GB 2312 that are frequent besides the usual (`SIGNS`). Where HarfBuzz cannot be had
    only the full family is named.
    """
    frequent, less_frequent, full = families(title)
    extra = _EXTRA if rows else ()
    cuts: dict[str, Iterable[int]] = {
        frequent: sorted({*range(0x20, 0x7F), *gb2312_characters((*FREQUENT_ROWS, *rows)), *extra}),
        less_frequent: gb2312_characters(LESS_FREQUENT_ROWS),
    }
    sources = {full: font_path(name).as_uri()}
    for family, codes in cuts.items():
        if cut := cut_font(font_path(name), codes):
            sources[family] = f"data:font/otf;base64,{base64.b64encode(cut).decode()}"
    return "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{url}"); }}' for family, url in sources.items()
    )
