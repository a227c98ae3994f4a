"""Pure rules of items."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

FACILITY: Mapping[int, Decimal] = MappingProxyType(
    {1: Decimal("0.90"), 2: Decimal("0.75"), 3: Decimal("0.60"), 4: Decimal("0.45"), 5: Decimal("0.30")}
)
"""Expected facility (share of the points that candidates gain) of each difficulty. Practice: domain.md 5."""

OPTION_COUNTS: Mapping[str, int] = MappingProxyType({"single": 4, "multiple": 5, "true_false": 0})
"""How many options an item of each type has. Practice: domain.md 5; Decision: D10 (multiple choice)."""

LETTERS = "ABCDE"
_CATCH_ALL = re.compile(
    r"(以上|上述|前述|前面).{0,6}(都|均|皆|全)|(都|均|全|皆)(不)?(对|正确|错误|错|是|不是)[。.]?$"
)
_NAMES_A_LETTER = re.compile(
    r"选项\s*[A-E](?![A-Za-z])|(?<![A-Za-z])[A-E]\s*(?:选)?项|(?:答案|应选|故选|选择|选)(?:为|是|：)?\s*[A-E]+(?![A-Za-z])"
)
_BLANK = re.compile(r"[（(][\s　_]*[)）]|_{2,}")


def fold(text: str) -> str:
    """Return `text` without what a reader does not see: width, case, spaces and invisible characters.

    Two options or stems that fold to the same are the same to a candidate.
    Practice: domain.md 5 (one defensible key).
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf")


def key_fault(item_type: str, key: str) -> str:
    """Return what is wrong with `key` for this type, in words; empty where nothing is.

    Practice: domain.md 5 (one key in single choice); Decision: D10 (two to four keys in multiple choice).
    """
    letters = LETTERS[: OPTION_COUNTS[item_type]]
    if not key or any(char not in letters for char in key):
        return f"答案只能用字母 {letters[0]}–{letters[-1]}（大写），实为 {key}。"
    if item_type == "single":
        return "" if len(key) == 1 else f"单项选择题只能有一个答案，实为 {key}。"
    if list(key) != sorted(set(key)):
        return f"答案字母应按顺序排列且不重复，实为 {key}。"
    return "" if 2 <= len(key) <= 4 else f"多项选择题应有两到四个答案，实为 {len(key)} 个。"


def is_catch_all(option: str) -> bool:
    """Return whether an option speaks about the others (以上都对), which shuffling would make untrue.

    Practice: domain.md 5.
    """
    return bool(_CATCH_ALL.search(option.strip())) and len(fold(option)) <= 12


def names_a_letter(explanation: str) -> bool:
    """Return whether an explanation points at an option by its letter, which shuffling would make untrue.

    Practice: domain.md 5.
    """
    return bool(_NAMES_A_LETTER.search(unicodedata.normalize("NFKC", explanation)))


def has_blank(stem: str) -> bool:
    """Return whether a stem has a place to fill in; a true/false stem is a full sentence and has none.

    Practice: domain.md 5 (true/false is one full declarative sentence).
    """
    return bool(_BLANK.search(stem))


def code_pattern(level: int, knowledge: str, pool: str) -> str:
    """Return the regular expression that the code of such an item matches: 3-1.1.K1-L01, P for practice.

    The letter is the pool that the item was written for: one that was moved to practice keeps its L, so that
    old papers and reports still name it. A P is never live.

    Decision: D13 (a live item is told from a practice item at first sight).
    """
    return code_prefix(level, knowledge, "[LP]" if pool == "practice" else "L", re.escape) + r"\d{2,4}"


def code_prefix(level: int, place: str, letter: str, quote: Callable[[str], str] = str) -> str:
    """Return what an item's code begins with: `3-1.1.K1-L`, `3-S-P`; `quote` makes the place a pattern.

    Decision: D13.
    """
    return f"{level}-{quote(place)}-{letter}"


def next_code(level: int, place: str, pool: str, taken: Iterable[str]) -> str:
    """Return the code after the highest of `taken` for a new item of this place and pool.

    Decision: D13 (numbers are not used again: a retired item keeps its own).
    """
    prefix = code_prefix(level, place, "L" if pool == "live" else "P")
    numbers = [code.removeprefix(prefix) for code in taken if code.startswith(prefix)]
    return f"{prefix}{max((int(one) for one in numbers if one.isdecimal()), default=0) + 1:02d}"


def content_checksum(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an item's content, independent of the order of its fields and of layout.

    Practice: domain.md 5 (an item is one text with one key; a change is a new version).
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def lettered(options: Sequence[str], key: str) -> list[tuple[str, str, bool]]:
    """Return each option as (letter, text, whether it belongs to the key), in the item's own order.

    Practice: domain.md 5.
    """
    return [(letter, text, letter in key) for letter, text in zip(LETTERS, options, strict=False)]
