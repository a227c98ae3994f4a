"""What is wrong with the rows of a stored paper by themselves, before anything is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from exams.assembly.enums import PaperEventKind
from exams.assembly.models import Paper
from exams.assembly.solutions import PlacedItem
from exams.bank.enums import ItemState
from exams.bank.types import get_kind


def faults_of_rows(paper: Paper, items: Sequence[PlacedItem]) -> list[str]:
    """Return what no paper of this level can hold, whatever its hash says."""
    return [fault for one in items for fault in _faults_of_row(paper, one)]


def _faults_of_row(paper: Paper, one: PlacedItem) -> Iterator[str]:
    version, words = one.version, {"code": one.version.item.code}
    if version.level_id != paper.level_id:
        yield _("题目 %(code)s 不属于这份卷的级别。") % words
    if sorted(one.option_order) != list(range(get_kind(version.type).orderable(version.content))):
        yield _("题目 %(code)s 的选项顺序与它的选项对不上。") % words
    if not is_countable(one) or (one.criterion_points and sum(one.criterion_points) != one.points):
        yield _("题目 %(code)s 的分值与它的评分要点对不上。") % words


def is_countable(one: PlacedItem) -> bool:
    """Return whether a row has points for each criterion of its item, and for nothing else."""
    is_task = not one.version.knowledge_id
    return len(one.criterion_points) == (len(one.version.criteria.all()) if is_task else 0)


def stale_items(items: Sequence[PlacedItem]) -> list[str]:
    """Return which items of a draft the bank would not give any more: suspended, retired or revised since."""
    text = _("题目 %(code)s 已停用或有了新的版本，请换题。")
    return [
        text % {"code": one.version.item.code}
        for one in items
        if one.version.item.state != ItemState.APPROVED or one.version.item.approved_id != one.version.pk
    ]


def faults_of_record(paper: Paper) -> list[str]:
    """Return how a paper differs from what its events, which nobody changes, say of it."""
    events = list(paper.events.order_by("at", "pk"))
    hashes = [one.detail["sha256"] for one in events if "sha256" in one.detail]
    faults = []
    if not hashes:
        faults.append(_("试卷的记录中没有定稿。"))
    elif hashes[-1] != paper.sha256:
        faults.append(_("试卷的摘要与记录中的摘要不符。"))
    approvers = [one.by_id for one in events if one.kind == PaperEventKind.SEALED]
    if approvers[-1:] != [paper.sealed_by_id] * bool(approvers or paper.sealed_by_id):
        faults.append(_("试卷的批准人与记录不符。"))
    return faults
