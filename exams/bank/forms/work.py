"""Fields and small forms that several pages use."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.bank.queries import reviewers

_ROUND = str.maketrans("[]", "（）")


class ReviewerField(forms.ChoiceField):
    """One of the people who may review; the value is the person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_choices, **kwargs)

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return next((one for one in reviewers() if str(one.pk) == chosen), None)


def _choices() -> list[tuple[str, str]]:
    return [("", "—"), *((str(one.pk), one.name) for one in reviewers())]


class PictureForm(forms.Form):
    """A picture and the words that say the same."""

    picture = forms.FileField(
        label=_("图片"),
        help_text=_("PNG、JPEG、GIF 或 WebP，不超过 5 MB。"),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    words = forms.CharField(
        label=_("替代文字"),
        max_length=300,
        help_text=_("看不到图片的人靠这段文字作答：写出图中与作答有关的全部内容。"),
        widget=forms.Textarea({"rows": 2, "lang": "zh-Hans"}),
    )

    def clean_words(self) -> str:
        # One line, and no bracket that would end the text early.
        words = " ".join(str(self.cleaned_data["words"]).split())
        return words.translate(_ROUND)
