"""What a standard file says, as plain values.

Built from a file (syllabus.standard.reading) or from the rows of an edition (syllabus.standard.stored), so
that the two can be compared. `line` tells where a value stands in its file; it is no part of the content.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

RuleValue = bool | int | Decimal | list[int]
Condition = bool | int | str


@dataclass(frozen=True, slots=True)
class RequirementEntry:
    code: str
    kind: str
    text: str
    importance: str
    provenance: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class WorkContentEntry:
    code: str
    name: str
    skills: tuple[RequirementEntry, ...]
    knowledge: tuple[RequirementEntry, ...]
    line: int = field(default=0, compare=False)

    @property
    def requirements(self) -> tuple[RequirementEntry, ...]:
        return self.skills + self.knowledge


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    code: str
    name: str
    weight: int
    is_basics: bool
    is_provisional: bool
    work_contents: tuple[WorkContentEntry, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from: a certainty (enums.Certainty) and a clause."""

    certainty: str
    clause: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PartEntry:
    code: str
    name: str
    pass_mark: int
    minutes: int
    valid_years: int
    modes: tuple[str, ...]
    sources: Mapping[str, Source]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RouteEntry:
    code: str
    text: str
    allows: str
    requires: Mapping[str, Condition]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class VectorEntry:
    """Weights by the code of a function, or of a work content where a function is split."""

    code: str
    name: str
    source: Source
    weights: Mapping[str, int]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class LevelContent:
    standard: str
    edition: str
    number: int
    name: str
    clause: str
    effective_on: datetime.date
    parts: tuple[PartEntry, ...]
    routes: tuple[RouteEntry, ...]
    functions: tuple[FunctionEntry, ...]
    vectors: tuple[VectorEntry, ...]
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def work_contents(self) -> tuple[WorkContentEntry, ...]:
        return tuple(content for function in self.functions for content in function.work_contents)

    @property
    def requirements(self) -> tuple[RequirementEntry, ...]:
        return tuple(one for content in self.work_contents for one in content.requirements)


@dataclass(frozen=True, slots=True)
class RuleEntry:
    code: str
    name: str
    group: str
    value: RuleValue
    unit: str
    source: Source
    note: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    code: str
    title: str
    text: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RulesContent:
    standard: str
    edition: str
    rules: tuple[RuleEntry, ...]
    decisions: tuple[DecisionEntry, ...]
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)


def checksum(content: LevelContent | RulesContent) -> str:
    """Return the SHA-256 of what `content` says; comments, layout and lines left out."""
    plain = json.dumps(_without_lines(asdict(content)), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


def stored_value(value: RuleValue) -> bool | int | str | list[int]:
    """Return `value` as JSON holds it: a decimal becomes a text, so that no digit is lost."""
    return str(value) if isinstance(value, Decimal) else value


def read_value(stored: bool | int | str | list[int]) -> RuleValue:
    """Return the value that `stored_value` stored."""
    return Decimal(stored) if isinstance(stored, str) else stored


def _without_lines(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_lines(one) for key, one in value.items() if key not in {"line", "lines"}}
    if isinstance(value, list | tuple):
        return [_without_lines(one) for one in value]
    return value
