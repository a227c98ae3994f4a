"""What a bank misses of what it is held to: the problems of a report, each with where to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from exams.bank.report.figures import ALL, Guess, Thresholds
from exams.bank.report.judge import BankReport, Scope, Section
from exams.bank.types import type_label
from syllabus.standard.enums import PartCode


@dataclass(frozen=True, slots=True)
class Problem:
    """A missed threshold. `count` things are concerned; `query` narrows the list of items to them."""

    kind: str
    scope: Scope
    count: int
    text: str
    query: dict[str, str] = field(default_factory=dict)
    anchor: str = ""


def problems(report: BankReport) -> list[Problem]:
    """Return every missed threshold, in the order of levels, parts and pools."""
    found: list[Problem] = []
    for section in report.sections:
        if section.total:
            for check in _CHECKS:
                found += check(section, report.thresholds)
        else:
            found.append(Problem("empty", section.scope, 0, _("没有可用的已审定题目。")))
    return found


def per_cent(share: Decimal) -> str:
    """Return a share as people read it: 37.5%."""
    return f"{share * 100:.1f}%"


def _coverage(section: Section, _thresholds: Thresholds) -> Iterator[Problem]:
    if section.holes:
        words = {"count": len(section.holes), "least": section.least}
        text = _("%(count)d 个要求的题目少于 %(least)d 题。") % words
        yield Problem("holes", section.scope, len(section.holes), text, anchor="coverage")


def _supply(section: Section, thresholds: Thresholds) -> Iterator[Problem]:
    for demanded in section.demanded:
        short, least = demanded.short, demanded.least
        if not short or not least:
            continue
        words = {
            "name": demanded.demand.name,
            "count": len(short),
            "wanted": thresholds.factor(section.scope.pool),
            "function": _("全部") if least.function == ALL else f"{least.function} {least.function_name}",
            "type": type_label(least.type),
            "factor": least.factor,
            "missing": sum(one.missing for one in short),
        }
        text = _(
            "%(name)s：%(count)d 处（职业功能 × 题型）不够 %(wanted)s 份卷，共缺 %(missing)d 题；"
            "最少的是职业功能 %(function)s 的%(type)s，够 %(factor)s 份。"
        )
        yield Problem("supply", section.scope, len(short), text % words, anchor="supply")


def _keys(section: Section, thresholds: Thresholds) -> Iterator[Problem]:
    single, judged = section.keys.single, section.keys.true_false
    if single.total >= thresholds.least_items and single.deviation > thresholds.key_deviation:
        shares = "，".join(f"{letter} {per_cent(share)}" for letter, share in single.shares.items())
        text = _("单项选择题的答案位置不均匀：%(shares)s。") % {"shares": shares}
        yield Problem("key_positions", section.scope, single.total, text, {"type": "single"}, "keys")
    if judged.total >= thresholds.least_items and judged.deviation > thresholds.true_deviation:
        text = _("判断题中正确的占 %(share)s，应接近一半。") % {"share": per_cent(judged.share("T"))}
        yield Problem("true_false", section.scope, judged.total, text, {"type": "true_false"}, "keys")


def _lengths(section: Section, thresholds: Thresholds) -> Iterator[Problem]:
    for kind, guess, text in (
        ("longest", section.keys.longest, _("总选最长的选项可得 %(gain)s，随机只得 %(chance)s。")),
        ("shortest", section.keys.shortest, _("总选最短的选项可得 %(gain)s，随机只得 %(chance)s。")),
    ):
        if guess.total >= thresholds.least_items and guess.gain > thresholds.longest_share:
            words = _guess_words(guess)
            yield Problem(kind, section.scope, guess.clear, text % words, {"type": "single"}, "keys")


def _guess_words(guess: Guess) -> dict[str, str]:
    return {"gain": per_cent(guess.gain), "chance": per_cent(guess.chance)}


def _facility(section: Section, thresholds: Thresholds) -> Iterator[Problem]:
    mean = section.mean_facility
    if section.scope.part != PartCode.THEORY or mean is None or section.total < thresholds.least_items:
        return
    if not thresholds.facility_least <= mean <= thresholds.facility_most:
        words = {"mean": mean, "least": thresholds.facility_least, "most": thresholds.facility_most}
        text = _("平均难度 %(mean)s，应在 %(least)s 到 %(most)s 之间。") % words
        yield Problem("facility", section.scope, section.total, text, anchor="spread")


def _texts(section: Section, _thresholds: Thresholds) -> Iterator[Problem]:
    if section.unexplained:
        words = {"count": len(section.unexplained), "codes": "、".join(section.unexplained[:5])}
        text = _("%(count)d 题没有解析：%(codes)s。") % words
        yield Problem("unexplained", section.scope, len(section.unexplained), text)
    if section.outdated:
        text = _("%(count)d 题属于旧版标准，不能用于组卷。") % {"count": section.outdated}
        yield Problem("outdated", section.scope, section.outdated, text)
    if near := section.open_near:
        text = _("%(count)d 对题目的题干近似：同库的没有设为互斥，或者分属两个题库。") % {"count": len(near)}
        yield Problem("near_duplicates", section.scope, len(near), text, anchor="near")


def _tasks(section: Section, thresholds: Thresholds) -> Iterator[Problem]:
    wanted = thresholds.tasks(section.scope.pool)
    short = [one for one in section.tasks.functions if one.count < wanted]
    if section.scope.part != PartCode.SKILL or not short:
        return
    least = min(short, key=lambda one: one.count)
    words = {
        "count": len(short),
        "wanted": wanted,
        "function": f"{least.function} {least.function_name}",
        "found": least.count,
    }
    text = _(
        "%(count)d 个职业功能的操作技能题不够 %(wanted)d 题；最少的是职业功能 %(function)s，有 %(found)d 题。"
    )
    yield Problem("tasks", section.scope, len(short), text % words, anchor="tasks")


_CHECKS = (_coverage, _supply, _tasks, _keys, _lengths, _facility, _texts)
