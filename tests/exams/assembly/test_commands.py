"""manage.py assemble and load_blueprints: exactly the promised output, and the same in every process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection

from exams.assembly.models import AssemblyRun, Blueprint, Paper, PaperEvent, PaperItem
from exams.assembly.queries import placed_items
from exams.assembly.solutions import digest_of
from exams.assembly.verifying import checksum_of
from exams.bank.models import Item, ItemVersion
from tests.conftest import test_database_url
from tests.exams.assembly.conftest import AT
from tests.factories.people import PersonFactory
from tests.factories.standard import LevelFactory

ARGUMENTS = ["--level", "3", "--part", "theory", "--pool", "live"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("assemble", *ARGUMENTS, "--format", "json", *arguments)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.django_db
def test_assemble_prints_the_promised_json(blueprint: Blueprint, capsys: pytest.CaptureFixture[str]) -> None:
    answer = run(capsys, "--seed", "7")
    assert list(answer) == ["status", "gap", "seconds", "spread", "forms", "reasons", "conflict"]
    assert (answer["status"], answer["gap"], answer["reasons"]) == ("optimal", 0.0, [])
    (form,) = answer["forms"]
    assert form["letter"] == ""
    assert list(form) == ["letter", "items", "points_by_function", "points_by_type", "mean_facility"]
    assert form["points_by_function"] == {"1": 50, "2": 45, "B": 5}
    assert form["points_by_type"] == {"single": 100}
    assert 0.55 <= form["mean_facility"] <= 0.9
    assert len(form["items"]) == 20
    keys = ["id", "type", "points", "function", "knowledge", "difficulty"]
    assert all(list(item) == keys for item in form["items"])
    assert {item["id"] for item in form["items"]} <= set(Item.objects.values_list("code", flat=True))
    assert not Paper.objects.exists()


@pytest.mark.django_db
def test_assemble_freezes_and_avoids_on_request(
    blueprint: Blueprint, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(capsys, "--freeze")["forms"][0]
    second = run(capsys, "--freeze", "--avoid", "L3-T-L-0001", "--blueprint", "small")["forms"][0]
    assert (first["paper"], second["paper"]) == ("L3-T-L-0001", "L3-T-L-0002")
    assert {item["id"] for item in first["items"]}.isdisjoint(item["id"] for item in second["items"])


@pytest.mark.django_db
def test_assemble_says_what_is_missing_and_fails(
    blueprint: Blueprint, capsys: pytest.CaptureFixture[str]
) -> None:
    Item.objects.filter(current__knowledge__code__startswith="B").update(state="draft")
    with pytest.raises(SystemExit) as stopped:
        run(capsys, "--freeze")
    assert stopped.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["status"], answer["forms"]) == ("infeasible", [])
    (reason,) = answer["reasons"]
    assert (reason["function"], reason["function_name"], reason["type"]) == ("B", "相关基础知识", "single")
    assert reason["missing"] == len(reason["knowledge"]) == 1
    assert reason["text"].startswith("职业功能“相关基础知识”（B）缺少单项选择题 1 题")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("extra", "words"),
    [(["--blueprint", "nothing"], "没有这样的蓝图"), (["--avoid", "L3-X", "L3-Y"], "L3-X、L3-Y")],
)
def test_assemble_refuses_unknown_names(
    blueprint: Blueprint, capsys: pytest.CaptureFixture[str], extra: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(capsys, *extra)
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.django_db
def test_assemble_gives_parallel_forms(blueprint: Blueprint, capsys: pytest.CaptureFixture[str]) -> None:
    answer = run(capsys, "--forms", "3", "--overlap", "2", "--freeze")
    assert [form["letter"] for form in answer["forms"]] == ["A", "B", "C"]
    assert [form["paper"] for form in answer["forms"]] == [f"L3-T-L-000{number}" for number in (1, 2, 3)]
    items = [{item["id"] for item in form["items"]} for form in answer["forms"]]
    assert {len(one & other) for one in items for other in items if one is not other} == {2}
    means = [form["mean_facility"] for form in answer["forms"]]
    assert answer["spread"] == pytest.approx(max(means) - min(means), abs=1e-4)
    asked = AssemblyRun.objects.get()
    assert (asked.forms, asked.overlap, asked.state, asked.requested_by) == (3, 2, "done", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        ["--forms", "0"],
        ["--forms", "27"],
        ["--overlap", "1"],
        ["--forms", "2", "--overlap", "-1"],
        ["--forms", "2", "--overlap", "20"],
        ["--time-limit", "0"],
        ["--time-limit", "nan"],
        ["--seed", "9223372036854775808"],
    ],
)
def test_assemble_refuses_senseless_numbers(
    blueprint: Blueprint, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    with pytest.raises(CommandError):
        run(capsys, *wrong)


@contextmanager
def unguarded() -> Iterator[None]:
    """Let versions be changed, as nobody can but who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("exams_itemversion", "exams_paperevent"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in ("exams_itemversion", "exams_paperevent"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def true_sums(blueprint: Blueprint) -> None:
    """Give the items of the small bank the checksums that their contents have."""
    with unguarded():
        for version in ItemVersion.objects.select_related("knowledge"):
            ItemVersion.objects.filter(pk=version.pk).update(checksum=checksum_of(version))


def verified(capsys: pytest.CaptureFixture[str], code: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code of verifying a paper, and what it prints."""
    exit_code = 0
    try:
        call_command("assemble", "--verify", code, "--format", "json")
    except SystemExit as stopped:
        exit_code = int(stopped.code or 0)
    return exit_code, json.loads(capsys.readouterr().out)


@pytest.mark.django_db
@pytest.mark.usefixtures("true_sums")
def test_verify_counts_a_stored_paper_again(blueprint: Blueprint, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys, "--freeze")["forms"][0]["paper"]
    forms = run(capsys, "--forms", "2", "--avoid", first, "--freeze")["forms"]
    second = forms[0]["paper"]
    code, found = verified(capsys, second)
    assert (code, found["fits"], found["faults"], found["letter"]) == (0, True, [], "A")
    assert found["sha256"]["stored"] == found["sha256"]["counted"]
    assert (found["blueprint"], found["bank"]["same"]) == ({"code": "small", "same": True}, True)
    assert verified(capsys, first)[1]["bank"]["same"] is False  # papers were frozen since
    call_command("assemble", "--verify", second)
    assert "满足定稿时的全部要求" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.usefixtures("true_sums")
def test_verify_tells_that_the_blueprint_has_changed(
    blueprint: Blueprint, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = run(capsys, "--freeze")["forms"][0]["paper"]
    Blueprint.objects.update(extra_per_knowledge=9)
    code, found = verified(capsys, paper)
    assert (code, found["blueprint"]["same"]) == (0, False)


def _forget() -> None:
    PaperEvent.objects.all()._raw_delete("default")


HARMS: dict[str, Callable[[], object]] = {
    "order": lambda: PaperItem.objects.filter(position=1).update(option_order=[0, 0, 9, 1]),
    "criteria": lambda: PaperItem.objects.filter(position=1).update(criterion_points=[2, 3]),
    "level": lambda: ItemVersion.objects.update(level=LevelFactory(number=2)),
    "hash and order": lambda: PaperItem.objects.filter(position=1).update(option_order=[3, 2, 1, 0]),
    "events": _forget,
    "approver": lambda: Paper.objects.update(state="sealed", sealed_at=AT, sealed_by=PersonFactory()),
}


@pytest.mark.django_db
@pytest.mark.usefixtures("true_sums")
@pytest.mark.parametrize(
    "harm",
    ["hash", "points", "content", "order", "criteria", "level", "hash and order", "events", "approver"],
)
def test_verify_finds_what_was_tampered_with(
    blueprint: Blueprint, capsys: pytest.CaptureFixture[str], harm: str
) -> None:
    code = run(capsys, "--freeze")["forms"][0]["paper"]
    if harm == "hash":
        Paper.objects.update(sha256="0" * 64)
    elif harm == "points":
        PaperItem.objects.filter(position=1).update(points=4)  # a draft may still be changed
    elif harm in HARMS:
        with unguarded():
            HARMS[harm]()
        paper = Paper.objects.get()
        Paper.objects.update(sha256=digest_of(placed_items(paper)))  # who changes rows can change the hash
    else:
        with unguarded():
            ItemVersion.objects.update(stem="被改动的题干（　）。")
    exit_code, found = verified(capsys, code)
    assert exit_code == 1
    assert found["faults"]
    with pytest.raises(SystemExit):
        call_command("assemble", "--verify", code)
    assert "不符" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("stored", [{}, [], {"limits": {}}, {"limits": None, "sections": 1}])
def test_verify_says_when_what_was_asked_is_lost(
    blueprint: Blueprint, capsys: pytest.CaptureFixture[str], stored: Any
) -> None:
    code = run(capsys, "--freeze")["forms"][0]["paper"]
    Paper.objects.update(specification=stored)
    with pytest.raises(SystemExit) as stopped:
        call_command("assemble", "--verify", code)
    assert stopped.value.code == 2
    assert "已损坏" in capsys.readouterr().err


@pytest.mark.django_db
def test_verify_of_an_unknown_paper_and_assembling_without_a_level_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("assemble", "--verify", "L3-X")
    assert stopped.value.code == 2
    assert "L3-X" in capsys.readouterr().err
    with pytest.raises(CommandError, match="--level, --part, --pool"):
        call_command("assemble", "--seed", "1")


@pytest.mark.django_db
@pytest.mark.usefixtures("real_bank")
def test_checksum_of_a_stored_version_is_that_of_its_file() -> None:
    versions = ItemVersion.objects.select_related("knowledge").prefetch_related("criteria__requirement")
    wrong = [one.item.code for one in versions.select_related("item") if checksum_of(one) != one.checksum]
    assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_assemble_gives_the_same_paper_in_every_process(blueprint: Blueprint) -> None:
    papers = []
    for hash_seed in ("1", "2"):
        finished = subprocess.run(
            [sys.executable, "manage.py", "assemble", *ARGUMENTS, "--seed", "7", "--format", "json"],
            env={**os.environ, "DATABASE_URL": test_database_url(), "PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        )
        papers.append(json.loads(finished.stdout)["forms"])
    assert papers[0] == papers[1]
    assert len(papers[0][0]["items"]) == 20


GOOD = {
    "code": "l3-test",
    "name": "三级测试卷",
    "level": 3,
    "part": "theory",
    "pool": "live",
    "sections": [
        {"type": "single", "count": 80, "points": 1},
        {"type": "multiple", "count": 10, "points": 2},
    ],
    "mean_facility": {"least": "0.645", "most": "0.655"},
}


def write(folder: Path, *blueprints: dict[str, Any]) -> Path:
    path = folder / "blueprints.yaml"
    path.write_text(yaml.safe_dump({"blueprints": list(blueprints)}, allow_unicode=True, sort_keys=False))
    return path


@pytest.mark.django_db
def test_blueprints_are_loaded_once_and_changed_when_they_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for blueprint, words in (
        (GOOD, "新增 1 个，更改 0 个，未变 0 个"),
        (GOOD, "新增 0 个，更改 0 个，未变 1 个"),
        ({**GOOD, "minutes": 60, "sections": GOOD["sections"][::-1]}, "新增 0 个，更改 1 个，未变 0 个"),
    ):
        call_command("load_blueprints", str(write(tmp_path, blueprint)))
        assert words in capsys.readouterr().out
    row = Blueprint.objects.get()
    assert (row.minutes, row.least_per_work_content, row.extra_per_knowledge) == (60, 1, 1)
    assert [(s.position, s.type, s.count) for s in row.sections.all()] == [
        (1, "multiple", 10),
        (2, "single", 80),
    ]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown key": ({"hours": 1}, "不认识的键 hours"),
    "code": ({"code": "L3 Test"}, "code 的写法不对"),
    "level": ({"level": 4}, "1 到 3"),
    "part": ({"part": "oral"}, "theory、skill"),
    "pool": ({"pool": "all"}, "practice、live"),
    "minutes": ({"minutes": 0}, "1 到 600"),
    "points": ({"sections": [{"type": "single", "count": 60, "points": 1}]}, "合计 60 分，应为 100 分"),
    "type twice": ({"sections": [{"type": "single", "count": 50, "points": 1}] * 2}, "题型 single 重复"),
    "section key": ({"sections": [{"type": "single", "count": 100, "point": 1}]}, "是否应为 points"),
    "no sections": ({"sections": []}, "不能是空列表"),
    "band turned": ({"mean_facility": {"least": "0.7", "most": "0.6"}}, "least 不大于 most"),
    "band too wide": ({"mean_facility": {"least": "0.1", "most": "0.6"}}, "0.30 到 0.90"),
    "band a number": ({"mean_facility": {"least": 0.6, "most": "0.7"}}, "应为文字"),
    "no band": ({"mean_facility": None}, "缺少 mean_facility"),
    "short without minutes": ({"short": True}, "必须写明 minutes"),
    "quota that asks nothing": ({"quotas": [{"attribute": "cognition", "value": "apply"}]}, "least 或 most"),
    "quota turned": (
        {"quotas": [{"attribute": "importance", "value": "X", "least": 60, "most": 50}]},
        "most 不能小于 least",
    ),
    "quota of nothing": ({"quotas": [{"attribute": "importance", "value": "W", "least": 1}]}, "X、Y、Z"),
    "quota twice": ({"quotas": [{"attribute": "importance", "value": "X", "least": 1}] * 2}, "重复"),
    "module and vector": ({"module": "3", "vector": "national"}, "不能另选比重"),
    "skill section with points": (
        {"part": "skill", "sections": [{"type": "case", "count": 2, "points": 20}]},
        "不认识的键 points",
    ),
    "skill section turned": (
        {"part": "skill", "sections": [{"type": "case", "count": 2, "least": 3}]},
        "least 不能大于 count",
    ),
    "skill module": ({"part": "skill", "module": "3"}, "D8"),
    "theory type in skill": ({"part": "skill", "sections": [{"type": "single", "count": 2}]}, "case"),
    "exposure": ({"exposure_cap": 0}, "1 到 1000"),
    "short with two point values": ({"short": True, "minutes": 20}, "每题分值必须相同"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_bad_blueprint_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    change, words = BAD[name]
    path = write(tmp_path, {**GOOD, "code": "l3-good"}, GOOD | change, {**GOOD, "code": "l3-good"})
    with pytest.raises(SystemExit):
        call_command("load_blueprints", str(path))
    error = capsys.readouterr().err
    assert words in error
    assert "代码 l3-good 重复" in error
    assert all(line.startswith(f"{path}:") for line in error.splitlines()[:-1])
    assert not Blueprint.objects.exists()
