"""What staff may ask of a run."""

from typing import Any

from django import forms
from django.db.models import Model, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from exams.assembly.actions.runs import MOST_FORMS
from exams.assembly.models import Blueprint, Paper
from exams.assembly.queries import blueprints
from exams.bank.enums import Pool

_MOST_SEED = 2**31 - 1
_MOST_SECONDS = 24 * 3600


class PapersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Papers by code, each with the name of its blueprint."""

    def label_from_instance(self, obj: Model) -> str:
        return f"{obj.code} · {obj.blueprint.name}" if isinstance(obj, Paper) else str(obj)


class AssembleForm(forms.Form):
    """A blueprint, how many forms with how much in common, a seed, and papers not to repeat."""

    blueprint = forms.ModelChoiceField(
        Blueprint.objects.none(), label=_("蓝图"), to_field_name="code", empty_label=_("请选择")
    )
    forms_wanted = forms.IntegerField(
        label=_("卷数"),
        min_value=1,
        max_value=MOST_FORMS,
        initial=1,
        help_text=_("两份以上为平行卷（A、B、C……）：分值分布相同，难度尽量相等。"),
    )
    overlap = forms.IntegerField(
        label=_("共同题数"),
        min_value=0,
        initial=0,
        required=False,
        help_text=_("各平行卷都有的题目；0 表示互不重复。"),
    )
    seed = forms.IntegerField(
        label=_("种子"),
        min_value=0,
        max_value=_MOST_SEED,
        initial=1,
        help_text=_("题库、蓝图和种子相同，组成的试卷就相同。"),
    )
    time_limit = forms.IntegerField(
        label=_("限时（秒）"),
        min_value=1,
        max_value=_MOST_SECONDS,
        required=False,
        help_text=_("留空则一直算到有证明为止。"),
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
        # Mock papers, one for each mock that somebody took, are many and of no use here.
        usable = Paper.objects.filter(
            Q(pool=Pool.LIVE) | Q(frozen_by__isnull=False), withdrawn_at__isnull=True
        )
        self.fields["avoid"].queryset = usable.select_related("blueprint").order_by("code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        overlap, wanted = data.get("overlap") or 0, data.get("forms_wanted")
        if "blueprint" in data and overlap:
            count = sum(section.count for section in data["blueprint"].sections.all())
            if wanted == 1:
                self.add_error("overlap", _now("只组一份试卷时没有共同题。"))
            elif overlap >= count:
                self.add_error(
                    "overlap", _now("共同题数应小于一份卷的题量（%(count)d）。") % {"count": count}
                )
        return data

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what `start_run` takes."""
        data = self.cleaned_data
        return {
            "blueprint": data["blueprint"],
            "forms": data["forms_wanted"],
            "overlap": data["overlap"] or 0,
            "seed": data["seed"],
            "avoid": [paper.pk for paper in data["avoid"]],
            "time_limit": data["time_limit"],
        }
