"""Content for tests of pure functions."""

from functools import lru_cache

from config.sources import Problems, parse_yaml
from syllabus.standard import reading
from syllabus.standard.content import LevelContent
from tests.syllabus.standard.samples import LEVEL


@lru_cache
def level_content(text: str = LEVEL) -> LevelContent:
    """Return the content of a level's file, given as text."""
    record = parse_yaml(text.encode(), Problems(), name="level.yaml")
    assert record is not None
    return reading._level(record)
