"""File formats of items: each is a module here with FORMAT, an instance of `contract.ItemFormat`.

Nothing else in the product lists the formats: the registry finds the modules whose name ends in `_format`.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path, PurePath
from types import MappingProxyType

from exams.bank.exchange.contract import Entry, Head, ItemFormat, Outgoing

__all__ = ["Entry", "Head", "ItemFormat", "Outgoing", "format_of", "formats", "get_format"]


@cache
def formats() -> Mapping[str, ItemFormat]:
    """Return every file format by its code, in the order in which pages show them."""
    modules = sorted(Path(__file__).parent.glob("*_format.py"))
    found = [import_module(f"{__name__}.{module.stem}").FORMAT for module in modules]
    return MappingProxyType({one.code: one for one in sorted(found, key=lambda one: one.position)})


def get_format(code: str) -> ItemFormat:
    """Return the format of this code; KeyError for an unknown one."""
    return formats()[code]


def format_of(name: str) -> ItemFormat | None:
    """Return the format that a file's name ends in; None where no format has that ending."""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    return next((one for one in formats().values() if ending in one.extensions), None)
