"""Reads the standard. "Current" is the newest edition that holds the asked level or any rules."""

from dataclasses import dataclass

from django.db.models import Prefetch

from syllabus.standard.content import RuleValue, read_value
from syllabus.standard.enums import RequirementKind, RuleGroup
from syllabus.standard.errors import UnknownLevel, UnknownRule
from syllabus.standard.models import (
    Decision,
    EligibilityRoute,
    Function,
    Level,
    Part,
    Requirement,
    Rule,
    Standard,
    VectorWeight,
    WeightVector,
    WorkContent,
)


@dataclass(frozen=True, slots=True)
class WorkContentNode:
    row: WorkContent
    skills: list[Requirement]
    knowledge: list[Requirement]

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def rows_needed(self) -> int:
        """Return the number of requirements in the longer of the two columns."""
        return max(len(self.skills), len(self.knowledge))


@dataclass(frozen=True, slots=True)
class FunctionNode:
    row: Function
    work_contents: list[WorkContentNode]

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def weight(self) -> int:
        return self.row.weight

    @property
    def is_provisional(self) -> bool:
        return self.row.is_provisional


@dataclass(frozen=True, slots=True)
class VectorLine:
    """One function in a weight vector: its own weight, the vector's, and the parts of the latter."""

    function: Function
    own: int
    weight: int
    parts: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class VectorTable:
    row: WeightVector
    lines: list[VectorLine]


@dataclass(frozen=True, slots=True)
class LevelTree:
    """A level with everything below it, read in a fixed number of queries."""

    level: Level
    functions: list[FunctionNode]
    parts: list[Part]
    routes: list[EligibilityRoute]
    vectors: list[VectorTable]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many functions, work contents, skills and knowledge points there are, basics aside."""
        contents = [
            one for function in self.functions if not function.row.is_basics for one in function.work_contents
        ]
        return {
            "functions": sum(not one.row.is_basics for one in self.functions),
            "work_contents": len(contents),
            "skills": sum(len(one.skills) for one in contents),
            "knowledge": sum(len(one.knowledge) for one in contents),
        }

    @property
    def has_provisional(self) -> bool:
        return any(one.is_provisional for one in self.functions)

    @property
    def has_authored(self) -> bool:
        return any(
            one.provenance == "authored"
            for function in self.functions
            for content in function.work_contents
            for one in [*content.skills, *content.knowledge]
        )


def edition_key(edition: str) -> tuple[int, ...]:
    """Return what editions are ordered by: 2026.10 comes after 2026.9."""
    return tuple(int(part) if part.isdecimal() else 0 for part in edition.split("."))


def level_editions(number: int) -> list[Level]:
    """Return every edition of a level, newest first, each with its standard."""
    levels = Level.objects.filter(number=number).select_related("standard")
    return sorted(levels, key=lambda level: edition_key(level.standard.edition), reverse=True)


def current_level(number: int) -> Level:
    """Return the level in the newest edition that has it. Raises UnknownLevel."""
    levels = level_editions(number)
    if not levels:
        raise UnknownLevel(number)
    return levels[0]


def edition_of_level(number: int, edition: str) -> Level:
    """Return the level as a named edition has it. Raises UnknownLevel."""
    for level in level_editions(number):
        if level.standard.edition == edition:
            return level
    raise UnknownLevel(number)


def current_levels() -> list[Level]:
    """Return the current form of each level, 三级 first."""
    newest: dict[int, Level] = {}
    for level in Level.objects.select_related("standard"):
        earlier = newest.get(level.number)
        if earlier is None or edition_key(earlier.standard.edition) < edition_key(level.standard.edition):
            newest[level.number] = level
    return [newest[number] for number in sorted(newest, reverse=True)]


def functions_of(levels: list[Level]) -> dict[int, list[Function]]:
    """Return the functions of each level by the level's pk, basics last, in two queries."""
    found: dict[int, list[Function]] = {level.pk: [] for level in levels}
    rows = Function.objects.filter(level__in=levels).order_by("level", "position", "pk")
    for function in rows.prefetch_related(
        Prefetch("work_contents", WorkContent.objects.order_by("position", "pk"))
    ):
        found[function.level_id].append(function)
    return found


def level_tree(level: Level) -> LevelTree:
    """Return the level with all that it holds, in seven queries whatever its size."""
    requirements = Requirement.objects.order_by("kind", "position", "pk")
    contents = WorkContent.objects.order_by("position", "pk").prefetch_related(
        Prefetch("requirements", requirements)
    )
    rows = level.functions.order_by("position", "pk").prefetch_related(Prefetch("work_contents", contents))
    functions = [FunctionNode(row, [_node(one) for one in row.work_contents.all()]) for row in rows]
    return LevelTree(
        level=level,
        functions=functions,
        parts=list(level.parts.order_by("position", "pk")),
        routes=list(level.routes.order_by("position", "pk")),
        vectors=_vector_tables(level, functions),
    )


def rules() -> list[Rule]:
    """Return the rules of the newest edition that has any, in the file's order."""
    newest = _newest_rules()
    return list(newest.rules.order_by("position", "pk")) if newest else []


def rule_value(code: str) -> RuleValue:
    """Return the value of a rule in the newest edition of the rules; a decimal where it has a fraction.

    Raises UnknownRule.
    """
    newest = _newest_rules()
    rule = newest.rules.filter(code=code).first() if newest else None
    if rule is None:
        raise UnknownRule(code)
    return read_value(rule.value)


def decisions() -> list[Decision]:
    """Return our decisions D1, D2, … of the newest edition that has any."""
    newest = _newest_rules()
    return list(newest.decisions.order_by("position", "pk")) if newest else []


def rules_by_group() -> dict[str, list[Rule]]:
    """Return the current rules under their groups' labels, in the file's order."""
    found: dict[str, list[Rule]] = {}
    for rule in rules():
        found.setdefault(str(RuleGroup(rule.group).label), []).append(rule)
    return found


def _newest_rules() -> Standard | None:
    holders = Standard.objects.filter(rules__isnull=False).distinct()
    return max(holders, key=lambda one: edition_key(one.edition), default=None)


def _node(row: WorkContent) -> WorkContentNode:
    requirements = list(row.requirements.all())
    return WorkContentNode(
        row,
        skills=[one for one in requirements if one.kind == RequirementKind.SKILL],
        knowledge=[one for one in requirements if one.kind == RequirementKind.KNOWLEDGE],
    )


def _vector_tables(level: Level, functions: list[FunctionNode]) -> list[VectorTable]:
    weights = VectorWeight.objects.order_by("pk")
    vectors = level.vectors.order_by("code").prefetch_related(Prefetch("weights", weights))
    return [VectorTable(vector, [_vector_line(vector, one) for one in functions]) for vector in vectors]


def _vector_line(vector: WeightVector, function: FunctionNode) -> VectorLine:
    by_content = {one.work_content_id: one.weight for one in vector.weights.all() if one.work_content_id}
    parts = [(one.name, by_content[one.row.pk]) for one in function.work_contents if one.row.pk in by_content]
    whole = sum(one.weight for one in vector.weights.all() if one.function_id == function.row.pk)
    return VectorLine(function.row, function.weight, whole + sum(weight for _name, weight in parts), parts)
