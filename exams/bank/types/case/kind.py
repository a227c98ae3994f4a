"""Case (skill): a stimulus with questions, some written; a person marks the whole against criteria."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.sources import Record
from exams.bank.types import case_questions as questions
from exams.bank.types.contract import Content
from exams.bank.types.skill import SkillKind


class Case(SkillKind):
    """案例分析题. Its model answer is optional: each question has its own. Practice: domain.md 5."""

    code = "case"
    label = _("案例分析题")
    position = 13
    keys = (*SkillKind.keys, "questions")
    needs_model_answer = False
    allowed = ("short_answer", "calculation", "single", "multiple", "true_false")

    def read_data(self, record: Record) -> dict[str, Any]:
        return super().read_data(record) | {"questions": questions.read_questions(record, self.allowed)}

    def write(self, content: Content) -> dict[str, Any]:
        return super().write(content) | {"questions": questions.write_questions(content)}

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return super().question(content, order, "") | {
            "questions": questions.shown_questions(content, answer, "question")
        }

    def parse(self, content: Content, answer: str) -> str:
        return questions.parse_answers(content, answer)

    def from_fields(self, content: Content, fields: Mapping[str, Sequence[str]]) -> str:
        return questions.answers_of_form(content, fields)

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        shown = super().review(content, order, "")
        return shown | {"questions": questions.shown_questions(content, answer, "review")}

    def printed(self, content: Content, order: Sequence[int]) -> dict[str, Any]:
        shown = super().question(content, order, "")
        return shown | {"questions": questions.shown_questions(content, "", "print")}

    def editor(self, content: Content | None) -> dict[str, Any]:
        return super().editor(content) | {"questions": questions.editor_questions(content, self.allowed)}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        return super().from_editor(fields) | {"questions": questions.questions_of_editor(fields)}


KIND = Case()
