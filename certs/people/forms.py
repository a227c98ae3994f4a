"""Forms of people. They check shapes early; the actions check everything again."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certs.errors import RegistryError
from certs.people.actions import change_password, register_person
from certs.people.enums import ConsentPurpose, DocumentType, Role, Sex
from certs.people.errors import (
    DocumentInvalid,
    FieldRefused,
    MobileInvalid,
    NameInvalid,
    PhotoRefused,
)
from certs.people.models import Person
from certs.people.photos import MOST_BYTES
from certs.people.queries import CANDIDATE
from certs.people.rules import check_document, check_name, normalise_email, normalise_mobile
from exams.sittings.models import Centre

if TYPE_CHECKING:
    _SetPasswordForm = SetPasswordForm[Person]  # generic in the stubs only
else:
    _SetPasswordForm = SetPasswordForm

_FIELD_OF = {"document_hash": "document_number", "password": "password"}


def add_refusal(form: forms.BaseForm, error: RegistryError, *, field: str = "") -> None:
    """Show a refusal of an action at the field it is about, with its remedy."""
    if isinstance(error, FieldRefused) and error.field:
        field = _FIELD_OF.get(error.field, error.field)
    form.add_error(field if field in form.fields else None, error.message + error.remedy)


class LoginForm(AuthenticationForm):
    """One field for any identifier, and the password."""

    error_messages = {
        "invalid_login": _("账号或密码不对。账号可以是证件号码、手机号码或电子邮箱。"),
        "inactive": _("账号或密码不对。账号可以是证件号码、手机号码或电子邮箱。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username = forms.CharField(max_length=254, label=_("证件号码、手机号码或电子邮箱"))
        username.widget.attrs.update(
            {"autofocus": True, "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["username"] = username


class ContactForm(forms.Form):
    """Mobile and e-mail: what people may change themselves."""

    mobile = forms.CharField(
        label=_("手机号码"),
        max_length=30,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        help_text=_("用于找回密码。"),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean_mobile(self) -> str:
        return _checked(normalise_mobile, self.cleaned_data["mobile"], MobileInvalid)

    def clean_email(self) -> str | None:
        return normalise_email(self.cleaned_data["email"]) or None


class PhotoForm(forms.Form):
    """A photo with the consent of its own that it needs."""

    photo = forms.FileField(
        label=_("照片"),
        help_text=_("JPEG、PNG 或 WebP，不超过 5 MB。正面免冠，竖幅。"),
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
    consent_photo = forms.BooleanField(
        label=_("我单独同意处理我的照片：只用于核对身份和印在本人的证书上，可随时撤回。"), required=False
    )

    def clean_photo(self) -> bytes | None:
        upload = self.cleaned_data["photo"]
        if not upload:
            return None
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("照片文件超过 5 MB，请缩小后再上传。"))
        data: bytes = upload.read()
        return data


class SignUpForm(PhotoForm, ContactForm):
    """Candidate sign-up on one page, with notice and consents."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        help_text=_("与证件一致，证书按此印制。"),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    document_type = forms.ChoiceField(
        label=_("证件类型"), choices=DocumentType.choices, initial=DocumentType.ID_CARD
    )
    document_number = forms.CharField(
        label=_("证件号码"),
        max_length=40,
        help_text=_("加密保存；页面上只显示其中几位。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    sex = forms.ChoiceField(
        label=_("性别"),
        choices=[("", _("不填")), *Sex.choices],
        required=False,
        help_text=_("居民身份证不用填。"),
    )
    born_on = forms.DateField(
        label=_("出生日期"),
        required=False,
        help_text=_("居民身份证不用填。"),
        widget=forms.DateInput({"type": "date", "autocomplete": "bday"}, "%Y-%m-%d"),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=128,
        help_text=_("至少 10 个字符，不能全是数字，不能是常见密码，也不能与姓名、手机号码或邮箱相近。"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("再输一次密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    consent_account = forms.BooleanField(
        label=_("我已阅读并同意上面的个人信息处理告知书。"),
        error_messages={"required": _("注册需要您同意告知书；不同意则无法注册。")},
    )
    field_order = [
        "name",
        "document_type",
        "document_number",
        "sex",
        "born_on",
        "mobile",
        "email",
        "password",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].required = False

    def clean_name(self) -> str:
        return _checked(check_name, self.cleaned_data["name"], NameInvalid)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("document_number") and data.get("document_type"):
            try:
                check_document(data["document_type"], data["document_number"], on=timezone.localdate())
            except DocumentInvalid as error:
                add_refusal(self, error, field="document_number")
        if data.get("password") and data.get("password_again") and data["password"] != data["password_again"]:
            self.add_error("password_again", _("两次输入的密码不一致。"))
        return data

    def register(self) -> Person | None:
        """Register the person; None, with the reason shown in the form, when an action refuses."""
        data = {key: self.cleaned_data[key] for key in _REGISTERED}
        consents = [purpose for purpose in ConsentPurpose if self.cleaned_data[f"consent_{purpose.value}"]]
        if not data["photo"] and ConsentPurpose.PHOTO in consents:
            consents.remove(ConsentPurpose.PHOTO)  # nothing was given that it could be for
        try:
            return register_person(**data, consents=consents, by=None, at=timezone.now())
        except PhotoRefused as error:
            add_refusal(self, error, field="photo")
        except RegistryError as error:
            add_refusal(self, error)
        return None


_REGISTERED = (
    "name",
    "document_type",
    "document_number",
    "mobile",
    "email",
    "password",
    "sex",
    "born_on",
    "photo",
)


class ChangePasswordForm(PasswordChangeForm):
    """Django's form, saving through the action that leaves an event."""

    def save(self, commit: bool = True) -> Person:  # noqa: ARG002  asked for by Django
        return change_password(
            person=self.user, password=self.cleaned_data["new_password1"], by=self.user, at=timezone.now()
        )


class ResetPasswordForm(_SetPasswordForm):
    """As above, after a link sent by e-mail: nobody is logged in, so the event names the person alone."""

    def save(self, commit: bool = True) -> Person:  # noqa: ARG002
        password = self.cleaned_data["new_password1"]
        return change_password(
            person=self.user, password=password, by=self.user, at=timezone.now(), how="reset"
        )


class PeopleSearchForm(forms.Form):
    """The filters above the list of people."""

    q = forms.CharField(
        label=_("查找"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"type": "search", "placeholder": _("姓名，或完整的手机号码、邮箱")}),
    )
    role = forms.ChoiceField(
        label=_("角色"),
        required=False,
        choices=[("", _("全部")), (CANDIDATE, _("考生（无角色）")), *Role.choices],
    )


class FindForm(forms.Form):
    """A document number to look up; sent by POST, so that it stands in no address, history or log."""

    number = forms.CharField(
        label=_("证件号码"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "placeholder": _("完整的证件号码")}
        ),
    )


class RoleForm(forms.Form):
    """A role to grant, at one centre or at all."""

    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *Role.choices])
    centre = forms.ModelChoiceField(
        label=_("考点"), queryset=Centre.objects.order_by("code"), required=False, empty_label=_("全部考点")
    )


def _checked(rule: Callable[[str], str], text: str, refusal: type[RegistryError]) -> str:
    try:
        return rule(text)
    except refusal as error:
        raise forms.ValidationError(error.message) from error
