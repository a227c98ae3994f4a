"""Pure rules of items."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

FACILITY: Mapping[int, Decimal] = MappingProxyType(
    {1: Decimal("0.90"), 2: Decimal("0.75"), 3: Decimal("0.60"), 4: Decimal("0.45"), 5: Decimal("0.30")}
)
"""Expected facility (share of the points that candidates gain) of each difficulty. Practice: domain.md 5."""
