"""A blueprint as its file says it (fixtures/blueprints): what `load_blueprints` takes back unchanged."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from exams.assembly.files import BlueprintSource
from exams.assembly.rules import Section


def as_record(source: BlueprintSource) -> dict[str, Any]:
    """Return the record that `files.read_blueprint` reads as this source; what is not said is left out."""
    said: dict[str, Any] = {
        "code": source.code,
        "name": source.name,
        "level": source.level_number,
        "part": source.part,
        "pool": source.pool,
        "minutes": source.minutes,
        "short": source.is_short or None,
        "module": source.module or None,
        "vector": source.vector or None,
        "sections": [_section(one) for one in source.sections],
        "mean_facility": {"least": str(source.facility_least), "most": str(source.facility_most)},
        "least_per_work_content": source.least_per_work_content,
        "extra_per_knowledge": source.extra_per_knowledge,
        "quotas": [
            _without_none(
                {"attribute": one.attribute, "value": one.value, "least": one.least, "most": one.most}
            )
            for one in source.quotas
        ]
        or None,
        "exposure_cap": source.exposure_cap,
        "rest_days": source.rest_days or None,
    }
    return _without_none(said)


def as_yaml(source: BlueprintSource) -> str:
    """Return a blueprint file with this one blueprint."""
    record = as_record(source)
    for key in ("sections", "quotas"):
        if key in record:
            record[key] = [_on_one_line(one) for one in record[key]]
    record["mean_facility"] = _on_one_line(record["mean_facility"])
    dumper = YAML()
    dumper.width = 200
    dumper.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    dumper.dump({"blueprints": [record]}, text)
    return text.getvalue()


def _section(section: Section) -> dict[str, Any]:
    points = section.points or None  # a task's criteria say; such a section has no points in its file
    return _without_none(
        {"type": section.type, "count": section.count, "points": points, "least": section.least}
    )


def _on_one_line(record: dict[str, Any]) -> CommentedMap:
    row = CommentedMap(record)
    row.fa.set_flow_style()
    return row


def _without_none(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value is not None}
