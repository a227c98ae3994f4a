"""Multiple choice: five options, two to four keys; scores when exactly right (D10)."""

from django.utils.translation import gettext_lazy as _

from exams.bank.types.choice import ChoiceKind


class MultipleChoice(ChoiceKind):
    """多项选择题. Decision: D10."""

    code = "multiple"
    label = _("多项选择题")
    position = 3
    is_multiple = True


KIND = MultipleChoice()
