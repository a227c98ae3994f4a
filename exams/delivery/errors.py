"""Refusals of the exam room."""

from django.utils.translation import gettext as _

from exams.errors import ExamError


class AdmissionRefused(ExamError):
    """A person cannot be admitted to a paper; the message says why."""


class AttemptNotStarted(ExamError):
    """The attempt has not begun, so there is nothing to hand in."""

    def __init__(self) -> None:
        super().__init__(_("这场考试尚未开始作答。"), remedy=_("请先阅读考试须知并开始作答。"))


class AttemptSealed(ExamError):
    """The attempt is sealed; nothing about it changes any more."""

    clause = "D12"

    def __init__(self) -> None:
        super().__init__(_("这份答卷已封卷，不能再更改。"), remedy=_("如有疑问，请向考点考务员说明情况。"))


class AttemptNotDue(ExamError):
    """Somebody asked for the deadline's seal before the deadline and its grace were over."""

    clause = "D12"

    def __init__(self) -> None:
        super().__init__(_("考试时间还没有结束。"))


class ReasonMissing(ExamError):
    """An officer's act on an attempt needs its reason."""

    def __init__(self) -> None:
        super().__init__(_("请写明原因。"), remedy=_("原因会记入本场考试的记录。"))


class OwnAttempt(ExamError):
    """An officer cannot act on an attempt of his own."""

    clause = "D14"

    def __init__(self) -> None:
        super().__init__(_("不能处理本人的考试。"), remedy=_("请由另一位考务员处理。"))


class AnswerUnreadable(ExamError):
    """What was sent is no answer to this question; a browser that behaves never sends it."""

    def __init__(self) -> None:
        super().__init__(_("作答内容不符合本题的题型。"), remedy=_("请刷新页面后重新选择。"))
