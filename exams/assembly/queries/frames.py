"""From a blueprint, stored or only typed, to what a paper is held to under an edition."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from exams.assembly.errors import BlueprintUnusable, UnknownBlueprint
from exams.assembly.files import BlueprintSource
from exams.assembly.models import Blueprint
from exams.assembly.rules import Limits, Quota, Section, Specification, round_weights
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level
from syllabus.standard.queries import LevelTree, level_tree

_POINTS = 100  # every part and every module is out of 100 (§1.7.4, D8)
Asked = Blueprint | BlueprintSource
"""A blueprint as it is stored, or as a file or the editor says it: papers can be asked of both."""


def blueprints(*, with_retired: bool = False) -> QuerySet[Blueprint]:
    """Return the blueprints in use with their sections and quotas, full papers first."""
    found = Blueprint.objects.prefetch_related("sections", "quotas")
    if not with_retired:
        found = found.filter(retired_at__isnull=True)
    return found.order_by("-level_number", "part", "module", "is_short", "vector", "pool", "code")


def find_blueprint(*, level: int, part: str, pool: str, code: str = "") -> Blueprint:
    """Return the blueprint of this code, or the first full one, for level, part and pool.

    Raises UnknownBlueprint.
    """
    found = Blueprint.objects.filter(level_number=level, part=part, pool=pool, retired_at__isnull=True)
    found = found.filter(code=code) if code else found.filter(is_short=False, module="", vector="")
    if (blueprint := found.order_by("code").first()) is None:
        raise UnknownBlueprint(code or f"{level} {part} {pool}")
    return blueprint


def source_of(blueprint: Blueprint) -> BlueprintSource:
    """Return a stored blueprint as its file would say it; prefetched sections and quotas are used."""
    sections = sorted(blueprint.sections.all(), key=lambda one: one.position)
    quotas = sorted(blueprint.quotas.all(), key=lambda one: (one.attribute, one.value))
    own = {"sections", "quotas"}
    facts = {name: getattr(blueprint, name) for name in BlueprintSource.__slots__ if name not in own}
    return BlueprintSource(
        sections=tuple(Section(one.type, one.count, one.points, one.least) for one in sections),
        quotas=tuple(Quota(one.attribute, one.value, one.least, one.most) for one in quotas),
        **facts,
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What the standard gives a blueprint: points, requirements and names, under its weight vector.

    `names` are of functions and work contents by code, in the standard's order.

    Where the vector divides a function, a work content stands for it: `owners` gives each work content's
    code the key under which its points count.
    """

    weights: dict[str, int]
    names: dict[str, str]
    syllabus: tuple[tuple[str, str, str], ...]
    owners: dict[str, str]


def frame_of(blueprint: Asked, tree: LevelTree) -> Frame:
    """Return the frame of a blueprint in an edition. Raises BlueprintUnusable."""
    return make_frame(blueprint.part, blueprint.module, blueprint.vector, blueprint.code, tree)


def make_frame(part: str, module: str, vector: str, code: str, tree: LevelTree) -> Frame:
    """Return the frame of these facts of a blueprint in an edition. Raises BlueprintUnusable."""
    weights, names, owners = _weights(module, vector, code, tree)
    syllabus = tuple(
        (owners[content.code], content.code, requirement.code)
        for function in tree.functions
        for content in function.work_contents
        for requirement in (content.skills if part == PartCode.SKILL else content.knowledge)
        if owners[content.code] in weights
    )
    return Frame(weights, names, syllabus, owners)


def _weights(
    module: str, vector: str, code: str, tree: LevelTree
) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    owners = {
        content.code: function.code for function in tree.functions for content in function.work_contents
    }
    names: dict[str, str] = {}
    for function in tree.functions:
        names[function.code] = function.name
        names |= {content.code: content.name for content in function.work_contents}
    if module:
        if module not in {function.code for function in tree.functions}:
            raise BlueprintUnusable(code, "module", module)
        return {module: _POINTS}, names, owners
    if not vector:
        return {function.code: function.weight for function in tree.functions}, names, owners
    table = next((one for one in tree.vectors if one.row.code == vector), None)
    if table is None:
        raise BlueprintUnusable(code, "vector", vector)
    by_content = {one.work_content_id: one.weight for one in table.row.weights.all() if one.work_content_id}
    by_function = {one.function_id: one.weight for one in table.row.weights.all() if one.function_id}
    weights: dict[str, int] = {}
    for function in tree.functions:
        if function.row.pk in by_function:
            weights[function.code] = by_function[function.row.pk]
        for content in function.work_contents:
            if content.row.pk in by_content:
                weights[content.code] = by_content[content.row.pk]
                owners[content.code] = content.code
    return weights, names, owners


def specification_of(blueprint: Asked, level: Level) -> tuple[Specification, Frame]:
    """Return what a paper of this blueprint is held to under this edition, and its frame."""
    return specification_from(blueprint, level_tree(level))


def specification_from(blueprint: Asked, tree: LevelTree) -> tuple[Specification, Frame]:
    """Return the same of an edition that is already read. Raises BlueprintUnusable."""
    source = source_of(blueprint) if isinstance(blueprint, Blueprint) else blueprint
    frame = frame_of(source, tree)
    weights = frame.weights
    if source.is_short and source.sections:
        questions = round_weights(weights, sum(section.count for section in source.sections))
        weights = {code: count * source.sections[0].points for code, count in questions.items()}
    limits = Limits(
        source.facility_least,
        source.facility_most,
        source.least_per_work_content,
        source.extra_per_knowledge,
    )
    return Specification(source.sections, weights, frame.syllabus, limits, source.quotas), frame
