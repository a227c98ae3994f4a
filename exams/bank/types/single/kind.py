"""Single choice: four options, one key."""

from django.utils.translation import gettext_lazy as _

from exams.bank.types.choice import ChoiceKind


class SingleChoice(ChoiceKind):
    """单项选择题. Practice: domain.md 5."""

    code = "single"
    label = _("单项选择题")
    position = 1


KIND = SingleChoice()
