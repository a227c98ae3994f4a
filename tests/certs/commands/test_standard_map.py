"""manage.py standard_map."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from certs.management.commands.standard_map import standard_map


def test_standard_map_names_every_decision_that_a_figure_follows() -> None:
    assert {"D5", "D7", "D10", "D11", "D12"} <= set(
        re.findall(r"^\| (D\d+) \|", standard_map(), re.MULTILINE)
    )


def test_standard_map_writes_and_checks(
    tmp_path: Path, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(SystemExit):
        call_command("standard_map", "--check")

    call_command("standard_map")
    call_command("standard_map", "--check")

    assert (tmp_path / "docs" / "standard-map.md").read_text(encoding="utf-8").startswith("# Standard map\n")
    assert "is not up to date" in capsys.readouterr().err
