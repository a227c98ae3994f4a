"""What an import is given: a file, and how to confirm it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.bank.exchange import format_of, formats
from exams.bank.exchange.contract import MOST_BYTES


class ImportForm(forms.Form):
    """The file."""

    file = forms.FileField(label=gettext_lazy("文件"), allow_empty_file=True, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = [f".{ending}" for one in formats().values() for ending in one.extensions]
        self.fields["file"].widget.attrs["accept"] = ",".join(endings)
        self.fields["file"].help_text = _("%(endings)s，最大 20 MB。") % {"endings": "、".join(endings)}

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if format_of(file.name or "") is None:
            raise ValidationError(_("不认识的文件类型。"))
        if not file.size:
            raise ValidationError(_("文件是空的。"))
        if file.size > MOST_BYTES:
            raise ValidationError(_("文件超过 20 MB，请分成几个文件。"))
        return file


class ConfirmForm(forms.Form):
    """Whether refused lines stay out, and whether what is written needs no review."""

    partly = forms.BooleanField(required=False)
    approve = forms.BooleanField(label=gettext_lazy("直接设为已审定，不再审题"), required=False)
