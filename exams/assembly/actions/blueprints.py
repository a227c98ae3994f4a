"""Loads and changes blueprints."""

import datetime
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from config.sources import Problems
from exams.assembly.enums import BlueprintEventKind
from exams.assembly.errors import BlueprintChanged, BlueprintsRefused
from exams.assembly.files import BlueprintSource, read_blueprint_files
from exams.assembly.models import Blueprint, BlueprintEvent, BlueprintQuota, BlueprintSection


@dataclass(slots=True)
class BlueprintReport:
    """Codes of new and changed blueprints, and how many stayed as they were."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0


@transaction.atomic
def load_blueprints(
    *, path: Path, by: AbstractBaseUser | None, at: datetime.datetime, dry_run: bool = False
) -> BlueprintReport:
    """Load the blueprints of a file or folder: all, or none and BlueprintsRefused with every problem.

    Papers keep the specification they were frozen with, so a blueprint may change under them.
    """
    problems = Problems()
    sources = read_blueprint_files([path], problems)
    if problems:
        raise BlueprintsRefused(problems.sorted())
    known = _locked([source.code for source in sources])
    report = BlueprintReport()
    for source in sources:
        row = known.get(source.code)
        if row and row.checksum == source.checksum:
            report.unchanged += 1
            continue
        (report.changed if row else report.new).append(source.code)
        if not dry_run:
            _store(source, row, by, at)
    return report


@transaction.atomic
def save_blueprint(
    *, source: BlueprintSource, by: AbstractBaseUser, at: datetime.datetime, checksum: str = ""
) -> Blueprint:
    """Store a blueprint from the editor; `checksum` is that of the one it was made from, empty for a new one.

    The same content again changes nothing; a retired blueprint that is saved is in use again. Raises
    BlueprintChanged where somebody else was faster.
    """
    row = _locked([source.code]).get(source.code)
    if row and row.checksum == source.checksum and row.retired_at is None:
        return row
    if (row.checksum if row else "") != checksum:
        raise BlueprintChanged(source.code)
    return _store(source, row, by, at)


@transaction.atomic
def retire_blueprint(*, blueprint: Blueprint, by: AbstractBaseUser, at: datetime.datetime) -> Blueprint:
    """Take a blueprint out of the lists; its papers stay as they are. Again changes nothing."""
    row = _locked([blueprint.code])[blueprint.code]
    if row.retired_at is None:
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        BlueprintEvent.objects.create(
            blueprint=row, kind=BlueprintEventKind.RETIRED, at=at, by_id=by.pk, detail={}
        )
    return row


def _locked(codes: list[str]) -> dict[str, Blueprint]:
    rows = Blueprint.objects.filter(code__in=codes).order_by("pk").select_for_update(of=("self",))
    return {row.code: row for row in rows}


def _store(
    source: BlueprintSource, known: Blueprint | None, by: AbstractBaseUser | None, at: datetime.datetime
) -> Blueprint:
    names = [
        field.name
        for field in Blueprint._meta.concrete_fields
        if field.name not in {"id", "code", "retired_at"}
    ]
    row, _created = Blueprint.objects.update_or_create(
        code=source.code, defaults={name: getattr(source, name) for name in names} | {"retired_at": None}
    )
    row.sections.all().delete()
    BlueprintSection.objects.bulk_create(
        BlueprintSection(blueprint=row, position=position, **asdict(section))
        for position, section in enumerate(source.sections, start=1)
    )
    row.quotas.all().delete()
    BlueprintQuota.objects.bulk_create(
        BlueprintQuota(blueprint=row, **asdict(quota)) for quota in source.quotas
    )
    kind = BlueprintEventKind.CHANGED if known else BlueprintEventKind.CREATED
    BlueprintEvent.objects.create(
        blueprint=row, kind=kind, at=at, by_id=by.pk if by else None, detail=source.as_json()
    )
    return row
