"""The officer's desk: scoped by centre, with a reason for everything."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exams.delivery.models import Attempt
from tests.factories.assembly import PaperFactory
from tests.factories.delivery import AttemptFactory, CentreFactory, answer
from tests.factories.people import PersonFactory, exam_officer
from tests.htmx import assert_same_as_fresh_load, htmx_headers

pytestmark = pytest.mark.django_db
LIST = reverse("admissions")


@pytest.fixture
def centre() -> Any:
    return CentreFactory()


@pytest.fixture
def desk(client: Client, centre: Any) -> Client:
    login(client, exam_officer(centre=centre))
    return client


def login(client: Client, person: Any) -> None:
    client.force_login(person, backend="certs.people.backends.IdentifierBackend")


def shown(client: Client, **query: str) -> list[Attempt]:
    return [one.attempt for one in client.get(LIST, query).context["attempts"]]


def test_desk_is_for_officers(client: Client) -> None:
    attempt = AttemptFactory()
    login(client, PersonFactory())
    for name, args in [("admissions", []), ("admit", []), ("admission", [attempt.pk])]:
        assert client.get(reverse(name, args=args)).status_code == 403
    for name in ("admission_seal", "admission_time"):
        assert client.post(reverse(name, args=[attempt.pk]), {"note": "x"}).status_code == 403


def test_list_shows_real_attempts_of_own_centres(desk: Client, centre: Any) -> None:
    mine = AttemptFactory(centre=centre)
    AttemptFactory(centre=CentreFactory())
    AttemptFactory(kind="mock")
    assert shown(desk) == [mine]


def test_list_filters_by_state_and_name(desk: Client, centre: Any) -> None:
    admitted = AttemptFactory(centre=centre, person__name="林晓")
    running, sealed = AttemptFactory(centre=centre, started=True), AttemptFactory(centre=centre, sealed=True)
    assert shown(desk, state="admitted") == [admitted]
    assert shown(desk, state="running") == [running]
    assert shown(desk, state="sealed") == [sealed]
    assert shown(desk, q="林") == [admitted]
    assert "没有符合条件" in desk.get(LIST, {"q": "没有这个人"}).content.decode()


def test_empty_list_says_what_to_do(desk: Client) -> None:
    page = desk.get(LIST).content.decode()
    assert "还没有准考记录" in page
    assert reverse("admit") in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries_for_any_number(
    desk: Client, centre: Any, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        answer(AttemptFactory(centre=centre, started=True), 1, "A")
    desk.get(LIST)
    with django_assert_num_queries(4):
        desk.get(LIST)


def test_polled_list_equals_a_fresh_load(desk: Client, centre: Any) -> None:
    page = desk.get(LIST)
    attempt = AttemptFactory(centre=centre, sealed=True)
    answer(attempt, 1, "A")
    fragment = desk.get(LIST, headers=htmx_headers("attempts"))
    assert_same_as_fresh_load(desk, LIST, fragment, page=page)


def admit(desk: Client, **changes: Any) -> Any:
    form = {"minutes": "", **changes}
    return desk.post(reverse("admit"), form)


@pytest.fixture
def form(centre: Any) -> dict[str, Any]:
    paper, person = PaperFactory(has_sample_items=False), PersonFactory()
    return {"identifier": person.mobile, "paper": paper.pk, "centre": centre.pk}


def test_admit_finds_the_candidate_and_admits(desk: Client, form: dict[str, Any]) -> None:
    response = admit(desk, **form, minutes="117")
    attempt = Attempt.objects.get()
    assert response.headers["Location"] == reverse("admission", args=[attempt.pk])
    assert (attempt.person.mobile, attempt.minutes, attempt.kind) == (form["identifier"], 117, "real")


def test_admit_refuses_in_the_form(desk: Client, form: dict[str, Any]) -> None:
    elsewhere, sample = CentreFactory(), PaperFactory(has_sample_items=True)
    draft = PaperFactory(has_sample_items=False, state="draft")
    for wrong, field in [
        ({"identifier": "13000000000"}, "identifier"),
        ({"centre": elsewhere.pk}, "centre"),
        ({"paper": sample.pk}, "paper"),
        ({"paper": draft.pk}, "paper"),
        ({"minutes": "0"}, "minutes"),
    ]:
        response = admit(desk, **{**form, **wrong})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
    assert admit(desk, **form).status_code == 302
    again = admit(desk, **form)
    assert "还有一场没有结束" in again.content.decode()
    assert Attempt.objects.count() == 1


def test_attempt_page_shows_progress_and_record_but_no_item(desk: Client, centre: Any) -> None:
    attempt = AttemptFactory(centre=centre, started=True)
    page = desk.get(reverse("admission", args=[attempt.pk])).content.decode()
    assert attempt.person.name in page
    assert "题干" not in page
    for other in (AttemptFactory(centre=CentreFactory()), AttemptFactory(kind="mock")):
        assert desk.get(reverse("admission", args=[other.pk])).status_code == 404


def test_officer_seals_with_a_reason(desk: Client, centre: Any) -> None:
    attempt = AttemptFactory(centre=centre, started=True)
    where = reverse("admission_seal", args=[attempt.pk])
    assert desk.post(where, {"note": ""}).status_code == 422
    assert desk.post(where, {"note": "考生要求提前结束"}).status_code == 302
    attempt.refresh_from_db()
    assert attempt.seal_reason == "officer"
    assert "考生要求提前结束" in desk.get(reverse("admission", args=[attempt.pk])).content.decode()


def test_officer_gives_time_with_a_reason(desk: Client, centre: Any) -> None:
    attempt = AttemptFactory(centre=centre, started=True)
    where = reverse("admission_time", args=[attempt.pk])
    assert desk.post(where, {"minutes": "5", "why": ""}).status_code == 422
    assert desk.post(where, {"minutes": "5", "why": "机器故障"}).status_code == 302
    before = attempt.deadline_at
    attempt.refresh_from_db()
    assert (attempt.deadline_at - before).total_seconds() == 300
    assert "机器故障" in desk.get(reverse("admission", args=[attempt.pk])).content.decode()


def test_officer_cannot_act_on_his_own_attempt_or_elsewhere(client: Client, centre: Any) -> None:
    officer = exam_officer(centre=centre)
    login(client, officer)
    own = AttemptFactory(centre=centre, person=officer, started=True)
    elsewhere = AttemptFactory(centre=CentreFactory(), started=True)
    given = {"minutes": "5", "why": "机器故障"}
    assert client.post(reverse("admission_time", args=[own.pk]), given).status_code == 409
    assert client.post(reverse("admission_time", args=[elsewhere.pk]), given).status_code == 404
