"""What staff may ask of papers."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.assembly.models import Blueprint, Paper
from exams.assembly.queries import blueprints
from exams.bank.enums import Pool

_MOST_SEED = 2**31 - 1


class PapersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Papers by code, each with the name of its blueprint."""

    def label_from_instance(self, obj: Model) -> str:
        return f"{obj.code} · {obj.blueprint.name}" if isinstance(obj, Paper) else str(obj)


class AssembleForm(forms.Form):
    """A blueprint, a seed and papers whose items are not used again."""

    blueprint = forms.ModelChoiceField(
        Blueprint.objects.none(), label=_("蓝图"), to_field_name="code", empty_label=_("请选择")
    )
    seed = forms.IntegerField(
        label=_("种子"),
        min_value=0,
        max_value=_MOST_SEED,
        initial=1,
        help_text=_("题库、蓝图和种子相同，组成的试卷就相同。"),
    )
    avoid = PapersField(
        Paper.objects.none(),
        label=_("避开这些试卷的题目"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blueprint"].queryset = blueprints()  # type: ignore[attr-defined]
        usable = Paper.objects.filter(withdrawn_at__isnull=True).select_related("blueprint")
        self.fields["avoid"].queryset = usable.order_by("code")  # type: ignore[attr-defined]


class FreezeForm(AssembleForm):
    """The same, and the digest of the paper that was shown."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$")


class PaperFilterForm(forms.Form):
    """What the list of papers is narrowed to."""

    text = forms.CharField(label=_("卷号"), required=False, max_length=40)
    status = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("usable", _("可用")), ("withdrawn", _("已停用"))],
    )
    pool = forms.ChoiceField(label=_("题库"), required=False, choices=[("", _("全部")), *Pool.choices])


class WithdrawForm(forms.Form):
    """Why a paper is taken out of use."""

    reason = forms.CharField(
        label=pgettext_lazy("withdrawing a paper", "停用原因"),
        max_length=200,
        help_text=_("停用后不能恢复；正在使用该卷的考试不受影响。"),
    )
