"""Text files in the encodings that people's programs write: UTF-8, UTF-16 with a mark, GB 18030."""

from __future__ import annotations

import codecs

from django.utils.translation import gettext as _

from config.sources import Problems

_MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOST_FAULTY_SHARE = 0.01


def decode(raw: bytes, problems: Problems, *, name: str) -> str | None:
    """Return the text of `raw`, line ends as they are; None with the line noted where it is in no encoding.

    Without a mark it is UTF-8 where it can be, else GB 18030. A text that is UTF-8 but for a few bytes is a
    damaged one, not GB 18030.
    """
    encoding = next((encoding for mark, encoding in _MARKED if raw.startswith(mark)), "")
    if not encoding:
        encoding = "utf-8" if _is_nearly_utf8(raw) else "gb18030"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = _("这一行有不能识别的字节。文件应为 UTF-8 或 GB 18030 编码的文字。")
        problems.add(name, line, message)
        return None


def _is_nearly_utf8(raw: bytes) -> bool:
    text = raw.decode("utf-8", errors="replace")
    faults = text.count("\ufffd")
    wide = sum(1 for char in text if char > "\x7f") - faults
    return not faults or (wide > 0 and faults <= max(1, wide * _MOST_FAULTY_SHARE))
