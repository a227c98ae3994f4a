"""The demo world: people in every state, made by the same actions that real work uses.

Days are relative to the day it is made. Making it again adds what is missing and leaves the rest alone; the
attempt that is running and the one that waits are made anew once they have ended.
"""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from certs.certificates.actions import issue_certificate, make_due, number_certificate, revoke_certificate
from certs.certificates.models import Certificate
from certs.certificates.queries import people_due
from certs.demo.drafts import make_drafts
from certs.demo.files import DemoFile, DemoPerson
from certs.demo.papers import make_papers
from certs.people.actions import grant_role, register_person
from certs.people.enums import ConsentPurpose, DocumentType, Role
from certs.people.models import Person
from certs.people.queries import DEMO_PASSWORD
from certs.results.actions import record_result
from certs.results.enums import Outcome
from certs.results.models import PartResult
from exams.assembly.actions import load_blueprints
from exams.assembly.models import Blueprint, Paper, PaperItem
from exams.delivery.actions import admit, save_answer, seal, start
from exams.delivery.enums import AttemptKind, SealReason
from exams.delivery.models import Attempt
from exams.marking.actions import mark
from exams.practice.actions import start_mock
from exams.sittings.actions import create_centre
from exams.sittings.models import Centre
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Level
from syllabus.standard.queries import current_level

SHORT_MOCK = "l3-theory-short"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the scenarios share: the moment of making, the staff, a centre, the level and a live paper."""

    now: datetime.datetime
    officer: Person
    registrar: Person
    centre: Centre
    level: Level
    paper: Paper
    short_paper: Paper

    def ago(self, days: int) -> datetime.datetime:
        """Return the moment `days` days back, at ten in the morning."""
        day = timezone.localtime(self.now) - datetime.timedelta(days=days)
        return min(day.replace(hour=10, minute=0, second=0, microsecond=0), self.now)


def make_world(file: DemoFile, *, blueprints: Path, at: datetime.datetime) -> dict[str, int]:
    """Make what is missing of the demo world; returns how many centres, people and papers there are now."""
    for centre in file.centres:
        create_centre(code=centre.code, name=centre.name, address=centre.address)
    people = {one.mobile: _person(one, at) for one in file.people}
    staff = {role: people[one.mobile] for one in reversed(file.people) for role in one.roles}
    managers = [people[one.mobile] for one in file.people if Role.ITEM_MANAGER in one.roles]
    load_blueprints(path=blueprints, by=staff[Role.ADMIN], at=at)
    papers = make_papers(maker=managers[0], approver=managers[-1], at=at)
    make_drafts(
        writer=staff[Role.ITEM_WRITER],
        reviewer=staff[Role.ITEM_REVIEWER],
        level=current_level(3),
        at=at,
    )
    stage = Stage(
        now=at,
        officer=staff[Role.EXAM_OFFICER],
        registrar=staff[Role.REGISTRAR],
        centre=Centre.objects.get(code=file.centres[-1].code),
        level=current_level(3),
        paper=papers[0],
        short_paper=papers[-1],
    )
    for one in file.people:
        if one.scenario != "none":
            SCENARIO[one.scenario](stage, people[one.mobile])
    return {"centres": len(file.centres), "people": len(people), "papers": len(papers)}


def _person(one: DemoPerson, at: datetime.datetime) -> Person:
    """Return the person, made with their roles where they are missing."""
    if person := Person.objects.filter(mobile=one.mobile).first():
        return person
    with transaction.atomic():
        person = register_person(
            name=one.name,
            document_type=DocumentType.ID_CARD,
            document_number=one.document,
            mobile=one.mobile,
            email=None,
            password=DEMO_PASSWORD,
            consents=[ConsentPurpose.ACCOUNT],
            by=None,
            at=at,
            is_demo=True,
        )
        for role in one.roles:
            grant_role(person=person, role=role, centre=None, by=None, at=at)
    return person


# --- Scenarios ----------------------------------------------------------------------------------------------


def _before(stage: Stage, person: Person) -> None:
    """Has a valid pass of the skill part and a short mock behind; theory not sat yet."""
    _result(stage, person, PartCode.SKILL, "72", sat_ago=40)
    if not Attempt.objects.filter(person=person, kind=AttemptKind.MOCK).exists():
        blueprint = Blueprint.objects.get(code=SHORT_MOCK)
        mock = start_mock(person=person, blueprint=blueprint, at=stage.now, seed=1)
        start(attempt=mock, by=person)
        _answer(mock, right=0.6)
        mark(attempt=seal(attempt=mock, reason=SealReason.HANDED_IN, by=person))


def _admitted(stage: Stage, person: Person) -> None:
    """Is admitted to the short live paper and has not begun."""
    if not _open(person):
        _admit(stage, person, stage.short_paper)


def _running(stage: Stage, person: Person) -> None:
    """Sits the full paper and has answered some of it."""
    if not _open(person):
        attempt = start(attempt=_admit(stage, person, stage.paper), by=person)
        _answer(attempt, right=0.7, most=15)


def _sealed(stage: Stage, person: Person) -> None:
    """Handed in a paper that passes; the result waits for publication and makes the certificate due."""
    _result(stage, person, PartCode.SKILL, "68.5", sat_ago=35)
    if not Attempt.objects.filter(person=person, kind=AttemptKind.REAL).exists():
        attempt = start(attempt=_admit(stage, person, stage.paper), by=person)
        _answer(attempt, right=0.82)
        mark(attempt=seal(attempt=attempt, reason=SealReason.HANDED_IN, by=person))


def _failed(stage: Stage, person: Person) -> None:
    """Failed theory longer than the retake gap ago, passed the skill part."""
    _result(stage, person, PartCode.THEORY, "54.5", sat_ago=41)
    _result(stage, person, PartCode.SKILL, "66", sat_ago=40)


def _expiring(stage: Stage, person: Person) -> None:
    """Passed theory almost two years ago and failed the skill part since."""
    _result(stage, person, PartCode.THEORY, "63.5", sat_ago=2 * 365 - 20)
    _result(stage, person, PartCode.SKILL, "51.5", sat_ago=45)


def _expired(stage: Stage, person: Person) -> None:
    """Passed theory more than two years ago and never the skill part."""
    _result(stage, person, PartCode.THEORY, "71", sat_ago=2 * 366 + 40)
    _result(stage, person, PartCode.SKILL, "57", sat_ago=2 * 366 + 38)


def _qualified(stage: Stage, person: Person) -> None:
    """Passed both parts and holds the certificate."""
    _certify(stage, person, theory="83.5", skill="79", sat_ago=70)


def _revoked(stage: Stage, person: Person) -> None:
    """Held a certificate that was revoked."""
    _certify(stage, person, theory="62", skill="64.5", sat_ago=200)
    held = Certificate.objects.get(person=person, level_number=stage.level.number)
    if held.revoked_at is None:
        reason = "演示：申报材料经核实为虚假材料。"
        revoke_certificate(certificate=held, reason=reason, by=stage.registrar, at=stage.ago(30))


SCENARIO: dict[str, Callable[[Stage, Person], None]] = {
    "before": _before,
    "admitted": _admitted,
    "running": _running,
    "sealed": _sealed,
    "failed": _failed,
    "expiring": _expiring,
    "expired": _expired,
    "qualified": _qualified,
    "revoked": _revoked,
}


# --- What the scenarios are made of -------------------------------------------------------------------------


def _open(person: Person) -> bool:
    return Attempt.objects.filter(person=person, kind=AttemptKind.REAL, sealed_at__isnull=True).exists()


def _admit(stage: Stage, person: Person, paper: Paper) -> Attempt:
    return admit(
        person=person, paper=paper, kind=AttemptKind.REAL, centre=stage.centre, by=stage.officer, at=stage.now
    )


def _answer(attempt: Attempt, *, right: float, most: int | None = None) -> None:
    """Save answers in the candidate's order, about the share `right` of them with the key."""
    draw = random.Random(f"{attempt.paper_id} {right}")  # noqa: S311  a demo, not a secret
    items = PaperItem.objects.filter(paper=attempt.paper_id).select_related("version")
    by_position = {one.position: one for one in items}
    for position in attempt.item_order[:most]:
        key = by_position[position].version.key
        other = {"T": "F", "F": "T"}.get(key) or (
            "AB" if len(key) > 1 else next(x for x in "ABCD" if x != key)
        )
        save_answer(
            attempt_id=attempt.pk,
            person_id=attempt.person_id,
            paper_id=attempt.paper_id,
            position=position,
            answer=key if draw.random() < right else other,
            flagged=draw.random() < 0.05,
        )


@transaction.atomic  # so that the certificate is issued on its day before the queue could issue it today
def _certify(stage: Stage, person: Person, *, theory: str, skill: str, sat_ago: int) -> None:
    """Pass both parts and issue the certificate eight days after the sitting, once."""
    _result(stage, person, PartCode.THEORY, theory, sat_ago=sat_ago)
    _result(stage, person, PartCode.SKILL, skill, sat_ago=sat_ago)
    at = stage.ago(sat_ago - 8)
    for found in people_due(at):
        if found.person.pk == person.pk:
            certificate = make_due(found=found, by=None, at=at)
            issue_certificate(
                certificate=number_certificate(certificate=certificate, by=None, at=at), by=None, at=at
            )


def _result(stage: Stage, person: Person, part: str, score: str, *, sat_ago: int) -> None:
    """Record a result of `score`, sat `sat_ago` days ago and published five days later, once."""
    if PartResult.objects.filter(person=person, part=part).exists():
        return
    marks = dict(stage.level.parts.values_list("code", "pass_mark"))
    passed = Decimal(score) >= marks[part]
    record_result(
        person=person,
        level=stage.level,
        part=part,
        outcome=Outcome.PASSED if passed else Outcome.FAILED,
        score=Decimal(score),
        sat_on=stage.ago(sat_ago).date(),
        centre=stage.centre,
        by=stage.registrar,
        at=stage.ago(sat_ago - 5),
        reason="",
    )
