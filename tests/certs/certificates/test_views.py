"""Who sees which certificate, and what the registrar can do."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certs.certificates.actions import note_failure, revoke_certificate
from certs.certificates.models import Certificate
from certs.people.models import Person
from tests.factories.certificates import NOON, CentreFactory, CertificateFactory, signed
from tests.factories.people import PersonFactory, admin, exam_officer, item_manager, registrar

pytestmark = pytest.mark.django_db


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="certs.people.backends.IdentifierBackend")
    return client


def page(person: Person, name: str, *args: object) -> str:
    response = logged_in(person).get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def status(person: Person | None, name: str, *args: object) -> int:
    client = logged_in(person) if person else Client()
    return client.get(reverse(name, args=args)).status_code


def test_my_certificates_shows_each_state_with_what_follows() -> None:
    person = PersonFactory()
    assert "还没有证书" in page(person, "my_certificates")
    certificate = CertificateFactory(person=person)
    assert "制证中" in page(person, "my_certificates")
    certificate.delete()
    issued = signed(person=person)
    shown = page(person, "my_certificates")
    assert issued.sha256 in shown
    assert reverse("certificate_pdf", args=[issued.number]) in shown
    revoke_certificate(certificate=issued, reason="虚假材料", by=registrar(), at=NOON)
    shown = page(person, "my_certificates")
    assert "虚假材料" in shown
    assert reverse("certificate_pdf", args=[issued.number]) not in shown


def test_my_certificates_shows_nobody_elses() -> None:
    issued = signed()
    assert str(issued.number) not in page(PersonFactory(), "my_certificates")


def test_pdf_is_served_to_its_holder_byte_for_byte() -> None:
    issued = signed(pdf=b"%PDF-1.7 mine")
    response = logged_in(issued.person).get(reverse("certificate_pdf", args=[issued.number]))
    assert response.content == b"%PDF-1.7 mine"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{issued.number}.pdf"'
    assert "no-store" in response["Cache-Control"]


def test_pdf_truth_table() -> None:
    issued = signed()
    seen = {
        "holder": status(issued.person, "certificate_pdf", issued.number),
        "registrar": status(registrar(), "certificate_pdf", issued.number),
        "registrar of the centre": status(registrar(centre=issued.centre), "certificate_pdf", issued.number),
        "registrar elsewhere": status(
            registrar(centre=CentreFactory(code="9999")), "certificate_pdf", issued.number
        ),
        "stranger": status(PersonFactory(), "certificate_pdf", issued.number),
        "exam officer": status(exam_officer(), "certificate_pdf", issued.number),
        "item manager": status(item_manager(), "certificate_pdf", issued.number),
        "visitor": status(None, "certificate_pdf", issued.number),
        "unknown": status(issued.person, "certificate_pdf", "26310130000001"),
        "nonsense": status(issued.person, "certificate_pdf", "x"),
    }
    assert seen == {
        "holder": 200,
        "registrar": 200,
        "registrar of the centre": 200,
        "registrar elsewhere": 404,
        "stranger": 404,
        "exam officer": 404,
        "item manager": 404,
        "visitor": 302,
        "unknown": 404,
        "nonsense": 404,
    }


def test_pdf_of_a_revoked_certificate_is_for_staff_only() -> None:
    issued, staff = signed(), registrar()
    revoke_certificate(certificate=issued, reason="甲", by=staff, at=NOON)
    assert status(issued.person, "certificate_pdf", issued.number) == 404
    assert status(staff, "certificate_pdf", issued.number) == 200


@pytest.mark.parametrize("name", ["certificates", "certificate"])
def test_registry_is_for_registrars(name: str) -> None:
    issued = signed()
    args = [issued.pk] if name == "certificate" else []
    people = [issued.person, exam_officer(), item_manager()]
    assert [status(person, name, *args) for person in people] == [403, 403, 403]
    assert status(registrar(), name, *args) == 200
    assert status(None, name, *args) == 302


def test_registry_of_another_centre_is_closed() -> None:
    issued, elsewhere = signed(), registrar(centre=CentreFactory(code="9999"))
    assert "还没有证书" in page(elsewhere, "certificates")
    assert status(elsewhere, "certificate", issued.pk) == 403


def test_registry_list_searches_and_says_when_nothing_is_found() -> None:
    signed(person=PersonFactory(name="欧阳小明"))
    client = logged_in(registrar())
    address = reverse("certificates")
    assert "欧阳小明" in client.get(address, {"q": "小明", "level": "3", "state": "valid"}).content.decode()
    assert "没有符合条件的证书" in client.get(address, {"q": "无此人"}).content.decode()
    assert client.get(address, {"level": "9", "page": "x"}).status_code == 200
    fragment = client.get(address, {"q": "小明"}, headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip().startswith('<div id="certificates">')


def test_registry_list_takes_the_same_queries_for_one_and_three() -> None:
    client, counts = logged_in(registrar()), []
    for serials in ((1,), (2, 3)):
        for serial in serials:
            signed(serial=serial)
        client.get(reverse("certificates"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("certificates"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 6
    assert not any('"pdf"' in query["sql"] for query in queries)


def test_detail_shows_the_history_and_never_the_full_document_number() -> None:
    issued = signed()
    note_failure(certificate=issued, reason="字体缺字", at=NOON)
    shown = page(registrar(), "certificate", issued.pk)
    assert "字体缺字" in shown
    assert issued.content["document_mask"] in shown
    assert issued.content["document_cipher"] not in shown


def test_detail_of_a_failed_certificate_says_why() -> None:
    due = CertificateFactory()
    note_failure(certificate=due, reason="字体缺字", at=NOON)
    shown = page(registrar(), "certificate", due.pk)
    assert "制证失败" in shown
    assert reverse("certificate_revoke", args=[due.pk]) not in shown


def test_list_shows_staff_that_making_a_certificate_failed() -> None:
    due = CertificateFactory()
    note_failure(certificate=due, reason="字体缺字", at=NOON)
    assert "制证失败" in page(registrar(), "certificates")
    assert "制证失败" not in page(due.person, "my_certificates")


def test_revoke_needs_a_reason_then_is_done() -> None:
    issued, client = signed(), logged_in(registrar())
    address = reverse("certificate_revoke", args=[issued.pk])
    assert client.post(address, {"reason": " "}).status_code == 200
    assert Certificate.objects.get(pk=issued.pk).revoked_at is None
    response = client.post(address, {"reason": "提供虚假材料"}, follow=True)
    assert "证书已撤销" in response.content.decode()
    assert "提供虚假材料" in response.content.decode()
    again = client.post(address, {"reason": "再来"})
    assert "证书已经撤销" in again.content.decode() or again.status_code == 200
    assert Certificate.objects.get(pk=issued.pk).revoke_reason == "提供虚假材料"


def test_revoke_is_for_the_registrar_by_post_only() -> None:
    issued = signed()
    address = reverse("certificate_revoke", args=[issued.pk])
    assert logged_in(issued.person).post(address, {"reason": "甲"}).status_code == 403
    assert logged_in(registrar()).get(address).status_code == 405
    assert logged_in(admin()).get(reverse("certificates")).status_code in (200, 403)
