import datetime

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import timezone

from certs.people import actions
from certs.people.documents import document_number
from certs.people.enums import ConsentPurpose, DocumentType, PersonEventKind, Role, Sex
from certs.people.errors import (
    AlreadyRegistered,
    ConsentMissing,
    DocumentInvalid,
    FieldRefused,
    MobileInvalid,
    NameInvalid,
    NotAllowed,
    PasswordRefused,
    PhotoRefused,
    ProfileInvalid,
    RoleRefused,
)
from certs.people.models import Consent, Person, PersonEvent, Photo, RoleGrant
from certs.people.rules import NOTICE_VERSION
from exams.sittings.models import Centre
from tests.certs.people.test_photos import picture
from tests.factories.people import PASSWORD, PersonFactory, admin, make_id_number, registrar

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 11, 22, 4, tzinfo=datetime.UTC)
BOTH = {ConsentPurpose.ACCOUNT, ConsentPurpose.PHOTO}


def register(**changes: object) -> Person:
    values: dict[str, object] = {
        "name": "林晓",
        "document_type": DocumentType.ID_CARD,
        "document_number": make_id_number(11).lower(),
        "mobile": "+86 138 0000 0011",
        "email": "Lin@Example.com",
        "password": PASSWORD,
        "consents": {ConsentPurpose.ACCOUNT},
        "by": None,
        "at": AT,
    }
    return actions.register_person(**(values | changes))


def kinds(person: Person) -> list[str]:
    return list(PersonEvent.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_register_person_stores_normal_forms_consent_and_event():
    person = register(photo=picture(), consents=BOTH)
    person.refresh_from_db()
    assert (person.mobile, person.email, person.sex) == ("13800000011", "lin@example.com", Sex.MALE)
    assert document_number(person) == make_id_number(11)
    assert person.born_on == datetime.date(1980, 1, 6)
    assert set(Consent.objects.filter(person=person).values_list("purpose", "notice")) == {
        ("account", NOTICE_VERSION),
        ("photo", NOTICE_VERSION),
    }
    assert Photo.objects.get(person=person).width == 300
    assert kinds(person) == [PersonEventKind.REGISTERED]
    request = RequestFactory().post("/")
    assert authenticate(request, username=make_id_number(11), password=PASSWORD) == person


def test_register_person_with_passport_keeps_what_was_said():
    born_on = datetime.date(1991, 2, 3)
    person = register(
        document_type="passport", document_number="e1234567", sex="F", born_on=born_on, mobile=None, email=""
    )
    assert (person.sex, person.born_on, person.mobile, person.email) == ("F", born_on, None, None)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"document_number": "110105194912310020"}, DocumentInvalid),
        ({"name": " "}, NameInvalid),
        ({"mobile": "123"}, MobileInvalid),
        ({"password": "short"}, PasswordRefused),
        ({"password": "12345678901"}, PasswordRefused),
        ({"password": "lin@example.com"}, PasswordRefused),
        ({"consents": set()}, ConsentMissing),
        ({"photo": picture()}, ConsentMissing),
        ({"photo": b"no photo", "consents": BOTH}, PhotoRefused),
        ({"document_type": "passport", "document_number": "E1", "born_on": None}, DocumentInvalid),
        (
            {"document_type": "passport", "document_number": "E12345", "born_on": datetime.date(2030, 1, 1)},
            ProfileInvalid,
        ),
    ],
)
def test_register_person_refusal_writes_nothing(changes, error):
    with pytest.raises(error):
        register(**changes)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mobile": "13900000099", "email": None}, "document_hash"),
        ({"document_number": make_id_number(12), "email": None}, "mobile"),
        ({"document_number": make_id_number(12), "mobile": None}, "email"),
    ],
)
def test_register_person_refuses_a_double_without_saying_whose(changes, field):
    register(name="欧阳小明")
    with pytest.raises(AlreadyRegistered) as caught:
        register(**changes)
    assert caught.value.field == field
    assert "欧阳" not in caught.value.message + caught.value.remedy
    assert Person.objects.count() == 1


def test_document_is_unique_in_the_database_and_blank_contacts_are_refused():
    PersonFactory(number=make_id_number(5))
    for values in ({"number": make_id_number(5)}, {"mobile": ""}, {"email": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PersonFactory(**values)


def test_person_events_cannot_be_altered():
    event = PersonEvent.objects.filter(person=register())
    for change in (lambda: event.update(kind="x"), event.delete):
        with pytest.raises(Exception, match="never altered or deleted"), transaction.atomic():
            change()


def test_change_profile_is_idempotent_and_names_the_fields_only():
    person = register()
    for _ in range(2):
        actions.change_profile(person=person, mobile="13900000088", email="", by=person, at=AT)
    person.refresh_from_db()
    assert (person.mobile, person.email) == ("13900000088", None)
    events = PersonEvent.objects.filter(person=person, kind=PersonEventKind.PROFILE_CHANGED)
    assert [event.detail for event in events] == [{"fields": ["mobile", "email"]}]


def test_change_profile_refuses_what_another_holds():
    other, person = PersonFactory(), register()
    with pytest.raises(FieldRefused) as caught:
        actions.change_profile(person=person, mobile=other.mobile, email=None, by=person, at=AT)
    assert caught.value.field == "mobile"
    person.refresh_from_db()
    assert person.mobile == "13800000011"


def test_change_password_leaves_an_event_and_refuses_weak_ones():
    person = PersonFactory()
    actions.change_password(person=person, password="another-pass-9", by=person, at=AT)
    with pytest.raises(PasswordRefused):
        actions.change_password(person=person, password="password", by=person, at=AT)
    person.refresh_from_db()
    assert person.check_password("another-pass-9")
    assert kinds(person) == [PersonEventKind.PASSWORD_CHANGED]


def test_set_photo_needs_consent_once_and_remove_withdraws_it():
    person = PersonFactory()
    with pytest.raises(ConsentMissing):
        actions.set_photo(person=person, data=picture(), consent=False, by=person, at=AT)
    actions.set_photo(person=person, data=picture(), consent=True, by=person, at=AT)
    actions.set_photo(person=person, data=picture(size=(200, 300)), consent=False, by=person, at=AT)
    assert Photo.objects.get(person=person).width == 200
    for _ in range(2):
        actions.remove_photo(person=person, by=person, at=AT)
    assert not Photo.objects.filter(person=person).exists()
    assert Consent.objects.get(person=person).withdrawn_at == AT
    assert kinds(person) == [PersonEventKind.PHOTO_CHANGED] * 3


def test_grant_and_revoke_role_are_idempotent_and_take_effect_at_once():
    boss, person = admin(), PersonFactory()
    centre = Centre.objects.create(code="0001", name="甲")
    grants = {
        actions.grant_role(person=person, role="exam_officer", centre=centre, by=boss, at=AT).pk
        for _ in range(2)
    }
    assert len(grants) == 1
    assert person.has_perm("exams.admit_candidates", centre)
    grant = RoleGrant.objects.select_related("person").get(person=person)
    for _ in range(2):
        actions.revoke_role(grant=grant, by=boss, at=timezone.now())
    assert not Person.objects.get(pk=person.pk).has_perm("exams.admit_candidates", centre)
    assert kinds(person) == [PersonEventKind.ROLE_GRANTED, PersonEventKind.ROLE_REVOKED]


@pytest.mark.parametrize("granter", [PersonFactory, registrar])
def test_grant_role_refuses_others_than_administrators(granter):
    with pytest.raises(NotAllowed):
        actions.grant_role(person=PersonFactory(), role=Role.ADMIN, centre=None, by=granter(), at=AT)


def test_administrator_of_one_centre_grants_for_that_centre_only():
    here, there = Centre.objects.create(code="0001", name="甲"), Centre.objects.create(code="0002", name="乙")
    boss, person = admin(centre=here), PersonFactory()
    actions.grant_role(person=person, role=Role.EXAM_OFFICER, centre=here, by=boss, at=AT)
    for centre in (there, None):
        with pytest.raises(NotAllowed):
            actions.grant_role(person=person, role=Role.EXAM_OFFICER, centre=centre, by=boss, at=AT)


def test_role_refusals_for_inactive_people_and_the_last_administrator():
    boss = admin()
    with pytest.raises(RoleRefused):
        actions.grant_role(
            person=PersonFactory(is_active=False), role=Role.ADMIN, centre=None, by=boss, at=AT
        )
    grant = RoleGrant.objects.get(person=boss)
    with pytest.raises(RoleRefused):
        actions.revoke_role(grant=grant, by=boss, at=AT)
    admin()
    assert actions.revoke_role(grant=grant, by=boss, at=timezone.now()).revoked_at


def test_see_full_document_is_for_the_registrar_and_noted():
    person, desk = PersonFactory(number=make_id_number(77)), registrar()
    assert actions.see_full_document(person=person, by=desk, at=AT) == make_id_number(77)
    event = PersonEvent.objects.get(person=person)
    assert (event.kind, event.by, event.detail) == (PersonEventKind.DOCUMENT_SEEN, desk, {})
    for other in (person, admin()):
        with pytest.raises(NotAllowed):
            actions.see_full_document(person=person, by=other, at=AT)
    assert PersonEvent.objects.count() == 1
