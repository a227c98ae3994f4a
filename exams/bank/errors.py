"""What the item bank refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.sources import Problem
from exams.errors import ExamError


class ItemsRefused(ExamError):
    """Item files with problems; nothing of them was stored. `problems` names every one, by file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            _("题目文件有 %(count)d 处问题，没有载入任何题目。") % {"count": len(self.problems)},
            remedy=_("请按所列的文件和行号改正后重新载入。"),
        )
