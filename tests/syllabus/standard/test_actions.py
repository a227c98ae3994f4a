"""Loading: soundly or not at all, again without effect, never over what papers were made under."""

import datetime
import threading
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from syllabus.standard.actions import LoadReport, load_standard, lock_editions
from syllabus.standard.errors import UnsoundStandard
from syllabus.standard.models import (
    Decision,
    Function,
    Level,
    Part,
    Requirement,
    Rule,
    Standard,
    StandardEvent,
    VectorWeight,
    WorkContent,
)
from syllabus.standard.queries import current_level, rule_value
from tests.factories.bank import ItemVersionFactory
from tests.syllabus.standard.samples import LEVEL, RULES

AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
ROOT = Path(__file__).parents[3]


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def load(folder: Path, *, used: set[tuple[str, int]] | None = None, dry_run: bool = False) -> LoadReport:
    return load_standard(paths=[folder], by=None, at=AT, editions_in_use=used or set(), dry_run=dry_run)


def refused(folder: Path, *, used: set[tuple[str, int]] | None = None) -> list[str]:
    with pytest.raises(UnsoundStandard) as refusal:
        load(folder, used=used)
    return [str(one).removeprefix(f"{folder}/") for one in refusal.value.problems]


def counts() -> list[int]:
    models = (
        Standard,
        Level,
        Part,
        Function,
        WorkContent,
        Requirement,
        VectorWeight,
        Rule,
        Decision,
        StandardEvent,
    )
    return [model.objects.count() for model in models]


@pytest.mark.django_db
def test_load_stores_everything(tmp_path: Path) -> None:
    report = load(write(tmp_path, level3=LEVEL, rules=RULES))

    assert [(one.level, one.status) for one in report.files] == [(3, "new"), (None, "new")]
    assert counts() == [1, 1, 2, 3, 4, 9, 4, 4, 2, 2]
    assert current_level(3).checksum == report.files[0].checksum
    event = StandardEvent.objects.get(file="level3.yaml")
    assert (event.at, event.by, len(event.diff)) == (AT, None, len(report.files[0].changes))


@pytest.mark.django_db
def test_load_of_the_shipped_standard_has_the_counts_of_the_text() -> None:
    load(ROOT / "fixtures" / "standards")

    level = current_level(3)
    rows = Requirement.objects.filter(
        work_content__function__level=level, work_content__function__is_basics=False
    )
    assert [one.weight for one in level.functions.all()] == [20, 15, 14, 17, 14, 15, 5]
    assert [rows.filter(kind=kind).count() for kind in ("skill", "knowledge")] == [55, 69]
    assert sorted(Level.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert Decision.objects.count() == 16


@pytest.mark.django_db
def test_load_again_changes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, level3=LEVEL, rules=RULES)
    load(folder)
    before, keys = counts(), sorted(Requirement.objects.values_list("pk", flat=True))

    report = load(write(folder, level3="# a comment\n" + LEVEL))

    assert report.is_unchanged
    assert counts() == before
    assert sorted(Requirement.objects.values_list("pk", flat=True)) == keys


@pytest.mark.django_db
def test_dry_run_reports_and_stores_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, level3=LEVEL, rules=RULES)

    report = load(folder, dry_run=True)

    assert report.dry_run
    assert [one.status for one in report.files] == ["new", "new"]
    assert counts() == [0] * 10


@pytest.mark.django_db
def test_one_bad_file_keeps_all_files_out(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        good=LEVEL.replace('"2026.1"', '"2026.2"'),
        level3=LEVEL.replace("weight: 60", "weight: 61"),
        rules=RULES.replace("clause: D2", "clause: D7"),
    )

    assert refused(folder) == [
        "level3.yaml:29: 各职业功能的比重之和应为 100，实为 101。",
        "rules.yaml:4: 没有决定 D7。",
    ]
    assert counts() == [0] * 10


@pytest.mark.django_db
def test_files_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    folder = write(
        tmp_path, a=LEVEL, b=LEVEL, c=RULES, d=RULES, e=RULES.replace("csm", "other").replace(".1", ".2")
    )

    assert refused(folder) == [
        f"b.yaml:2: 版本 2026.1 的这个级别已在 {folder}/a.yaml 给出。",
        f"d.yaml:2: 版本 2026.1 的规则已在 {folder}/c.yaml 给出。",
        f"e.yaml:1: 职业代码 other 与 {folder}/a.yaml 的 csm 不同。",
    ]


@pytest.mark.django_db
def test_missing_path_and_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsoundStandard) as refusal:
        load_standard(paths=[tmp_path, tmp_path / "no.yaml"], by=None, at=AT, editions_in_use=set())

    assert [one.message for one in refusal.value.problems] == [
        "文件夹里没有 .yaml 文件。",
        "没有这个文件或文件夹。",
    ]


@pytest.mark.django_db
def test_unused_edition_is_replaced_in_place(tmp_path: Path) -> None:
    folder = write(tmp_path, level3=LEVEL, rules=RULES)
    load(folder)
    kept = Requirement.objects.get(code="1.1.K1")
    new = LEVEL.replace("text: 外部客户", "text: 外部的客户").replace("weight: 60", "weight: 55")
    new = new.replace("weight: 35", "weight: 40").replace(
        "          - {code: 1.1.K2, text: 内部客户, importance: Y}\n", ""
    )

    report = load(write(folder, level3=new, rules=RULES.replace("value: 30,", "value: 60,")))

    assert [[str(change) for change in file.changes] for file in report.files] == [
        [
            "- 要求 1.1.K2 内部客户",
            "~ 职业功能 1 weight: 60 → 55",
            "~ 要求 1.1.K1 text: 外部客户 → 外部的客户",
            "~ 职业功能 2 weight: 35 → 40",
        ],
        ["~ 规则 results.gap value: 30 → 60"],
    ]
    kept.refresh_from_db()
    assert kept.text == "外部的客户"
    assert not Requirement.objects.filter(code="1.1.K2").exists()
    assert rule_value("results.gap") == 60
    assert StandardEvent.objects.filter(file="level3.yaml").count() == 2


@pytest.mark.django_db
def test_requirement_that_items_use_is_not_taken_away(tmp_path: Path) -> None:
    folder = write(tmp_path, level3=LEVEL)
    load(folder)
    ItemVersionFactory(knowledge=Requirement.objects.get(code="1.1.K2"))
    new = LEVEL.replace("          - {code: 1.1.K2, text: 内部客户, importance: Y}\n", "")

    assert refused(write(folder, level3=new)) == [
        "level3.yaml:29: 要求 1.1.K2“内部客户”已有试题引用，不能删除；请保留它，或以新版本载入。"
    ]
    assert Requirement.objects.filter(code="1.1.K2").exists()


@pytest.mark.django_db
def test_edition_in_use_is_never_altered(tmp_path: Path) -> None:
    folder = write(tmp_path, level3=LEVEL, rules=RULES)
    load(folder)
    write(
        folder,
        level3=LEVEL.replace("minutes: {value: 90", "minutes: {value: 95"),
        rules=RULES.replace("value: 30,", "value: 31,"),
    )

    assert refused(folder, used={("2026.1", 3)}) == [
        "level3.yaml:2: 版本 2026.1 已用于试卷或成绩，不能再改；内容有变动的文件须写新的版本号（edition）。"
        "共 1 处变动：~ 鉴定项目 theory minutes: 90 → 95",
        "rules.yaml:2: 版本 2026.1 已用于试卷或成绩，不能再改；内容有变动的文件须写新的版本号（edition）。"
        "共 1 处变动：~ 规则 results.gap value: 30 → 31",
    ]
    assert rule_value("results.gap") == 30


@pytest.mark.django_db
def test_edition_in_use_may_be_loaded_again_unchanged(tmp_path: Path) -> None:
    folder = write(tmp_path, level3=LEVEL, rules=RULES)
    load(folder)

    assert load(folder, used={("2026.1", 3)}).is_unchanged


@pytest.mark.django_db
def test_other_level_of_an_edition_in_use_may_change(tmp_path: Path) -> None:
    folder = write(tmp_path, level3=LEVEL)
    load(folder)
    write(folder, level3=LEVEL.replace("minutes: {value: 90", "minutes: {value: 95"))

    assert [one.status for one in load(folder, used={("2026.1", 2)}).files] == ["changed"]


@pytest.mark.django_db
def test_new_edition_stands_beside_the_old_one(tmp_path: Path) -> None:
    load(write(tmp_path, level3=LEVEL))
    old = current_level(3)

    report = load(
        write(tmp_path, level3=LEVEL.replace('"2026.1"', '"2026.10"').replace("name: 概述", "name: 总论")),
        used={("2026.1", 3)},
    )

    assert [one.status for one in report.files] == ["new"]
    assert current_level(3).standard.edition == "2026.10"
    assert [one.name for one in old.functions.all()] == ["概述", "部门", "相关基础知识"]


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_do_not_meet(tmp_path: Path) -> None:
    folder = write(tmp_path, level3=LEVEL, rules=RULES)
    statuses: list[list[str]] = []

    def work() -> None:
        try:
            statuses.append([one.status for one in load(folder).files])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [["new", "new"], *[["unchanged", "unchanged"]] * 3]
    assert StandardEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_editions_stay_locked_until_the_transaction_ends() -> None:
    # Other test processes hold locks in other databases of the same server: count one's own only.
    own_locks = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()"
    )
    with transaction.atomic():
        lock_editions()
        with connection.cursor() as cursor:
            cursor.execute(own_locks)
            assert cursor.fetchone() == (1,)
    with connection.cursor() as cursor:
        cursor.execute(own_locks)
        assert cursor.fetchone() == (0,)
