"""Due, numbered, issued, revoked: each once, and nothing half done."""

import datetime
import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from certs.certificates.actions import (
    issue_certificate,
    make_due,
    note_failure,
    number_certificate,
    revoke_certificate,
)
from certs.certificates.enums import CertificateEventKind
from certs.certificates.errors import RevokeRefused, Unprintable
from certs.certificates.models import Certificate, CertificateEvent, SerialCounter
from certs.certificates.queries import people_due, search_certificates
from certs.certificates.tasks import issue_due
from certs.people.documents import document_number
from certs.people.models import Photo
from tests.factories.certificates import (
    DAY,
    NOON,
    CentreFactory,
    CertificateFactory,
    level_with_parts,
    part_result,
    qualify,
    signed,
)
from tests.factories.people import PersonFactory, registrar

pytestmark = pytest.mark.django_db
BOX = "\U000f0000"


def kinds(certificate: Certificate) -> list[str]:
    return [str(event.kind) for event in certificate.events.order_by("pk")]


# Who is due ----------------------------------------------------------------------------------------------


def test_people_due_finds_whoever_passed_every_part() -> None:
    level, centre = level_with_parts(), CentreFactory()
    person, half = PersonFactory(), PersonFactory()
    part_result(person=person, level=level, part="theory", on=DAY)
    part_result(person=person, level=level, part="skill", on=DAY + datetime.timedelta(9), centre=centre)
    part_result(person=half, level=level, part="theory")
    part_result(person=half, level=level, part="skill", outcome="failed")
    found = people_due(NOON + datetime.timedelta(60))
    assert [(one.person, one.level, one.due_on, one.centre) for one in found] == [
        (person, level, DAY + datetime.timedelta(9), centre)
    ]


def test_people_due_not_before_the_publication() -> None:
    qualify(PersonFactory(), level_with_parts())
    assert people_due(NOON - datetime.timedelta(hours=4)) == []
    assert len(people_due(NOON)) == 1


def test_people_due_ignores_superseded_passes() -> None:
    level, person = level_with_parts(), PersonFactory()
    qualify(person, level)
    skill = part_result(person=person, level=level, part="skill", outcome="failed", supersedes=None)
    assert len(people_due(NOON)) == 1
    passed = type(skill).objects.get(person=person, part="skill", outcome="passed")
    part_result(
        person=person, level=level, part="skill", outcome="failed", supersedes=passed, reason="登分错误"
    )
    assert people_due(NOON) == []


def test_people_due_does_not_lapse_after_the_validity() -> None:
    qualify(PersonFactory(), level_with_parts())
    assert len(people_due(NOON.replace(year=2035))) == 1


def test_people_due_once_per_level_across_editions() -> None:
    person, old = PersonFactory(), level_with_parts()
    new = level_with_parts(edition="2027.1")
    CertificateFactory(person=person, level=old)
    qualify(person, new)
    assert people_due(NOON) == []


def test_people_due_counts_passes_of_two_editions_together() -> None:
    person, old = PersonFactory(), level_with_parts()
    new = level_with_parts(edition="2027.1")
    part_result(person=person, level=old, part="theory")
    part_result(person=person, level=new, part="skill")
    assert [one.level for one in people_due(NOON)] == [new]


def test_people_due_takes_the_same_queries_for_one_and_three() -> None:
    level = level_with_parts()
    counts = []
    for more in (1, 2):
        for _ in range(more):
            qualify(PersonFactory(), level)
        with CaptureQueriesContext(connection) as queries:
            people_due(NOON)
        counts.append(len(queries))
    assert counts == [4, 4]


# Steps ---------------------------------------------------------------------------------------------------


def test_make_due_is_done_once() -> None:
    qualify(PersonFactory(), level_with_parts())
    [found] = people_due(NOON)
    first, second = (make_due(found=found, by=None, at=NOON) for _ in range(2))
    assert first == second
    assert kinds(first) == [CertificateEventKind.DUE]


def test_number_freezes_what_the_certificate_says(settings: Any) -> None:
    settings.ISSUER_NAME, settings.SITE_URL = "某评价中心", "https://x.example"
    due = CertificateFactory(person=PersonFactory(name="王小明"), centre=CentreFactory(code="4402"))
    with override("en"):
        numbered = number_certificate(certificate=due, by=None, at=NOON)
    person = numbered.person
    assert numbered.number is not None
    assert numbered.number[:13] == "2644023000001"
    assert numbered.content == {
        "number": numbered.number,
        "name": "王小明",
        "document_type": "id_card",
        "document_label": "居民身份证号码",
        "document_mask": document_number(person)[:6] + "*" * 10 + document_number(person)[-2:],
        "document_cipher": bytes(person.document_cipher).hex(),
        "occupation": "客户服务管理师",
        "level_number": 3,
        "level_name": "三级",
        "parts": ["理论知识考试", "操作技能考核"],
        "issued_on": "2026-03-10",
        "issuer": "某评价中心",
        "site": "https://x.example",
    }
    assert document_number(person) not in str(numbered.content)
    assert number_certificate(certificate=due, by=None, at=NOON).number == numbered.number


def test_number_of_a_certificate_without_centre_has_0001() -> None:
    numbered = number_certificate(certificate=CertificateFactory(centre=None), by=None, at=NOON)
    assert str(numbered.number)[2:6] == "0001"


def test_number_takes_its_year_from_the_day_in_shanghai() -> None:
    new_year = datetime.datetime(2026, 12, 31, 16, 30, tzinfo=datetime.UTC)
    numbered = number_certificate(certificate=CertificateFactory(), by=None, at=new_year)
    assert str(numbered.number)[:2] == "27"
    assert numbered.content["issued_on"] == "2027-01-01"


def test_numbers_follow_each_other_without_a_gap_after_a_refusal() -> None:
    number_certificate(certificate=CertificateFactory(), by=None, at=NOON)
    refused = CertificateFactory(person=PersonFactory(name=f"王{BOX}"))
    with pytest.raises(Unprintable) as caught:
        number_certificate(certificate=refused, by=None, at=NOON)
    assert "U+F0000" in caught.value.message
    numbered = number_certificate(certificate=CertificateFactory(), by=None, at=NOON)
    assert str(numbered.number)[7:13] == "000002"
    assert SerialCounter.objects.get().last == 2
    refused.refresh_from_db()
    assert (refused.number, refused.content) == (None, {})


def test_issue_stores_the_file_with_its_fingerprint() -> None:
    due = number_certificate(certificate=CertificateFactory(), by=None, at=NOON)
    issued = issue_certificate(certificate=due, by=None, at=NOON)
    issued.refresh_from_db()
    data = bytes(issued.pdf or b"")
    assert data.startswith(b"%PDF-1.7")
    assert issued.sha256 == hashlib.sha256(data).hexdigest()
    assert (issued.issued_on, issued.issued_at) == (DAY, NOON)
    assert kinds(issued) == ["numbered", "issued"]


def test_issue_again_changes_nothing() -> None:
    due = number_certificate(certificate=CertificateFactory(), by=None, at=NOON)
    first = issue_certificate(certificate=due, by=None, at=NOON)
    second = issue_certificate(certificate=due, by=None, at=NOON + datetime.timedelta(1))
    assert (second.sha256, second.issued_at) == (first.sha256, first.issued_at)
    assert kinds(second) == ["numbered", "issued"]


def test_issue_prints_the_photo_and_notes_which() -> None:
    due = CertificateFactory()
    Photo.objects.create(
        person=due.person, jpeg=_jpeg(), width=150, height=200, sha256="f" * 64, uploaded_at=NOON
    )
    numbered = number_certificate(certificate=due, by=None, at=NOON)
    issued = issue_certificate(certificate=numbered, by=None, at=NOON)
    assert issued.events.get(kind="issued").detail["photo"] == "f" * 64
    assert b"/DCTDecode" in bytes(issued.pdf or b"")


def _jpeg() -> bytes:
    import io

    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (150, 200), (90, 90, 90)).save(data, "JPEG")
    return data.getvalue()


def test_revoke_keeps_reason_person_and_moment() -> None:
    staff, issued = registrar(), signed()
    revoke_certificate(certificate=issued, reason=" 提供虚假材料 ", by=staff, at=NOON)
    issued.refresh_from_db()
    assert (issued.revoke_reason, issued.revoked_by, issued.revoked_at) == ("提供虚假材料", staff, NOON)
    assert kinds(issued) == ["revoked"]


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_revoke_refuses_without_a_proper_reason(reason: str) -> None:
    with pytest.raises(RevokeRefused):
        revoke_certificate(certificate=signed(), reason=reason, by=registrar(), at=NOON)


def test_revoke_refuses_what_is_not_issued_revoked_already_or_ones_own() -> None:
    staff, issued = registrar(), signed()
    own = signed(serial=2, person=staff)
    revoke_certificate(certificate=issued, reason="甲", by=staff, at=NOON)
    for certificate in (CertificateFactory(), issued, own):
        with pytest.raises(RevokeRefused):
            revoke_certificate(certificate=certificate, reason="乙", by=staff, at=NOON)


# The task ------------------------------------------------------------------------------------------------


def test_task_issues_what_is_due_and_one_failure_stops_no_other() -> None:
    level = level_with_parts()
    bad, good = PersonFactory(name=f"王{BOX}"), PersonFactory(name="李四")
    for person in (bad, good):
        qualify(person, level)
    with time_machine.travel(NOON, tick=False):
        assert issue_due() == 1
        assert issue_due() == 0
    failed, issued = Certificate.objects.get(person=bad), Certificate.objects.get(person=good)
    assert issued.issued_at == NOON
    assert kinds(issued) == ["due", "numbered", "issued"]
    assert kinds(failed) == ["due", "failed"]
    assert "U+F0000" in failed.events.get(kind="failed").detail["reason"]
    bad.name = "王五"
    bad.save()
    with time_machine.travel(NOON, tick=False):
        assert issue_due() == 1
    assert kinds(failed) == ["due", "failed", "numbered", "issued"]


def test_failure_is_noted_again_only_for_another_reason() -> None:
    due = CertificateFactory()
    for reason in ("甲", "甲", "乙"):
        note_failure(certificate=due, reason=reason, at=NOON)
    assert [event.detail["reason"] for event in due.events.order_by("pk")] == ["甲", "乙"]


# At the same time ----------------------------------------------------------------------------------------


def at_once(*work: Callable[[], Any]) -> list[BaseException]:
    """Run each callable in a thread of its own, let go together; return what they raised."""
    gate, errors = threading.Barrier(len(work)), []

    def run(one: Callable[[], Any]) -> None:
        try:
            gate.wait()
            one()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_task_running_four_times_at_once_issues_each_certificate_once() -> None:
    level = level_with_parts()
    people = [PersonFactory() for _ in range(3)]
    for person in people:
        qualify(person, level)
    assert at_once(*[issue_due] * 4) == []
    issued = Certificate.objects.order_by("number")
    assert [str(one.number)[7:13] for one in issued] == ["000001", "000002", "000003"]
    assert [kinds(one) for one in issued] == [["due", "numbered", "issued"]] * 3
    assert [hashlib.sha256(bytes(one.pdf or b"")).hexdigest() for one in issued] == [
        one.sha256 for one in issued
    ]


@pytest.mark.django_db(transaction=True)
def test_revoking_twice_at_once_is_done_once() -> None:
    staff, issued = registrar(), signed()
    errors = at_once(
        *[lambda: revoke_certificate(certificate=issued, reason="甲", by=staff, at=NOON) for _ in range(3)]
    )
    assert [type(error) for error in errors] == [RevokeRefused] * 2
    assert kinds(issued) == ["revoked"]


# The database holds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"issued_at": NOON},
        {"pdf": b"x", "sha256": "0" * 64},
        {"number": "1", "issued_at": NOON, "issued_on": DAY, "pdf": b"x"},
        {"issued_at": NOON, "issued_on": DAY, "pdf": b"x", "sha256": "0" * 64},
        {"revoked_at": NOON, "revoke_reason": "甲"},
        {"revoke_reason": "甲"},
    ],
)
def test_database_refuses_a_half_issued_or_half_revoked_certificate(change: dict[str, Any]) -> None:
    due = CertificateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=due.pk).update(**change)


def test_database_refuses_issue_before_due_a_second_certificate_and_a_second_number() -> None:
    first, other = signed(), signed(serial=2)
    for change in ({"due_on": DAY + datetime.timedelta(1)}, {"number": other.number}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateFactory(person=first.person)


def test_database_refuses_to_change_or_delete_an_event() -> None:
    due = CertificateFactory()
    note_failure(certificate=due, reason="甲", at=NOON)
    for attempt in (
        lambda: CertificateEvent.objects.update(at=NOON),
        lambda: CertificateEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


# Search --------------------------------------------------------------------------------------------------


def test_search_finds_by_part_of_a_name_and_by_number_in_any_writing() -> None:
    one = signed(person=PersonFactory(name="欧阳小明"))
    signed(serial=2, person=PersonFactory(name="李四"))
    number = str(one.number)
    for text in ("小明", number, f"{number[:2]}-{number[2:6]} {number[6:]}", number[:13]):
        assert list(search_certificates(text)) == [one]


def test_search_filters_by_level_state_and_centre() -> None:
    valid, due = signed(), CertificateFactory(level=level_with_parts(2), centre=None)
    revoked = signed(serial=2)
    revoke_certificate(certificate=revoked, reason="甲", by=registrar(), at=NOON)
    assert list(search_certificates(level="2")) == [due]
    assert list(search_certificates(of_state="due")) == [due]
    assert list(search_certificates(of_state="valid")) == [valid]
    assert list(search_certificates(of_state="revoked")) == [revoked]
    assert list(search_certificates(centres=[valid.centre_id])) == [revoked, valid]
