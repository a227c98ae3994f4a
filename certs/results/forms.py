"""Forms of the registrar: publish, enter, correct, search, ask."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from certs.people.models import Person
from certs.people.queries import find_person
from certs.results.enums import Outcome
from certs.results.models import PartResult
from certs.results.queries import DeskLine, outcome_of
from certs.results.rules import FULL_SCORE, MOST_DECIMALS
from exams.sittings.models import Centre
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level, Part
from syllabus.standard.queries import current_levels

SCORED = "scored"
KINDS = [
    (SCORED, gettext_lazy("有成绩")),
    (Outcome.ABSENT.value, Outcome.ABSENT.label),
    (Outcome.VOID.value, Outcome.VOID.label),
]


def _day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


def _score_field() -> forms.DecimalField:
    return forms.DecimalField(
        label=gettext_lazy("成绩"),
        required=False,
        min_value=Decimal(0),
        max_value=FULL_SCORE,
        decimal_places=MOST_DECIMALS,
        help_text=gettext_lazy("0 到 100 分，最多四位小数；缺考留空。是否合格由精确成绩判定（§1.7.4、D7）。"),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )


def level_choices() -> list[tuple[int, str]]:
    """Return the current levels, 三级 first."""
    return [(level.number, level.name) for level in current_levels()]


class PublishForm(forms.Form):
    """The desk's selection; its checkboxes stand in the table's rows."""

    attempts = forms.TypedMultipleChoiceField(
        coerce=UUID, error_messages={"required": gettext_lazy("请先选择要公布的成绩。")}
    )
    confirmed = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    reason = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("仅在两次考试间隔不足时需要，随成绩记入台账。"),
    )

    def __init__(self, lines: list[DeskLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(line.attempt.pk), str(line.attempt.pk)) for line in lines]
        for name in ("attempts", "confirmed"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedMultipleChoiceField)
            field.choices = choices

    def chosen(self, name: str) -> set[str]:
        """Return which rows of `name` are ticked, to draw the page again."""
        return set(self.data.getlist(name)) if hasattr(self.data, "getlist") else set()


class _ScoreForm(forms.Form):
    """What a result says: kind, score, day. The outcome of a score follows from the pass mark."""

    kind = forms.ChoiceField(label=pgettext_lazy("result", "结果"), choices=KINDS)
    score = _score_field()
    sat_on = _day_field(gettext_lazy("考试日期"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, score = cleaned.get("kind"), cleaned.get("score")
        if kind == SCORED and score is None and "score" not in self.errors:
            self.add_error("score", _("请填写成绩；没有参加考试的，结果选“缺考”。"))
        if kind == Outcome.ABSENT and score is not None:
            self.add_error("score", _("缺考没有成绩，请将成绩留空。"))
        return cleaned

    def outcome(self, pass_mark: Decimal) -> str:
        """Return the outcome that the entered kind and score come to."""
        kind: str = self.cleaned_data["kind"]
        return outcome_of(self.cleaned_data["score"], pass_mark) if kind == SCORED else kind


class RecordForm(_ScoreForm):
    """A result that no attempt gives; the person is found by an identifier unless already known."""

    identifier = forms.CharField(
        label=gettext_lazy("考生"),
        max_length=254,
        help_text=gettext_lazy("证件号码、手机号码或电子邮箱，须完整。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    level = forms.TypedChoiceField(label=gettext_lazy("级别"), coerce=int, choices=level_choices)
    part = forms.ChoiceField(
        label=gettext_lazy("鉴定项目"), choices=PartCode.choices, initial=PartCode.SKILL.value
    )
    centre = forms.ModelChoiceField(label=gettext_lazy("考点"), queryset=Centre.objects.none())
    reason = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("两次考试间隔不足而确需登记的，须写明原因（D5）。"),
    )
    field_order = ["identifier", "level", "part", "kind", "score", "sat_on", "centre", "reason"]

    def __init__(
        self, *args: Any, centres: list[Centre], person: Person | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            del self.fields["identifier"]
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Centre.objects.filter(pk__in=[centre.pk for centre in centres]).order_by("code")
        if len(centres) == 1:
            field.initial = centres[0].pk

    def clean_identifier(self) -> str:
        text: str = self.cleaned_data["identifier"]
        self.person = find_person(text)
        if self.person is None:
            raise forms.ValidationError(_("没有找到这位考生。请核对号码，或请考生先注册。"))
        return text

    def facts(self) -> dict[str, Any]:
        """Return what `record_result` wants of the form."""
        data = self.cleaned_data
        level = next(one for one in current_levels() if one.number == data["level"])
        part = Part.objects.filter(level_id=level.pk, code=data["part"]).first()
        pass_mark = part.pass_mark if part else Decimal(0)
        return {
            "person": self.person,
            "level": level,
            "part": data["part"],
            "outcome": self.outcome(pass_mark),
            "score": data["score"],
            "sat_on": data["sat_on"],
            "centre": data["centre"],
            "reason": data["reason"],
        }


class CorrectForm(_ScoreForm):
    """What a row should have said, and why."""

    reason = forms.CharField(
        label=gettext_lazy("更正原因"),
        max_length=300,
        help_text=gettext_lazy("记入台账，不能修改。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @staticmethod
    def initial_of(row: PartResult) -> dict[str, Any]:
        """Return the row as the form shows it before anything is changed."""
        kind = SCORED if row.outcome in (Outcome.PASSED, Outcome.FAILED) else row.outcome
        score = row.score.normalize() if row.score is not None and kind == SCORED else None
        return {"kind": kind, "score": None if score is None else f"{score:f}", "sat_on": row.sat_on}

    def facts(self, row: PartResult) -> dict[str, Any]:
        """Return what `correct_result` wants of the form."""
        data = self.cleaned_data
        return {
            "outcome": self.outcome(row.pass_mark),
            "score": data["score"],
            "sat_on": data["sat_on"],
            "reason": data["reason"],
        }


class LedgerForm(forms.Form):
    """Filters of the ledger; all optional."""

    q = forms.CharField(label=gettext_lazy("考生"), required=False, max_length=254)
    level = forms.TypedChoiceField(
        label=gettext_lazy("级别"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=lambda: [("", gettext_lazy("全部级别")), *level_choices()],
    )
    part = forms.ChoiceField(
        label=gettext_lazy("鉴定项目"),
        required=False,
        choices=[("", gettext_lazy("全部项目")), *PartCode.choices],
    )
    outcome = forms.ChoiceField(
        label=pgettext_lazy("result", "结果"),
        required=False,
        choices=[("", gettext_lazy("全部结果")), *Outcome.choices],
    )

    def wanted(self) -> dict[str, Any]:
        """Return the filters; of a query string that makes no sense, none."""
        data = self.cleaned_data if self.is_valid() else {}
        names = {"q": "text", "level": "level", "part": "part", "outcome": "outcome"}
        return {keyword: data[name] for name, keyword in names.items() if data.get(name)}


class QualifiedForm(forms.Form):
    """Was this person qualified on a day?"""

    level = forms.TypedChoiceField(label=gettext_lazy("级别"), coerce=int, choices=level_choices)
    day = _day_field(gettext_lazy("日期"))

    def question(self) -> tuple[Level, date]:
        """Return the level and the day asked about."""
        level = next(one for one in current_levels() if one.number == self.cleaned_data["level"])
        return level, self.cleaned_data["day"]
