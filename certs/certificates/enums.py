"""The closed vocabularies of certificates."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CertificateState(TextChoices):
    """Derived from a certificate's moments, never stored."""

    DUE = "due", _("制证中")
    VALID = "valid", _("有效")
    REVOKED = "revoked", _("已撤销")


class CertificateEventKind(TextChoices):
    DUE = "due", _("应发证")
    NUMBERED = "numbered", _("编号")
    ISSUED = "issued", _("发证")
    REVOKED = "revoked", _("撤销")
    FAILED = "failed", _("制证失败")
