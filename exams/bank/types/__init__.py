"""Item types: each is a folder here that holds everything the product knows of it.

A folder `<code>/` has `kind.py` with `KIND`, an instance of `contract.ItemKind`, and
`templates/item_types/<code>/` with `question.html`, `review.html`, `print.html` and `editor.html`; it may
have `static/item_types/<code>/`. Nothing else in the product lists the types: the registry finds them.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from exams.bank.types.contract import Content, Criterion, ItemKind, RubricLevel, UnreadableAnswer

__all__ = [
    "Content",
    "Criterion",
    "ItemKind",
    "RubricLevel",
    "UnreadableAnswer",
    "get_kind",
    "kinds",
    "type_choices",
    "type_label",
]


@cache
def kinds() -> Mapping[str, ItemKind]:
    """Return every item type by its code, in the order in which papers and lists show them."""
    folder = Path(__file__).parent
    found = [
        import_module(f"{__name__}.{one.name}.kind").KIND
        for one in sorted(folder.iterdir())
        if (one / "kind.py").exists()
    ]
    return MappingProxyType({kind.code: kind for kind in sorted(found, key=lambda kind: kind.position)})


def get_kind(code: str) -> ItemKind:
    """Return the type of this code; KeyError for an unknown one."""
    return kinds()[code]


def type_label(code: str) -> str:
    """Return the name of a type in the active language."""
    return str(get_kind(code).label)


def type_choices() -> list[tuple[str, str]]:
    """Return (code, name) of every type, for forms and models."""
    return [(kind.code, str(kind.label)) for kind in kinds().values()]
