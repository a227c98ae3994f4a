"""manage.py assemble and load_blueprints: exactly the promised output, and the same in every process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from exams.assembly.models import Blueprint, Paper
from exams.bank.models import Item
from tests.conftest import test_database_url

ARGUMENTS = ["--level", "3", "--part", "theory", "--pool", "live"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("assemble", *ARGUMENTS, "--format", "json", *arguments)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.django_db
def test_assemble_prints_the_promised_json(blueprint: Blueprint, capsys: pytest.CaptureFixture[str]) -> None:
    answer = run(capsys, "--seed", "7")
    assert list(answer) == ["status", "gap", "seconds", "forms", "reasons", "conflict"]
    assert (answer["status"], answer["gap"], answer["reasons"]) == ("optimal", 0.0, [])
    (form,) = answer["forms"]
    assert list(form) == ["items", "points_by_function", "points_by_type", "mean_facility"]
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
