"""What a skill exam needs (place, equipment, materials, people, time): one table, by a paper's task types.

Practice: domain.md 4 and 6 (a site with the equipment, instruments and materials that the task needs; three
assessors), domain.md 5 (考核准备通知单 is one of a skill paper's pieces). The amounts are ours.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.assembly.models import Paper
from exams.assembly.printing.layout import PrintedSection, Question
from syllabus.standard.queries import rule_value

WRITTEN = ("short_answer", "essay", "situation", "reply", "case", "worked_calculation")
DRAWN = ("flow_chart", "organisation_chart")
ORAL = ("oral",)
_ON_PAPER = (*WRITTEN, *DRAWN)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to prepare. `types`: for papers with one of these task types."""

    kind: str  # place, equipment, material or own (the candidate brings it)
    name: Any
    details: Any
    amount: Any
    types: Sequence[str]
    source: str = "practice"


NEEDS = (
    Need("place", _("笔试考场"), _("标准教室，采光、照明和通风良好，环境安静"), _("每场 1 间"), _ON_PAPER),
    Need(
        "place",
        _("口试考场"),
        _("面积不小于 15 平方米，隔音，门外设“考试中”标志"),
        _("每组考评员 1 间"),
        ORAL,
    ),
    Need("place", _("备考室"), _("与口试考场分开，有工作人员看管，考生之间不能交谈"), _("1 间"), ORAL),
    Need("place", _("候考室"), _("能容纳全部口试考生；考完的考生不再进入"), _("1 间"), ORAL),
    Need(
        "equipment", _("课桌、座椅"), _("单人单桌，前后左右间距不小于 80 厘米"), _("每名考生 1 套"), _ON_PAPER
    ),
    Need("equipment", _("时钟"), _("考生都能看到，考前校准"), _("每间 1 个"), (*_ON_PAPER, *ORAL)),
    Need(
        "equipment",
        _("装有画图软件的计算机"),
        _("上机作答时使用；断开外网，考前清空"),
        _("每名考生 1 台"),
        DRAWN,
    ),
    Need("equipment", _("录音或录像设备"), _("能连续记录整场口试，考前试录"), _("每间 1 套"), ORAL),
    Need("equipment", _("计时器"), _("精确到秒"), _("每组考评员 1 个"), ORAL),
    Need("equipment", _("考评员桌椅、考生座椅"), _("考生与考评员相对而坐"), _("每间 1 套"), ORAL),
    Need(
        "material",
        _("题本、答题纸"),
        _("A4，按考场密封，开考前当众启封"),
        _("每名考生 1 份，备用 5%"),
        _ON_PAPER,
    ),
    Need("material", _("草稿纸"), _("A4，加盖考点印章，考后收回"), _("每名考生 2 张"), _ON_PAPER),
    Need("material", _("画图用纸"), _("A4 方格纸，画错时更换，考后收回"), _("每名考生 2 张"), DRAWN),
    Need("material", _("口试题卡"), _("每题 1 张，由考评员保管，用后收回"), _("每间 2 套"), ORAL),
    Need("material", _("评分记录表"), _("A4，每名考生 1 份，密封"), _("每名考生 1 份"), (*_ON_PAPER, *ORAL)),
    Need("own", _("准考证、有效身份证件"), _("原件"), _("各 1 份"), (*_ON_PAPER, *ORAL)),
    Need("own", _("黑色签字笔"), _("0.5 毫米"), _("2 支"), _ON_PAPER),
    Need("own", _("铅笔、直尺、橡皮"), _("画图用；直尺上没有文字"), _("1 套"), DRAWN),
    Need("own", _("计算器"), _("没有存储、编程和通信功能"), _("1 个"), ("worked_calculation", "case")),
)

KINDS = {
    "place": _("场地"),
    "equipment": _("设备"),
    "material": _("材料"),
}


def needs_of(types: Collection[str], kind: str) -> list[Need]:
    """Return what papers with these task types need of one kind. Practice: domain.md 4."""
    return [one for one in NEEDS if one.kind == kind and set(one.types) & set(types)]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One way of being examined in a paper (笔试, 口试): which items, how many points, how long."""

    name: str
    numbers: str
    points: int
    time: str


def sittings_of(paper: Paper, sections: Sequence[PrintedSection]) -> list[Sitting]:
    """Return the written and the oral half of a paper, with the time of each."""
    questions = [one for section in sections for one in section.questions]
    written = [one for one in questions if not one.is_oral]
    oral = [one for one in questions if one.is_oral]
    found = []
    if written:
        time = gettext("%(minutes)d 分钟") % {"minutes": paper.minutes}
        found.append(Sitting(gettext("笔试"), _numbers(written), sum(one.points for one in written), time))
    if oral:
        preparation = sum(one.content.data["preparation_minutes"] for one in oral)
        answer = sum(one.content.data["answer_minutes"] for one in oral)
        time = gettext("每名考生准备 %(preparation)d 分钟、作答 %(answer)d 分钟") % {
            "preparation": preparation,
            "answer": answer,
        }
        found.append(Sitting(gettext("口试"), _numbers(oral), sum(one.points for one in oral), time))
    return found


def _numbers(questions: Sequence[Question]) -> str:
    return "、".join(str(one.number) for one in questions)


def people_of(types: Collection[str]) -> list[tuple[str, str]]:
    """Return who has to be there and how many. Practice: domain.md 4 (rules site.*)."""
    rows = []
    if set(types) & set(_ON_PAPER):
        words = {
            "least": rule_value("site.least_invigilators"),
            "each": rule_value("site.candidates_per_invigilator"),
        }
        rows.append(
            (
                gettext("监考员"),
                gettext("每间不少于 %(least)d 人，每名监考员最多监考 %(each)d 名考生") % words,
            )
        )
    least = {"least": rule_value("site.least_assessors")}
    rows.append(
        (gettext("考评员"), gettext("不少于 %(least)d 人；与考生有亲属、师生或同事关系的应当回避") % least)
    )
    if set(types) & set(ORAL):
        rows.append((gettext("考务员"), gettext("候考室、备考室各 1 人，引导考生并核对证件")))
    return rows
