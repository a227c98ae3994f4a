"""The blueprint editor's fields. What they say becomes the record of a blueprint file and is read as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.assembly.models import Blueprint
from exams.assembly.queries import blueprints
from exams.bank.enums import Pool
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level
from syllabus.standard.queries import LevelTree, current_levels

FULL, MODULE, SHORT = "full", "module", "short"
_STARTS: list[tuple[str, str | Promise]] = [
    (FULL, _("全卷")),
    (MODULE, _("模块卷")),
    (SHORT, _("短卷")),
]


class StartForm(forms.Form):
    """What a new blueprint is for, and what its editor begins with."""

    level = forms.TypedChoiceField(label=_("级别"), coerce=int)
    part = forms.ChoiceField(label=_("鉴定项目"), choices=PartCode.choices)
    pool = forms.ChoiceField(label=_("题库"), choices=Pool.choices)
    start = forms.ChoiceField(
        label=_("从何开始"),
        help_text=_("先填好常用的题型和题量，或者照抄一份已有的蓝图；都可以再改。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = {level.number: level for level in current_levels()}
        self.known = {one.code: one for one in blueprints(with_retired=True)}
        self.fields["level"].choices = [(str(one.number), one.name) for one in self.levels.values()]  # type: ignore[attr-defined]
        self.fields["start"].choices = [  # type: ignore[attr-defined]
            (_("空白"), _STARTS),
            (_("已有的蓝图"), [(one.code, f"{one.name}（{one.code}）") for one in self.known.values()]),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, part = data.get("start", ""), data.get("part", "")
        copied = self.known.get(start)
        if copied and part and copied.part != part:
            self.add_error("start", _("照抄的蓝图应属于同一鉴定项目。"))
        if part == PartCode.SKILL and start in {MODULE, SHORT}:
            self.add_error("start", _("模块卷和短卷只考理论知识（D8）。"))
        return data

    @property
    def level_chosen(self) -> Level:
        """Return the chosen level in its newest edition (of a valid form)."""
        return self.levels[self.cleaned_data["level"]]

    @property
    def copied(self) -> Blueprint | None:
        """Return the blueprint to copy (of a valid form)."""
        return self.known.get(self.cleaned_data["start"])


class BlueprintForm(forms.Form):
    """Everything but sections and quotas. What is wrong is said by reading the record, not here."""

    name = forms.CharField(label=_("名称"), max_length=60)
    code = forms.CharField(
        label=_("代码"),
        max_length=40,
        help_text=_("小写字母、数字和连字符，例如 l3-theory-live；以后不能改。"),
    )
    minutes = forms.IntegerField(label=_("时长（分钟）"), required=False)
    short = forms.BooleanField(label=_("短卷：比重折算成整题，不说明能否合格"), required=False)
    vector = forms.ChoiceField(label=_("比重"), required=False)
    module = forms.ChoiceField(
        label=_("模块"), required=False, help_text=_("模块卷只考一个职业功能，满分 100 分（D8）。")
    )
    facility_least = forms.CharField(label=_("平均难度下限"), max_length=5)
    facility_most = forms.CharField(label=_("平均难度上限"), max_length=5)
    least_per_work_content = forms.IntegerField(required=False)
    extra_per_knowledge = forms.IntegerField(required=False)
    exposure_cap = forms.IntegerField(
        label=_("最多使用次数"), required=False, help_text=_("用过这么多次的题不再抽；空白不限。")
    )
    rest_days = forms.IntegerField(
        label=_("使用后停歇天数"), required=False, help_text=_("这些天内用过的题不抽。")
    )
    checksum = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tree: LevelTree, part: str, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_skill = part == PartCode.SKILL
        own = next((one.minutes for one in tree.parts if one.code == part), None)
        self.fields["minutes"].widget.attrs["placeholder"] = str(own or "")
        self.fields["minutes"].help_text = _("空白：按标准规定的时长。")
        for name in ("facility_least", "facility_most"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"
        self._say_what_is_counted(is_skill)
        if not is_new:
            del self.fields["code"]
        if is_skill:
            del self.fields["short"], self.fields["module"]
        else:
            functions = [one for one in tree.functions if not one.row.is_basics]
            names = [(one.code, f"{one.code} {one.name}") for one in functions]
            self.fields["module"].choices = [("", _("不分模块")), *names]  # type: ignore[attr-defined]
        vectors = [(one.row.code, one.row.name) for one in tree.vectors]
        self.fields["vector"].choices = [("", pgettext_lazy("weights", "标准的比重")), *vectors]  # type: ignore[attr-defined]

    def _say_what_is_counted(self, is_skill: bool) -> None:
        least, extra = self.fields["least_per_work_content"], self.fields["extra_per_knowledge"]
        least.label = _("每项工作内容至少（分）") if is_skill else _("每项工作内容至少（题）")
        extra.label = _("技能要求分值余量") if is_skill else _("知识点分值余量")
        extra.help_text = (
            _("每项技能要求至多：比重 ÷ 要求数，进一位，再加这个数；空白不限。")
            if is_skill
            else _("每个知识点至多：比重 ÷ 知识点数，进一位，再加这个数。")
        )

    def show(self, problems: Mapping[str, Iterable[str]]) -> None:
        """Put what is wrong at the fields it is about."""
        self.full_clean()
        self._errors = ErrorDict()
        for name in self.fields:
            for message in problems.get(name, ()):
                self.add_error(name, message)
