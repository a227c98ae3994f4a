"""manage.py load_standard: what is in use it finds out itself."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from certs.management.commands.load_standard import editions_in_use
from syllabus.standard.models import Level, Standard
from tests.factories.assembly import PaperFactory
from tests.factories.results import PartResultFactory
from tests.syllabus.standard.samples import LEVEL, RULES

pytestmark = pytest.mark.django_db


def load(*args: object) -> str:
    out = io.StringIO()
    call_command("load_standard", *map(str, args), stdout=out)
    return out.getvalue()


def test_load_standard_reports_what_is_new_changed_and_unchanged(tmp_path: Path) -> None:
    level, rules = tmp_path / "level3.yaml", tmp_path / "rules.yaml"
    level.write_text(LEVEL, encoding="utf-8")
    rules.write_text(RULES, encoding="utf-8")

    assert load(tmp_path).splitlines()[0] == f"{level}: 2026.1 级别 3 新载入（new）"
    rules.write_text(RULES.replace("value: 30,", "value: 45,"), encoding="utf-8")
    assert load(tmp_path).splitlines() == [
        f"{level}: 2026.1 级别 3 未变（unchanged）",
        f"{rules}: 2026.1 有变动（changed）",
        "  ~ 规则 results.gap value: 30 → 45",
    ]


def test_load_standard_dry_run_stores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "level3.yaml"
    path.write_text(LEVEL, encoding="utf-8")

    assert load(path, "--dry-run").endswith("只作检查，没有写入。\n")
    assert not Standard.objects.exists()


def test_load_standard_names_every_problem_and_leaves_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "level3.yaml"
    path.write_text(LEVEL.replace("weight: 60", "weight: 61").replace("[oral]", "[song]"), encoding="utf-8")

    with pytest.raises(SystemExit) as left:
        load(path)

    assert left.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{path}:16: 不认识的方式 song；可用：computer、paper、oral。",
        f"{path}:29: 各职业功能的比重之和应为 100，实为 101。",
    ]
    assert not Level.objects.exists()


@pytest.mark.parametrize("factory", [PaperFactory, PartResultFactory])
def test_load_standard_refuses_to_alter_what_papers_or_results_were_made_under(
    factory: type, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "level3.yaml"
    path.write_text(LEVEL, encoding="utf-8")
    load(path)
    factory(level=Level.objects.get())
    path.write_text(
        LEVEL.replace("weight: 60", "weight: 59").replace("weight: 35", "weight: 36"), encoding="utf-8"
    )

    with pytest.raises(SystemExit):
        load(path)

    assert editions_in_use() == {("2026.1", 3)}
    assert "须写新的版本号（edition）" in capsys.readouterr().err
    assert [one.weight for one in Level.objects.get().functions.all()] == [60, 35, 5]
