"""What makes a standard sound, beyond the shape of its file. Pure: content in, findings out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from syllabus.standard.content import Condition, LevelContent, RulesContent, Source

LEVEL_NAMES: Mapping[int, str] = MappingProxyType({3: "三级", 2: "二级", 1: "一级"})
"""The three levels (Standard: §1.3); 一级 is the highest."""
PARTS = ("theory", "skill")
BASICS = "B"
# What a route may ask for, with the values each condition takes: words, True alone, or a range of numbers.
CONDITIONS: Mapping[str, tuple[str, ...] | bool | range] = MappingProxyType(
    {
        "education": ("college",),
        "related_work_years": range(1, 41),
        "in_related_post": True,
        "student_certificate": True,
        "technical_title": ("junior", "intermediate", "senior"),
        "postgraduate": ("mba_or_related",),
        "holds_level": range(1, 4),
        "held_years": range(1, 41),
        "passed_level": range(1, 4),
    }
)
_CLAUSES = {"standard": r"§[12](\.\d+)+", "practice": r"§\d+(\.\d+)*", "decision": r"D[1-9]\d*"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a code (syllabus.standard.reading words it), its line and its facts."""

    code: str
    line: int
    facts: Mapping[str, object] = field(default_factory=dict)


def check_level(level: LevelContent) -> list[Finding]:
    """Return everything that is wrong with a level.

    Standard: §2.2
    """
    return [
        *check_heading(level),
        *check_functions(level),
        *check_weights(level),
        *check_requirements(level),
        *check_parts(level),
        *check_routes(level),
        *check_vectors(level),
    ]


def check_heading(level: LevelContent) -> list[Finding]:
    """Return what is wrong with a level's name: 3, 2 and 1 are 三级, 二级 and 一级.

    Standard: §1.3
    """
    expected = LEVEL_NAMES[level.number]
    if level.name == expected:
        return []
    return [Finding("level_name", level.lines.get("name", 0), {"name": level.name, "expected": expected})]


def check_functions(level: LevelContent) -> list[Finding]:
    """Return what is wrong with functions and work contents: codes, names, empty ones, the basics.

    The basics (相关基础知识) are one function, the last, with the code B.

    Standard: §2.2
    """
    found = _repeats(level.functions, lambda one: one.code, "function_code_repeated")
    found += _repeats(level.functions, lambda one: one.name, "function_name_repeated")
    found += _repeats(level.work_contents, lambda one: one.code, "work_content_code_repeated")
    basics = [one for one in level.functions if one.is_basics]
    if len(basics) != 1:
        found.append(Finding("basics_count", level.lines.get("functions", 0), {"count": len(basics)}))
    elif level.functions[-1] is not basics[0]:
        found.append(Finding("basics_last", basics[0].line))
    for function in level.functions:
        if (function.code == BASICS) != function.is_basics:
            found.append(Finding("basics_code", function.line, {"code": function.code}))
        found += _repeats(function.work_contents, lambda one: one.name, "work_content_name_repeated")
        for content in function.work_contents:
            if not re.fullmatch(rf"{re.escape(function.code)}\.[1-9]\d*", content.code):
                words = {"code": content.code, "function": function.code}
                found.append(Finding("work_content_code", content.line, words))
    return found


def check_weights(level: LevelContent) -> list[Finding]:
    """Return a finding unless the functions' weights make exactly 100.

    Standard: §2.2
    """
    total = sum(one.weight for one in level.functions)
    if total == 100:
        return []
    return [Finding("weights_sum", level.lines.get("functions", 0), {"total": total})]


def check_requirements(level: LevelContent) -> list[Finding]:
    """Return what is wrong with requirements: work contents without, codes, what stands twice.

    Standard: §2.2
    """
    found = _repeats(level.requirements, lambda one: one.code, "requirement_code_repeated")
    found += _repeats(level.requirements, lambda one: one.text, "requirement_text_repeated")
    for content in level.work_contents:
        if not content.skills:
            found.append(Finding("no_skills", content.line, {"code": content.code}))
        if not content.knowledge:
            found.append(Finding("no_knowledge", content.line, {"code": content.code}))
        for one in content.requirements:
            letter = "S" if one.kind == "skill" else "K"
            if not re.fullmatch(rf"{re.escape(content.code)}\.{letter}[1-9]\d*", one.code):
                words = {"code": one.code, "expected": f"{content.code}.{letter}1"}
                found.append(Finding("requirement_code", one.line, words))
    return found


def check_parts(level: LevelContent) -> list[Finding]:
    """Return what is wrong with the parts: theory and skill, each once, every figure with its source.

    Standard: §1.7.3
    """
    found = _repeats(level.parts, lambda one: one.code, "part_repeated")
    for code in PARTS:
        if code not in {one.code for one in level.parts}:
            found.append(Finding("part_missing", level.lines.get("parts", 0), {"part": code}))
    for part in level.parts:
        if len(set(part.modes)) != len(part.modes):
            found.append(Finding("modes_repeated", part.line, {"part": part.code}))
        for source in part.sources.values():
            found += check_source(source)
    return found


def check_routes(level: LevelContent) -> list[Finding]:
    """Return what is wrong with the routes: conditions, values, and that one route admits to all parts.

    A certificate of another level must be of a lower one.

    Standard: §1.7.2
    """
    found = _repeats(level.routes, lambda one: one.code, "route_code_repeated")
    found += _repeats(level.routes, lambda one: str(sorted(one.requires.items())), "route_repeated")
    if not any(one.allows == "full" for one in level.routes):
        found.append(Finding("no_full_route", level.lines.get("routes", 0)))
    for route in level.routes:
        if not re.fullmatch(rf"{level.number}-[1-9]\d*", route.code):
            found.append(
                Finding("route_code", route.line, {"code": route.code, "expected": f"{level.number}-1"})
            )
        if not route.requires:
            found.append(Finding("route_without_condition", route.line, {"code": route.code}))
        for key, value in route.requires.items():
            found += _check_condition(key, value, route.line)
        if "held_years" in route.requires and "holds_level" not in route.requires:
            found.append(Finding("held_years_alone", route.line, {"code": route.code}))
        for key in ("holds_level", "passed_level"):
            held = route.requires.get(key)
            if held in (1, 2, 3) and int(held) <= level.number:
                found.append(
                    Finding("held_level_not_lower", route.line, {"held": held, "level": level.number})
                )
    return found


def check_vectors(level: LevelContent) -> list[Finding]:
    """Return what is wrong with other weight vectors: sum 100; every function once, whole or in parts.

    Practice: §5
    """
    found = _repeats(level.vectors, lambda one: one.code, "vector_code_repeated")
    functions = {one.code: [content.code for content in one.work_contents] for one in level.functions}
    known = {*functions, *(code for contents in functions.values() for code in contents)}
    for vector in level.vectors:
        found += check_source(vector.source)
        total = sum(vector.weights.values())
        if total != 100:
            found.append(Finding("vector_sum", vector.line, {"vector": vector.code, "total": total}))
        for key in vector.weights:
            if key not in known:
                found.append(Finding("vector_key", vector.line, {"vector": vector.code, "key": key}))
        for code, contents in functions.items():
            split = [one for one in contents if one in vector.weights]
            if code in vector.weights and split:
                found.append(Finding("vector_twice", vector.line, {"vector": vector.code, "function": code}))
            elif code not in vector.weights and split != contents:
                found.append(Finding("vector_misses", vector.line, {"vector": vector.code, "function": code}))
    return found


def check_source(source: Source) -> list[Finding]:
    """Return a finding unless the clause fits its certainty: §1.7.4 a standard's, §5 a practice's, D3 ours.

    Decision: D1
    """
    if re.fullmatch(_CLAUSES[source.certainty], source.clause):
        return []
    return [Finding("clause", source.line, {"certainty": source.certainty, "clause": source.clause})]


def check_rules(content: RulesContent) -> list[Finding]:
    """Return what is wrong with a file of rules: codes, groups, clauses, and decisions out of order.

    Decision: D1
    """
    found = _repeats(content.rules, lambda one: one.code, "rule_code_repeated")
    found += _repeats(content.rules, lambda one: one.name, "rule_name_repeated")
    found += _repeats(content.decisions, lambda one: one.code, "decision_code_repeated")
    known = {one.code for one in content.decisions}
    for rule in content.rules:
        if rule.code.partition(".")[0] != rule.group:
            found.append(Finding("rule_group", rule.line, {"code": rule.code, "group": rule.group}))
        wrong = check_source(rule.source)
        if not wrong and rule.source.certainty == "decision" and rule.source.clause not in known:
            wrong = [Finding("unknown_decision", rule.source.line, {"clause": rule.source.clause})]
        found += wrong
    for number, decision in enumerate(content.decisions, start=1):
        if decision.code != f"D{number}" and decision.code not in {f"D{one}" for one in range(1, number)}:
            found.append(
                Finding("decision_order", decision.line, {"code": decision.code, "expected": f"D{number}"})
            )
    return found


def _check_condition(key: str, value: Condition, line: int) -> list[Finding]:
    if key not in CONDITIONS:
        return [Finding("condition_key", line, {"key": key, "known": ", ".join(CONDITIONS)})]
    allowed = CONDITIONS[key]
    if allowed is True:
        fits, words = value is True, "true"
    elif isinstance(allowed, range):
        fits = isinstance(value, int) and not isinstance(value, bool) and value in allowed
        words = f"{allowed.start}–{allowed.stop - 1}"
    else:
        fits = isinstance(allowed, tuple) and value in allowed
        words = ", ".join(allowed) if isinstance(allowed, tuple) else ""
    return [] if fits else [Finding("condition_value", line, {"key": key, "value": value, "allowed": words})]


def _repeats(entries: Iterable[T], key: Callable[[T], str], code: str) -> list[Finding]:
    """Return a finding for each of `entries` whose key stood in an earlier one; entries have a `line`."""
    members = list(entries)
    counts = Counter(key(one) for one in members)
    first: dict[str, int] = {}
    found = []
    for one in members:
        value, line = key(one), getattr(one, "line", 0)
        if counts[value] > 1 and value and value in first:
            found.append(Finding(code, line, {"value": value, "first": first[value]}))
        first.setdefault(value, line)
    return found
