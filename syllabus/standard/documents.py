"""A level as a document: JSON for programs, text for people at a terminal."""

from typing import Any

from django.utils.translation import gettext as _

from syllabus.standard.models import Requirement
from syllabus.standard.queries import FunctionNode, LevelTree


def as_document(tree: LevelTree) -> dict[str, Any]:
    """Return the level as JSON shows it; functions in order, the basics last."""
    return {
        "level": tree.level.number,
        "edition": tree.level.standard.edition,
        "functions": [_function(one) for one in tree.functions],
    }


def as_text(tree: LevelTree) -> str:
    """Return the level as indented lines."""
    level = tree.level
    lines = [_("%(name)s（版本 %(edition)s）") % {"name": level.name, "edition": level.standard.edition}]
    for function in tree.functions:
        mark = _("（暂定）") if function.is_provisional else ""
        lines.append(f"{function.code} {function.name} {function.weight}{mark}")
        for content in function.work_contents:
            lines.append(f"  {content.code} {content.name}")
            lines += [
                f"    {one.code} {one.text}{_mark(one)}" for one in [*content.skills, *content.knowledge]
            ]
    return "\n".join(lines)


def _function(node: FunctionNode) -> dict[str, Any]:
    return {
        "code": node.code,
        "name": node.name,
        "weight": node.weight,
        "provisional": node.is_provisional,
        "work_contents": [
            {
                "code": content.code,
                "name": content.name,
                "skills": [_requirement(one) for one in content.skills],
                "knowledge": [_requirement(one) for one in content.knowledge],
            }
            for content in node.work_contents
        ],
    }


def _requirement(row: Requirement) -> dict[str, str]:
    return {"code": row.code, "text": row.text, "provenance": row.provenance}


def _mark(row: Requirement) -> str:
    return _("（自拟）") if row.provenance == "authored" else ""
