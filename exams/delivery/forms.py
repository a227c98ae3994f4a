"""Forms of the exam room: reading what candidates and officers send."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from exams.assembly.models import Paper
from exams.bank.types import Content, UnreadableAnswer, get_kind
from exams.delivery.actions import MOST_MINUTES_GIVEN
from exams.delivery.errors import AnswerUnreadable
from exams.delivery.queries import admissible_papers
from exams.delivery.rules import checked_answer
from exams.sittings.models import Centre


class ConfirmForm(forms.Form):
    """The candidate confirms who he is and that he read the rules; the clock starts only then."""

    confirmed = forms.BooleanField(
        label=_("我是上述考生本人，已阅读并遵守考试须知"),
        error_messages={"required": _("请先勾选确认，再开始作答。")},
    )


class AnswerForm(forms.Form):
    """An answer as a plain form sends it; `seen_…` is what the page showed: only a change is saved.

    The fields of the answer itself, `answer` or `answer.<name>`, are the item type's.
    """

    flagged = forms.BooleanField(required=False)
    seen_answer = forms.CharField(required=False, strip=False)
    seen_flagged = forms.BooleanField(required=False)
    clear = forms.BooleanField(required=False)
    go = forms.CharField(max_length=8, required=False)

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content

    def clean_seen_answer(self) -> str | None:
        try:
            return checked_answer(self.content, self.cleaned_data["seen_answer"])
        except AnswerUnreadable:
            return None  # whatever the page showed, what came is a change

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        own = (name for name in self.data if name == "answer" or name.startswith("answer."))
        fields = {name: self.data.getlist(name) for name in own}  # type: ignore[attr-defined]
        try:
            answer = get_kind(self.content.type).from_fields(self.content, fields)
        except UnreadableAnswer:
            raise forms.ValidationError(_("作答内容不符合本题的题型。")) from None
        data["answer"] = "" if data.get("clear") else answer
        return data

    @property
    def is_change(self) -> bool:
        data = self.cleaned_data
        return bool((data["answer"], data["flagged"]) != (data["seen_answer"], data["seen_flagged"]))


class AdmitForm(forms.Form):
    """Whom to admit to which paper, where."""

    identifier = forms.CharField(
        label=_("考生"),
        max_length=254,
        help_text=_("证件号码、手机号码或电子邮箱"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    paper = forms.ModelChoiceField(label=_("试卷"), queryset=Paper.objects.none())
    centre = forms.ModelChoiceField(label=_("考点"), queryset=Centre.objects.none())
    minutes = forms.IntegerField(
        label=_("时长（分钟）"),
        min_value=1,
        max_value=600,
        required=False,
        help_text=_("留空按试卷的时长；有延时批准的考生在此填写其总时长"),
    )

    def __init__(self, *args: Any, centres: Iterable[Centre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers, places = self.fields["paper"], self.fields["centre"]
        assert isinstance(papers, forms.ModelChoiceField)
        assert isinstance(places, forms.ModelChoiceField)
        papers.queryset = admissible_papers(samples_too=settings.DEMO)
        papers.label_from_instance = _paper_label  # type: ignore[method-assign,assignment]
        places.queryset = Centre.objects.filter(pk__in=[centre.pk for centre in centres]).order_by("code")

    def clean_identifier(self) -> str:
        identifier: str = self.cleaned_data["identifier"]
        # People belong to a higher app, so the way to find one is named in the settings.
        self.person = import_string(settings.FIND_PERSON)(identifier)
        if self.person is None:
            raise forms.ValidationError(_("没有找到这位考生。请核对号码，或请考生先注册。"))
        return identifier


def _paper_label(paper: Paper) -> str:
    return f"{paper.code} · {paper.level.name} · {paper.minutes} min"


class SealForm(forms.Form):
    """Why an officer seals an attempt."""

    note = forms.CharField(label=_("封卷原因"), max_length=200)


class GiveTimeForm(forms.Form):
    """How much time is given back, and why."""

    minutes = forms.IntegerField(label=_("补时（分钟）"), min_value=1, max_value=MOST_MINUTES_GIVEN)
    why = forms.CharField(label=_("补时原因"), max_length=200)


class WatchForm(forms.Form):
    """Filters of the list of attempts."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("admitted", _("待开始")),
            ("running", _("作答中")),
            ("sealed", _("已封卷")),
        ],
    )
    q = forms.CharField(label=_("姓名"), max_length=60, required=False)
