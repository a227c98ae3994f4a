"""What staff may ask of papers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.assembly.models import Blueprint, Paper
from exams.bank.enums import Pool
from exams.bank.queries.single import SEE_LIVE


class PaperFilterForm(forms.Form):
    """What the list of papers is narrowed to."""

    text = forms.CharField(label=_("卷号"), required=False, max_length=40)
    status = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("draft", _("待批准")),
            ("usable", _("可用")),
            ("withdrawn", _("已停用")),
        ],
    )
    pool = forms.ChoiceField(label=_("题库"), required=False, choices=[("", _("全部")), *Pool.choices])
    blueprint = forms.ModelChoiceField(
        Blueprint.objects.all(), required=False, to_field_name="code", widget=forms.HiddenInput
    )


class WithdrawForm(forms.Form):
    """Why a paper is taken out of use."""

    reason = forms.CharField(
        label=pgettext_lazy("withdrawing a paper", "停用原因"),
        max_length=200,
        help_text=_("停用后不能恢复；正在使用该卷的考试不受影响。"),
    )


class LookForm(forms.Form):
    """Why somebody looks at the items of a sealed live paper."""

    reason = forms.CharField(
        label=pgettext_lazy("looking at a sealed paper", "查看原因"),
        max_length=200,
        help_text=_("原因、时间和姓名一并记入试卷的记录。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReaderForm(forms.Form):
    """Who else may see the items of a live paper: one of those who may see live items at all."""

    person = forms.ChoiceField(label=_("查看人"))

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {one.person_id for one in paper.readers.all()}
        # People belong to a higher app, so the way to find those with a permission is named in the settings.
        holders = import_string(settings.FIND_HOLDERS)(SEE_LIVE)
        self.people = {str(one.pk): one for one in holders if one.pk not in named}
        choices = [(pk, str(one)) for pk, one in self.people.items()]
        self.fields["person"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]

    @property
    def is_needed(self) -> bool:
        """Return whether there is anybody left to name."""
        return bool(self.people)

    @property
    def chosen(self) -> Any:
        """Return the person chosen, once the form is valid."""
        return self.people[self.cleaned_data["person"]]


class SwapForm(forms.Form):
    """Which item takes another's place: a version among those that fit."""

    version = forms.IntegerField(min_value=1)
