"""The forms of a run side by side: what each has, what the blueprint asks, and what they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exams.assembly.enums import SolveStatus
from exams.assembly.models import AssemblyRun, Paper
from exams.bank.enums import CognitiveLevel
from exams.bank.types import type_label


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of every form; `wanted` is what the blueprint asks, empty where it asks nothing."""

    label: str
    values: tuple[str, ...]
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a heading, with the clause that asks for them."""

    title: str
    mark: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Column:
    """A form: its letter, its hash, and the paper that it became."""

    letter: str
    sha256: str
    paper: Paper | None

    @property
    def is_swapped(self) -> bool:
        """Return whether the paper has other items by now than the form that was solved."""
        return self.paper is not None and self.paper.sha256 != self.sha256


@dataclass(frozen=True, slots=True)
class Comparison:
    """Forms side by side. `proof` says in words what is proven of them."""

    columns: list[Column]
    groups: list[Group]
    proof: str

    @property
    def is_kept(self) -> bool:
        return any(column.paper for column in self.columns)

    @property
    def swapped(self) -> list[Column]:
        """Return the forms whose papers were changed since: the figures are those before."""
        return [column for column in self.columns if column.is_swapped]


def comparison_of(run: AssemblyRun) -> Comparison | None:
    """Return the forms of a run side by side; None where it has none. One query, once they are kept."""
    result = run.result
    forms: list[dict[str, Any]] = result.get("forms", [])
    if not forms:
        return None
    papers = _papers(result.get("papers", ()))
    columns = [
        Column(form["letter"] or _("本卷"), form["sha256"], papers.get(code))
        for form, code in zip(forms, result.get("papers") or [""] * len(forms), strict=True)
    ]
    groups = [
        Group(_("各职业功能的分值"), "§2.2", _functions(result, forms)),
        Group(_("题型"), "practice", _types(result, forms)),
        Group(_("难度与认知层次"), "practice", _difficulty(forms)),
    ]
    if len(forms) > 1:
        groups.append(Group(_("与其他卷相同的题目"), "", _shared(columns, forms)))
    return Comparison(columns, groups, proof_of(result))


def proof_of(result: Mapping[str, Any]) -> str:
    """Return what is proven of a run's forms, in words."""
    is_best = result["status"] == SolveStatus.OPTIMAL
    if len(result["forms"]) < 2:
        if is_best:
            return _("满足全部要求；在满足要求的试卷中，题目使用最均衡，已证明。")
        words = {"gap": f"{result['gap'] * 100:.2f}"}
        return _("满足全部要求；题目使用的均衡程度与最好的相差不超过 %(gap)s%%，没有证明更小。") % words
    spread = f"{result['spread']:.4f}"
    if is_best and not float(spread):
        return _("各卷平均难度相等，已证明。")
    if is_best:
        return _("各卷平均难度最多相差 %(spread)s，已证明不能更小。") % {"spread": spread}
    words = {"spread": spread, "least": f"{max(result['spread'] - result['gap'], 0):.4f}"}
    return _("各卷平均难度最多相差 %(spread)s；已证明的下限是 %(least)s。") % words


def _papers(codes: Iterable[str]) -> dict[str, Paper]:
    wanted = [code for code in codes if code]
    return {paper.code: paper for paper in Paper.objects.filter(code__in=wanted)} if wanted else {}


def _functions(result: Mapping[str, Any], forms: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [
        Row(
            f"{code} {result['names'][code]}",
            tuple(str(form["functions"].get(code, 0)) for form in forms),
            str(weight),
        )
        for code, weight in result["weights"]
    ]


def _types(result: Mapping[str, Any], forms: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [
        Row(
            str(type_label(code)),
            tuple(
                _("%(count)d 题 · %(points)d 分")
                % {"count": form["counts"].get(code, 0), "points": form["types"].get(code, 0)}
                for form in forms
            ),
        )
        for code in result["sections"]
        if any(form["counts"].get(code) for form in forms)
    ]


def _difficulty(forms: Sequence[Mapping[str, Any]]) -> list[Row]:
    rows = [Row(_("平均难度"), tuple(f"{Decimal(form['mean']):.4f}" for form in forms))]
    return rows + [
        Row(
            _("%(level)s（分）") % {"level": level.label},
            tuple(str(form["cognition"].get(level.value, 0)) for form in forms),
        )
        for level in CognitiveLevel
    ]


def _shared(columns: Sequence[Column], forms: Sequence[Mapping[str, Any]]) -> list[Row]:
    items = [{one["code"] for one in form["items"]} for form in forms]
    return [
        Row(
            _("与 %(letter)s 卷") % {"letter": column.letter},
            tuple("—" if other is own else str(len(own & other)) for other in items),
        )
        for column, own in zip(columns, items, strict=True)
    ]
