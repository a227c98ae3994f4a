"""The pages of import and export: who sees them, what they show, and that a fragment equals a fresh page."""

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from exams.bank.actions.importing import confirm_import, start_import
from exams.bank.models import Item, ItemImport
from tests.exams.bank.exchange.files import ROW, csv, imported, read_back, rows, table
from tests.factories.bank import CREATED_AT, ItemFactory
from tests.factories.people import PersonFactory, exam_officer, item_manager, item_writer
from tests.factories.standard import LevelFactory
from tests.htmx import assert_same_as_fresh_load, htmx_headers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def level() -> Any:
    return LevelFactory(complete=True)


@pytest.fixture
def manager() -> Any:
    return item_manager()


@pytest.fixture
def desk(client: Client, manager: Any) -> Client:
    client.force_login(manager)
    return client


def sent(client: Client, source: bytes, name: str = "a.csv") -> HttpResponse:
    return client.post("/items/import/", {"file": SimpleUploadedFile(name, source)})  # type: ignore[return-value]


@pytest.mark.parametrize(
    "address", ["/items/import/", "/items/import/template/xlsx/", "/items/export/?format=csv"]
)
def test_pages_are_closed_to_others(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
    for person in (PersonFactory(), exam_officer()):
        client.force_login(person)
        assert client.get(address).status_code == 403


def test_writer_imports_and_does_not_export(client: Client, manager: Any) -> None:
    client.force_login(item_writer())
    assert client.get("/items/import/").status_code == 200
    assert client.get("/items/export/", {"format": "csv"}).status_code == 403
    others = imported("a.csv", csv(table(rows(1))), manager)
    assert client.get(f"/items/import/{others.pk}/").status_code == 404
    assert client.post(f"/items/import/{others.pk}/confirm/").status_code == 404
    assert client.post(f"/items/import/{others.pk}/drop/").status_code == 404


def test_a_file_is_uploaded_read_confirmed_and_written(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = sent(desk, csv(table([*rows(2), ROW | {"code": "3-1.1.K1-L09", "key": "E"}])))
    made = ItemImport.objects.get()
    assert response.headers["Location"] == f"/items/import/{made.pk}/"
    page = desk.get(f"/items/import/{made.pk}/").content.decode()
    assert "导入 2 道正确的题，不导入有错的 1 行" in page
    assert "答案只能用字母 A–D" in page
    assert not Item.objects.exists()
    refused = desk.post(f"/items/import/{made.pk}/confirm/")
    assert refused.status_code == 409
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/items/import/{made.pk}/confirm/", {"partly": "on", "approve": "on"})
    assert set(Item.objects.values_list("state", flat=True)) == {"approved"}
    page = desk.get(f"/items/import/{made.pk}/").content.decode()
    assert "已写入 2 道题" in page
    assert '<a href="/items/3-1.1.K1-L01/">' in page


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [("a.pdf", b"x", "不认识的文件类型"), ("a.csv", b"", "文件是空的"), ("", None, "")],
)
def test_bad_uploads_are_form_errors(desk: Client, name: str, source: bytes | None, words: str) -> None:
    response = desk.post("/items/import/", {}) if source is None else sent(desk, source, name)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not ItemImport.objects.exists()


def test_progress_is_polled_and_survives_a_reload(desk: Client, manager: Any) -> None:
    made = start_import(name="a.csv", source=csv(table(rows(3))), by=manager, at=CREATED_AT)
    ItemImport.objects.update(done=2)
    address = f"/items/import/{made.pk}/"
    page = desk.get(address)
    assert "已读到第 2 行，约 5 行" in page.content.decode()
    assert 'hx-trigger="every 1s"' in page.content.decode()
    read = imported("b.csv", csv(table(rows(3))), manager)
    ItemImport.objects.filter(pk=made.pk).update(state=read.state, report=read.report)
    fragment = desk.get(address, headers=htmx_headers("import"))
    assert "hx-trigger" not in fragment.content.decode()
    assert_same_as_fresh_load(desk, address, fragment, page=page)


def test_writing_shows_its_progress(desk: Client, manager: Any) -> None:
    made = imported("a.csv", csv(table(rows(3))), manager)
    confirm_import(pk=made.pk, by=manager, at=CREATED_AT)
    assert "已写入 0 题，共 3 题" in desk.get(f"/items/import/{made.pk}/").content.decode()


@pytest.mark.parametrize("state", ["failed", "dropped", "done"])
def test_every_state_has_its_page(desk: Client, manager: Any, state: str) -> None:
    made = imported("a.csv", csv(table(rows(1))), manager)
    ItemImport.objects.update(state=state, confirmed_at=CREATED_AT, confirmed_by=manager)
    words = {"failed": "程序出错", "dropped": "已放弃", "done": "已写入"}[state]
    assert words in desk.get(f"/items/import/{made.pk}/").content.decode()


def test_drifted_import_says_so(desk: Client, manager: Any) -> None:
    made = imported("a.csv", csv(table(rows(1))), manager)
    ItemImport.objects.update(confirmed_at=CREATED_AT, confirmed_by=manager)
    assert "题库在确认之后有变动" in desk.get(f"/items/import/{made.pk}/").content.decode()


def test_lines_are_filtered_and_paged(desk: Client, manager: Any) -> None:
    bad = [ROW | {"code": f"3-1.1.K1-L{number}", "key": "E"} for number in range(200, 260)]
    made = imported("a.csv", csv(table([*rows(60), *bad])), manager)
    response = desk.get(f"/items/import/{made.pk}/", {"outcome": "refused", "page": "2"})
    assert [line["code"] for line in response.context["page"]] == [
        f"3-1.1.K1-L{number}" for number in range(250, 260)
    ]
    everything = desk.get(f"/items/import/{made.pk}/", {"outcome": "nonsense"})
    assert everything.context["page"].paginator.count == 120


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_imports_costs_the_same_for_every_length(
    desk: Client, manager: Any, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        imported(f"{number}.csv", csv(table(rows(1))), manager)
    desk.get("/items/import/")
    with django_assert_num_queries(3):
        response = desk.get("/items/import/")
    assert len(response.context["imports"]) == count


def test_dropping_comes_back_to_the_list(desk: Client, manager: Any) -> None:
    made = imported("a.csv", csv(table(rows(1))), manager)
    assert desk.post(f"/items/import/{made.pk}/drop/").headers["Location"] == "/items/import/"
    assert "还没有导入过文件" in desk.get("/items/import/").content.decode()
    assert desk.get(f"/items/import/{uuid.uuid4()}/").status_code == 404


def test_templates_are_downloaded(desk: Client) -> None:
    response = desk.get("/items/import/template/xlsx/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="items-template.xlsx"'
    assert load_workbook(io.BytesIO(response.content)).sheetnames[0] == "题目"
    assert desk.get("/items/import/template/csv/").content.decode("utf-8-sig").startswith("编号,级别")
    assert desk.get("/items/import/template/yaml/").status_code == 404


@pytest.mark.parametrize("code", ["xlsx", "csv", "yaml"])
def test_export_gives_what_the_filters_leave(desk: Client, code: str) -> None:
    ItemFactory(code="3-A", pool="practice")
    ItemFactory(code="3-B", type="multiple")
    response = desk.get("/items/export/", {"format": code, "pool": "live"})
    assert response.headers["Cache-Control"] == "no-store"
    assert f".{code}" in response.headers["Content-Disposition"]
    found, _problems = read_back(code, b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert [(one.code, one.content.type) for one in found] == [("3-B", "multiple")]
    assert desk.get("/items/export/", {"format": "pdf"}).status_code == 404


def test_list_leads_to_an_export_with_its_filters(desk: Client) -> None:
    ItemFactory(code="3-A")
    assert 'href="/items/import/?pool=live#export"' in desk.get("/items/", {"pool": "live"}).content.decode()
    page = desk.get("/items/import/", {"pool": "live"}).content.decode()
    assert 'href="/items/export/?pool=live&amp;format=yaml"' in page
    assert "筛选出的题目" in page


@pytest.mark.parametrize("code", ["xlsx", "csv", "yaml"])
def test_export_costs_the_same_queries_for_any_number(
    desk: Client, code: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ItemFactory.create_batch(5)
    desk.get("/items/export/", {"format": code})
    with django_assert_num_queries(5):
        b"".join(desk.get("/items/export/", {"format": code}).streaming_content)  # type: ignore[attr-defined]


def test_what_excel_cannot_hold_is_a_refusal(desk: Client) -> None:
    ItemFactory(stem="长" * 40_000)
    response = desk.get("/items/export/", {"format": "xlsx"})
    assert response.status_code == 409
    assert "请导出为 YAML 或 CSV" in response.content.decode()


def test_command_exports_by_name_level_and_pool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ItemFactory(code="3-A", pool="practice")
    ItemFactory(code="3-B")
    path = tmp_path / "bank.yaml"
    call_command("export_items", str(path), "--pool", "live", "--level", "3")
    assert "导出 1 题" in capsys.readouterr().out
    assert [one.code for one in read_back("yaml", path.read_bytes())[0]] == ["3-B"]
    call_command("export_items", str(tmp_path / "bank"), "--format", "csv")
    assert len(read_back("csv", (tmp_path / "bank").read_bytes())[0]) == 2
    with pytest.raises(CommandError, match="--format"):
        call_command("export_items", str(tmp_path / "bank"))
    with pytest.raises(CommandError, match="没有文件夹"):
        call_command("export_items", str(tmp_path / "nowhere" / "a.csv"))


def test_command_leaves_the_old_file_where_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "bank.xlsx"
    path.write_bytes(b"old")
    ItemFactory(stem="长" * 40_000)
    with pytest.raises(CommandError, match="YAML"):
        call_command("export_items", str(path))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
