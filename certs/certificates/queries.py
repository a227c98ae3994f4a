"""Reading certificates, and finding whose is due."""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from certs.certificates.enums import CertificateEventKind, CertificateState
from certs.certificates.models import Certificate, CertificateEvent
from certs.certificates.rules import due, normalise_number, same_name, state
from certs.people.models import Person
from certs.people.rules import mask_name
from certs.results.enums import Outcome
from certs.results.models import PartResult
from certs.results.rules import SHANGHAI, Entry
from exams.sittings.models import Centre
from syllabus.standard.models import Level, Part

_MOST_CANDIDATES = 2_000  # a round's worth; the next round takes the rest
_HEAVY = ("pdf",)


@dataclass(frozen=True, slots=True)
class PersonDue:
    """A person for whom a certificate of a level is due, and where the last needed part was sat."""

    person: Person
    level: Level
    due_on: date
    centre: Centre | None


def people_due(at: datetime) -> list[PersonDue]:
    """Return whose certificate is due at `at` and not made yet, in order of person and level.

    A level is judged by the parts of the newest edition that the person was assessed under.
    """
    groups = list(_groups_that_may_be_due(at))
    rows: dict[tuple[int, int], list[PartResult]] = defaultdict(list)
    published = PartResult.objects.filter(
        published_at__lte=at, person__in={person for person, _ in groups}
    ).select_related("person", "centre", "level__standard")
    for row in published.order_by("published_at", "pk"):
        rows[row.person_id, row.level.number].append(row)
    parts = _parts_by_level({row.level_id for group in rows.values() for row in group})
    today = at.astimezone(SHANGHAI).date()
    judged = (_judge(rows[key], parts) for key in groups)
    return [found for found in judged if found is not None and found.due_on <= today]


def _groups_that_may_be_due(at: datetime) -> Iterator[tuple[int, int]]:
    """Yield (person, level number) with a pass of as many parts as any edition asks, and no certificate."""
    asked = Part.objects.values("level_id").annotate(count=Count("pk")).order_by("level__number", "count")
    fewest: dict[int, int] = {}
    for number, count in asked.values_list("level__number", "count"):
        fewest.setdefault(number, count)
    made = Certificate.objects.filter(person=OuterRef("person"), level_number=OuterRef("level__number"))
    passes = PartResult.objects.filter(
        ~Exists(made), outcome=Outcome.PASSED, superseded_by__isnull=True, published_at__lte=at
    )
    for number, count in fewest.items():
        groups = passes.filter(level__number=number).values("person_id", "level__number")
        ready = groups.annotate(passed=Count("part", distinct=True)).filter(passed__gte=count)
        yield from ready.order_by("person_id").values_list("person_id", "level__number")[:_MOST_CANDIDATES]


def _parts_by_level(levels: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for level, code in (
        Part.objects.filter(level__in=levels).order_by("position").values_list("level_id", "code")
    ):
        found[level].append(code)
    return found


def _judge(rows: list[PartResult], parts: dict[int, list[str]]) -> PersonDue | None:
    level = max((row.level for row in rows), key=lambda one: (one.standard.edition, one.pk))
    found = due(map(_entry, rows), parts.get(level.pk, ()))
    if found is None:
        return None
    deciding = next(row for row in rows if row.pk == found.deciding.pk)
    return PersonDue(deciding.person, level, found.on, deciding.centre)


def _entry(row: PartResult) -> Entry:
    return Entry(
        pk=row.pk, part=row.part, outcome=row.outcome, sat_on=row.sat_on, published_on=row.published_on,
        valid_through=row.valid_through, score=row.score, supersedes=row.supersedes_id,
    )  # fmt: skip


def waiting_certificates() -> list[Certificate]:
    """Return the certificates that are due and not issued, oldest first."""
    return list(Certificate.objects.defer(*_HEAVY).filter(issued_at__isnull=True).order_by("pk"))


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """Return a person's certificates, newest first, without their files."""
    return Certificate.objects.defer(*_HEAVY).filter(person=person).order_by("-due_on", "-pk")


def search_certificates(
    text: str = "", *, level: str = "", of_state: str = "", centres: Iterable[int] | None = None
) -> QuerySet[Certificate]:
    """Return certificates by number or name (part of it), level and state; `centres` None: of all centres.

    Each has `has_failed`: whether making it ever failed.
    """
    failures = CertificateEvent.objects.filter(certificate=OuterRef("pk"), kind=CertificateEventKind.FAILED)
    found = Certificate.objects.defer(*_HEAVY).select_related("person", "level").order_by("-due_on", "-pk")
    found = found.annotate(has_failed=Exists(failures))
    if centres is not None:
        found = found.filter(centre__in=centres)
    if text := text.replace("\x00", "").strip():
        found = found.filter(Q(person__name__icontains=text) | Q(number__startswith=normalise_number(text)))
    if level:
        found = found.filter(level_number=int(level))
    return found.filter(_in_state(of_state))


def _in_state(of_state: str) -> Q:
    conditions: dict[str, Q] = {
        CertificateState.DUE: Q(issued_at__isnull=True),
        CertificateState.VALID: Q(issued_at__isnull=False, revoked_at__isnull=True),
        CertificateState.REVOKED: Q(revoked_at__isnull=False),
    }
    return conditions.get(of_state, Q())


def events_of(certificate: Certificate) -> QuerySet[CertificateEvent]:
    """Return what happened to a certificate, in order."""
    return certificate.events.select_related("by").order_by("at", "pk")


def last_failure(certificate: Certificate) -> CertificateEvent | None:
    """Return the newest event when it is a failure."""
    event = certificate.events.order_by("-at", "-pk").first()
    return event if event is not None and event.kind == CertificateEventKind.FAILED else None


@dataclass(frozen=True, slots=True)
class Verification:
    """What the public learns about one certificate; `unknown` says nothing about anything."""

    result: str
    number: str = ""
    name: str = ""
    occupation: str = ""
    level: str = ""
    issued_on: date | None = None
    revoked_on: date | None = None
    issuer: str = ""
    sha256: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the facts that there are; an unknown certificate has none."""
        facts = {field: getattr(self, field) for field in self.__slots__}
        return {
            field: fact.isoformat() if isinstance(fact, date) else fact
            for field, fact in facts.items()
            if fact
        }


def verify(number: str, name: str) -> Verification:
    """Return what the public may know of the certificate with this number and name.

    An unknown number and a wrong name take the same steps: one query and one comparison.
    """
    issued = Certificate.objects.defer(*_HEAVY).filter(issued_at__isnull=False)
    found = issued.filter(number=normalise_number(number)[:14].replace("\x00", "")).first()
    content = found.content if found is not None else {"name": "\x00"}
    is_name = hmac.compare_digest(same_name(name).encode(), same_name(content["name"]).encode())
    if found is None or not is_name:
        return Verification("unknown")
    revoked = found.revoked_at
    return Verification(
        result=state(found.issued_at, revoked).value,
        number=content["number"],
        name=mask_name(content["name"]),
        occupation=content["occupation"],
        level=content["level_name"],
        issued_on=found.issued_on,
        revoked_on=revoked.astimezone(SHANGHAI).date() if revoked else None,
        issuer=content["issuer"],
        sha256=found.sha256,
    )
