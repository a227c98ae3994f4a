"""The pieces of a paper that are printed, and each as a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from exams.assembly.enums import PaperState
from exams.assembly.models import Paper
from exams.assembly.printing import keys, layout, preparation, spaces
from exams.assembly.printing.layout import PrintedSection
from exams.assembly.printing.pdf import to_pdf
from exams.bank.enums import Pool
from exams.bank.text import plain
from syllabus.standard.enums import PartCode
from syllabus.standard.queries import rule_value

OCCUPATION = "客户服务管理师"
_LANGUAGE = "zh-hans"  # papers are Chinese, whatever language their printer reads (D16)
_BOTH = (PartCode.THEORY, PartCode.SKILL)


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to print. `code` is its address, `parts` are those whose papers have it."""

    code: str
    label: Any
    hint: Any
    template: str
    parts: tuple[str, ...] = _BOTH
    is_inline: bool = False
    is_explained: bool = False


PIECES = (
    Piece("booklet", gettext_lazy("题本"), gettext_lazy("不留作答处，配答题卡或答题纸"), "booklet"),
    Piece(
        "booklet-inline",
        gettext_lazy("题本（卷面作答）"),
        gettext_lazy("有密封线、评分栏和作答处"),
        "booklet",
        is_inline=True,
    ),
    Piece("sheet", gettext_lazy("答题卡"), gettext_lazy("填涂和书写"), "sheet", (PartCode.THEORY,)),
    Piece("sheet", gettext_lazy("答题纸"), gettext_lazy("每题的书写处和画图框"), "sheet", (PartCode.SKILL,)),
    Piece("key", gettext_lazy("标准答案"), gettext_lazy("每题的答案"), "key", (PartCode.THEORY,)),
    Piece(
        "key-explained",
        gettext_lazy("标准答案（附解析）"),
        gettext_lazy("答案、鉴定点和解析"),
        "key",
        (PartCode.THEORY,),
        is_explained=True,
    ),
    Piece(
        "key",
        gettext_lazy("标准答案与评分标准"),
        gettext_lazy("参考答案、评分要点和档次"),
        "key",
        (PartCode.SKILL,),
        is_explained=True,
    ),
    Piece(
        "notice",
        gettext_lazy("考核准备通知单"),
        gettext_lazy("考场和考生各准备什么，不含试题"),
        "notice",
        (PartCode.SKILL,),
    ),
    Piece(
        "record",
        gettext_lazy("评分记录表"),
        gettext_lazy("每名考生一份，口试另有考评员用表"),
        "record",
        (PartCode.SKILL,),
    ),
)


def pieces_of(paper: Paper) -> list[Piece]:
    """Return the pieces that this paper has."""
    return [one for one in PIECES if paper.part in one.parts]


def find_piece(paper: Paper, code: str) -> Piece | None:
    """Return the piece of this code, or None where the paper has none."""
    return next((one for one in pieces_of(paper) if one.code == code), None)


def print_piece(paper: Paper, piece: Piece) -> bytes:
    """Return a piece as a PDF, A4; the same paper gives the same bytes. Raises Unprintable."""
    with override(_LANGUAGE):
        sections = layout.sections_of(paper)
        context = _frame(paper, piece) | _WRITERS[piece.template](paper, piece, sections)
        return to_pdf(render_to_string(f"exams/assembly/print/{piece.template}.html", context))


def _frame(paper: Paper, piece: Piece) -> dict[str, Any]:
    """Return what every piece shows: title, footer, watermark."""
    subject = f"{OCCUPATION}（{paper.level.name}）{paper.get_part_display()}"
    form = _("%(letter)s 卷") % {"letter": paper.form} if paper.form else ""
    marks = [paper.code, form, _("摘要 %(digest)s") % {"digest": paper.sha256[:12]}]
    kinds = [
        _("模拟试卷") if paper.pool == Pool.PRACTICE else "",
        _("样题") if paper.has_sample_items else "",
    ]
    return {
        "paper": paper,
        "piece": piece,
        "issuer": settings.ISSUER_NAME,
        "occupation": OCCUPATION,
        "subject": subject,
        "title": f"{subject}{piece.label} {paper.code}",
        "form": form,
        "foot_left": "　".join(filter(None, marks)),
        "foot_right": " · ".join(filter(None, kinds)),
        "is_draft": paper.state == PaperState.DRAFT,
        "is_withdrawn": paper.withdrawn_at is not None,
        "is_theory": paper.part == PartCode.THEORY,
        "seal": spaces.seal_letters(_("考生答题不得超过此线")),
    }


def _booklet(paper: Paper, piece: Piece, sections: list[PrintedSection]) -> dict[str, Any]:
    shown = [(one, layout.how_to(one, with_sheet=not piece.is_inline)) for one in sections]
    return {
        "sections": [(one, how) for one, how in shown if not one.is_oral],
        "all_sections": sections,
        "oral": [one for one in sections if one.is_oral],
        "notes": layout.notes_for(paper, sections, with_sheet=not piece.is_inline),
    }


def _sheet(_paper: Paper, _piece: Piece, sections: list[PrintedSection]) -> dict[str, Any]:
    written = [one for one in sections if not one.is_oral]
    return {
        "sections": [
            (
                one,
                spaces.bubbles_of(one),
                [(question, spaces.space_of(question)) for question in one.questions],
            )
            for one in written
        ],
        "grid": spaces.grid(210),
    }


def _key(paper: Paper, piece: Piece, sections: list[PrintedSection]) -> dict[str, Any]:
    if paper.part == PartCode.THEORY:
        return {"sections": [(one, keys.key_rows(one), _keyed(one, piece)) for one in sections]}
    return {"sections": [(one, [_task(question) for question in one.questions]) for one in sections]}


def _keyed(section: PrintedSection, piece: Piece) -> list[dict[str, Any]]:
    """Return a section's items with their keys, where explanations or longer keys are asked for."""
    if not piece.is_explained and keys.key_rows(section):
        return []
    return [
        {
            "number": one.number,
            "key": keys.key_words(one.content, one.placed.option_order),
            "stem": plain(one.content.stem) if piece.is_explained else "",
            "explanation": one.content.explanation if piece.is_explained else "",
            "point": one.placed.version.point if piece.is_explained else None,
        }
        for one in section.questions
    ]


def _task(question: layout.Question) -> dict[str, Any]:
    data, drawing = question.content.data, keys.drawing_of(question.content)
    return {
        "question": question,
        "rubric": keys.rubric_of(question),
        "drawing": drawing,
        "model_answer": "" if drawing else data.get("model_answer", ""),
        "parts": keys.part_keys(question.content),
        "results": keys.results_of(question.content),
        "common_errors": data.get("common_errors", []),
        "role": data.get("role", ""),
        "prompts": data.get("prompts", []),
        "material": data.get("material", ""),
        "threshold": _threshold(question.points),
    }


def _threshold(points: int) -> str:
    """Return how far two assessors may lie apart on a task (D11), without a needless zero."""
    share = Decimal(points) * Decimal(str(rule_value("marking.double_threshold")))
    return f"{share.normalize():f}"


def _notice(paper: Paper, _piece: Piece, sections: list[PrintedSection]) -> dict[str, Any]:
    types = {one.type for one in sections}
    return {
        "sittings": preparation.sittings_of(paper, sections),
        "needs": [(label, preparation.needs_of(types, kind)) for kind, label in preparation.KINDS.items()],
        "own": preparation.needs_of(types, "own"),
        "people": preparation.people_of(types),
        "has_oral": bool(types & set(preparation.ORAL)),
        "has_written": bool(types - set(preparation.ORAL)),
    }


def _record(_paper: Paper, _piece: Piece, sections: list[PrintedSection]) -> dict[str, Any]:
    tasks = [(one, _task(question)) for one in sections for question in one.questions]
    return {
        "tasks": tasks,
        "written": [row for row in tasks if not row[0].is_oral],
        "oral": [row for row in tasks if row[0].is_oral],
        "assessors": [_("考评员一"), _("考评员二"), _("考评员三")],
    }


_WRITERS: Mapping[str, Callable[[Paper, Piece, list[PrintedSection]], dict[str, Any]]] = {
    "booklet": _booklet,
    "sheet": _sheet,
    "key": _key,
    "notice": _notice,
    "record": _record,
}
