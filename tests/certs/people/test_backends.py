import itertools

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from certs.people.backends import lockout_name
from certs.people.enums import DocumentType, Permission, Role
from certs.people.rules import ROLE_PERMISSIONS
from exams.sittings.models import Centre
from tests.factories.people import PASSWORD, PersonFactory, RoleGrantFactory, make_id_number

pytestmark = pytest.mark.django_db
REQUEST = RequestFactory().post("/login/")


@pytest.mark.parametrize(
    "identifier",
    [
        make_id_number(4242),
        f" {make_id_number(4242)[:6]} {make_id_number(4242)[6:].lower()} ",
        "13712345678",
        "+86 137 1234 5678",
        "Wang@Example.com",
        "wang@example.com",
    ],
)
def test_authenticate_takes_each_identifier(identifier):
    person = PersonFactory(number=make_id_number(4242), mobile="13712345678", email="wang@example.com")
    assert authenticate(REQUEST, username=identifier, password=PASSWORD) == person


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (DocumentType.PASSPORT, "E12345678"),
        (DocumentType.HK_MACAO_PERMIT, "H12345678"),
        (DocumentType.TAIWAN_PERMIT, "12345678"),
        (DocumentType.OTHER, "X-77"),
    ],
)
def test_authenticate_takes_other_documents(kind, number):
    person = PersonFactory(document_type=kind, number=number)
    assert authenticate(REQUEST, username=number.lower(), password=PASSWORD) == person


def test_authenticate_tells_same_number_of_two_types_apart_by_password():
    passport = PersonFactory(document_type=DocumentType.PASSPORT, number="E12345678")
    other = PersonFactory(document_type=DocumentType.OTHER, number="E12345678", password="another-pass-9")
    assert authenticate(REQUEST, username="E12345678", password=PASSWORD) == passport
    assert authenticate(REQUEST, username="E12345678", password="another-pass-9") == other


@pytest.mark.parametrize("identifier", ["", "nobody", "13700000000", "no@example.com", "x\x00y", "9" * 300])
def test_authenticate_refuses_unknown(identifier):
    PersonFactory()
    assert authenticate(REQUEST, username=identifier, password=PASSWORD) is None


def test_authenticate_refuses_wrong_password_and_inactive():
    person = PersonFactory(is_active=False)
    assert authenticate(REQUEST, username=person.mobile, password=PASSWORD) is None
    assert authenticate(REQUEST, username=PersonFactory().mobile, password="wrong") is None


def test_authenticate_hashes_once_for_unknown_as_for_known(monkeypatch):
    """Count the hash function's own calls: the work is the same whether or not the account is there."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    person = PersonFactory()
    calls = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, *args, **kwargs: calls.append(1) or encode(self, *args, **kwargs),
    )
    authenticate(REQUEST, username="13700000000", password="wrong")
    unknown = len(calls)
    authenticate(REQUEST, username=person.mobile, password="wrong")
    assert (unknown, len(calls) - unknown) == (1, 1)


@pytest.mark.parametrize(("role", "permission"), list(itertools.product(Role, Permission)))
def test_permissions_truth_table(role, permission):
    here, there = Centre.objects.create(code="0001", name="甲"), Centre.objects.create(code="0002", name="乙")
    everywhere = PersonFactory(**{role.value: True})
    local = PersonFactory(**{role.value: True}, centre=here)
    granted = permission in ROLE_PERMISSIONS[role]
    assert [everywhere.has_perm(permission, obj) for obj in (None, here, there)] == [granted] * 3
    assert [local.has_perm(permission, obj) for obj in (None, here, there)] == [granted, granted, False]


def test_permission_reads_centre_id_of_an_object():
    here = Centre.objects.create(code="0001", name="甲")
    local = PersonFactory(exam_officer=True, centre=here)

    class Thing:
        def __init__(self, centre_id):
            self.centre_id = centre_id

    perm = Permission.ADMIT_CANDIDATES
    assert [local.has_perm(perm, Thing(centre_id)) for centre_id in (here.pk, here.pk + 1, None)] == [
        True,
        False,
        False,
    ]
    assert PersonFactory(exam_officer=True).has_perm(perm, Thing(None))


def test_permission_refused_to_candidate_inactive_revoked_and_anonymous():
    from django.utils import timezone

    assert not PersonFactory().has_perm(Permission.SEE_PEOPLE)
    assert not PersonFactory(admin=True, is_active=False).has_perm(Permission.SEE_PEOPLE)
    assert not RoleGrantFactory(revoked_at=timezone.now()).person.has_perm(Permission.SEE_PEOPLE)
    assert not AnonymousUser().has_perm(Permission.SEE_PEOPLE)


def test_permission_questions_cost_one_query(django_assert_num_queries):
    person = PersonFactory(admin=True, registrar=True)
    with django_assert_num_queries(1):
        assert [person.has_perm(permission) for permission in Permission].count(True) == 5


def test_lockout_name_is_one_hash_per_person():
    person = PersonFactory(number=make_id_number(7))
    names = {
        lockout_name(None, {"username": text}) for text in (person.mobile, person.email, make_id_number(7))
    }
    assert names == {person.document_hash}
    assert lockout_name(None, {"username": person.document_hash}) == person.document_hash
    assert "110101199001011237" not in lockout_name(None, {"username": "110101199001011237"})
