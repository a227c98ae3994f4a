"""Forms of certificates."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certs.certificates.enums import CertificateState


class VerifyForm(forms.Form):
    """What a verification asks for: the number and the name, as they stand on the certificate."""

    number = forms.CharField(
        label=_("证书编号"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("共 14 位，最后一位可能是 X。"),
    )
    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("与证书上的写法一致。"),
    )


class SearchForm(forms.Form):
    """The registrar's filters."""

    q = forms.CharField(label=_("编号或姓名"), max_length=60, required=False)
    level = forms.ChoiceField(
        label=_("级别"),
        required=False,
        choices=[("", _("全部")), ("3", _("三级")), ("2", _("二级")), ("1", _("一级"))],
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("certificate", "状态"),
        required=False,
        choices=[("", _("全部")), *CertificateState.choices],
    )


class RevokeForm(forms.Form):
    """Why a certificate is revoked."""

    reason = forms.CharField(
        label=_("撤销原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写入证书记录，不对外公布。撤销后不能恢复。"),
    )
