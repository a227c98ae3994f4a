"""The form before a piece of a sealed live paper is printed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PrintForm(forms.Form):
    """Why somebody prints a piece of a sealed live paper."""

    reason = forms.CharField(
        label=pgettext_lazy("printing a sealed paper", "打印原因"),
        max_length=200,
        help_text=_("原因、时间和姓名一并记入试卷的记录。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
