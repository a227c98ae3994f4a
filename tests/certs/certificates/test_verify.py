"""What the public learns, as a page and as JSON, and how often."""

from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certs.certificates.actions import revoke_certificate
from certs.certificates.models import Certificate
from certs.certificates.throttle import seconds_to_wait
from certs.people.documents import document_number
from tests.factories.certificates import NOON, CertificateFactory, signed
from tests.factories.people import PersonFactory, registrar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def issued() -> Certificate:
    return signed(person=PersonFactory(name="欧阳小明"))


def ask(number: str, name: str, **headers: str) -> HttpResponse:
    return Client().get(reverse("verify_number", args=[number]), {"name": name}, headers=headers)


def facts(number: str, name: str) -> dict[str, Any]:
    response = ask(number, name, accept="application/json")
    assert response.status_code == 200
    return response.json()


def test_valid_certificate_as_json(issued: Certificate) -> None:
    assert facts(str(issued.number), "欧阳小明") == {
        "result": "valid",
        "number": issued.number,
        "name": "欧阳*明",
        "occupation": "客户服务管理师",
        "level": "三级",
        "issued_on": "2026-03-10",
        "issuer": "持证职业能力评价中心",
        "sha256": issued.sha256,
    }


def test_revoked_certificate_as_json_has_the_day_and_no_reason(issued: Certificate) -> None:
    revoke_certificate(certificate=issued, reason="虚假材料", by=registrar(), at=NOON)
    found = facts(str(issued.number), "欧阳小明")
    assert (found["result"], found["revoked_on"]) == ("revoked", "2026-03-10")
    assert "虚假材料" not in str(found)


def test_unknown_number_wrong_name_and_certificate_not_issued_are_one_answer(issued: Certificate) -> None:
    CertificateFactory()
    answers = [
        facts("26310130000042", "欧阳小明"),
        facts(str(issued.number), "欧阳小红"),
        facts("nonsense", "欧阳小明"),
        facts("甲" * 30, "甲"),
    ]
    assert answers == [{"result": "unknown"}] * 4


def test_unknown_number_and_wrong_name_give_the_same_page_and_the_same_queries(issued: Certificate) -> None:
    pages, counts = [], []
    for number, name in (("26310130000042", "欧阳小明"), (str(issued.number), "李四")):
        with CaptureQueriesContext(connection) as queries:
            page = ask(number, name).content.decode()
        pages.append(page.replace(number, "NUMBER").replace(name, "NAME").replace(quote(name), "NAME"))
        counts.append(len(queries))
    assert counts == [1, 1]
    assert _without_token(pages[0]) == _without_token(pages[1])
    assert "没有相符的证书" in pages[0]


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf" not in line.lower())


def test_nul_in_a_field_is_refused_not_asked_of_the_database() -> None:
    response = Client().get(reverse("verify_number", args=["1"]), {"name": "\x00", "format": "json"})
    assert response.status_code == 400


@pytest.mark.parametrize("revoked", [False, True])
def test_page_says_the_same_as_json(issued: Certificate, revoked: bool) -> None:
    if revoked:
        revoke_certificate(certificate=issued, reason="虚假材料", by=registrar(), at=NOON)
    page = ask(str(issued.number), "欧阳小明", accept="text/html").content.decode()
    verdict = page[page.index('id="verdict"') : page.index("</section>")]
    for text in ("欧阳*明", str(issued.number), "三级", "2026-03-10", issued.sha256):
        assert text in verdict
    assert ("证书已撤销" in verdict, "证书有效" in verdict) == (revoked, not revoked)
    assert "欧阳小明" not in verdict
    assert "虚假材料" not in page
    assert document_number(issued.person) not in page


def test_number_and_name_are_taken_in_any_common_writing(issued: Certificate) -> None:
    number = str(issued.number)
    for written in (
        f"{number[:2]} {number[2:]}",
        number.lower(),
        "".join(chr(ord(c) + 0xFEE0) for c in number),
    ):
        assert facts(written, " 欧阳 小明 ")["result"] == "valid"


def test_form_shows_the_verdict_and_its_own_errors(issued: Certificate) -> None:
    client = Client()
    address = reverse("verify")
    assert "证书查询" in client.get(address).content.decode()
    assert "证书有效" in client.post(address, {"number": issued.number, "name": "欧阳小明"}).content.decode()
    assert "没有相符的证书" in client.post(address, {"number": "1", "name": "2"}).content.decode()
    assert 'id="verdict"' not in client.post(address, {"number": "", "name": ""}).content.decode()


def test_number_alone_asks_for_the_name(issued: Certificate) -> None:
    response = Client().get(reverse("verify_number", args=[issued.number]))
    page = response.content.decode()
    assert f'value="{issued.number}"' in page
    assert 'id="verdict"' not in page
    as_json = Client().get(reverse("verify_number", args=[issued.number]), {"format": "json"})
    assert (as_json.status_code, as_json.json()["error"]) == (400, "number_and_name_required")


def test_format_parameter_wins_over_the_accept_header(issued: Certificate) -> None:
    address = reverse("verify_number", args=[issued.number])
    response = Client().get(address, {"name": "欧阳小明", "format": "json"}, headers={"accept": "text/html"})
    assert response.json()["result"] == "valid"


def test_answers_are_not_kept_and_not_indexed(issued: Certificate) -> None:
    for response in (ask(str(issued.number), "欧阳小明"), ask("1", "x", accept="application/json")):
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "Accept" in response["Vary"]


def test_address_that_asks_too_often_waits(issued: Certificate, settings: Any) -> None:
    settings.VERIFY_PER_MINUTE = 3
    number = str(issued.number)
    statuses = [ask(number, "欧阳小明").status_code for _ in range(5)]
    # A minute may turn while the test runs; it then starts to count anew.
    assert statuses in ([200, 200, 200, 429, 429], [200, 200, 200, 429, 200], [200] * 5)
    cache.clear()
    for _ in range(3):
        ask(number, "欧阳小明")
    page = ask(number, "欧阳小明")
    as_json = ask(number, "欧阳小明", accept="application/json")
    if (page.status_code, as_json.status_code) == (429, 429):
        assert 0 < int(page["Retry-After"]) <= 60
        assert "查询过于频繁" in page.content.decode()
        assert as_json.json()["error"] == "too_many_requests"
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.get(reverse("verify_number", args=[number]), {"name": "x"}).status_code == 200


def test_forwarded_header_does_not_get_around_the_limit(issued: Certificate, settings: Any) -> None:
    settings.VERIFY_PER_MINUTE = 1
    statuses = [
        Client(REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")
        .get(reverse("verify_number", args=[issued.number]), {"name": "x"})
        .status_code
        for n in range(4)
    ]
    assert 429 in statuses


def test_throttle_counts_a_whole_ipv6_customer_together(settings: Any) -> None:
    settings.VERIFY_PER_MINUTE = 1
    waits = [seconds_to_wait(f"2001:db8::{n}") for n in range(4)]
    assert any(waits)
    assert seconds_to_wait("2001:db8:0:1::1") == 0
    assert seconds_to_wait("not an address") == 0
