"""The editor's fields: what every item has here, what its type has in the type's own template.

Both become one record, which is read like a file's (exams.bank.files), so that a form checks nothing twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.sources import Problem, Problems
from exams.bank.actions.versions import read_draft, requirements_of
from exams.bank.enums import CognitiveLevel, Difficulty, Pool
from exams.bank.files import ItemSource
from exams.bank.models import Item
from exams.bank.queries import places
from exams.bank.queries.single import record_of_version
from exams.bank.types import Content, ItemKind, type_choices
from syllabus.standard.enums import PartCode, RequirementKind
from syllabus.standard.models import Level
from syllabus.standard.queries import current_levels

_LABELS: dict[str, str | Promise] = {
    "knowledge": _("知识点"),
    "difficulty": _("难度"),
    "cognition": _("认知层次"),
    "stem": _("题干"),
    "explanation": _("解析"),
    "options": _("选项"),
    "key": _("答案"),
    "criteria": _("评分要点"),
    "requirement": _("技能要求"),
    "text": _("文字"),
    "least": _("最少分值"),
    "most": _("最多分值"),
    "levels": _("评分档次"),
    "points": _("分值"),
    "material": _("材料"),
    "model_answer": _("参考答案"),
    "common_errors": _("常见错误"),
    "least_words": _("最少字数"),
    "most_words": _("最多字数"),
    "questions": _("小题"),
    "blanks": _("空"),
    "answer": _("答案"),
    "accepted": _("可接受的写法"),
    "value": _("数值"),
    "tolerance": _("允许误差"),
    "unit": _("单位"),
    "solution": _("解题过程"),
    "steps": _("步骤"),
    "pairs": _("配对"),
    "drawing": _("图"),
    "code": _("编号"),
}


def field_words(key: str) -> str:
    """Return the name of a record's key for people; the key itself where it has none."""
    return str(_LABELS.get(key, key))


class NewItemForm(forms.Form):
    """What a new item is: its type, level and pool; the editor follows from them."""

    type = forms.ChoiceField(label=_("题型"), choices=type_choices)
    level = forms.TypedChoiceField(label=_("级别"), coerce=int)
    pool = forms.ChoiceField(label=_("题库"), choices=Pool.choices)
    knowledge = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = {level.number: level for level in current_levels()}
        self.fields["level"].choices = [(str(one.number), one.name) for one in self.levels.values()]  # type: ignore[attr-defined]

    @property
    def chosen_level(self) -> Level:
        """Return the chosen level in its newest edition (of a valid form)."""
        return self.levels[self.cleaned_data["level"]]


class ItemForm(forms.Form):
    """The fields that every item has. What is wrong with them is said by reading the record, not here."""

    knowledge = forms.ChoiceField(label=_("知识点"))
    difficulty = forms.ChoiceField(
        label=_("难度"),
        choices=[("", "—"), *((str(value), f"{value} {label}") for value, label in Difficulty.choices)],
    )
    cognition = forms.ChoiceField(label=_("认知层次"), choices=[("", "—"), *CognitiveLevel.choices])
    stem = forms.CharField(label=_("题干"), widget=forms.Textarea({"rows": 4, "lang": "zh-Hans"}))
    explanation = forms.CharField(label=_("解析"), widget=forms.Textarea({"rows": 3, "lang": "zh-Hans"}))
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: "Draft", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["explanation"].required = not draft.is_skill
        if draft.kind.part == PartCode.SKILL or draft.item:
            del self.fields["knowledge"]  # an item keeps its place: another place is another item
        else:
            groups = [
                (f"{one.code} {one.name}", [(row.code, f"{row.code} {row.text}") for row in one.requirements])
                for one in draft.places
            ]
            self.fields["knowledge"].choices = [("", "—"), *groups]  # type: ignore[attr-defined]

    def show(self, problems: Mapping[str, list[str]]) -> None:
        """Put what is wrong at the fields it is about."""
        self.full_clean()
        self._errors = ErrorDict()
        for name in self.fields:
            for message in problems.get(name, ()):
                self.add_error(name, message)


@dataclass(slots=True)
class Draft:
    """What is being written: a new item of a kind, level and pool, or the next version of `item`."""

    kind: ItemKind
    level: Level
    pool: str
    item: Item | None = None
    knowledge: str = ""
    found: list[Problem] = field(default_factory=list)

    @property
    def is_skill(self) -> bool:
        return self.kind.part == PartCode.SKILL

    @property
    def places(self) -> list[Any]:
        """Return the work contents with the requirements that such an item may be about."""
        kind = RequirementKind.SKILL if self.is_skill else RequirementKind.KNOWLEDGE
        return places(self.level, kind=kind)

    def stored(self) -> dict[str, Any]:
        """Return the record to begin from: the newest version's, or an empty one."""
        if self.item and self.item.current:
            return {"type": self.kind.code, **record_of_version(self.item.current)}
        return {"type": self.kind.code, "knowledge": self.knowledge, "stem": "", "explanation": ""}

    def sent(self, data: QueryDict) -> dict[str, Any]:
        """Return the record that a posted form says."""
        fields = {name: [value.replace("\r\n", "\n") for value in data.getlist(name)] for name in data}
        own = self.kind.from_editor(fields)
        common: dict[str, Any] = {
            "type": self.kind.code,
            "cognition": data.get("cognition") or None,
            "stem": data.get("stem", "").replace("\r\n", "\n"),
            "explanation": data.get("explanation", "").replace("\r\n", "\n"),
        }
        difficulty = data.get("difficulty", "")
        if difficulty:
            common["difficulty"] = int(difficulty) if difficulty.isdecimal() else difficulty
        knowledge = self.stored().get("knowledge") if self.item else data.get("knowledge")
        if not self.is_skill:
            common["knowledge"] = knowledge or None
        return {key: value for key, value in (common | own).items() if value is not None}

    def read(self, record: Mapping[str, Any]) -> ItemSource:
        """Return what a record says; every fault is then in `problems`."""
        problems = Problems()
        code = self.item.code if self.item else self._code(record)
        source = read_draft(
            {"code": code, **record}, level=self.level.number, pool=self.pool, problems=problems
        )
        requirements_of(source, self.level, problems)
        self.found = problems.sorted()
        return source

    def _code(self, record: Mapping[str, Any]) -> str:
        place = "S" if self.is_skill else record.get("knowledge", "")
        return f"{self.level.number}-{place}-{'L' if self.pool == Pool.LIVE else 'P'}01"

    @property
    def problems(self) -> dict[str, list[str]]:
        """Return what is wrong in words, by the field's outermost key."""
        return problems_by_field(self.found)

    def content(self, record: Mapping[str, Any]) -> Content | None:
        """Return what the type's editor shows; None for an item that is not begun."""
        if not self.item and set(record) <= {"type", "knowledge", "stem", "explanation"}:
            return None
        return self.read(record).content


class _Words(dict[str, list[str]]):
    """Messages by field; a field without any has none, also in templates."""

    def __missing__(self, key: str) -> list[str]:
        return []


def problems_by_field(problems: list[Problem]) -> dict[str, list[str]]:
    """Return messages under their outermost keys, with the keys in people's words."""
    found = _Words()
    for problem in problems:
        outer, *inner = problem.key.split(".") if problem.key else [""]
        place = "".join(f"第 {one} 项" if one.isdecimal() else field_words(one) for one in inner[:2])
        message = _in_words(problem.message)
        found.setdefault(outer, []).append(f"{place}：{message}" if place else message)
    return found


def _in_words(message: str) -> str:
    return re.sub(r"[a-z]+(?:_[a-z]+)*", lambda match: field_words(match[0]), message)
