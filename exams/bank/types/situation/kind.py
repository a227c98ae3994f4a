"""Situation: what one would do and say in a scene from work, step by step, marked by a person."""

from django.utils.translation import gettext_lazy as _

from exams.bank.types.written import WrittenKind


class Situation(WrittenKind):
    """情景处理题. The scene is the material, the stem asks what to do. Practice: domain.md 5."""

    code = "situation"
    label = _("情景处理题")
    position = 16
    lines = 14


KIND = Situation()
