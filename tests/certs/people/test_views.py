import re

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from certs.people.enums import PersonEventKind, Role
from certs.people.models import Consent, Person, PersonEvent, Photo, RoleGrant
from tests.certs.people.test_photos import picture
from tests.factories.people import (
    PASSWORD,
    PersonFactory,
    admin,
    exam_officer,
    item_manager,
    make_id_number,
    registrar,
)

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "name": "林晓",
    "document_type": "id_card",
    "document_number": make_id_number(31).lower(),
    "mobile": "138 0000 0031",
    "email": "lin@example.com",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "consent_account": "on",
}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="certs.people.backends.IdentifierBackend")
    return client


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("me.jpg", data, "image/jpeg")


def page_text(response) -> str:
    return response.content.decode()


# --- Log in and out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("identifier", ["mobile", "email", "number"])
def test_login_by_each_identifier(client, identifier):
    person = PersonFactory(number=make_id_number(40))
    username = make_id_number(40) if identifier == "number" else getattr(person, identifier)
    response = client.post(reverse("login") + "?next=/profile/", {"username": username, "password": PASSWORD})
    assert (response.status_code, response.url) == (302, "/profile/")
    assert client.get("/profile/").status_code == 200


def test_login_refusal_says_the_same_for_unknown_wrong_and_inactive(client):
    person, inactive = PersonFactory(), PersonFactory(is_active=False)
    answers = [
        client.post(reverse("login"), {"username": username, "password": password})
        for username, password in [
            ("13700000000", PASSWORD),
            (person.mobile, "wrong-password"),
            (inactive.mobile, PASSWORD),
        ]
    ]
    errors = {tuple(answer.context["form"].non_field_errors()) for answer in answers}
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len(errors) == 1


def test_login_takes_a_long_email(client):
    person = PersonFactory(email="a" * 60 + "@" + "b" * 60 + ".example.com")
    response = client.post(
        reverse("login") + "?next=/profile/", {"username": person.email, "password": PASSWORD}
    )
    assert response.status_code == 302


def test_login_is_locked_after_eight_failures_by_whatever_identifier(client, settings):
    from axes.models import AccessAttempt

    settings.AXES_ENABLED = True
    person = PersonFactory(number=make_id_number(41))
    names = [person.mobile, person.email, make_id_number(41)]
    answers = [
        client.post(reverse("login"), {"username": names[n % 3], "password": "wrong"}) for n in range(8)
    ]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    assert client.post(reverse("login"), {"username": person.mobile, "password": PASSWORD}).status_code == 429
    stored = " ".join(str(value) for row in AccessAttempt.objects.values() for value in row.values())
    assert make_id_number(41) not in stored
    assert person.mobile not in stored


def test_logout_is_a_post(client):
    person = PersonFactory()
    client = signed_in(person)
    assert client.get(reverse("logout")).status_code == 405
    assert client.get("/profile/").status_code == 200


def test_login_lists_demo_logins_in_demo_mode_only(client, settings):
    person = PersonFactory(is_demo=True, name="林晓")
    settings.DEMO = True
    assert person.mobile in page_text(client.get(reverse("login")))
    settings.DEMO = False
    response = client.get(reverse("login"))
    assert person.mobile not in page_text(response)
    assert "chizheng-demo" not in page_text(response)


# --- Sign up ------------------------------------------------------------------------------------------------


def test_sign_up_makes_a_person_and_logs_in(client):
    response = client.post(reverse("sign_up"), SIGN_UP | {"photo": upload(picture()), "consent_photo": "on"})
    assert (response.status_code, response.url) == (302, "/profile/")
    person = Person.objects.get(mobile="13800000031")
    assert Photo.objects.filter(person=person).exists()
    page = page_text(client.get("/profile/"))
    assert "林晓" in page
    assert make_id_number(31) not in page


def test_sign_up_consent_to_a_photo_without_a_photo_is_not_kept(client):
    client.post(reverse("sign_up"), SIGN_UP | {"consent_photo": "on"})
    assert list(Consent.objects.values_list("purpose", flat=True)) == ["account"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document_number": "110105194912310020"}, "document_number"),
        ({"document_number": ""}, "document_number"),
        ({"document_type": "nonsense"}, "document_type"),
        ({"mobile": "1234"}, "mobile"),
        ({"email": "not an address"}, "email"),
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password_again": "something else"}, "password_again"),
        ({"consent_account": ""}, "consent_account"),
        ({"photo": upload(picture())}, "consent_photo"),
        ({"photo": upload(b"nothing"), "consent_photo": "on"}, "photo"),
        ({"name": "李\u200b明"}, "name"),
    ],
)
def test_sign_up_refusal_stands_at_its_field(client, changes, field):
    response = client.post(reverse("sign_up"), SIGN_UP | changes)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not Person.objects.exists()


def test_sign_up_refuses_a_double(client):
    PersonFactory(number=make_id_number(31), name="欧阳小明")
    response = client.post(reverse("sign_up"), SIGN_UP)
    assert list(response.context["form"].errors) == ["document_number"]
    assert "欧阳" not in page_text(response)


def test_sign_up_sends_people_with_an_account_to_it():
    assert signed_in(PersonFactory()).get(reverse("sign_up")).url == "/profile/"


def test_privacy_notice_is_public(client):
    assert "告知书版本" in page_text(client.get(reverse("privacy_notice")))


# --- Profile, photo, password -------------------------------------------------------------------------------


def test_profile_changes_contact_or_says_why_not():
    person, other = PersonFactory(), PersonFactory()
    client = signed_in(person)
    assert client.post("/profile/", {"mobile": "+86 137 0000 0001", "email": ""}).status_code == 302
    person.refresh_from_db()
    assert (person.mobile, person.email) == ("13700000001", None)
    refused = client.post("/profile/", {"mobile": other.mobile, "email": ""})
    assert list(refused.context["contact"].errors) == ["mobile"]
    assert other.name not in page_text(refused)


def test_photo_is_set_served_and_removed():
    person = PersonFactory()
    client = signed_in(person)
    refused = client.post(reverse("photo_set"), {"photo": upload(picture())})
    assert list(refused.context["photo_form"].errors) == ["consent_photo"]
    assert (
        client.post(reverse("photo_set"), {"photo": upload(picture()), "consent_photo": "on"}).status_code
        == 302
    )
    served = client.get(reverse("photo", args=[person.pk]))
    assert (served["Content-Type"], served.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert served["Cache-Control"] == "private, no-cache"
    assert client.post(reverse("photo_remove")).status_code == 302
    assert client.get(reverse("photo", args=[person.pk])).status_code == 404


def test_photo_is_for_its_person_and_staff():
    person = PersonFactory()
    signed_in(person).post(reverse("photo_set"), {"photo": upload(picture()), "consent_photo": "on"})
    address = reverse("photo", args=[person.pk])
    viewers = [exam_officer(), registrar(), admin(), item_manager(), PersonFactory()]
    assert [signed_in(viewer).get(address).status_code for viewer in viewers] == [200, 200, 200, 404, 404]
    assert Client().get(address).status_code == 302


def test_password_change_keeps_the_login_and_leaves_an_event():
    person = PersonFactory()
    client = signed_in(person)
    form = {"old_password": PASSWORD, "new_password1": "another-pass-9", "new_password2": "another-pass-9"}
    assert client.post(reverse("password_change"), form | {"old_password": "wrong"}).status_code == 200
    response = client.post(reverse("password_change"), form)
    assert response.status_code == 302
    assert client.get("/profile/").status_code == 200
    assert PersonEvent.objects.get(person=person).kind == PersonEventKind.PASSWORD_CHANGED
    assert [str(message) for message in get_messages(response.wsgi_request)] != []


def test_password_reset_by_mail(client):
    person = PersonFactory()
    assert (
        client.post(reverse("password_reset"), {"email": person.email.upper()}).url == "/password/reset/sent/"
    )
    assert client.get("/password/reset/sent/").status_code == 200
    (message,) = mail.outbox
    link = re.search(r"http://[^/]+(/password/reset/\S+)", message.body)[1]
    form_address = client.get(link).url
    assert client.get(form_address).status_code == 200
    new = {"new_password1": "another-pass-9", "new_password2": "another-pass-9"}
    assert client.post(form_address, new).url == reverse("login")
    assert Person.objects.get(pk=person.pk).check_password("another-pass-9")
    assert PersonEvent.objects.get(person=person).detail == {"how": "reset"}
    assert "重新申请" in page_text(Client().get(link))


def test_password_reset_says_the_same_for_an_unknown_address(client):
    assert client.post(reverse("password_reset"), {"email": "no@example.com"}).url == "/password/reset/sent/"
    assert mail.outbox == []


# --- Staff --------------------------------------------------------------------------------------------------


def test_people_are_for_staff_who_may_see_them():
    person = PersonFactory()
    for address in (reverse("people"), reverse("person", args=[person.pk])):
        codes = [
            signed_in(viewer).get(address).status_code
            for viewer in (exam_officer(), registrar(), admin(), item_manager(), PersonFactory())
        ]
        assert codes == [200, 200, 200, 403, 403]
    assert signed_in(PersonFactory()).get(reverse("person", args=[10**9])).status_code == 403
    assert signed_in(admin()).get(reverse("person", args=[10**9])).status_code == 404


def test_people_are_found_by_name_mobile_and_document():
    found = PersonFactory(name="欧阳小明", number=make_id_number(50), mobile="13700000050")
    client = signed_in(admin(name="管理员"))
    for text in ("阳小", "137 0000 0050", make_id_number(50), found.email):
        response = client.get(reverse("people"), {"q": text})
        assert [row.person for row in response.context["rows"]] == [found]
    assert client.get(reverse("people"), {"q": "1370000"}).context["rows"] == []
    assert "没有找到人" in page_text(client.get(reverse("people"), {"q": "查无"}))


def test_people_are_found_by_document_without_leaving_it_in_the_address():
    found = PersonFactory(number=make_id_number(51))
    client = signed_in(admin())
    address = reverse("people_find")
    assert client.post(address, {"number": make_id_number(51).lower()}).url == reverse(
        "person", args=[found.pk]
    )
    for number in (make_id_number(52), ""):
        assert client.post(address, {"number": number}).url == reverse("people")
    assert client.get(address).status_code == 405
    assert signed_in(found).post(address, {"number": make_id_number(51)}).status_code == 403


def test_people_are_filtered_by_role_and_paged():
    boss = admin(name="管理员")
    PersonFactory.create_batch(26)
    client = signed_in(boss)
    by_role = {
        role: client.get(reverse("people"), {"role": role}).context["total"]
        for role in ("", "admin", "registrar", "candidate", "nonsense")
    }
    assert by_role == {"": 27, "admin": 1, "registrar": 0, "candidate": 26, "nonsense": 27}
    assert len(client.get(reverse("people"), {"page": 2}).context["rows"]) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_people_cost_the_same_queries_for_any_number_of_rows(django_assert_num_queries, count):
    client = signed_in(admin())
    for _ in range(count - 1):
        exam_officer()
    client.get(reverse("people"))
    with django_assert_num_queries(5):  # person, grants; count, people, their roles
        client.get(reverse("people"))


def test_people_fragment_is_part_of_the_page():
    client = signed_in(admin())
    fragment = page_text(client.get(reverse("people"), headers={"HX-Request": "true"})).strip()
    assert fragment.startswith('<div id="people"')
    assert fragment in page_text(client.get(reverse("people")))


def test_role_is_granted_and_revoked_on_the_page():
    boss, person = admin(), PersonFactory()
    client = signed_in(boss)
    address = reverse("role_grant", args=[person.pk])
    assert client.post(address, {"role": "", "centre": ""}).status_code == 200
    assert client.post(address, {"role": Role.REGISTRAR, "centre": ""}).status_code == 302
    grant = RoleGrant.objects.get(person=person)
    assert (grant.role, grant.centre, grant.granted_by) == (Role.REGISTRAR, None, boss)
    assert client.post(reverse("role_revoke", args=[person.pk, grant.pk])).status_code == 302
    grant.refresh_from_db()
    assert grant.revoked_by == boss


def test_role_of_another_person_or_by_another_role_is_refused():
    person, grant = PersonFactory(), RoleGrant.objects.get(person=registrar())
    assert signed_in(admin()).post(reverse("role_revoke", args=[person.pk, grant.pk])).status_code == 404
    for viewer in (registrar(), exam_officer(), person):
        client = signed_in(viewer)
        assert client.post(reverse("role_grant", args=[person.pk]), {"role": Role.ADMIN}).status_code == 403
        assert client.post(reverse("role_revoke", args=[grant.person_id, grant.pk])).status_code == 403


def test_last_administrator_gets_the_refusal_page():
    boss = admin()
    grant = RoleGrant.objects.get(person=boss)
    response = signed_in(boss).post(reverse("role_revoke", args=[boss.pk, grant.pk]))
    assert response.status_code == 409
    assert "最后一位系统管理员" in page_text(response)


def test_full_number_is_shown_to_the_registrar_once_with_an_event():
    person = PersonFactory(number=make_id_number(60))
    client = signed_in(registrar())
    address = reverse("person_document", args=[person.pk])
    assert make_id_number(60) in page_text(client.post(address))
    assert make_id_number(60) not in page_text(client.get(reverse("person", args=[person.pk])))
    assert PersonEvent.objects.get(person=person).kind == PersonEventKind.DOCUMENT_SEEN
    assert client.get(address).status_code == 405
    for viewer in (admin(), exam_officer(), person):
        assert signed_in(viewer).post(address).status_code == 403
    assert PersonEvent.objects.count() == 1


def test_no_page_holds_a_full_document_number():
    number = make_id_number(61)
    person = PersonFactory(number=number)
    signed_in(person).post("/profile/", {"mobile": "13700000061", "email": ""})
    pages = [signed_in(person).get("/profile/")]
    for viewer in (admin(), registrar(), exam_officer()):
        client = signed_in(viewer)
        pages += [
            client.get(reverse("people")),
            client.get(reverse("people"), {"q": person.name}),
            client.get(reverse("person", args=[person.pk])),
        ]
    for page in pages:
        assert page.status_code == 200
        assert number not in page_text(page)
        assert number[6:14] not in page_text(page)
