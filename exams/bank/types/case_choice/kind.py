"""Case (theory): a stimulus with questions that all mark themselves, on one knowledge point."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.sources import Record
from exams.bank.types import case_questions as questions
from exams.bank.types.contract import Content, ItemKind
from exams.bank.types.parts import share
from exams.bank.types.skill import marked_text


class CaseChoice(ItemKind):
    """案例选择题: the questions carry equal parts of the points, each marked by its own type's rule.

    Practice: domain.md 5; Decision: ADR 0013 (equal parts), ADR 0014 (cut off as stored).
    """

    code = "case_choice"
    label = _("案例选择题")
    position = 8
    keys = ("questions",)
    allowed = ("single", "multiple", "true_false", "calculation")

    def read(self, record: Record) -> Content:
        return Content(
            self.code,
            marked_text(record, "stem"),
            explanation=marked_text(record, "explanation", default=""),
            data={"questions": questions.read_questions(record, self.allowed)},
        )

    def write(self, content: Content) -> dict[str, Any]:
        return {"questions": questions.write_questions(content)}

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return {"questions": questions.shown_questions(content, answer, "question")}

    def orderable(self, content: Content) -> int:
        return 0

    def parse(self, content: Content, answer: str) -> str:
        return questions.parse_answers(content, answer)

    def from_fields(self, content: Content, fields: Mapping[str, Sequence[str]]) -> str:
        return questions.answers_of_form(content, fields)

    def mark(
        self, content: Content, answer: str, points: Decimal, *, half_credit: bool = False
    ) -> Decimal | None:
        # A question earns 0, 1 or 2 halves of its part.
        halves, of = 0, 0
        for one, text in questions.answers_by_question(content, answer):
            earned = questions.kind_of(one.type).mark(one, text, Decimal(2), half_credit=half_credit)
            halves += int(earned or 0)
            of += 2
        return share(points, halves, of) if halves else Decimal(0)

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return {"questions": questions.shown_questions(content, answer, "review")}

    def printed(self, content: Content, order: Sequence[int]) -> dict[str, Any]:
        return {"questions": questions.shown_questions(content, "", "print")}

    def editor(self, content: Content | None) -> dict[str, Any]:
        return {"content": content, "questions": questions.editor_questions(content, self.allowed)}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        return {"questions": questions.questions_of_editor(fields)}


KIND = CaseChoice()
