"""Oral scenario: the candidate sees the scenario and speaks; the examiner has a sheet with the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.sources import Record
from exams.bank.types.contract import Content, UnreadableAnswer
from exams.bank.types.skill import SkillKind, first, marked_text, tidy, whole


class Oral(SkillKind):
    """情景口试. Nothing is written, so there is no answer to save; the criteria are the steps of the sheet.

    Keys of its own: `role` (whom the examiner plays, and how), `prompts` (what the examiner asks next),
    `preparation_minutes`, `answer_minutes`. Only the minutes are shown to the candidate.

    Practice: domain.md 5 (oral: a scenario with a rubric of steps).
    """

    code = "oral"
    label = _("情景口试")
    position = 12
    keys = (*SkillKind.keys, "role", "prompts", "preparation_minutes", "answer_minutes")

    def read_data(self, record: Record) -> dict[str, Any]:
        found = super().read_data(record)
        if role := marked_text(record, "role", default=""):
            found["role"] = role
        if record.has("prompts"):
            found["prompts"] = [one.value for one in record.texts("prompts", most=300)]
        found["preparation_minutes"] = record.integer("preparation_minutes", least=0, most=60)
        found["answer_minutes"] = record.integer("answer_minutes", least=1, most=60)
        return found

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        shown = ("preparation_minutes", "answer_minutes")
        return super().question(content, order, "") | {key: content.data.get(key) for key in shown}

    def parse(self, content: Content, answer: str) -> str:
        if answer:
            raise UnreadableAnswer
        return ""

    def from_fields(self, content: Content, fields: Mapping[str, Sequence[str]]) -> str:
        return ""

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return super().review(content, order, answer) | {
            "role": content.data.get("role", ""),
            "prompts": content.data.get("prompts", []),
        }

    def examiner_sheet(self, content: Content) -> dict[str, Any]:
        """Return what `examiner.html` needs: everything, with the steps as rows to mark."""
        return self.review(content, (), "") | {"stem": content.stem}

    def editor(self, content: Content | None) -> dict[str, Any]:
        shown = super().editor(content)
        return shown | {"prompts": "\n".join(shown["data"].get("prompts", []))}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        prompts = [line.strip() for line in first(fields, "prompts").splitlines()]
        own: dict[str, Any] = {
            "role": tidy(first(fields, "role")),
            "prompts": [line for line in prompts if line],
            "preparation_minutes": whole(first(fields, "preparation_minutes")),
            "answer_minutes": whole(first(fields, "answer_minutes")),
        }
        return super().from_editor(fields) | {
            key: value for key, value in own.items() if value not in ("", [])
        }


KIND = Oral()
