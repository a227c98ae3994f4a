"""The bank's pages: who sees them, what they show, and how many queries they cost."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories.bank import ItemFactory, ItemVersionFactory, knowledge_points
from tests.factories.people import PersonFactory, exam_officer, item_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(item_manager())
    return client


@pytest.mark.parametrize("address", ["/items/", "/items/3-X/"])
def test_bank_is_closed_to_others(client: Client, address: str) -> None:
    ItemFactory(code="3-X")
    assert client.get(address).status_code == 302
    for person in (PersonFactory(), exam_officer()):
        client.force_login(person)
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_items_list_costs_the_same_for_every_length(
    manager: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ItemFactory.create_batch(count)
    manager.get("/items/")
    with django_assert_num_queries(5):
        response = manager.get("/items/")
    assert len(response.context["page"]) == count


def test_items_list_is_empty_with_advice(manager: Client) -> None:
    assert "load_items" in manager.get("/items/").content.decode()
    ItemFactory()
    page = manager.get("/items/", {"text": "没有这个词"}).content.decode()
    assert "没有符合条件的题目" in page


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"text": "3-a"}, ["3-A"]),
        ({"text": "题干 3-B"}, ["3-B"]),
        ({"function": "3:2"}, ["3-B"]),
        ({"function": "2:2"}, ["3-A", "3-B"]),
        ({"type": "multiple"}, ["3-B"]),
        ({"pool": "practice"}, ["3-A"]),
        ({"difficulty": "5"}, ["3-B"]),
        ({"state": "draft"}, ["3-A"]),
        ({"difficulty": "nonsense"}, ["3-A", "3-B"]),
        ({"type": "single", "pool": "live"}, []),
    ],
)
def test_items_list_is_narrowed(manager: Client, query: dict[str, str], codes: list[str]) -> None:
    points = knowledge_points()
    ItemFactory(code="3-A", pool="practice", state="draft", knowledge=points[0])
    ItemFactory(code="3-B", type="multiple", difficulty=5, knowledge=points[4])
    response = manager.get("/items/", query)
    assert [item.code for item in response.context["page"]] == codes


def test_item_page_shows_the_current_version_and_its_history(manager: Client) -> None:
    item = ItemFactory(code="3-A")
    ItemVersionFactory(item=item, number=2, stem="新的题干（　）。", key="C")
    response = manager.get("/items/3-A/")
    page = response.content.decode()
    assert response.context["options"] == [
        ("A", "选项 甲", False),
        ("B", "选项 乙", False),
        ("C", "选项 丙", True),
        ("D", "选项 丁", False),
    ]
    assert "新的题干" in page
    assert "第 1 版" in page


def test_true_false_item_page_says_its_key(manager: Client) -> None:
    ItemFactory(code="3-A", type="true_false", key="F")
    assert "<strong>错误</strong>" in manager.get("/items/3-A/").content.decode()
    assert manager.get("/items/3-Z/").status_code == 404
