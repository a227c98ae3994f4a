"""When two spellings of a blank's answer are the same: width, case, spaces, traditional or simplified."""

from functools import cache

from opencc import OpenCC

from exams.bank.rules import fold


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def same_spelling(text: str) -> str:
    """Return `text` so that two spellings of it are equal: fold() and simplified characters.

    Practice: domain.md 5 (one defensible key)
    Decision: ADR 0014
    """
    return str(_simplifier().convert(fold(text)))
