"""Certificates for tests. `CertificateFactory()` is due; `issued=True` runs the real actions (a real PDF).

`SignedFactory` is an issued certificate with a file of a few bytes, for lists and verification.
"""

import datetime
import hashlib
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from certs.certificates.models import Certificate
from certs.certificates.rules import OCCUPATION, Content, compose_number
from certs.people.documents import document_number
from certs.people.models import Person
from certs.people.rules import mask_for_staff
from certs.results.models import PartResult
from exams.sittings.models import Centre
from syllabus.standard.models import Level
from tests.factories.people import PersonFactory
from tests.factories.standard import LevelFactory, StandardFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = datetime.date(2026, 3, 10)
NOON = datetime.datetime(2026, 3, 10, 12, 0, tzinfo=SHANGHAI)


class CentreFactory(DjangoModelFactory[Centre]):
    class Meta:
        model = Centre
        django_get_or_create = ("code",)

    code = "3101"
    name = "中心考点"


def level_with_parts(number: int = 3, edition: str = "2026.1") -> Level:
    """Return the level with theory and skill; the one that is there already when there is one."""
    found = Level.objects.filter(number=number, standard__edition=edition).first()
    return found or LevelFactory(parts=True, number=number, standard=StandardFactory(edition=edition))


class CertificateFactory(DjangoModelFactory[Certificate]):
    class Meta:
        model = Certificate

    person = factory.SubFactory(PersonFactory)
    level = factory.LazyFunction(level_with_parts)
    level_number = factory.LazyAttribute(lambda one: one.level.number)
    centre = factory.SubFactory(CentreFactory)
    due_on = DAY


def signed(*, serial: int = 1, pdf: bytes = b"%PDF-1.7 test", **kwargs: Any) -> Certificate:
    """Return an issued certificate whose file is not a real one."""
    person: Person = kwargs.pop("person", None) or PersonFactory()
    due = CertificateFactory(person=person, **kwargs)
    number = compose_number(issued_on=DAY, centre_code="3101", level_number=due.level_number, serial=serial)
    due.content = content_of(person, str(number), due.level).as_json()
    due.number, due.issued_on, due.issued_at = str(number), DAY, NOON
    due.pdf, due.sha256 = pdf, hashlib.sha256(pdf).hexdigest()
    due.save()
    return due


def content_of(person: Person, number: str, level: Level) -> Content:
    """Return what a certificate of `person` says."""
    return Content(
        number=number,
        name=person.name,
        document_type=person.document_type,
        document_label="居民身份证号码",
        document_mask=mask_for_staff(document_number(person)),
        document_cipher=bytes(person.document_cipher).hex(),
        occupation=OCCUPATION,
        level_number=level.number,
        level_name=level.name,
        parts=("理论知识考试", "操作技能考核"),
        issued_on=DAY.isoformat(),
        issuer="持证职业能力评价中心",
        site="https://chizheng.example",
    )


def part_result(
    *, person: Person, level: Level, part: str, on: datetime.date = DAY, **kwargs: Any
) -> PartResult:
    """Return a published pass of 75 points; `outcome="failed"` and the like give another result."""
    outcome = kwargs.pop("outcome", "passed")
    score = {"passed": 75, "failed": 40, "absent": None, "void": 0}[outcome]
    facts: dict[str, Any] = {
        "outcome": outcome,
        "score": score,
        "pass_mark": 60,
        "sat_on": on,
        "published_at": datetime.datetime.combine(on, datetime.time(9), SHANGHAI),
        "published_on": on,
        "published_by": kwargs.pop("by", None) or PersonFactory(),
        "valid_through": on.replace(year=on.year + 2) if outcome == "passed" else None,
    }
    return PartResult.objects.create(person=person, level=level, part=part, **{**facts, **kwargs})


def qualify(person: Person, level: Level, *, on: datetime.date = DAY, centre: Centre | None = None) -> None:
    """Let `person` pass both parts on one day."""
    for part in ("theory", "skill"):
        part_result(person=person, level=level, part=part, on=on, centre=centre)
