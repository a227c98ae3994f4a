"""A small font of the common characters, cut once per process with HarfBuzz.

WeasyPrint keeps a font's glyph numbering in what it embeds, so a certificate made with the full font
(65,000 glyphs) carries 110 KB and 30 ms of empty glyphs. With the common characters in a font of their own
the full font is embedded only where a rare character needs it (docs/adr/0007).
"""

import ctypes
import ctypes.util
from functools import cache
from pathlib import Path


def common_characters() -> list[int]:
    """Return the code points of GB 2312 and printable ASCII: almost every name, and all our own words."""
    found = set(range(0x20, 0x7F))
    for high in range(0xA1, 0xF8):
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
        (subset, "hb_subset_or_fail", pointer, [pointer, pointer]),
        (subset, "hb_subset_input_destroy", None, [pointer]),
    ):
        bound = getattr(library, function)
        bound.restype, bound.argtypes = result, arguments
    return harfbuzz, subset


def common_font(path: Path) -> bytes | None:
    """Return the font at `path` cut down to the common characters; None where HarfBuzz cannot be had."""
    libraries = _libraries()
    if libraries is None:
        return None
    harfbuzz, subset = libraries
    source = harfbuzz.hb_blob_create_from_file(str(path).encode())
    face = harfbuzz.hb_face_create(source, 0)
    wanted = subset.hb_subset_input_create_or_fail()
    characters = subset.hb_subset_input_unicode_set(wanted)
    for code in common_characters():
        harfbuzz.hb_set_add(characters, code)
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
