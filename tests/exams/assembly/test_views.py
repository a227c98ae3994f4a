"""The papers' pages: who sees what, previewing without storing, freezing, withdrawing."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from exams.assembly.actions import assemble, freeze_paper
from exams.assembly.models import Blueprint, Paper, PaperEvent
from exams.bank.models import Item
from tests.factories.assembly import PaperFactory
from tests.factories.bank import ItemVersionFactory
from tests.factories.people import PersonFactory, exam_officer, item_manager, registrar

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(item_manager())
    return client


def frozen(blueprint: Blueprint, seed: int = 7) -> Paper:
    return freeze_paper(solution=assemble(blueprint=blueprint, seed=seed), by=None, at=timezone.now())


@pytest.mark.parametrize("path", ["", "assemble/", "L3-1/", "L3-1/items/"])
def test_papers_are_closed_to_others(client: Client, path: str) -> None:
    PaperFactory(code="L3-1")
    assert client.get(f"/papers/{path}").status_code == 302
    for person in (PersonFactory(), exam_officer(), registrar()):
        client.force_login(person)
        assert client.get(f"/papers/{path}").status_code == 403
    assert not PaperEvent.objects.exists()


@pytest.mark.parametrize("path", ["freeze/", "L3-1/withdraw/"])
def test_changes_are_closed_to_others(client: Client, path: str) -> None:
    PaperFactory(code="L3-1")
    client.force_login(exam_officer())
    assert client.post(f"/papers/{path}", {"reason": "试试"}).status_code == 403
    assert Paper.objects.get().withdrawn_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_papers_list_costs_the_same_for_every_length(
    manager: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PaperFactory.create_batch(count)
    manager.get("/papers/")
    with django_assert_num_queries(4):
        response = manager.get("/papers/")
    assert [paper.size for paper in response.context["page"]] == [5] * count


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, ["L3-3", "L3-2", "L3-1"]),
        ({"status": "usable"}, ["L3-3", "L3-1"]),
        ({"status": "withdrawn"}, ["L3-2"]),
        ({"pool": "practice"}, ["L3-3"]),
        ({"text": "-1"}, ["L3-1"]),
        ({"status": "usable", "text": "L3-2"}, []),
    ],
)
def test_papers_list_is_narrowed(manager: Client, query: dict[str, str], codes: list[str]) -> None:
    PaperFactory(code="L3-1")
    PaperFactory(code="L3-2", withdrawn_at=timezone.now())
    PaperFactory(code="L3-3", pool="practice")
    assert [paper.code for paper in manager.get("/papers/", query).context["page"]] == codes


def test_empty_list_says_what_to_do(manager: Client) -> None:
    assert "选一份蓝图组卷" in manager.get("/papers/").content.decode()


def test_preview_shows_the_report_and_stores_nothing(manager: Client, blueprint: Blueprint) -> None:
    page = manager.get("/papers/assemble/", {"blueprint": "small", "seed": 7}).content.decode()
    assert "50 = 50" in page
    assert "已证明最优" in page
    assert not Paper.objects.exists()


def test_preview_of_an_impossible_paper_says_what_is_missing(manager: Client, blueprint: Blueprint) -> None:
    Item.objects.filter(current__knowledge__code__startswith="B").update(state="draft")
    page = manager.get("/papers/assemble/", {"blueprint": "small", "seed": 7}).content.decode()
    assert "缺少单项选择题 1 题" in page
    assert "定稿这份试卷" not in page


def test_form_with_errors_shows_them(manager: Client, blueprint: Blueprint) -> None:
    response = manager.get("/papers/assemble/", {"blueprint": "none", "seed": -1})
    assert set(response.context["form"].errors) == {"blueprint", "seed"}


def preview_fields(manager: Client, **query: Any) -> dict[str, list[str]]:
    """Return the hidden fields of the freeze button as a browser would send them."""
    page = manager.get("/papers/assemble/", {"blueprint": "small", **query}).content.decode()
    form = page[page.index('action="/papers/freeze/"') :]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]
    ):
        fields.setdefault(name, []).append(value)
    return fields


def test_freeze_button_stores_the_paper_that_was_shown_once(manager: Client, blueprint: Blueprint) -> None:
    fields = preview_fields(manager, seed=7)
    for _click in range(2):
        response = manager.post("/papers/freeze/", fields)
        assert response.headers["Location"] == "/papers/L3-T-L-0001/"
    assert Paper.objects.get().sha256 == fields["sha256"][0]


def test_freeze_button_keeps_the_papers_to_avoid(manager: Client, blueprint: Blueprint) -> None:
    first = frozen(blueprint)
    fields = preview_fields(manager, seed=8, avoid=[first.code])
    assert fields["avoid"] == [first.code]
    manager.post("/papers/freeze/", fields)
    page = manager.get("/papers/L3-T-L-0002/").content.decode()
    assert "与其他卷重复" in page


def test_freeze_is_refused_when_the_paper_is_no_longer_the_one_shown(
    manager: Client, blueprint: Blueprint
) -> None:
    fields = preview_fields(manager, seed=7)
    version = assemble(blueprint=blueprint, seed=7).items[0].version
    ItemVersionFactory(
        item=version.item, number=2, knowledge=version.knowledge, difficulty=version.difficulty
    )
    response = manager.post("/papers/freeze/", fields)
    assert response.status_code == 409
    assert not Paper.objects.exists()
    assert manager.post("/papers/freeze/", {"blueprint": "small"}).status_code == 422


def test_paper_page_shows_report_origin_and_repeats(
    manager: Client, blueprint: Blueprint, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    paper, other = frozen(blueprint), frozen(blueprint, 7000)
    manager.get(f"/papers/{paper.code}/")
    with django_assert_num_queries(13):
        page = manager.get(f"/papers/{paper.code}/").content.decode()
    assert paper.sha256 in page
    assert all(text in page for text in ("50 = 50", "45 = 45", "5 = 5", "含样题", "查看题目与答案"))
    shared = {row.version_id for row in paper.items.all()} & {row.version_id for row in other.items.all()}
    assert (f"与 {other.code} 重复" in page) == bool(shared)
    assert not PaperEvent.objects.filter(kind="viewed").exists()


def test_items_page_shows_keys_as_the_paper_orders_them_and_is_kept(manager: Client) -> None:
    PaperFactory(code="L3-1", reverse_options=True)
    response = manager.get("/papers/L3-1/items/")
    rows = response.context["rows"]
    options = [(one["shown"], one["text"], one["is_key"]) for one in rows[0][2]["options"]]
    assert options == [
        ("A", "选项 丁", False),
        ("B", "选项 丙", False),
        ("C", "选项 乙", True),
        ("D", "选项 甲", False),
    ]
    types = [placed.version.type for placed, _template, _context in rows]
    assert types == ["single", "single", "single", "true_false", "multiple"]
    assert all(text in response.content.decode() for text in ("选项 丁", "正确答案", rows[0][0].version.stem))
    event = PaperEvent.objects.get()
    assert (event.kind, event.paper.code) == ("viewed", "L3-1")
    manager.get("/papers/L3-1/items/")
    assert PaperEvent.objects.count() == 2


def test_unknown_paper_is_not_found(manager: Client) -> None:
    assert manager.get("/papers/L3-9/").status_code == 404
    assert manager.get("/papers/L3-9/items/").status_code == 404


def test_withdrawing_needs_a_reason_and_happens_once(manager: Client) -> None:
    PaperFactory(code="L3-1")
    response = manager.post("/papers/L3-1/withdraw/", {"reason": " "})
    assert response.status_code == 422
    assert response.context["withdraw_form"].errors
    manager.post("/papers/L3-1/withdraw/", {"reason": "考场泄题"})
    page = manager.get("/papers/L3-1/").content.decode()
    assert "已停用" in page
    assert "考场泄题" in page
    assert manager.post("/papers/L3-1/withdraw/", {"reason": "再停一次"}).status_code == 409
