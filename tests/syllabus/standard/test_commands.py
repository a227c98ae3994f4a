"""manage.py show_standard."""

import io
import json

import pytest
from django.core.management import call_command

from tests.factories.standard import LevelFactory

pytestmark = pytest.mark.django_db


def show(*args: str) -> str:
    out = io.StringIO()
    call_command("show_standard", *args, stdout=out)
    return out.getvalue()


def test_show_standard_prints_json_basics_last() -> None:
    LevelFactory(complete=True)

    shown = json.loads(show("--level", "3", "--format", "json"))

    assert list(shown) == ["level", "edition", "functions"]
    assert (shown["level"], shown["edition"]) == (3, "2026.1")
    assert [(one["code"], one["weight"], one["provisional"]) for one in shown["functions"]] == [
        ("1", 50, False),
        ("2", 45, False),
        ("B", 5, False),
    ]
    assert shown["functions"][0]["work_contents"][0] == {
        "code": "1.1",
        "name": "工作内容 1.1",
        "skills": [
            {"code": "1.1.S1", "text": "能说明要求 1.1.S1", "provenance": "standard"},
            {"code": "1.1.S2", "text": "能说明要求 1.1.S2", "provenance": "standard"},
        ],
        "knowledge": [
            {"code": "1.1.K1", "text": "知识点 1.1.K1", "provenance": "standard"},
            {"code": "1.1.K2", "text": "知识点 1.1.K2", "provenance": "standard"},
        ],
    }


def test_show_standard_prints_a_named_edition() -> None:
    LevelFactory(complete=True, standard__edition="2026.1")
    LevelFactory(complete=True, standard__edition="2026.2")

    assert show("--level", "3").startswith("三级（版本 2026.2）\n1 职业功能 1 50\n  1.1 工作内容 1.1\n")
    assert show("--level", "3", "--edition", "2026.1").startswith("三级（版本 2026.1）")


def test_show_standard_refuses_an_unknown_level(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        show("--level", "1")

    assert left.value.code == 1
    assert capsys.readouterr().err == "没有级别 1 的标准。\n"
