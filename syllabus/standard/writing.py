"""Content → rows, in place by natural key, so that items that point at a requirement keep their row."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.db.models.deletion import Collector, ProtectedError, RestrictedError

from syllabus.standard.content import (
    FunctionEntry,
    LevelContent,
    RulesContent,
    Source,
    VectorEntry,
    WorkContentEntry,
    checksum,
    stored_value,
)
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


def vanishing_but_used(level: Level, content: LevelContent) -> list[Requirement]:
    """Return the requirements that `content` would drop although items point at them."""
    kept = [one.code for one in content.requirements]
    gone = Requirement.objects.filter(work_content__function__level=level).exclude(code__in=kept)
    return [row for row in gone.order_by("pk") if _is_used(row)]


def write_level(standard: Standard, content: LevelContent) -> Level:
    """Make the level's rows say what `content` says."""
    level, _is_new = Level.objects.update_or_create(
        standard=standard,
        number=content.number,
        defaults={
            "name": content.name,
            "clause": content.clause,
            "effective_on": content.effective_on,
            "checksum": checksum(content),
        },
    )
    _write_parts_and_routes(level, content)
    _drop_requirements(level, content)
    _drop(Function, {"level": level}, [one.code for one in content.functions])
    for position, function in enumerate(content.functions, start=1):
        _write_function(level, function, position)
    _drop(WeightVector, {"level": level}, [one.code for one in content.vectors])
    for vector in content.vectors:
        _write_vector(level, vector)
    return level


def write_rules(standard: Standard, content: RulesContent) -> None:
    """Make the edition's rules and decisions say what `content` says."""
    _drop(Rule, {"standard": standard}, [one.code for one in content.rules])
    for position, rule in enumerate(content.rules, start=1):
        Rule.objects.update_or_create(
            standard=standard,
            code=rule.code,
            defaults={
                "name": rule.name,
                "group": rule.group,
                "value": stored_value(rule.value),
                "unit": rule.unit,
                "note": rule.note,
                "position": position,
                **_source(rule.source),
            },
        )
    _drop(Decision, {"standard": standard}, [one.code for one in content.decisions])
    for position, decision in enumerate(content.decisions, start=1):
        Decision.objects.update_or_create(
            standard=standard,
            code=decision.code,
            defaults={"title": decision.title, "text": decision.text, "position": position},
        )


def edition_row(code: str, edition: str, at: datetime.datetime) -> Standard:
    """Return the edition's row, made at `at` where it is new."""
    row, _is_new = Standard.objects.get_or_create(code=code, edition=edition, defaults={"loaded_at": at})
    return row


def _write_parts_and_routes(level: Level, content: LevelContent) -> None:
    _drop(Part, {"level": level}, [one.code for one in content.parts])
    for position, part in enumerate(content.parts, start=1):
        Part.objects.update_or_create(
            level=level,
            code=part.code,
            defaults={
                "name": part.name,
                "position": position,
                "pass_mark": part.pass_mark,
                "minutes": part.minutes,
                "valid_years": part.valid_years,
                "modes": list(part.modes),
                "sources": {key: _source(one) for key, one in part.sources.items()},
            },
        )
    _drop(EligibilityRoute, {"level": level}, [one.code for one in content.routes])
    for position, route in enumerate(content.routes, start=1):
        EligibilityRoute.objects.update_or_create(
            level=level,
            code=route.code,
            defaults={
                "text": route.text,
                "position": position,
                "allows": route.allows,
                "requires": dict(route.requires),
            },
        )


def _write_function(level: Level, entry: FunctionEntry, position: int) -> None:
    function, _is_new = Function.objects.update_or_create(
        level=level,
        code=entry.code,
        defaults={
            "name": entry.name,
            "position": position,
            "weight": entry.weight,
            "is_basics": entry.is_basics,
            "is_provisional": entry.is_provisional,
        },
    )
    _drop(WorkContent, {"function": function}, [one.code for one in entry.work_contents])
    for number, content in enumerate(entry.work_contents, start=1):
        _write_work_content(function, content, number)


def _write_work_content(function: Function, entry: WorkContentEntry, position: int) -> None:
    content, is_new = WorkContent.objects.update_or_create(
        function=function, code=entry.code, defaults={"name": entry.name, "position": position}
    )
    rows = [
        Requirement(
            work_content=content,
            kind=one.kind,
            code=one.code,
            text=one.text,
            position=number,
            importance=one.importance,
            provenance=one.provenance,
        )
        for entries in (entry.skills, entry.knowledge)
        for number, one in enumerate(entries, start=1)
    ]
    Requirement.objects.bulk_create(
        rows,
        update_conflicts=not is_new,
        unique_fields=None if is_new else ["work_content", "code"],
        update_fields=None if is_new else ["kind", "text", "position", "importance", "provenance"],
    )


def _write_vector(level: Level, entry: VectorEntry) -> None:
    vector, _is_new = WeightVector.objects.update_or_create(
        level=level, code=entry.code, defaults={"name": entry.name, **_source(entry.source)}
    )
    vector.weights.all().delete()
    functions = {one.code: one for one in level.functions.all()}
    contents = {one.code: one for one in WorkContent.objects.filter(function__level=level)}
    VectorWeight.objects.bulk_create(
        VectorWeight(
            vector=vector, function=functions.get(code), work_content=contents.get(code), weight=weight
        )
        for code, weight in entry.weights.items()
    )


def _drop_requirements(level: Level, content: LevelContent) -> None:
    kept = [one.code for one in content.requirements]
    Requirement.objects.filter(work_content__function__level=level).exclude(code__in=kept).delete()


def _drop(model: type[Model], parent: Mapping[str, Any], kept: Iterable[str]) -> None:
    model._default_manager.filter(**parent).exclude(code__in=list(kept)).delete()


def _is_used(row: Requirement) -> bool:
    try:
        Collector(using=row._state.db or "default").collect([row])
    except (ProtectedError, RestrictedError):
        return True
    return False


def _source(source: Source) -> dict[str, str]:
    return {"certainty": source.certainty, "clause": source.clause}
