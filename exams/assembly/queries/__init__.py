"""What assembly works from, and the papers there are."""

from exams.assembly.queries.frames import (
    Asked,
    Frame,
    blueprints,
    find_blueprint,
    frame_of,
    make_frame,
    source_of,
    specification_from,
    specification_of,
)
from exams.assembly.queries.pool import (
    Drawn,
    as_pool_item,
    drawn_pool,
    enemies_among,
    pool_items,
    recounted,
)
from exams.assembly.queries.stored import (
    frame_of_paper,
    has_swapped,
    paper_ids,
    papers,
    placed_items,
    repeats,
    stored_specification,
    usable_papers,
)

__all__ = [
    "Asked",
    "Drawn",
    "Frame",
    "as_pool_item",
    "blueprints",
    "drawn_pool",
    "enemies_among",
    "find_blueprint",
    "frame_of",
    "frame_of_paper",
    "has_swapped",
    "make_frame",
    "paper_ids",
    "papers",
    "placed_items",
    "pool_items",
    "recounted",
    "repeats",
    "source_of",
    "specification_from",
    "specification_of",
    "stored_specification",
    "usable_papers",
]
