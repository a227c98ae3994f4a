"""Importing: what each line comes to; nothing is written before it is confirmed, and then all or nothing."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import InternalError, connection
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from exams.bank.actions import importing, load_items
from exams.bank.actions.importing import (
    confirm_import,
    drop_import,
    resume_imports,
    start_import,
    write_import,
)
from exams.bank.errors import ImportRefused
from exams.bank.models import Item, ItemEvent, ItemImport, ItemReview, ItemVersion
from exams.bank.queries import ItemFilter, items
from exams.bank.queries.exchange import outgoing
from tests.exams.bank.exchange.files import (
    MULTIPLE,
    ROW,
    TRUE_FALSE,
    csv,
    imported,
    one_of_each,
    outcomes,
    rows,
    said,
    table,
    written,
    xlsx,
)
from tests.factories.bank import CREATED_AT, ItemFactory
from tests.factories.bank_files import load_shipped
from tests.factories.people import item_manager, item_writer
from tests.factories.standard import LevelFactory, StandardFactory

pytestmark = pytest.mark.django_db
LATER = CREATED_AT + datetime.timedelta(hours=1)
FORMATS = ("xlsx", "csv", "yaml")


@pytest.fixture(autouse=True)
def level() -> Any:
    return LevelFactory(complete=True)


@pytest.fixture
def manager() -> Any:
    return item_manager()


def confirm(made: ItemImport, by: Any, **options: Any) -> ItemImport:
    """Confirm and write, as the task does."""
    confirm_import(pk=made.pk, by=by, at=LATER, **options)
    write_import(pk=made.pk, at=LATER)
    made.refresh_from_db()
    return made


def exported() -> list[Any]:
    return list(outgoing(items(ItemFilter())))


# --- Round trips


@pytest.mark.parametrize("code", FORMATS)
def test_shipped_bank_exported_and_imported_is_kept_whole(manager: Any, code: str) -> None:
    load_shipped()
    source = written(code, exported())
    made = imported(f"bank.{code}", source, manager)
    assert set(outcomes(made)) == {"kept"}, said(made)
    assert len(made.report) == Item.objects.count()
    assert made.state == "ready"


@pytest.mark.parametrize("code", FORMATS)
def test_an_item_of_every_type_is_new_then_kept(manager: Any, code: str) -> None:
    made = imported(f"new.{code}", written(code, one_of_each()), manager)
    assert set(outcomes(made)) == {"new"}, said(made)
    assert not Item.objects.exists()
    assert confirm(made, manager).state == "done"
    again = imported(f"again.{code}", written(code, exported()), manager)
    assert outcomes(again) == ["kept"] * len(one_of_each()), said(again)


def test_a_file_goes_through_all_formats_unchanged(manager: Any, tmp_path: Path) -> None:
    confirm(imported("a.xlsx", written("xlsx", one_of_each()), manager), manager)
    path = tmp_path / "bank.yaml"
    path.write_bytes(written("yaml", exported()))
    report = load_items(paths=[path], by=None, at=LATER, dry_run=True)
    assert (report.new, report.changed, report.unchanged) == ([], [], len(one_of_each()))


# --- Outcomes


def test_report_says_of_each_line_what_it_comes_to(manager: Any) -> None:
    given = [ROW, MULTIPLE | {"code": "3-1.1.K1-L02", "stem": "客户包括（　）。"}]
    confirm(imported("a.csv", csv(table(given)), manager), manager)
    changed = given[1] | {"key": "AB", "difficulty": 5}
    bad = TRUE_FALSE | {"code": "3-1.1.K1-L03", "key": "也许", "difficulty": "极难"}
    new = TRUE_FALSE | {"code": "3-1.1.K1-L04"}
    made = imported("b.xlsx", xlsx(table([given[0], changed, bad, new])), manager)
    assert outcomes(made) == ["kept", "changed", "refused", "new"]
    assert [line["line"] for line in made.report] == [2, 3, 4, 5]
    assert made.report[1]["fields"] == ["difficulty", "key"]
    assert made.report[2]["messages"] == [
        "难度：应为 很易、较易、中等、较难、很难 之一，实为“极难”。",
        "答案：判断题的答案应为“对”或“错”，实为“也许”。",
    ]
    assert made.state == "refused"


def test_newer_edition_is_a_change_of_level(manager: Any) -> None:
    confirm(imported("a.csv", csv(table([ROW])), manager), manager)
    LevelFactory(complete=True, standard=StandardFactory(edition="2026.2"))
    made = imported("a.csv", csv(table([ROW])), manager)
    assert (outcomes(made), made.report[0]["fields"]) == (["changed"], ["level"])


def test_codes_and_stems_stand_once_in_file_and_bank(manager: Any) -> None:
    ItemFactory(code="3-OLD", stem="旧题是（　）。")
    given = [
        ROW,
        ROW | {"stem": "别的是（　）。"},
        ROW | {"code": "3-1.1.K1-L02", "stem": "客户是( )。"},
        ROW | {"code": "3-1.1.K1-L03", "stem": "旧题是（ ）。"},
    ]
    made = imported("a.xlsx", xlsx(table(given)), manager)
    assert outcomes(made) == ["new", "refused", "refused", "refused"]
    assert said(made).splitlines() == [
        "3: 编号：编号 3-1.1.K1-L01 重复，已在第 2 行出现。",
        "4: 题干与第 2 行的 3-1.1.K1-L01 相同。",
        "5: 题干与题库中的 3-OLD 相同。",
    ]


def test_items_keep_their_pool_and_must_not_be_in_review_or_retired(manager: Any) -> None:
    confirm(imported("a.csv", csv(table(rows(3))), manager), manager)
    waiting, retired = Item.objects.get(code="3-1.1.K1-L01"), Item.objects.get(code="3-1.1.K1-L02")
    writer = item_writer()
    ItemReview.objects.create(version=waiting.current, submitted_at=LATER, submitted_by=writer)
    Item.objects.filter(pk=retired.pk).update(state="retired")
    Item.objects.filter(code="3-1.1.K1-L03").update(pool="practice")
    made = imported("b.csv", csv(table(rows(3, key="B"))), manager)
    assert outcomes(made) == ["refused"] * 3
    assert "正在审题" in said(made)
    assert "已退役" in said(made)
    assert "不能换题库" in said(made)
    assert outcomes(imported("c.csv", csv(table(rows(2))), manager)) == ["kept", "kept"]


def test_pictures_must_be_in_the_bank(manager: Any) -> None:
    row = ROW | {"stem": f"看图 ![图](pic:{'a' * 64})（　）。"}
    made = imported("a.csv", csv(table([row])), manager)
    assert said(made) == "2: 题干：图片 aaaaaaaaaaaa… 不在题库中，请先上传。"


def test_writer_imports_new_items_and_changes_only_his_own(manager: Any) -> None:
    writer = item_writer()
    confirm(imported("a.csv", csv(table(rows(1))), manager), manager)
    own = ROW | {"code": "3-1.1.K1-L09", "stem": "自己的题（　）。"}
    confirm(imported("b.csv", csv(table([own])), writer), writer)
    made = imported("c.csv", csv(table([*rows(1), own | {"key": "B"}])), writer)
    assert outcomes(made) == ["refused", "changed"]
    assert said(made) == "2: 编号：这个编号已经有人使用。"
    assert confirm(made, writer, partly=True).state == "done"


# --- Confirming and writing


def test_drafts_unless_a_manager_says_approved(manager: Any) -> None:
    confirm(imported("a.csv", csv(table(rows(1))), manager), manager)
    item = Item.objects.get()
    assert (item.state, item.is_sample, item.approved, item.created_by_id) == (
        "draft",
        False,
        None,
        manager.pk,
    )
    event = ItemEvent.objects.get()
    made = ItemImport.objects.get()
    assert (event.kind, event.by_id, event.detail["import"]) == ("loaded", manager.pk, str(made.pk))
    confirm(imported("b.csv", csv(table(rows(2))), manager), manager, approve=True)
    approved = Item.objects.get(code="3-1.1.K1-L02")
    assert (approved.state, approved.approved_id) == ("approved", approved.current_id)
    assert set(approved.events.values_list("kind", flat=True)) == {"loaded", "approved"}
    item.refresh_from_db()
    assert item.state == "draft"


def test_change_of_an_approved_item_waits_beside_it(manager: Any) -> None:
    confirm(imported("a.csv", csv(table(rows(1))), manager), manager, approve=True)
    confirm(imported("b.csv", csv(table(rows(1, key="C"))), manager), manager)
    item = Item.objects.get()
    assert item.current is not None
    assert item.approved is not None
    assert (item.state, item.current.key, item.approved.key) == ("approved", "C", "A")
    confirm(imported("c.csv", csv(table(rows(1, key="D"))), manager), manager, approve=True)
    item.refresh_from_db()
    assert item.approved is not None
    assert (item.approved.key, item.approved.number) == ("D", 3)


def test_writer_may_not_approve(manager: Any) -> None:
    writer = item_writer()
    made = imported("a.csv", csv(table(rows(1))), writer)
    with pytest.raises(ImportRefused, match="题库管理员"):
        confirm_import(pk=made.pk, by=writer, at=LATER, approve=True)


def test_refused_lines_take_the_explicit_choice(manager: Any) -> None:
    made = imported("a.csv", csv(table([*rows(2), ROW | {"key": "E", "code": "3-1.1.K1-L09"}])), manager)
    with pytest.raises(ImportRefused, match="1 行有错误"):
        confirm_import(pk=made.pk, by=manager, at=LATER)
    assert not Item.objects.exists()
    assert confirm(made, manager, partly=True).state == "done"
    assert Item.objects.count() == 2


def test_confirming_and_writing_twice_writes_once(manager: Any) -> None:
    made = confirm(imported("a.csv", csv(table(rows(2))), manager), manager)
    confirm(made, manager)
    assert (ItemVersion.objects.count(), ItemEvent.objects.count()) == (2, 2)
    assert confirm_import(pk=made.pk, by=manager, at=LATER).state == "done"


def test_nothing_to_write_or_dropped_is_not_confirmed(manager: Any) -> None:
    confirm(imported("a.csv", csv(table(rows(1))), manager), manager)
    kept = imported("b.csv", csv(table(rows(1))), manager)
    with pytest.raises(ImportRefused, match="没有需要写入"):
        confirm_import(pk=kept.pk, by=manager, at=LATER)
    drop_import(pk=kept.pk)
    kept.refresh_from_db()
    assert (kept.state, bytes(kept.source)) == ("dropped", b"")
    with pytest.raises(ImportRefused, match="不能再确认"):
        confirm_import(pk=kept.pk, by=manager, at=LATER)


def test_bank_that_moved_on_gives_a_new_report_and_writes_nothing(manager: Any) -> None:
    made = imported("a.csv", csv(table(rows(2))), manager)
    other = imported("b.csv", csv(table(rows(1, key="D"))), manager)
    confirm(other, manager)
    confirm(made, manager)
    assert Item.objects.count() == 1
    assert (made.state, outcomes(made)) == ("ready", ["changed", "new"])
    assert made.confirmed_at == LATER
    assert confirm(made, manager).state == "done"
    assert Item.objects.count() == 2


def test_what_somebody_else_imported_meanwhile_is_no_drift(manager: Any) -> None:
    made = imported("a.csv", csv(table(rows(2))), manager)
    confirm(imported("b.csv", csv(table(rows(1))), manager), manager)
    assert confirm(made, manager).state == "done"
    assert ItemVersion.objects.count() == 2


def refuse_in_database(code: str, error: str) -> None:
    """Let PostgreSQL itself fail when the item of this code is stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE FUNCTION fail_here() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW.code = '{code}' THEN RAISE EXCEPTION 'failed' USING ERRCODE = '{error}'; END IF;
              RETURN NEW;
            END $$"""
        )
        cursor.execute(
            "CREATE TRIGGER fail_here BEFORE INSERT ON exams_item FOR EACH ROW EXECUTE FUNCTION fail_here()"
        )


def test_a_failure_half_way_writes_nothing(manager: Any) -> None:
    made = imported("a.csv", csv(table(rows(450))), manager)
    refuse_in_database("3-1.1.K1-L401", "internal_error")
    confirm_import(pk=made.pk, by=manager, at=LATER)
    with pytest.raises(InternalError):
        write_import(pk=made.pk, at=LATER)
    made.refresh_from_db()
    assert (made.state, Item.objects.count(), ItemVersion.objects.count()) == ("failed", 0, 0)


def test_a_code_taken_at_the_same_moment_writes_nothing(manager: Any) -> None:
    made = imported("a.csv", csv(table(rows(250))), manager)
    refuse_in_database("3-1.1.K1-L201", "unique_violation")
    confirm(made, manager)
    assert (made.state, Item.objects.count(), ItemVersion.objects.count()) == ("ready", 0, 0)


def test_imports_left_by_a_dead_worker_are_taken_up(manager: Any) -> None:
    made = start_import(name="a.csv", source=csv(table(rows(2))), by=manager, at=CREATED_AT)
    assert resume_imports(at=CREATED_AT) == 0
    assert resume_imports(at=LATER) == 1
    confirm_import(pk=made.pk, by=manager, at=LATER)
    assert resume_imports(at=LATER + datetime.timedelta(hours=1)) == 1
    made.refresh_from_db()
    assert (made.state, Item.objects.count()) == ("done", 2)


def test_actions_enqueue_their_tasks(
    manager: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = start_import(name="a.csv", source=csv(table(rows(2))), by=manager, at=CREATED_AT)
    made.refresh_from_db()
    assert made.state == "ready"
    with django_capture_on_commit_callbacks(execute=True):
        confirm_import(pk=made.pk, by=manager, at=LATER)
    made.refresh_from_db()
    assert (made.state, made.done, made.total) == ("done", 2, 2)


def test_report_is_in_the_language_of_who_asked(manager: Any) -> None:
    made = start_import(name="a.csv", source=csv(table([ROW | {"key": "E"}])), by=manager, at=CREATED_AT)
    importing.read_import(pk=made.pk, language="zh-hans")
    made.refresh_from_db()
    assert said(made) == "2: 答案：答案只能用字母 A–D（大写），实为 E。"


def test_the_same_file_sent_twice_is_one_import(manager: Any) -> None:
    source = csv(table(rows(1)))
    first = start_import(name="a.csv", source=source, by=manager, at=CREATED_AT)
    assert start_import(name="a.csv", source=source, by=manager, at=LATER) == first
    assert start_import(name="b.csv", source=source, by=manager, at=LATER) != first


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("a.pdf", b"x", "不认识的文件类型"),
        ("noending", b"x", "不认识的文件类型"),
        ("a.csv", b"", "空的"),
        ("a.csv", bytes(20_000_001), "20 MB"),
    ],
)
def test_what_is_no_file_of_items_is_not_taken_in(manager: Any, name: str, source: bytes, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        start_import(name=name, source=source, by=manager, at=CREATED_AT)
    assert not ItemImport.objects.exists()


def test_file_names_lose_their_folders(manager: Any) -> None:
    made = start_import(name="C:\\题库\\a\x00.csv", source=b"x", by=manager, at=CREATED_AT)
    assert made.name == "a.csv"


@pytest.mark.parametrize("count", [5, 150])
def test_reading_costs_the_same_queries_within_a_batch(
    manager: Any, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    confirm(imported("a.csv", csv(table(rows(count))), manager), manager)
    made = start_import(name="b.csv", source=csv(table(rows(count, key="B"))), by=manager, at=CREATED_AT)
    with django_assert_num_queries(10):
        importing.read_import(pk=made.pk)


def test_too_many_items_are_refused(manager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exams.bank.actions.judging.MOST_ITEMS", 3)
    made = imported("a.csv", csv(table(rows(5))), manager)
    assert "一次最多导入 3 道题" in said(made)
    assert made.state == "refused"


def test_actor_is_judged_again_when_it_is_written(manager: Any) -> None:
    writer = item_writer()
    made = imported("a.csv", csv(table(rows(1))), writer)
    confirm(imported("b.csv", csv(table(rows(1, key="B"))), manager), manager)
    confirm(made, writer)
    assert (made.state, outcomes(made)) == ("refused", ["refused"])
    assert Item.objects.get().current.key == "B"  # type: ignore[union-attr]
