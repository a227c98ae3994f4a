"""From an item of the pool to an item on paper."""

from exams.assembly.rules import Placed, shuffle_options
from exams.assembly.solutions import PlacedItem
from exams.bank.models import ItemVersion
from exams.bank.types import get_kind


def placed_item(placed: Placed, version: ItemVersion, seed: int) -> PlacedItem:
    """Return an item as a paper shows it: its options in the order that the seed draws."""
    orderable = get_kind(version.type).orderable(version.content)
    return PlacedItem(
        version,
        placed.total,
        tuple(shuffle_options(placed.item.code, orderable, seed)),
        placed.points if not version.knowledge_id else (),
    )
