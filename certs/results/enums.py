"""The closed vocabularies of results."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(TextChoices):
    """What a part came to; absence and voiding are results of their own (D6)."""

    PASSED = "passed", pgettext_lazy("result", "合格")
    FAILED = "failed", pgettext_lazy("result", "不合格")
    ABSENT = "absent", _("缺考")
    VOID = "void", _("违纪")
