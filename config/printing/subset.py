"""Smaller fonts of the usual characters, cut once per process with HarfBuzz.

WeasyPrint keeps a font's glyph numbering in what it embeds, so a certificate made with the full font
(65,000 glyphs) carries 110 KB and 45 ms of empty glyphs. With the usual characters in fonts of their own
the full font is embedded only where a rare character needs it (docs/adr/0007).
"""

import ctypes
import ctypes.util
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_DROPPED = ("BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx")  # nothing of ours is set upright or with features
_DROP_TABLE_TAG = 3  # HB_SUBSET_SETS_DROP_TABLE_TAG
FREQUENT_ROWS, LESS_FREQUENT_ROWS = (0xA1, 0xA3, *range(0xB0, 0xD8)), tuple(range(0xD8, 0xF8))


def gb2312_characters(rows: Iterable[int]) -> list[int]:
    """Return the code points in rows of GB 2312: A1 and A3 hold signs, B0–D7 and D8–F7 its two levels."""
    found = set()
    for high in rows:
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return sorted(found)


@cache
def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL] | None:
    names = [ctypes.util.find_library(name) for name in ("harfbuzz", "harfbuzz-subset")]
    if None in names:
        return None
    harfbuzz, subset = (ctypes.CDLL(name) for name in names)
    pointer = ctypes.c_void_p
    for library, function, result, arguments in (
        (harfbuzz, "hb_blob_create_from_file", pointer, [ctypes.c_char_p]),
        (harfbuzz, "hb_face_create", pointer, [pointer, ctypes.c_uint]),
        (harfbuzz, "hb_face_reference_blob", pointer, [pointer]),
        (harfbuzz, "hb_blob_get_data", pointer, [pointer, ctypes.POINTER(ctypes.c_uint)]),
        (harfbuzz, "hb_set_add", None, [pointer, ctypes.c_uint32]),
        (harfbuzz, "hb_blob_destroy", None, [pointer]),
        (harfbuzz, "hb_face_destroy", None, [pointer]),
        (subset, "hb_subset_input_create_or_fail", pointer, []),
        (subset, "hb_subset_input_unicode_set", pointer, [pointer]),
        (subset, "hb_subset_input_set", pointer, [pointer, ctypes.c_int]),
        (subset, "hb_subset_or_fail", pointer, [pointer, pointer]),
        (subset, "hb_subset_input_destroy", None, [pointer]),
    ):
        bound = getattr(library, function)
        bound.restype, bound.argtypes = result, arguments
    return harfbuzz, subset


def cut_font(path: Path, characters: Iterable[int]) -> bytes | None:
    """Return the font at `path` cut down to `characters`; None where HarfBuzz cannot be had."""
    libraries = _libraries()
    if libraries is None:
        return None
    harfbuzz, subset = libraries
    source = harfbuzz.hb_blob_create_from_file(str(path).encode())
    face = harfbuzz.hb_face_create(source, 0)
    wanted = subset.hb_subset_input_create_or_fail()
    kept = subset.hb_subset_input_unicode_set(wanted)
    for code in characters:
        harfbuzz.hb_set_add(kept, code)
    dropped = subset.hb_subset_input_set(wanted, _DROP_TABLE_TAG)
    for tag in _DROPPED:
        harfbuzz.hb_set_add(dropped, int.from_bytes(tag.encode(), "big"))
    cut = subset.hb_subset_or_fail(face, wanted)
    data = None
    if cut:
        blob, length = harfbuzz.hb_face_reference_blob(cut), ctypes.c_uint()
        data = ctypes.string_at(harfbuzz.hb_blob_get_data(blob, ctypes.byref(length)), length.value)
        harfbuzz.hb_blob_destroy(blob)
        harfbuzz.hb_face_destroy(cut)
    subset.hb_subset_input_destroy(wanted)
    harfbuzz.hb_face_destroy(face)
    harfbuzz.hb_blob_destroy(source)
    return data
