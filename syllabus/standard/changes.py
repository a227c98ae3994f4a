"""What differs between the content that is loaded and the content of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from syllabus.standard.content import LevelContent, RulesContent, Source, stored_value

_KINDS = {
    "level": gettext_lazy("级别"),
    "part": gettext_lazy("鉴定项目"),
    "route": gettext_lazy("申报条件"),
    "function": gettext_lazy("职业功能"),
    "work_content": gettext_lazy("工作内容"),
    "requirement": gettext_lazy("要求"),
    "vector": gettext_lazy("权重"),
    "rule": gettext_lazy("规则"),
    "decision": gettext_lazy("决定"),
}
Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that a file adds, removes or changes; `fields` holds (before, after) of each change."""

    action: str  # "added", "removed" or "changed"
    kind: str
    code: str
    label: str
    fields: Mapping[str, tuple[object, object]] = field(default_factory=dict)

    @property
    def kind_label(self) -> str:
        return str(_KINDS[self.kind])

    def __str__(self) -> str:
        sign = {"added": "+", "removed": "-", "changed": "~"}[self.action]
        words = f"{sign} {self.kind_label} {self.code}"
        if self.action != "changed":
            return f"{words} {self.label}"
        changed = _("；").join(f"{name}: {before} → {after}" for name, (before, after) in self.fields.items())
        return f"{words} {changed}"

    def as_json(self) -> dict[str, object]:
        """Return the change as an event row keeps it."""
        fields = {name: [before, after] for name, (before, after) in self.fields.items()}
        return {
            "action": self.action,
            "kind": self.kind,
            "code": self.code,
            "label": self.label,
            "fields": fields,
        }


def changes(old: LevelContent | RulesContent | None, new: LevelContent | RulesContent) -> list[Change]:
    """Return what `new` adds to, removes from and changes in `old`, in the order of the files."""
    before = _entries(old) if old is not None else {}
    after = _entries(new)
    found = [
        Change("added", kind, code, _label(fields))
        for (kind, code), fields in after.items()
        if (kind, code) not in before
    ]
    found += [
        Change("removed", kind, code, _label(fields))
        for (kind, code), fields in before.items()
        if (kind, code) not in after
    ]
    for (kind, code), fields in after.items():
        earlier = before.get((kind, code), fields)
        differing = {name: (earlier[name], value) for name, value in fields.items() if earlier[name] != value}
        if differing:
            found.append(Change("changed", kind, code, _label(fields), differing))
    return found


def _entries(content: LevelContent | RulesContent) -> dict[tuple[str, str], Fields]:
    return _level_entries(content) if isinstance(content, LevelContent) else _rule_entries(content)


def _level_entries(level: LevelContent) -> dict[tuple[str, str], Fields]:
    found: dict[tuple[str, str], Fields] = {
        ("level", str(level.number)): {
            "name": level.name,
            "clause": level.clause,
            "effective_on": level.effective_on.isoformat(),
        }
    }
    for position, part in enumerate(level.parts, start=1):
        found["part", part.code] = {
            "name": part.name,
            "position": position,
            "pass_mark": part.pass_mark,
            "minutes": part.minutes,
            "valid_years": part.valid_years,
            "modes": "、".join(part.modes),
            "sources": {key: _source(one) for key, one in sorted(part.sources.items())},
        }
    for position, route in enumerate(level.routes, start=1):
        requires = dict(sorted(route.requires.items()))
        found["route", route.code] = {
            "text": route.text,
            "position": position,
            "allows": route.allows,
            "requires": requires,
        }
    for vector in level.vectors:
        found["vector", vector.code] = {
            "name": vector.name,
            "source": _source(vector.source),
            "weights": dict(sorted(vector.weights.items())),
        }
    return found | _function_entries(level)


def _function_entries(level: LevelContent) -> dict[tuple[str, str], Fields]:
    found: dict[tuple[str, str], Fields] = {}
    for place, function in enumerate(level.functions, start=1):
        found["function", function.code] = {
            "name": function.name,
            "position": place,
            "weight": function.weight,
            "is_basics": function.is_basics,
            "is_provisional": function.is_provisional,
        }
        for position, content in enumerate(function.work_contents, start=1):
            found["work_content", content.code] = {"name": content.name, "position": position}
            for entries in (content.skills, content.knowledge):
                for number, one in enumerate(entries, start=1):
                    found["requirement", one.code] = {
                        "text": one.text,
                        "position": number,
                        "importance": one.importance,
                        "provenance": one.provenance,
                    }
    return found


def _rule_entries(content: RulesContent) -> dict[tuple[str, str], Fields]:
    found: dict[tuple[str, str], Fields] = {}
    for position, rule in enumerate(content.rules, start=1):
        found["rule", rule.code] = {
            "name": rule.name,
            "position": position,
            "value": stored_value(rule.value),
            "unit": rule.unit,
            "source": _source(rule.source),
            "note": rule.note,
        }
    for position, decision in enumerate(content.decisions, start=1):
        found["decision", decision.code] = {
            "title": decision.title,
            "position": position,
            "text": decision.text,
        }
    return found


def _source(source: Source) -> str:
    return f"{source.certainty} {source.clause}"


def _label(fields: Fields) -> str:
    return str(fields.get("name") or fields.get("text") or fields.get("title"))
