"""Papers with items of any type, from the examples in the types' folders.

`version_of("essay")` is an approved item's version; `paper_of("essay", "ordering")` a frozen practice paper
with one item of each. Explanations begin with 机密, so that a test sees one that leaks.
"""

from typing import Any

from exams.assembly.models import Paper
from exams.bank.exchange.examples import examples
from exams.bank.models import ItemVersion
from exams.bank.types import Content, get_kind
from tests.factories.assembly import PaperFactory, PaperItemFactory
from tests.factories.bank import ItemFactory, a_level, knowledge_points

POINTS = 10


def content_of(code: str) -> Content:
    """Return the content of a type's example."""
    return next(one.content for one in examples() if one.content.type == code)


def version_of(code: str, **changes: Any) -> ItemVersion:
    """Return the version of an approved practice item with a type's example."""
    content = content_of(code)
    facts = {
        "type": code,
        "stem": content.stem,
        "options": list(content.options),
        "key": content.key,
        "data": dict(content.data),
        "explanation": f"机密解析：{content.explanation}",
        "level": a_level(),
        "knowledge": knowledge_points()[0],
        "pool": "practice",
    }
    version: ItemVersion = ItemFactory(**{**facts, **changes}).current
    return version


def paper_of(*codes: str) -> Paper:
    """Return a frozen practice paper with one item of each type, in this order."""
    paper: Paper = PaperFactory(pool="practice", items=None, points=POINTS * len(codes))
    for position, code in enumerate(codes, start=1):
        version = version_of(code)
        order = list(range(get_kind(code).orderable(version.content)))
        PaperItemFactory(paper=paper, position=position, version=version, points=POINTS, option_order=order)
    return paper
