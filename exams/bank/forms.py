"""What the list of items is narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.bank.enums import Difficulty, ItemState, Pool
from exams.bank.queries import ItemFilter, functions_with_items
from exams.bank.types import type_choices

_ALL: list[tuple[str, Any]] = [("", _("全部"))]


class ItemFilterForm(forms.Form):
    """Search in stem and code; function (with its level), type, pool, difficulty and state."""

    text = forms.CharField(label=_("题干或编号"), required=False, max_length=100)
    function = forms.ChoiceField(label=_("职业功能"), required=False)
    type = forms.ChoiceField(label=_("题型"), required=False, choices=lambda: [*_ALL, *type_choices()])
    pool = forms.ChoiceField(label=_("题库"), required=False, choices=[*_ALL, *Pool.choices])
    difficulty = forms.TypedChoiceField(
        label=_("难度"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*_ALL, *((str(value), f"{value} {label}") for value, label in Difficulty.choices)],
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*_ALL, *ItemState.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names: dict[str, str] = {}
        for function in functions_with_items():
            level = function.level
            names.setdefault(
                f"{level.number}:{function.code}", f"{level.name} {function.code} {function.name}"
            )
        self.fields["function"].choices = [*_ALL, *names.items()]  # type: ignore[attr-defined]

    def wanted(self) -> ItemFilter:
        """Return the filter; what does not fit narrows nothing."""
        self.is_valid()
        data = {key: value for key, value in self.cleaned_data.items() if value}
        level, _colon, function = data.pop("function", "").partition(":")
        return ItemFilter(level=int(level) if level else None, function=function, **data)
