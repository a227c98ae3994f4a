"""What assembly refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.sources import Problem
from exams.errors import ExamError


class BlueprintsRefused(ExamError):
    """Blueprint files with problems; nothing of them was stored. `problems` names every one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            _("蓝图文件有 %(count)d 处问题，没有载入任何蓝图。") % {"count": len(self.problems)},
            remedy=_("请按所列的文件和行号改正后重新载入。"),
        )


class UnknownBlueprint(ExamError):
    """No blueprint fits what was asked for."""

    def __init__(self, wanted: str) -> None:
        super().__init__(
            _("没有这样的蓝图：%(wanted)s。") % {"wanted": wanted},
            remedy=_("请先用 load_blueprints 载入蓝图，或核对代码。"),
        )


class BlueprintUnusable(ExamError):
    """A blueprint names a module or weight vector that the edition does not have; `key` says which."""

    clause = "§2.2"

    def __init__(self, code: str, key: str, value: str) -> None:
        self.key = key
        super().__init__(
            _("蓝图 %(code)s 的 %(key)s“%(value)s”不在现行标准中。")
            % {"code": code, "key": key, "value": value},
            remedy=_("请按现行标准修改蓝图。"),
        )


class BlueprintChanged(ExamError):
    """Somebody else has changed the blueprint since it was opened."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("蓝图 %(code)s 已被别人修改或建立，没有保存。") % {"code": code},
            remedy=_("请重新打开蓝图，核对后再改。"),
        )


class UnknownPapers(ExamError):
    """Papers named that are not there. `codes` lists them."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(
            _("没有这些试卷：%(codes)s。") % {"codes": "、".join(codes)}, remedy=_("请核对卷号。")
        )


class NoPaper(ExamError):
    """An infeasible solution cannot be frozen. `reasons` says what is missing."""

    clause = "§2.2"

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(
            _("题库无法组成满足全部要求的试卷，没有可定稿的内容。") + "".join(reasons),
            remedy=_("请按所列补充题目，或减少要避开的试卷。"),
        )


class PaperFaulty(ExamError):
    """The independent count found faults in what the solver returned; nothing was stored."""

    clause = "§2.2"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            _("复核发现试卷不满足要求，没有定稿：") + "".join(faults), remedy=_("请重新组卷并报告此问题。")
        )


class BankChanged(ExamError):
    """The bank or the blueprint is no longer what the paper was assembled from."""

    def __init__(self) -> None:
        super().__init__(
            _("组卷之后题库、蓝图或已定稿的试卷有变化，没有定稿。"),
            remedy=_("请重新组卷，核对报告后再定稿。"),
        )


class AlreadyWithdrawn(ExamError):
    """A paper is withdrawn once."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("试卷 %(code)s 已经停用。") % {"code": code}, remedy=_("停用不能撤回；需要时请另组新卷。")
        )


class PaperUnreadable(ExamError):
    """What a stored paper was held to is not there, or is no specification: somebody changed the row."""

    clause = "§2.2"

    def __init__(self, code: str) -> None:
        super().__init__(
            _("试卷 %(code)s 存下的组卷要求已损坏，无法复核。") % {"code": code},
            remedy=_("请停用这份试卷，并从备份中查明原因。"),
        )


class NotADraft(ExamError):
    """Only a draft that is not withdrawn can be changed or sealed."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("试卷 %(code)s 不是待批准的草稿，不能再改动。") % {"code": code},
            remedy=_("需要不同的试卷时请另行组卷。"),
        )


class SecondPersonNeeded(ExamError):
    """Who made a live paper does not approve it."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("试卷 %(code)s 应由定稿人以外的人批准。") % {"code": code},
            remedy=_("请另一位有组卷权限的人核对后批准。"),
        )


class DraftChanged(ExamError):
    """A draft is not the one that its approver saw: an item was swapped since."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("试卷 %(code)s 在您打开之后有改动，没有批准。") % {"code": code},
            remedy=_("请重新打开试卷，核对后再批准。"),
        )


class NoEqual(ExamError):
    """The item cannot take the place of the other: the paper would no longer fit. `faults` says how."""

    clause = "§2.2"

    def __init__(self, code: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            _("换成题目 %(code)s 后试卷不再满足要求：") % {"code": code} + "".join(faults),
            remedy=_("请从所列的可替换题目中选择。"),
        )


class RunRefused(ExamError):
    """What was asked of a run cannot be done. `message` says why."""


class Unprintable(ExamError):
    """The fonts have no glyph for a character; printing stops rather than print a box."""

    def __init__(self, characters: str) -> None:
        words = "、".join(f"{char}（U+{ord(char):04X}）" for char in characters)
        super().__init__(
            _("打印字体缺少以下字符，无法打印：%(characters)s") % {"characters": words},
            remedy=_("请修订题目里的这些字符，再换题或重新组卷。"),
        )
