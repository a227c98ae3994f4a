"""Refusals of this room."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.sources import Problem
from syllabus.errors import SyllabusError


class UnknownLevel(SyllabusError):
    """No loaded edition has this level."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            _("没有级别 %(number)s 的标准。") % {"number": number},
            clause="§1.3",
            remedy=_("级别为 3（三级）、2（二级）、1（一级）；尚未载入时请先运行 load_standard。"),
        )


class UnknownRule(SyllabusError):
    """No loaded edition has this rule."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            _("没有规则 %(code)s。") % {"code": code},
            remedy=_("请在 fixtures/standards/rules.yaml 中写明并载入。"),
        )


class UnsoundStandard(SyllabusError):
    """Standard files that cannot be loaded; `problems` names everything that is wrong, by file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(
            _("标准文件有 %(count)d 处问题，未载入任何内容。") % {"count": len(self.problems)},
            remedy=_("请改正后重新载入。"),
        )
