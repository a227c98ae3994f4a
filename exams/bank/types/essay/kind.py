"""Essay: a plan or an analysis of some length, marked by a person against criteria."""

from django.utils.translation import gettext_lazy as _

from exams.bank.types.written import WrittenKind


class Essay(WrittenKind):
    """方案策划题. Practice: domain.md 5."""

    code = "essay"
    label = _("方案策划题")
    position = 10
    lines = 20


KIND = Essay()
