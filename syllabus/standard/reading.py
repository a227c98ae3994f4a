"""Standard files → content, with every problem of shape and of sense noted at its line."""

from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ruamel.yaml.comments import CommentedMap

from config.sources import Problems, Record, read_yaml
from syllabus.standard import rules
from syllabus.standard.content import (
    Condition,
    DecisionEntry,
    FunctionEntry,
    LevelContent,
    PartEntry,
    RequirementEntry,
    RouteEntry,
    RuleEntry,
    RulesContent,
    RuleValue,
    Source,
    VectorEntry,
    WorkContentEntry,
)
from syllabus.standard.enums import Allows, Certainty, Importance, Mode, PartCode, Provenance, RuleGroup

_EDITION = r"\d{4}\.[1-9]\d?"
_CODE = r"[a-z][a-z0-9_-]*"
_FIGURES = {"pass_mark": (1, 100), "minutes": (1, 600), "valid_years": (1, 10)}

MESSAGES = {
    "level_name": gettext_lazy("级别名称应为%(expected)s，实为%(name)s。"),
    "function_code_repeated": gettext_lazy("职业功能代码 %(value)s 重复，已在第 %(first)s 行出现。"),
    "function_name_repeated": gettext_lazy("职业功能名称“%(value)s”重复，已在第 %(first)s 行出现。"),
    "work_content_code_repeated": gettext_lazy("工作内容代码 %(value)s 重复，已在第 %(first)s 行出现。"),
    "work_content_name_repeated": gettext_lazy("工作内容名称“%(value)s”重复，已在第 %(first)s 行出现。"),
    "work_content_code": gettext_lazy(
        "工作内容代码 %(code)s 应以所属职业功能的代码开头，如 %(function)s.1。"
    ),
    "basics_count": gettext_lazy("相关基础知识（basics: true）应恰有一项，实有 %(count)s 项。"),
    "basics_last": gettext_lazy("相关基础知识应列在最后。"),
    "basics_code": gettext_lazy(
        "代码 B 专用于相关基础知识（basics: true），二者须同时出现；此处代码为 %(code)s。"
    ),
    "weights_sum": gettext_lazy("各职业功能的比重之和应为 100，实为 %(total)s。"),
    "requirement_code_repeated": gettext_lazy("要求代码 %(value)s 重复，已在第 %(first)s 行出现。"),
    "requirement_text_repeated": gettext_lazy("要求“%(value)s”重复，已在第 %(first)s 行出现。"),
    "requirement_code": gettext_lazy("要求代码 %(code)s 与所在位置不符，应形如 %(expected)s。"),
    "no_skills": gettext_lazy("工作内容 %(code)s 没有技能要求。"),
    "no_knowledge": gettext_lazy("工作内容 %(code)s 没有专业知识要求。"),
    "part_repeated": gettext_lazy("鉴定项目 %(value)s 重复，已在第 %(first)s 行出现。"),
    "part_missing": gettext_lazy("缺少鉴定项目 %(part)s；theory 和 skill 须各有一项。"),
    "modes_repeated": gettext_lazy("鉴定项目 %(part)s 的方式有重复。"),
    "route_code_repeated": gettext_lazy("申报条件代码 %(value)s 重复，已在第 %(first)s 行出现。"),
    "route_repeated": gettext_lazy("申报条件与第 %(first)s 行的要求完全相同。"),
    "no_full_route": gettext_lazy("没有一条申报条件可以申报全部鉴定（allows: full）。"),
    "route_code": gettext_lazy("申报条件代码 %(code)s 应形如 %(expected)s。"),
    "route_without_condition": gettext_lazy("申报条件 %(code)s 没有任何要求。"),
    "held_years_alone": gettext_lazy("申报条件 %(code)s 有 held_years 而没有 holds_level。"),
    "held_level_not_lower": gettext_lazy("申报 %(level)s 级所要求的证书应低于本级，实为 %(held)s 级。"),
    "condition_key": gettext_lazy("不认识的条件 %(key)s；可用的条件：%(known)s。"),
    "condition_value": gettext_lazy("条件 %(key)s 应为 %(allowed)s，实为 %(value)s。"),
    "vector_code_repeated": gettext_lazy("权重代码 %(value)s 重复，已在第 %(first)s 行出现。"),
    "vector_sum": gettext_lazy("权重 %(vector)s 之和应为 100，实为 %(total)s。"),
    "vector_key": gettext_lazy("权重 %(vector)s 中的 %(key)s 既不是职业功能也不是工作内容的代码。"),
    "vector_twice": gettext_lazy("权重 %(vector)s 对职业功能 %(function)s 既给了整体又给了其中的工作内容。"),
    "vector_misses": gettext_lazy("权重 %(vector)s 没有覆盖职业功能 %(function)s（或其全部工作内容）。"),
    "clause": gettext_lazy(
        "条款 %(clause)s 与依据 %(certainty)s 不符："
        "standard 写如 §1.7.4，practice 写如 §5，decision 写如 D3。"
    ),
    "rule_code_repeated": gettext_lazy("规则代码 %(value)s 重复，已在第 %(first)s 行出现。"),
    "rule_name_repeated": gettext_lazy("规则名称“%(value)s”重复，已在第 %(first)s 行出现。"),
    "rule_group": gettext_lazy("规则代码 %(code)s 应以类别 %(group)s 开头。"),
    "unknown_decision": gettext_lazy("没有决定 %(clause)s。"),
    "decision_code_repeated": gettext_lazy("决定编号 %(value)s 重复，已在第 %(first)s 行出现。"),
    "decision_order": gettext_lazy("决定应按编号连续排列，此处应为 %(expected)s，实为 %(code)s。"),
}


def read_standard(path: Path, problems: Problems) -> LevelContent | RulesContent | None:
    """Return what the file at `path` says; None where it cannot be read at all. Problems are noted."""
    record = read_yaml(path, problems)
    if record is None:
        return None
    before = len(problems.found)
    content = _rules(record) if record.has("rules") or record.has("decisions") else _level(record)
    if len(problems.found) > before and isinstance(content, LevelContent) and not content.functions:
        return content  # its sense cannot be judged, and judging would only repeat what is missing
    found = rules.check_level(content) if isinstance(content, LevelContent) else rules.check_rules(content)
    for finding in found:
        problems.add(record.file, finding.line, str(MESSAGES[finding.code]) % finding.facts)
    return content


def _level(record: Record) -> LevelContent:
    record.only(
        "standard",
        "edition",
        "level",
        "name",
        "clause",
        "effective_on",
        "parts",
        "routes",
        "functions",
        "vectors",
    )
    return LevelContent(
        standard=record.text("standard", most=20, pattern=_CODE),
        edition=record.text("edition", most=20, pattern=_EDITION),
        number=record.integer("level", least=1, most=3),
        name=record.text("name", most=20),
        clause=record.text("clause", most=40, pattern=r"§[12](\.\d+)+"),
        effective_on=record.day("effective_on"),
        parts=tuple(_part(one) for one in record.records("parts")),
        routes=tuple(_route(one) for one in record.records("routes")),
        functions=tuple(_function(one) for one in record.records("functions")),
        vectors=tuple(_vector(one) for one in record.records("vectors", optional=True)),
        lines={key: record.line_of(key) for key in ("edition", "name", "parts", "routes", "functions")},
    )


def _part(record: Record) -> PartEntry:
    record.only("code", "name", "modes", *_FIGURES)
    figures: dict[str, int] = {}
    sources: dict[str, Source] = {}
    for key, (least, most) in _FIGURES.items():
        figure = record.record(key)
        figures[key] = least
        if figure is not None:
            figure.only("value", "certainty", "clause")
            figures[key] = figure.integer("value", least=least, most=most)
            sources[key] = _source(figure)
    modes = [
        mode.value if mode.value in Mode.values else _fail_mode(record, mode.line, mode.value)
        for mode in record.texts("modes", most=10)
    ]
    return PartEntry(
        code=record.choice("code", PartCode.values),
        name=record.text("name", most=30),
        modes=tuple(modes),
        sources=sources,
        line=record.line,
        pass_mark=figures["pass_mark"],
        minutes=figures["minutes"],
        valid_years=figures["valid_years"],
    )


def _fail_mode(record: Record, line: int, value: str) -> str:
    words = {"value": value, "known": "、".join(Mode.values)}
    record.problems.add(record.file, line, _("不认识的方式 %(value)s；可用：%(known)s。") % words)
    return value


def _source(record: Record) -> Source:
    return Source(
        certainty=record.choice("certainty", Certainty.values),
        clause=record.text("clause", most=40),
        line=record.line_of("clause"),
    )


def _route(record: Record) -> RouteEntry:
    record.only("code", "text", "allows", "requires")
    requires = record.record("requires")
    conditions: dict[str, Condition] = {}
    for key, value in ({} if requires is None else requires.data).items():
        plain = isinstance(value, bool | int | str)
        conditions[str(key)] = value if plain else str(value)
    return RouteEntry(
        code=record.text("code", most=10),
        text=record.text("text", most=200),
        allows=record.choice("allows", Allows.values),
        requires=conditions,
        line=record.line,
    )


def _function(record: Record) -> FunctionEntry:
    record.only("code", "name", "weight", "basics", "provisional", "work_contents")
    return FunctionEntry(
        code=record.text("code", most=10, pattern=r"[1-9]\d?|B"),
        name=record.text("name", most=50),
        weight=record.integer("weight", least=1, most=100),
        is_basics=record.flag("basics", default=False),
        is_provisional=record.flag("provisional", default=False),
        work_contents=tuple(_work_content(one) for one in record.records("work_contents")),
        line=record.line,
    )


def _work_content(record: Record) -> WorkContentEntry:
    record.only("code", "name", "skills", "knowledge")
    return WorkContentEntry(
        code=record.text("code", most=10),
        name=record.text("name", most=50),
        skills=_requirements(record, "skills", "skill"),
        knowledge=_requirements(record, "knowledge", "knowledge"),
        line=record.line,
    )


def _requirements(record: Record, key: str, kind: str) -> tuple[RequirementEntry, ...]:
    if not record.data.get(key):  # missing or empty: the rules say so, with the work content's code
        return ()
    entries = []
    for one in record.records(key):
        one.only("code", "text", "importance", "provenance")
        entry = RequirementEntry(
            code=one.text("code", most=20),
            kind=kind,
            text=one.text("text", most=200),
            importance=one.choice("importance", Importance.values),
            provenance=one.choice("provenance", Provenance.values, default=Provenance.STANDARD.value),
            line=one.line,
        )
        entries.append(entry)
    return tuple(entries)


def _vector(record: Record) -> VectorEntry:
    record.only("code", "name", "certainty", "clause", "weights")
    weights = record.record("weights")
    found: dict[str, int] = {}
    for key in CommentedMap() if weights is None else weights.data:
        if isinstance(key, str) and weights is not None:
            found[key] = weights.integer(key, least=1, most=100)
        else:
            record.fail(_("权重的键 %(key)s 请加引号。") % {"key": key}, "weights")
    return VectorEntry(
        code=record.text("code", most=30, pattern=_CODE),
        name=record.text("name", most=50),
        source=_source(record),
        weights=found,
        line=record.line,
    )


def _rules(record: Record) -> RulesContent:
    record.only("standard", "edition", "rules", "decisions")
    return RulesContent(
        standard=record.text("standard", most=20, pattern=_CODE),
        edition=record.text("edition", most=20, pattern=_EDITION),
        rules=tuple(_rule(one) for one in record.records("rules")),
        decisions=tuple(_decision(one) for one in record.records("decisions")),
        lines={"edition": record.line_of("edition")},
    )


def _rule(record: Record) -> RuleEntry:
    record.only("code", "name", "group", "value", "unit", "certainty", "clause", "note")
    return RuleEntry(
        code=record.text("code", most=60, pattern=r"[a-z]+\.[a-z][a-z0-9_]*"),
        name=record.text("name", most=100),
        group=record.choice("group", RuleGroup.values),
        value=_value(record),
        unit=record.text("unit", default="", most=20),
        source=_source(record),
        note=record.text("note", default="", most=300),
        line=record.line,
    )


def _value(record: Record) -> RuleValue:
    value = record.data.get("value")
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and Decimal(str(float(value))).is_finite():
        return Decimal(str(float(value)))
    if (
        isinstance(value, list)
        and value
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
    ):
        return [int(one) for one in value]
    record.fail(
        _("value 应为数字、true、false 或整数列表，实为 %(value)s。") % {"value": str(value)[:60]}, "value"
    )
    return 0


def _decision(record: Record) -> DecisionEntry:
    record.only("code", "title", "text")
    return DecisionEntry(
        code=record.text("code", most=5, pattern=r"D[1-9]\d?"),
        title=record.text("title", most=60),
        text=record.text("text", most=1000),
        line=record.line,
    )
