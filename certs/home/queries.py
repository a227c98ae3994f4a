"""Joins the rooms for the two home pages: a candidate's and the staff's."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certs.certificates.models import Certificate
from certs.home.rules import NextAction, PartFacts, Situation, next_action
from certs.people.models import Person
from certs.results.models import PartResult
from certs.results.queries import Standing, standings, unpublished
from exams.assembly.models import Paper
from exams.bank.models import Item
from exams.delivery.enums import AttemptKind
from exams.delivery.models import Attempt
from exams.practice.queries import MockRow, mocks_of


@dataclass(frozen=True, slots=True)
class CandidateHome:
    """What a candidate's home page shows; `attempt` is the one the next action leads to."""

    action: NextAction
    attempt: Attempt | None
    standings: tuple[Standing, ...]
    mocks: tuple[MockRow, ...]
    certificates: tuple[Certificate, ...]


def candidate_home(person: Person, on: date) -> CandidateHome:
    """Return what `person` sees on the day `on`, in a fixed number of queries."""
    seen = [one for one in standings(person, on) if one.has_results]
    mocks = mocks_of(person)
    real = list(
        Attempt.objects.filter(person=person, kind=AttemptKind.REAL)
        .select_related("paper__level", "centre")
        .order_by("-admitted_at", "pk")[:20]
    )
    published = set(
        PartResult.objects.filter(person=person, attempt__isnull=False).values_list("attempt_id", flat=True)
    )
    certificates = tuple(
        Certificate.objects.filter(person=person)
        .defer("pdf")
        .select_related("level")
        .order_by("-due_on", "-pk")
    )
    open_real = next((one for one in real if one.sealed_at is None), None)
    open_mock = next((row.attempt for row in mocks if row.attempt.sealed_at is None), None)
    waiting = next((one for one in real if one.sealed_at and one.pk not in published), None)
    # The level the candidate is at: the highest one begun that is not yet reached, else the highest begun.
    begun = [one for one in seen if one.qualified_on is None] or seen
    current = begun[-1] if begun else None
    action = next_action(
        Situation(
            day=on,
            running_real=bool(open_real and open_real.started_at),
            admitted_real=bool(open_real and not open_real.started_at),
            running_mock=bool(open_mock and open_mock.started_at),
            awaits_result=waiting is not None,
            mocks_done=sum(row.score is not None for row in mocks),
            qualified=bool(current and current.qualified_on),
            fresh_certificate=any(_is_fresh(one, on) for one in certificates),
            parts=_part_facts(current),
        )
    )
    return CandidateHome(
        action, open_real or open_mock or waiting, tuple(seen), tuple(mocks[:5]), certificates
    )


def _is_fresh(certificate: Certificate, on: date) -> bool:
    issued = certificate.issued_on
    return issued is not None and certificate.revoked_at is None and (on - issued).days <= 30


def _part_facts(standing: Standing | None) -> list[PartFacts]:
    if standing is None:
        return []
    return [
        PartFacts(
            name=one.part.name,
            must_sit=one.next.must,
            was_sat=one.row is not None,
            may_from=one.next.earliest_on,
            valid_through=one.row.valid_through if one.row is not None else None,
        )
        for one in standing.parts
    ]


@dataclass(frozen=True, slots=True)
class DeskCard:
    """One duty on the staff's home page: how many wait, and where to do it."""

    title: str | Promise
    count: int
    unit: str | Promise
    url_name: str
    permission: str
    is_urgent: bool = False


def staff_desk(person: Person) -> list[DeskCard]:
    """Return the duties the person's permissions open, those that wait for somebody first."""
    real = Attempt.objects.filter(kind=AttemptKind.REAL, sealed_at__isnull=True)
    duties = [
        ("certs.publish_results", "results", _("待公布成绩"), _("份已封卷的正式考试"), True, unpublished()),
        ("exams.admit_candidates", "admissions", _("准考与监看"), _("人待考或作答中"), False, real),
        (
            "certs.issue_certificates",
            "certificates",
            _("制证中的证书"),
            _("张等待制证"),
            True,
            Certificate.objects.filter(issued_at__isnull=True),
        ),
        (
            "exams.assemble_papers",
            "papers",
            _("定稿试卷"),
            _("份正式试卷"),
            False,
            Paper.objects.filter(pool="live", withdrawn_at__isnull=True),
        ),
        ("exams.see_live_items", "items", _("题库"), _("道题目"), False, Item.objects.all()),
        (
            "certs.see_people",
            "people",
            _("人员"),
            _("人已注册"),
            False,
            Person.objects.filter(is_active=True),
        ),
    ]
    cards = [
        DeskCard(title, rows.count(), unit, url_name, permission, urgent and rows.exists())
        for permission, url_name, title, unit, urgent, rows in duties
        if person.has_perm(permission)
    ]
    return sorted(cards, key=lambda card: not card.is_urgent)


def database_answers() -> bool:
    """Return whether the database answers; raises what the driver raises when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))
