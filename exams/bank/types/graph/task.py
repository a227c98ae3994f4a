"""What flow charts and organisation charts share as item types: a drawing as answer and as model answer.

In a file `model_answer` is an outline (grammar: `outline.py`). An answer is the canonical JSON of a graph; an
outline with faults is kept as it was written, `{"outline": "…"}`, so that nothing of a candidate gets lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from config.sources import Record
from exams.bank.types.contract import Content, UnreadableAnswer, checked_text
from exams.bank.types.graph.data import Chart, Graph, GraphError, decode, from_data, to_data, to_json
from exams.bank.types.graph.marking import compared
from exams.bank.types.graph.outline import Fault, read_outline, write_outline
from exams.bank.types.graph.svg import svg
from exams.bank.types.graph.words import FAULTS, SAID, say
from exams.bank.types.skill import MOST_TEXT, SkillKind, first, marked_text

_MOST_FAULTY = 9_000  # characters of an outline with faults; escaped in JSON it still fits into an answer
_PRINT_WIDTH = 640  # pixels that fit between the margins of A4


@dataclass(frozen=True, slots=True)
class Drawing:
    """What an answer says: a drawing, and the text it came from where that has faults."""

    graph: Graph
    text: str = ""
    faults: tuple[Fault, ...] = ()


class DrawingKind(SkillKind):
    """A task that is answered by drawing."""

    chart: ClassVar[Chart]

    # --- Files

    def read_data(self, record: Record) -> dict[str, Any]:
        found: dict[str, Any] = {"material": marked_text(record, "material", default="")}
        drawing = read_outline(self.chart, record.text("model_answer", most=MOST_TEXT))
        for fault in drawing.faults:
            record.fail(f"model_answer：{_said(fault)}", "model_answer")
        if not drawing.faults and record.data.get("model_answer"):
            if len(drawing.graph.nodes) < 2 or not drawing.graph.edges:
                record.fail(_("参考答案至少要有两个框和一条连线。"), "model_answer")
            if not all(node.label for node in drawing.graph.nodes):
                record.fail(_("参考答案的每个框都要有文字。"), "model_answer")
        found["model_answer"] = to_data(drawing.graph)
        if record.has("common_errors"):
            found["common_errors"] = [one.value for one in record.texts("common_errors", most=300)]
        return {key: value for key, value in found.items() if value}

    def write(self, content: Content) -> dict[str, Any]:
        return super().write(content) | {"model_answer": write_outline(self.chart, self.model(content))}

    def model(self, content: Content) -> Graph:
        """Return the model answer's drawing."""
        return from_data(self.chart, content.data["model_answer"])

    # --- Sitting

    def question(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        return super().question(content, order, answer) | {"drawing": self._field(self._drawing(answer))}

    def parse(self, content: Content, answer: str) -> str:
        text = checked_text(answer)
        if not text.strip():
            return ""
        try:
            drawing = self._drawing(text)
        except GraphError:
            raise UnreadableAnswer from None
        if not drawing.faults:
            return to_json(to_data(drawing.graph)) if drawing.graph else ""
        if len(drawing.text) > _MOST_FAULTY:
            raise UnreadableAnswer
        return to_json({"outline": drawing.text})

    def _drawing(self, answer: str) -> Drawing:
        """Return what an answer says, in any of its forms; raises GraphError."""
        text = answer
        if answer.lstrip().startswith("{"):
            data = decode(answer)
            if not isinstance(data, Mapping) or not isinstance(data.get("outline"), str):
                return Drawing(from_data(self.chart, data))
            text = data["outline"]
        outline = read_outline(self.chart, checked_text(text))
        return Drawing(outline.graph, text if outline.faults else "", outline.faults)

    def _field(self, drawing: Drawing) -> dict[str, Any]:
        """Return what the field of a drawing shows: outline, faults, picture, and the editor's facts."""
        return {
            "chart": self.chart.code,
            "label": str(self.label),
            "outline": drawing.text or write_outline(self.chart, drawing.graph),
            "faults": [_said(fault) for fault in drawing.faults],
            "svg": svg(self.chart, drawing.graph) if drawing.graph else "",
            "symbols": [
                {"code": one.code, "label": one.label, "word": one.words[0]} for one in self.chart.symbols
            ],
            "words": {code: str(text) for code, text in {**FAULTS, **SAID}.items()},
        }

    # --- Showing

    def review(self, content: Content, order: Sequence[int], answer: str) -> dict[str, Any]:
        drawing, model = self._drawing(answer), self.model(content)
        return super().review(content, order, answer) | {
            "model_answer": "",  # a drawing, not a text
            "model_outline": write_outline(self.chart, model),
            "compared": compared(self.chart, drawing.graph, model),
            "drawing": self._field(drawing),
        }

    def printed(self, content: Content, order: Sequence[int]) -> dict[str, Any]:
        return super().question(content, order, "") | {"symbols": [one.label for one in self.chart.symbols]}

    def printed_key(self, content: Content) -> dict[str, Any]:
        """Return what `key.html` needs: the model answer drawn for paper, for the marking key."""
        return super().review(content, (), "") | {
            "model_answer": "",
            "model_svg": svg(self.chart, self.model(content), width=_PRINT_WIDTH),
        }

    # --- Editing

    def editor(self, content: Content | None) -> dict[str, Any]:
        graph = self.model(content) if content and content.data.get("model_answer") else Graph()
        return super().editor(content) | {"model_drawing": self._field(Drawing(graph))}

    def from_editor(self, fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        found = super().from_editor(fields)
        text = first(fields, "model_answer")
        try:
            drawing = self._drawing(text)
        except (GraphError, UnreadableAnswer):
            return found  # the reader says what is wrong
        outline = drawing.text or write_outline(self.chart, drawing.graph)
        return found | ({"model_answer": outline} if outline else {})


def _said(fault: Fault) -> str:
    return say("line", line=fault.line, message=fault.message)
