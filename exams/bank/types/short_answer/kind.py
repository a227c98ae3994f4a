"""Short answer: some sentences, marked by a person against criteria."""

from django.utils.translation import gettext_lazy as _

from exams.bank.types.written import WrittenKind


class ShortAnswer(WrittenKind):
    """简答题. Practice: domain.md 5."""

    code = "short_answer"
    label = _("简答题")
    position = 9
    lines = 8


KIND = ShortAnswer()
