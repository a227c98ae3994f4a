"""Reads fixtures/demo/world.yaml."""

from dataclasses import dataclass
from pathlib import Path

from certs.people.enums import Role
from certs.people.rules import id_check_character
from config.sources import Problems, Record, read_yaml

SCENARIOS = (
    "none",
    "before",
    "admitted",
    "running",
    "sealed",
    "failed",
    "expiring",
    "expired",
    "qualified",
    "revoked",
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo world; `document` is a whole ID number."""

    name: str
    mobile: str
    document: str
    note: str
    roles: tuple[str, ...]
    scenario: str


@dataclass(frozen=True, slots=True)
class DemoCentre:
    code: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class DemoFile:
    centres: tuple[DemoCentre, ...]
    people: tuple[DemoPerson, ...]


def read_world(path: Path, problems: Problems) -> DemoFile:
    """Return what the file holds; every problem with its line is noted in `problems`."""
    record = read_yaml(path, problems, name=path.name)
    if record is None:
        return DemoFile((), ())
    record.only("centres", "people")
    return DemoFile(
        tuple(_centre(one) for one in record.records("centres")),
        tuple(_person(one) for one in record.records("people")),
    )


def _centre(record: Record) -> DemoCentre:
    record.only("code", "name", "address")
    return DemoCentre(
        record.text("code", pattern=r"[0-9]{4}"), record.text("name"), record.text("address", default="")
    )


def _person(record: Record) -> DemoPerson:
    record.only("name", "mobile", "document", "note", "roles", "scenario")
    digits = record.text("document", pattern=r"[0-9]{17}")
    roles = [text.value for text in record.texts("roles")] if record.has("roles") else []
    for role in roles:
        if role not in Role.values:
            record.fail(f"unknown role {role}", "roles")
    return DemoPerson(
        name=record.text("name"),
        mobile=record.text("mobile", pattern=r"1[0-9]{10}"),
        document=digits + (id_check_character(digits) if len(digits) == 17 else ""),
        note=record.text("note"),
        roles=tuple(roles),
        scenario=record.choice("scenario", SCENARIOS, default="none"),
    )
