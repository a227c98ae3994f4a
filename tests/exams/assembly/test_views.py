"""The papers' pages: who sees what, previewing without storing, freezing, withdrawing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from exams.assembly.actions import assemble, freeze_paper
from exams.assembly.models import AssemblyRun, Blueprint, Paper, PaperEvent
from exams.bank.models import Item
from tests.factories.assembly import AssemblyRunFactory, PaperFactory
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


@pytest.mark.parametrize(
    "path",
    ["assemble/", "L3-1/withdraw/", "L3-1/seal/", "L3-1/readers/", "L3-1/items/1/swap/", "L3-1/items/"],
)
def test_changes_are_closed_to_others(client: Client, path: str) -> None:
    PaperFactory(code="L3-1", state="draft")
    client.force_login(exam_officer())
    assert client.post(f"/papers/{path}", {"reason": "试试"}).status_code == 403
    paper = Paper.objects.get()
    assert (paper.withdrawn_at, paper.state) == (None, "draft")
    assert not PaperEvent.objects.exists()


def test_runs_are_closed_to_others(client: Client, blueprint: Blueprint) -> None:
    run = AssemblyRunFactory(blueprint=blueprint)
    client.force_login(exam_officer())
    assert client.get(f"/papers/runs/{run.pk}/").status_code == 403
    for path in ("cancel", "keep"):
        assert client.post(f"/papers/runs/{run.pk}/{path}/").status_code == 403
    run.refresh_from_db()
    assert not run.is_cancelled


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
        ({}, ["L3-4", "L3-3", "L3-2", "L3-1"]),
        ({"status": "usable"}, ["L3-3", "L3-1"]),
        ({"status": "draft"}, ["L3-4"]),
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
    PaperFactory(code="L3-4", state="draft")
    assert [paper.code for paper in manager.get("/papers/", query).context["page"]] == codes


def test_empty_list_says_what_to_do(manager: Client) -> None:
    assert "选一份蓝图组卷" in manager.get("/papers/").content.decode()


@pytest.fixture
def solved(
    manager: Client, blueprint: Blueprint, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[..., AssemblyRun]:
    """Return a function that asks for papers on the page and lets them be solved."""

    def ask(**asked: Any) -> AssemblyRun:
        asked = {"blueprint": blueprint.code, "forms_wanted": 1, "seed": 7, **asked}
        with django_capture_on_commit_callbacks(execute=True):
            response = manager.post("/papers/assemble/", asked)
        run = AssemblyRun.objects.get()
        assert response.headers["Location"] == f"/papers/runs/{run.pk}/"
        return run

    return ask


def test_run_page_shows_one_form_with_its_proof(manager: Client, solved: Callable[..., AssemblyRun]) -> None:
    page = manager.get(f"/papers/runs/{solved().pk}/").content.decode()
    assert all(text in page for text in ("已证明最优", "本卷的构成", "相关基础知识", "存为草稿"))
    assert "hx-trigger" not in page
    assert not Paper.objects.exists()


def test_run_page_shows_forms_side_by_side(
    manager: Client,
    solved: Callable[..., AssemblyRun],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    run = solved(forms_wanted=3, overlap=2)
    manager.get(f"/papers/runs/{run.pk}/")
    with django_assert_num_queries(3):
        response = manager.get(f"/papers/runs/{run.pk}/")
    comparison = response.context["comparison"]
    assert [column.letter for column in comparison.columns] == ["A", "B", "C"]
    rows = {row.label: row for group in comparison.groups for row in group.rows}
    assert (rows["B 相关基础知识"].wanted, rows["B 相关基础知识"].values) == ("5", ("5", "5", "5"))
    assert rows["与 A 卷"].values == ("—", "2", "2")
    assert len({*rows["平均难度"].values}) == 1
    assert all(
        text in response.content.decode() for text in ("各卷平均难度相等，已证明", "把 3 份都存为草稿")
    )


def test_run_page_says_which_forms_were_changed_since(
    manager: Client, solved: Callable[..., AssemblyRun]
) -> None:
    run = solved(forms_wanted=2)
    manager.post(f"/papers/runs/{run.pk}/keep/")
    assert "此后换过题的" not in manager.get(f"/papers/runs/{run.pk}/").content.decode()
    paper = Paper.objects.filter(run=run, form="B")
    paper.update(sha256="0" * 64, mean_facility="0.6123")
    page = manager.get(f"/papers/runs/{run.pk}/").content.decode()
    assert "B 卷现平均难度 0.6123" in page
    assert "A 卷现平均难度" not in page


def test_run_that_is_under_way_polls_and_can_be_stopped(manager: Client, blueprint: Blueprint) -> None:
    run = AssemblyRunFactory(
        blueprint=blueprint,
        state="running",
        forms=3,
        progress={"tries": 1, "form": 2, "seconds": 4.2, "value": 31.0, "bound": 30.0, "gap": 0.0323},
    )
    page = manager.get(f"/papers/runs/{run.pk}/").content.decode()
    assert all(text in page for text in ("every 1s", "正在求第 2 份，共 3 份", "3.23 %", "停止求解"))
    fragment = manager.get(
        f"/papers/runs/{run.pk}/", headers={"HX-Request": "true", "HX-Target": "run"}
    ).content.decode()
    assert fragment.lstrip().startswith('<div id="run"')
    manager.post(f"/papers/runs/{run.pk}/cancel/")
    assert "正在停止" in manager.get(f"/papers/runs/{run.pk}/").content.decode()
    AssemblyRun.objects.update(state="cancelled")
    assert "已停止，没有结果" in manager.get(f"/papers/runs/{run.pk}/").content.decode()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": "waiting"}, "排队中，马上开始"),
        ({"state": "failed"}, "程序出错"),
        ({"state": "failed", "result": {"refused": "没有这个模块。"}}, "没有这个模块。"),
    ],
)
def test_run_page_says_how_it_stands(
    manager: Client, blueprint: Blueprint, facts: dict[str, Any], words: str
) -> None:
    run = AssemblyRunFactory(blueprint=blueprint, **facts)
    assert words in manager.get(f"/papers/runs/{run.pk}/").content.decode()


def test_run_page_of_an_impossible_paper_says_why(
    manager: Client, blueprint: Blueprint, solved: Callable[..., AssemblyRun]
) -> None:
    Item.objects.filter(current__knowledge__code__startswith="B").update(state="draft")
    page = manager.get(f"/papers/runs/{solved().pk}/").content.decode()
    assert all(
        text in page for text in ("已证明：题库组不成这样的试卷", "缺少单项选择题 1 题", "互相冲突的要求")
    )
    assert "存为草稿" not in page


def test_form_with_errors_shows_them(manager: Client, blueprint: Blueprint) -> None:
    wrong = {"blueprint": "none", "seed": -1, "forms_wanted": 9}
    response = manager.post("/papers/assemble/", wrong)
    assert (response.status_code, set(response.context["form"].errors)) == (
        422,
        {"blueprint", "seed", "forms_wanted"},
    )
    for overlap, wanted in ((3, 1), (20, 2)):
        asked = {"blueprint": "small", "seed": 1, "forms_wanted": wanted, "overlap": overlap}
        assert set(manager.post("/papers/assemble/", asked).context["form"].errors) == {"overlap"}
    assert not AssemblyRun.objects.exists()


def test_form_begins_with_what_the_address_gives(manager: Client, blueprint: Blueprint) -> None:
    AssemblyRunFactory(blueprint=blueprint)
    response = manager.get("/papers/assemble/", {"blueprint": "small", "forms_wanted": "3"})
    form = response.context["form"]
    assert (form["blueprint"].value(), form["forms_wanted"].value()) == ("small", "3")
    assert "最近的组卷" in response.content.decode()


def test_keeping_a_run_stores_its_papers_once(manager: Client, solved: Callable[..., AssemblyRun]) -> None:
    run = solved(forms_wanted=2)
    for _click in range(2):
        assert manager.post(f"/papers/runs/{run.pk}/keep/").headers["Location"] == f"/papers/runs/{run.pk}/"
    assert [one.state for one in Paper.objects.all()] == ["draft", "draft"]
    page = manager.get(f"/papers/runs/{run.pk}/").content.decode()
    assert "L3-T-L-0002" in page
    assert "都存为草稿" not in page


def test_keeping_is_refused_when_the_bank_has_changed(
    manager: Client, solved: Callable[..., AssemblyRun]
) -> None:
    run = solved()
    Item.objects.update(state="suspended")
    assert manager.post(f"/papers/runs/{run.pk}/keep/").status_code == 409
    assert not Paper.objects.exists()


def test_paper_page_shows_report_origin_and_repeats(
    manager: Client, blueprint: Blueprint, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    paper, other = frozen(blueprint), frozen(blueprint, 7000)
    manager.get(f"/papers/{paper.code}/")
    with django_assert_num_queries(24):
        page = manager.get(f"/papers/{paper.code}/").content.decode()
    assert paper.sha256 in page
    assert all(text in page for text in ("50 = 50", "45 = 45", "5 = 5", "含样题", "待批准"))
    shared = {row.version_id for row in paper.items.all()} & {row.version_id for row in other.items.all()}
    assert (f"与 {other.code} 重复" in page) == bool(shared)
    assert not PaperEvent.objects.filter(kind="viewed").exists()


def test_items_page_shows_keys_as_the_paper_orders_them(manager: Client) -> None:
    PaperFactory(code="L3-1", pool="practice", reverse_options=True)
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
    assert "no-store" in response.headers["Cache-Control"]
    assert not PaperEvent.objects.exists()


def test_unknown_paper_is_not_found(manager: Client) -> None:
    assert manager.get("/papers/L3-9/").status_code == 404
    assert manager.get("/papers/L3-9/items/").status_code == 404
    assert manager.get("/papers/%00/").status_code == 404


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
