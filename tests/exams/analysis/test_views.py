"""The page of the bank's report."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from exams.bank.models import EnemyPair
from tests.factories.assembly import BlueprintFactory, BlueprintSectionFactory
from tests.factories.bank import CREATED_AT, ItemFactory
from tests.factories.people import PersonFactory, exam_officer, item_manager, item_reviewer, item_writer
from tests.factories.standard import LevelFactory

pytestmark = pytest.mark.django_db
STEM = "客户服务的基本要素不包括下面哪一项内容（　）。"


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(item_manager())
    return client


def test_report_is_closed_to_others(client: Client) -> None:
    assert client.get("/items/report/").status_code == 302
    for person in (PersonFactory(), exam_officer(), item_writer(), item_reviewer()):
        client.force_login(person)
        assert client.get("/items/report/").status_code == 403


def test_report_without_a_standard_says_what_to_do(manager: Client) -> None:
    assert "load_standard" in manager.get("/items/report/").content.decode()


def test_report_shows_problems_first_and_figures_with_their_lists(manager: Client) -> None:
    level = LevelFactory(complete=True)
    blueprint = BlueprintFactory(code="small", name="小卷")
    BlueprintSectionFactory(blueprint=blueprint, type="single", count=20, points=5)
    one, two = ItemFactory(code="3-a", stem=STEM), ItemFactory(code="3-b", stem=STEM + "请选")
    ItemFactory(code="3-c", stem=STEM, pool="practice", explanation="")
    EnemyPair.objects.create(first=one, second=two, reason="近似", at=CREATED_AT)
    response = manager.get("/items/report/", {"level": str(level.number)})
    page = response.content.decode()
    assert page.index("处不足") < page.index('id="theory-live"')
    assert "小卷：3 处（职业功能 × 题型）不够 3.5 份卷" in page
    assert 'href="#theory-live-supply"' in page
    assert 'id="theory-live-supply"' in page
    listed = "/items/?function=3%3A1&amp;pool=live&amp;state=approved&amp;type=single"
    assert listed in page
    assert [item.code for item in manager.get(listed.replace("&amp;", "&")).context["page"].items] == [
        "3-a",
        "3-b",
    ]
    assert all(
        text in page for text in ("已设为互斥", "分属两个题库", 'href="/items/3-c/"', "没有解析的题目")
    )


def test_report_of_an_unknown_level_is_that_of_the_first(manager: Client) -> None:
    level = LevelFactory(complete=True)
    assert manager.get("/items/report/", {"level": "9"}).context["level"] == level


def test_report_says_when_nothing_is_missing() -> None:
    assert "没有不足" in render_to_string("exams/analysis/_problems.html", {"problems": []})


@pytest.mark.parametrize("count", [1, 10])
def test_report_costs_the_same_for_every_length(
    manager: Client, count: int, django_assert_num_queries: Any
) -> None:
    LevelFactory(complete=True)
    ItemFactory.create_batch(count)
    manager.get("/items/report/")
    with django_assert_num_queries(12):
        manager.get("/items/report/")
