"""Rows → content: what an edition says, in the form that a file's content has."""

from syllabus.standard.content import (
    DecisionEntry,
    FunctionEntry,
    LevelContent,
    PartEntry,
    RequirementEntry,
    RouteEntry,
    RuleEntry,
    RulesContent,
    Source,
    VectorEntry,
    WorkContentEntry,
    read_value,
)
from syllabus.standard.models import Level, Part, Requirement, Standard, WeightVector
from syllabus.standard.queries import FunctionNode, WorkContentNode, level_tree


def stored_level(level: Level) -> LevelContent:
    """Return what the rows of `level` say."""
    tree = level_tree(level)
    vectors = level.vectors.order_by("code").prefetch_related("weights__function", "weights__work_content")
    return LevelContent(
        standard=level.standard.code,
        edition=level.standard.edition,
        number=level.number,
        name=level.name,
        clause=level.clause,
        effective_on=level.effective_on,
        parts=tuple(_part(one) for one in tree.parts),
        routes=tuple(RouteEntry(one.code, one.text, one.allows, one.requires) for one in tree.routes),
        functions=tuple(_function(one) for one in tree.functions),
        vectors=tuple(_vector(one) for one in vectors),
    )


def stored_rules(standard: Standard) -> RulesContent | None:
    """Return the rules and decisions of an edition; None where it has none."""
    decisions = [
        DecisionEntry(one.code, one.title, one.text) for one in standard.decisions.order_by("position", "pk")
    ]
    rules = [
        RuleEntry(
            code=one.code,
            name=one.name,
            group=one.group,
            value=read_value(one.value),
            unit=one.unit,
            source=Source(one.certainty, one.clause),
            note=one.note,
        )
        for one in standard.rules.order_by("position", "pk")
    ]
    if not rules and not decisions:
        return None
    return RulesContent(standard.code, standard.edition, tuple(rules), tuple(decisions))


def _part(row: Part) -> PartEntry:
    return PartEntry(
        code=row.code,
        name=row.name,
        pass_mark=int(row.pass_mark),
        minutes=row.minutes,
        valid_years=row.valid_years,
        modes=tuple(row.modes),
        sources={key: Source(one["certainty"], one["clause"]) for key, one in row.sources.items()},
    )


def _function(node: FunctionNode) -> FunctionEntry:
    return FunctionEntry(
        code=node.code,
        name=node.name,
        weight=node.weight,
        is_basics=node.row.is_basics,
        is_provisional=node.is_provisional,
        work_contents=tuple(_work_content(one) for one in node.work_contents),
    )


def _work_content(node: WorkContentNode) -> WorkContentEntry:
    return WorkContentEntry(
        code=node.code,
        name=node.name,
        skills=tuple(_requirement(one) for one in node.skills),
        knowledge=tuple(_requirement(one) for one in node.knowledge),
    )


def _requirement(row: Requirement) -> RequirementEntry:
    return RequirementEntry(row.code, row.kind, row.text, row.importance, row.provenance)


def _vector(row: WeightVector) -> VectorEntry:
    weights = {(one.function or one.work_content).code: one.weight for one in row.weights.all()}  # type: ignore[union-attr]
    return VectorEntry(row.code, row.name, Source(row.certainty, row.clause), weights)
