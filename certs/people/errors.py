"""The refusals of people: documents, sign-up, photos, roles."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certs.errors import RegistryError


class DocumentFault(TextChoices):
    """What is wrong with a document number; the label says it to the user with a way out."""

    ID_LENGTH = "id_length", gettext_lazy("身份证号码应为 18 位。请对照证件逐位核对。")
    ID_CHARACTERS = "id_characters", gettext_lazy("身份证号码的前 17 位应为数字，最后一位为数字或 X。")
    ID_REGION = "id_region", gettext_lazy("身份证号码的前 6 位不是有效的地区代码。请核对前 6 位。")
    ID_DATE = "id_date", gettext_lazy("身份证号码的第 7 至 14 位不是真实的出生日期。请核对这 8 位。")
    ID_FUTURE = "id_future", gettext_lazy("身份证号码中的出生日期不在过去。请核对第 7 至 14 位。")
    ID_CHECK = "id_check", gettext_lazy("身份证号码的校验码不符，其中至少有一位输错了。请逐位核对。")
    PASSPORT = "passport", gettext_lazy("护照号码应为 5 至 9 位字母和数字，且至少含一位数字。")
    HK_MACAO = "hk_macao", gettext_lazy("港澳居民来往内地通行证号码应为 H 或 M 加 8 位或 10 位数字。")
    TAIWAN = "taiwan", gettext_lazy("台湾居民来往大陆通行证号码应为 8 位或 10 位数字。")
    OTHER = "other", gettext_lazy("证件号码应为 4 至 30 位字母、数字或连字符。")
    OTHER_LOOKS_KNOWN = (
        "other_looks_known",
        gettext_lazy("这个号码像是手机号码或居民身份证号码，请选择正确的证件类型。"),
    )


class DocumentInvalid(RegistryError):
    """The document number breaks the rule of its type."""

    clause = "D14"

    def __init__(self, fault: DocumentFault) -> None:
        super().__init__(str(fault.label))
        self.fault = fault


class MobileInvalid(RegistryError):
    """Not a mobile number of the mainland."""

    def __init__(self) -> None:
        super().__init__(_("手机号码应为 1 开头的 11 位数字。"))


class NameInvalid(RegistryError):
    """The name is empty, too long, or holds a character that no font can print."""

    def __init__(self) -> None:
        super().__init__(_("姓名应为 1 至 60 个字，且不含无法印出的字符。"))


class FieldRefused(RegistryError):
    """A refusal that belongs to one field of a form."""

    def __init__(self, message: str, *, field: str = "", clause: str = "", remedy: str = "") -> None:
        super().__init__(message, clause=clause, remedy=remedy)
        self.field = field


class AlreadyRegistered(FieldRefused):
    """The document, mobile or e-mail belongs to an account already; says nothing about whose."""


class ConsentMissing(FieldRefused):
    """Personal data may not be taken without the consent for it."""


class ProfileInvalid(FieldRefused):
    """A change of the profile breaks a rule."""


class PasswordRefused(FieldRefused):
    """The password is too weak."""


class PhotoRefused(RegistryError):
    """The upload is no photo that we can take."""


class RoleRefused(RegistryError):
    """A role may not be granted or revoked like this."""


class NotAllowed(RegistryError):
    """This takes a permission that the person has not."""
