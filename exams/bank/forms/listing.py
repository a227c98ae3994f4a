"""What the list of items is narrowed to, and what is done to the chosen ones."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.bank.enums import Difficulty, ItemState, Pool
from exams.bank.forms.work import ReviewerField
from exams.bank.queries import ItemFilter, functions_with_items
from exams.bank.queries.listing import REVISED
from exams.bank.types import type_choices

_ALL: list[tuple[str, Any]] = [("", _("全部"))]

BULK_ACTIONS = (
    ("submit", _("提交审题")),
    ("assign", _("指派审题员")),
    ("approve", _("审定")),
    ("suspend", _("停用")),
    ("reinstate", _("恢复")),
    ("retire", _("退役")),
    ("move", _("转入练习库")),
)
ONE_WAY = frozenset({"retire", "move"})
NEEDS_REASON = frozenset({"suspend", "reinstate", "retire", "move"})


class ItemFilterForm(forms.Form):
    """Search in stem and code; function (with its level), type, pool, difficulty, state and more."""

    text = forms.CharField(label=_("题干或编号"), required=False, max_length=100)
    function = forms.ChoiceField(label=_("级别与职业功能"), required=False)
    place = forms.CharField(
        label=_("工作内容或要求"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"placeholder": "1.1 / 1.1.K2"}),
    )
    type = forms.ChoiceField(label=_("题型"), required=False, choices=lambda: [*_ALL, *type_choices()])
    pool = forms.ChoiceField(label=_("题库"), required=False, choices=[*_ALL, *Pool.choices])
    difficulty = forms.TypedChoiceField(
        label=_("难度"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*_ALL, *((str(value), f"{value} {label}") for value, label in Difficulty.choices)],
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[*_ALL, *ItemState.choices, (REVISED, _("有未审定的修订"))],
    )
    use = forms.ChoiceField(
        label=_("使用"),
        required=False,
        choices=[*_ALL, ("unused", _("没有用过")), ("used", _("用过")), ("year", _("近 12 个月用过"))],
    )
    statistic = forms.ChoiceField(
        label=_("统计"),
        required=False,
        choices=[
            *_ALL,
            ("far", _("实测难度偏离预期 0.2 以上")),
            ("weak", _("区分度低于 0.2")),
            ("none", _("没有统计")),
        ],
    )
    similar = forms.CharField(
        label=_("与这段文字相似的题干"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    mine = forms.BooleanField(label=_("只看我编写的"), required=False)
    sort = forms.ChoiceField(
        label=_("排序"),
        required=False,
        choices=[
            ("", _("按编号")),
            ("newest", _("最近修改")),
            ("difficulty", _("由易到难")),
            ("-difficulty", _("由难到易")),
            ("-used", _("使用最多")),
            ("used", _("使用最少")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names: dict[str, str] = {}
        for function in functions_with_items():
            level = function.level
            names.setdefault(str(level.number), level.name)
            names.setdefault(
                f"{level.number}:{function.code}", f"{level.name} {function.code} {function.name}"
            )
        self.fields["function"].choices = [*_ALL, *names.items()]  # type: ignore[attr-defined]

    def wanted(self, today: datetime.date) -> ItemFilter:
        """Return the filter; what does not fit narrows nothing."""
        self.is_valid()
        data = {key: value for key, value in self.cleaned_data.items() if value}
        level, _colon, function = data.pop("function", "").partition(":")
        return ItemFilter(level=int(level) if level else None, function=function, today=today, **data)

    @property
    def has_more(self) -> bool:
        """Return whether one of the filters that stand folded away narrows the list."""
        return any(self.cleaned_data.get(name) for name in ("place", "use", "statistic", "similar", "mine"))


class BulkForm(forms.Form):
    """The chosen items and what to do with them."""

    item = forms.MultipleChoiceField(required=True, error_messages={"required": _("请先选择题目。")})
    action = forms.ChoiceField(label=_("对所选题目"), choices=BULK_ACTIONS)
    reason = forms.CharField(label=_("原因"), required=False, max_length=1000)
    reviewer = ReviewerField(label=_("审题员"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        codes = data.getlist("item")
        self.fields["item"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("action") in NEEDS_REASON and not data.get("reason", "").strip():
            self.add_error("reason", _("请写明原因。"))
        if data.get("action") == "assign" and not data.get("reviewer"):
            self.add_error("reviewer", _("请选择审题员。"))
        return data
