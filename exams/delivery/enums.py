"""The closed vocabularies of the exam room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttemptKind(TextChoices):
    MOCK = "mock", _("模拟考试")
    REAL = "real", _("正式考试")


class SealReason(TextChoices):
    HANDED_IN = "handed_in", _("考生交卷")
    DEADLINE = "deadline", _("到时封卷")
    OFFICER = "officer", _("考务封卷")


class AttemptState(TextChoices):
    """Derived from the attempt's moments, never stored."""

    ADMITTED = "admitted", _("待开始")
    RUNNING = "running", _("作答中")
    SEALED = "sealed", _("已封卷")


class AttemptEventKind(TextChoices):
    ADMITTED = "admitted", _("准考")
    STARTED = "started", _("开始作答")
    RESUMED = "resumed", _("继续作答")
    TIME_GIVEN = "time_given", _("补时")
    SEALED = "sealed", _("封卷")


class SaveStatus(TextChoices):
    """What became of an answer that was sent; only saved and repeated are acknowledgements."""

    SAVED = "saved", _("已保存")
    REPEATED = "repeated", _("早已保存")
    STALE = "stale", _("已有更新的作答")
    NOT_STARTED = "not_started", _("尚未开始")
    LATE = "late", _("已过截止时间")
    SEALED = "sealed", _("已封卷")
    UNKNOWN = "unknown", _("不属于本场考试")
