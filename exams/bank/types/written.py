"""Tasks answered by writing: short answer, essay, reply. They differ in length and in what is counted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from config.sources import Record
from exams.bank.types.contract import MOST_ANSWER_CHARACTERS, Content
from exams.bank.types.skill import SkillKind, first, whole

_LONGEST = 10_000
# Han with its extensions, kana, full-width forms, Chinese marks and those it shares with other scripts: one
# each. What else stands between blanks is a word. config/static/js/words.js has the same rule, which is why
# the blanks are listed: the two languages do not agree on them.
_CHINESE = (
    "\u00b7\u2014\u2018\u2019\u201c\u201d\u2026\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00020000-\U0003ffff"
)
_BLANK = "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_WORDS = re.compile(rf"[{_CHINESE}]|[^{_BLANK}{_CHINESE}]+")


def word_count(text: str) -> int:
    """Return how many words a text has (字数): each Chinese character or mark is one, each other run is one.

    Blanks count nothing; `2026年`, `VIP客户` and `OK` are two, three and one.
    Decision: ADR 0013 (as word processors count 字数, punctuation included)
    """
    return len(_WORDS.findall(text))


class WrittenKind(SkillKind):
    """A task whose answer is one text. `lines` is the height of its field and of the space on paper."""

    lines: ClassVar[int] = 8
    keys = (*SkillKind.keys, "least_words", "most_words")
    needs_words: ClassVar[bool] = False

    def read_data(self, record: Record) -> dict[str, Any]:
        found = super().read_data(record)
        for key in ("least_words", "most_words"):
            if self.needs_words or record.has(key):
                found[key] = record.integer(key, least=1, most=_LONGEST)
        if found.get("most_words", _LONGEST) < found.get("least_words", 1):
            record.fail(_("most_words 不能小于 least_words。"), "most_words")
        return found

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return super().question(content, order, answer) | {
            "lines": self.lines,
            "least_words": content.data.get("least_words"),
            "most_words": content.data.get("most_words"),
            "words": word_count(answer),
            "most_characters": MOST_ANSWER_CHARACTERS,
        }

    def printed(self, content: Content, order: Sequence[int]) -> dict[str, Any]:
        # A line on A4 holds about 40 characters; a task without figures gets the type's usual space.
        most = content.data.get("most_words")
        rows = -(-int(most) // 30) if most else self.lines * 2
        return self.question(content, order, "") | {"rows": range(min(rows, 60))}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        found = super().from_editor(fields)
        lengths = {key: whole(first(fields, key)) for key in ("least_words", "most_words")}
        return found | {key: value for key, value in lengths.items() if value != ""}
