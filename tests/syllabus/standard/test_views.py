"""The public pages of the standard."""

from html import unescape
from pathlib import Path
from re import findall, sub
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from syllabus.standard.actions import load_standard
from tests.factories.standard import FunctionFactory, LevelFactory, RequirementFactory

pytestmark = pytest.mark.django_db
SHIPPED = Path(__file__).parents[3] / "fixtures" / "standards"


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return sub(r"\s+", " ", unescape(sub(r"<[^>]+>", " ", response.content.decode())))


def load_shipped() -> None:
    load_standard(paths=[SHIPPED], by=None, at=timezone.now(), editions_in_use=set())


@pytest.mark.parametrize("count", [1, 3])
def test_overview_takes_as_many_queries_for_one_level_as_for_three(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in (3, 2, 1)[:count]:
        LevelFactory(number=number, complete=True)

    with django_assert_num_queries(3):
        page = text_of(client.get("/standard/"))

    assert page.count("的全部要求") == count


def test_overview_marks_provisional_weights(client: Client) -> None:
    load_shipped()

    page = text_of(client.get("/standard/"))

    assert page.count("比重暂定") == 2


def test_overview_says_what_to_do_when_empty(client: Client) -> None:
    assert "load_standard" in text_of(client.get("/standard/"))


@pytest.mark.parametrize("extra", [0, 3])
def test_level_page_takes_as_many_queries_whatever_it_holds(
    client: Client, extra: int, django_assert_num_queries: Any
) -> None:
    level = LevelFactory(complete=True)
    for function in FunctionFactory.create_batch(extra, level=level, complete=True):
        assert function.work_contents.count() == 2

    with django_assert_num_queries(7):
        response = client.get("/standard/3/")

    assert text_of(response).count("专业知识要求") == 1 + 6 + 2 * extra


def test_level_page_marks_what_is_authored_and_provisional_where_true(client: Client) -> None:
    level = LevelFactory(complete=True)
    assert "自拟" not in text_of(client.get("/standard/3/"))
    content = level.functions.all()[0].work_contents.all()[0]
    RequirementFactory(work_content=content, position=3, provenance="authored", text="一条自己写的要求")
    level.functions.filter(code="2").update(is_provisional=True)

    page = client.get("/standard/3/").content.decode()

    assert findall(r'<li id="r-[^"]+">(?:(?!</li>).)*自拟', page) == findall(
        r'<li id="r-1\.1\.K3">(?:(?!</li>).)*自拟', page
    )
    assert "45 暂定" in text_of(client.get("/standard/3/"))


def test_level_page_shows_the_shipped_level_word_for_word(client: Client) -> None:
    load_shipped()

    page = text_of(client.get("/standard/3/"))

    assert "6 项职业功能、14 项工作内容、55 条技能要求、69 条专业知识要求" in page
    assert "大学专科、本科或同等学历，并从事相关工作 2 年以上" in page
    assert "职业道德 10 分的权重" in page
    assert "60 分（含），满分 100 分 标准 §1.7.4" in page
    assert "90 分钟 鉴定惯例" in page
    assert "暂定" not in page.replace("暂定与自拟", "")


def test_level_page_opens_an_older_edition(client: Client) -> None:
    LevelFactory(complete=True, standard__edition="2026.1")
    LevelFactory(complete=True, standard__edition="2026.2")

    newest, older = client.get("/standard/3/"), client.get("/standard/3/?edition=2026.1")

    assert "这不是现行版本" not in text_of(newest)
    assert "这不是现行版本" in text_of(older)
    assert '<option value="2026.1" selected>' in older.content.decode()


@pytest.mark.parametrize("path", ["/standard/3/", "/standard/9/", "/standard/2/?edition=2026.1"])
def test_unknown_level_or_edition_is_not_found(client: Client, path: str) -> None:
    LevelFactory(number=2, standard__edition="2026.2")

    assert client.get(path).status_code == 404


def test_rules_page_shows_figures_sources_and_decisions(
    client: Client, django_assert_num_queries: Any
) -> None:
    load_shipped()

    with django_assert_num_queries(4):
        response = client.get("/standard/rules/")

    page = text_of(response)
    assert "同一项目两次考试的最短间隔 30 天 本平台规定 D5" in page
    assert "机考考场计算机最少数量 25 台 标准 §1.7.4" in page
    assert "30 / 50 %" in page
    ids = findall(r'id="([^"]+)"', response.content.decode())
    assert [one for one in ids if one.startswith("D")] == [f"D{number}" for number in range(1, 17)]
    assert {"clause-D3", "clause-1.7.4", "clause-practice"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_rules_page_says_what_to_do_when_empty(client: Client) -> None:
    assert "rules.yaml" in text_of(client.get("/standard/rules/"))


@pytest.mark.parametrize("path", ["/standard/", "/standard/3/", "/standard/rules/"])
def test_pages_only_answer_reads(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
