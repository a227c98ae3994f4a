import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exams.assembly.models import Blueprint, PaperItem
from exams.bank.models import Item
from exams.delivery.actions import admit, save_answer, seal, start
from exams.delivery.models import Attempt
from exams.marking.actions import mark
from exams.marking.errors import KeysWithheld
from exams.practice.actions import start_mock
from exams.practice.errors import NoMockPossible
from exams.practice.queries import mock_result_of
from tests.factories.assembly import PaperFactory
from tests.factories.bank_files import load_shipped
from tests.factories.people import PersonFactory
from tests.factories.standard import RuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def marking_rule(request):
    if "shipped" not in request.fixturenames:  # which brings all rules
        RuleFactory(code="marking.multiple_half_credit", value=False)


@pytest.fixture
def candidate():
    return PersonFactory()


@pytest.fixture
def client(candidate) -> Client:
    client = Client()
    client.force_login(candidate)
    return client


@pytest.fixture
def shipped(settings):
    load_shipped()


def a_mock(candidate, *, sealed: bool = True, **paper) -> Attempt:
    """A mock of five items, the first answered rightly."""
    paper = PaperFactory(pool="practice", **paper)
    mock = admit(person=candidate, paper=paper, kind="mock", centre=None, by=candidate, at=timezone.now())
    start(attempt=mock, by=candidate)
    first = PaperItem.objects.select_related("version").get(paper=paper, position=1)
    save_answer(
        attempt_id=mock.pk,
        person_id=candidate.pk,
        paper_id=paper.pk,
        position=1,
        answer=first.version.key,
        flagged=False,
    )
    return seal(attempt=mock, reason="handed_in", by=candidate) if sealed else mock


def test_start_mock_draws_other_items_than_the_last(shipped, candidate):
    blueprint = Blueprint.objects.get(code="l3-theory-short")
    first = start_mock(person=candidate, blueprint=blueprint, at=timezone.now(), seed=1)
    start(attempt=first, by=candidate)
    seal(attempt=first, reason="handed_in", by=candidate)
    second = start_mock(person=candidate, blueprint=blueprint, at=timezone.now(), seed=1)
    items = [
        set(PaperItem.objects.filter(paper=one.paper).values_list("version", flat=True))
        for one in (first, second)
    ]
    assert [len(one) for one in items] == [20, 20]
    assert items[0].isdisjoint(items[1])


def test_start_mock_returns_the_open_one(shipped, candidate):
    blueprint = Blueprint.objects.get(code="l3-theory-practice")
    first = start_mock(person=candidate, blueprint=blueprint, at=timezone.now())
    assert start_mock(person=candidate, blueprint=blueprint, at=timezone.now()) == first
    assert first.paper.points == 100


def test_start_mock_refuses_when_the_bank_is_too_small(shipped, candidate):
    Item.objects.filter(code__startswith="3-4.").update(state="suspended")
    with pytest.raises(NoMockPossible, match="组不出"):
        start_mock(
            person=candidate, blueprint=Blueprint.objects.get(code="l3-theory-short"), at=timezone.now()
        )


def test_mock_start_leads_to_the_room(shipped, client, candidate):
    response = client.post(reverse("mock_start", args=["l3-theory-short"]))
    attempt = Attempt.objects.get(person=candidate)
    assert (response.status_code, response.url) == (302, reverse("room", args=[attempt.pk]))


def test_mock_start_of_a_live_blueprint_is_not_found(shipped, client):
    assert client.post(reverse("mock_start", args=["l3-theory-live"])).status_code == 404
    assert client.get(reverse("mock_start", args=["l3-theory-short"])).status_code == 405


def test_mock_start_of_a_skill_or_retired_blueprint_is_not_found(shipped, client):
    assert client.post(reverse("mock_start", args=["l3-skill-practice"])).status_code == 404
    Blueprint.objects.filter(code="l3-theory-short").update(retired_at=timezone.now())
    assert client.post(reverse("mock_start", args=["l3-theory-short"])).status_code == 404


def test_mocks_stand_under_their_level_and_modules_apart(shipped, client):
    page = client.get(reverse("mocks")).content.decode()
    places = [
        page.index(text)
        for text in ('id="level-3"', "三级模块模拟：客户服务概述", 'id="level-2"', 'id="level-1"')
    ]
    assert places == sorted(places)
    assert page.count("三级模块模拟") == 6
    assert "操作技能模拟" not in page


def test_module_mock_carries_a_hundred_points_of_one_function(shipped, candidate):
    mock = start_mock(
        person=candidate, blueprint=Blueprint.objects.get(code="l3-module-6-practice"), at=timezone.now()
    )
    rows = PaperItem.objects.filter(paper=mock.paper)
    assert sum(rows.values_list("points", flat=True)) == 100
    assert set(rows.values_list("version__knowledge__work_content__function__code", flat=True)) == {"6"}


def test_mock_result_shows_points_keys_and_explanations(client, candidate):
    mock = a_mock(candidate)
    page = client.get(reverse("mock_result", args=[mock.pk])).content.decode()
    assert "20.0 分，离合格线还差 40.0 分" in page
    for one in PaperItem.objects.filter(paper=mock.paper).select_related("version"):
        assert one.version.explanation in page
    assert page.count("未作答") >= 4


def test_mock_result_can_be_cut_to_what_cost_points(client, candidate):
    mock = a_mock(candidate)
    address = reverse("mock_result", args=[mock.pk])
    fragment = client.get(address, {"show": "wrong"}, headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address, {"show": "wrong"}).content.decode()
    assert fragment.strip() in whole
    assert fragment.count('class="item') == 4


def test_mock_result_of_an_open_mock_is_refused(client, candidate):
    mock = a_mock(candidate, sealed=False)
    response = client.get(reverse("mock_result", args=[mock.pk]))
    assert response.status_code == 409
    assert "还没有交卷" in response.content.decode()


def test_mock_result_of_somebody_else_is_not_found(client):
    assert client.get(reverse("mock_result", args=[a_mock(PersonFactory()).pk])).status_code == 404


def test_mock_result_never_shows_a_real_attempt(candidate):
    mock = a_mock(candidate)
    mock.kind = "real"
    with pytest.raises(KeysWithheld):
        mock_result_of(mock, mark(attempt=mock))


@pytest.mark.parametrize("count", [1, 3])
def test_mocks_page_needs_the_same_queries_for_any_number(
    client, candidate, count, django_assert_num_queries
):
    for _ in range(count):
        a_mock(candidate)
    with django_assert_num_queries(8):
        page = client.get(reverse("mocks")).content.decode()
    assert page.count("看答案和解析") == count


def test_mocks_page_without_blueprints_says_what_to_do(client):
    page = client.get(reverse("mocks")).content.decode()
    assert "还没有可用的模拟卷" in page
    assert "还没有做过模拟考试" in page
