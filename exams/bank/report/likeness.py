"""Which texts of many are near each other, by the trigrams that pg_trgm compares.

For one text the database is asked (exams.bank.queries.near_items); for all pairs of a bank this is
faster than joining the table to itself over the index (docs/item-report.md has the figures).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

# Letters and digits as PostgreSQL knows them: not ², ½ and ①, which Python counts among the digits.
_NO_DIGITS = "²³¹¼-¾⁰⁴-⁹₀-₉⅐-⅟↉①-⒛⓪⓫-⓿❶-➓㆒-㆕㈠-㈩㉈-㉏㉑-㉟㊀-㊉㊱-㊿"
_WORD = re.compile(rf"(?:(?![{_NO_DIGITS}])[^\W_])+")


@dataclass(frozen=True, slots=True, order=True)
class NearPair:
    """Two texts by their ids, the smaller first, and how alike they are: 0 … 1, cut off at two places."""

    first: int
    second: int
    percent: int


def trigrams(text: str) -> frozenset[str]:
    """Return the trigrams of a text as pg_trgm does: words in small letters, two blanks before, one after.

    Practice: domain.md 5 (no item repeats another).
    """
    found: set[str] = set()
    for word in _WORD.findall(text.lower()):
        padded = f"  {word} "
        found.update(padded[place : place + 3] for place in range(len(padded) - 2))
    return frozenset(found)


def near_pairs(texts: Mapping[int, str], *, percent: int = 60) -> list[NearPair]:
    """Return every pair of texts whose trigram similarity is at least `percent`, nearest first.

    Exact, without looking at all pairs: of two sets that alike, the rarest few members of one must meet the
    rarest few of the other, so only those are looked up (prefix filtering).
    Practice: domain.md 5 (no item repeats another).
    """
    sets = _by_rarity(texts)
    holders: dict[int, list[int]] = defaultdict(list)  # rare member → texts that have it among their rarest
    found = []
    for text, members in sorted(sets.items(), key=lambda one: (len(one[1]), one[0])):
        size = len(members)
        rarest = sorted(members)[: size - -(-percent * size // 100) + 1]
        candidates = {other for member in rarest for other in holders[member]}
        for other in candidates:
            shared = len(members & sets[other])
            together = size + len(sets[other]) - shared
            if shared * 100 >= percent * together:
                first, second = sorted((text, other))
                found.append(NearPair(first, second, shared * 100 // together))
        for member in rarest:
            holders[member].append(text)
    return sorted(found, key=lambda pair: (-pair.percent, pair.first, pair.second))


def _by_rarity(texts: Mapping[int, str]) -> dict[int, frozenset[int]]:
    """Return each text's trigrams as numbers, the rarest of all the smallest; texts without any left out."""
    sets = {text: found for text, words in texts.items() if (found := trigrams(words))}
    counts = Counter(member for members in sets.values() for member in members)
    ranks = {
        member: rank
        for rank, (member, _count) in enumerate(sorted(counts.items(), key=lambda one: (one[1], one[0])))
    }
    return {text: frozenset(ranks[member] for member in members) for text, members in sets.items()}
