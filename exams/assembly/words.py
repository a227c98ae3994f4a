"""Demands of papers in words: what a conflict is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.assembly.engine.problem import Key
from exams.assembly.enums import QuotaAttribute
from exams.assembly.solver import Clash
from exams.bank.enums import CognitiveLevel, Difficulty
from exams.bank.types import type_label
from syllabus.standard.enums import Importance

_VALUES: dict[QuotaAttribute, list[tuple[Any, Any]]] = {
    QuotaAttribute.COGNITION: CognitiveLevel.choices,
    QuotaAttribute.IMPORTANCE: Importance.choices,
    QuotaAttribute.DIFFICULTY: Difficulty.choices,
}


def clash_words(clashes: Sequence[Clash], names: Mapping[str, str], *, is_irreducible: bool) -> list[str]:
    """Return a conflict as sentences: a heading, then each demand with what would resolve it."""
    if not clashes:
        return []
    alone = _("以下要求单独一项就不能满足：")
    head = (
        _("以下 %(count)d 项要求不能同时满足；去掉其中任何一项，其余各项就能同时满足：")
        if is_irreducible
        else _("以下 %(count)d 项要求不能同时满足（限时内未能证明每一项都必不可少）：")
    )
    lines = [alone if len(clashes) == 1 and is_irreducible else head % {"count": len(clashes)}]
    for clash in clashes:
        text = demand_words(clash.key, clash.least, clash.most, names)
        if clash.missing:
            text += _("（再补这类题 %(count)d 题可以化解）") % {"count": clash.missing}
        lines.append(text)
    return lines


def demand_words(key: Key, least: float | None, most: float | None, names: Mapping[str, str]) -> str:
    """Return one demand as a clause, its source named where the standard states it."""
    kind, *rest = key
    amount = _amount(least, most)
    first, last = (rest[0], rest[-1]) if rest else ("", "")
    words = {"amount": amount, "code": last, "name": names.get(first, "")}
    if kind == "section":
        return _("大题“%(type)s”%(amount)s 题") % {"type": type_label(first), "amount": amount}
    if kind == "quota":
        return _quota(first, last, amount)
    if kind == "barred":
        return str(_BARRED[first])
    return str(_SENTENCES[kind]) % words


_SENTENCES = {
    "function": gettext_lazy("职业功能 %(code)s“%(name)s”%(amount)s 分（§2.2）"),
    "content": gettext_lazy("工作内容 %(code)s %(amount)s"),
    "knowledge": gettext_lazy("知识点 %(code)s %(amount)s 分"),
    "facility": gettext_lazy("平均难度在蓝图的范围之内"),
    "enemies": gettext_lazy("互斥的题目不出现在同一卷"),
    "units": gettext_lazy("同一题组的题目成套出现"),
}
_BARRED = {
    "avoided": gettext_lazy("不重复所避开试卷的题目"),
    "exposed": gettext_lazy("不使用达到最多使用次数的题目"),
    "resting": gettext_lazy("不使用停歇期内的题目"),
}


def value_name(attribute: str, value: str) -> str:
    """Return what a value of a quota's attribute is called; the value itself where it is none."""
    labels = {str(key): str(label) for key, label in _VALUES[QuotaAttribute(attribute)]}
    return labels.get(value, value)


def quota_name(attribute: str, value: str) -> str:
    """Return what a quota is about: 认知层次“识记”."""
    words = {"attribute": QuotaAttribute(attribute).label, "value": value_name(attribute, value)}
    return _("%(attribute)s“%(value)s”") % words


def _quota(attribute: str, value: str, amount: str) -> str:
    return _("%(quota)s%(amount)s 分") % {"quota": quota_name(attribute, value), "amount": amount}


def _amount(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        if least == most:
            return _("共 %(number)d") % {"number": least}
        return _("%(least)d 到 %(most)d") % {"least": least, "most": most}
    if least is not None:
        return _("至少 %(number)d") % {"number": least}
    return _("至多 %(number)d") % {"number": most or 0}
