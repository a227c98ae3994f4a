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


class ItemRefused(ExamError):
    """What is asked of an item may not be done to it, or not by this person."""


class ItemChanged(ExamError):
    """Somebody saved the item since the page was opened; `number` is the version there now."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            _("这道题在您编辑期间被他人保存成了第 %(number)d 版。") % {"number": number},
            remedy=_("请对照两份内容，合并后再保存。"),
        )


class ContentRefused(ExamError):
    """What was written is no proper item; `problems` names every fault with its field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_("题目有 %(count)d 处需要改正，没有保存。") % {"count": len(self.problems)})


class PictureRefused(ExamError):
    """The file is no picture we show."""


class ImportRefused(ExamError):
    """A file cannot be imported at all, or an import is not where this step belongs."""


class ExportRefused(ExamError):
    """The format asked for cannot hold one of the items."""
