"""Clauses are read from docstrings, and the map follows the code."""

from pathlib import Path

import pytest

from syllabus.standard.citations import Use, citations, clauses_in, render, uses
from syllabus.standard.content import RuleEntry, Source


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("Return x.\n\nStandard: §1.7.4", [("Standard", "§1.7.4")]),
        ("Return x. Decision: D5, D6", [("Decision", "D5"), ("Decision", "D6")]),
        (
            "Return x.\n\nPractice: domain.md 5 (one key); Decision: D10 (two to four).",
            [("Practice", "5"), ("Decision", "D10")],
        ),
        ("Return x.\n\nPractice: papers differ in order.", [("Practice", "")]),
        ("Return x.\n\nDecision: ADR 0006", [("Decision", "ADR 0006")]),
        ("Return x.", []),
    ],
)
def test_clauses_are_read_from_a_docstring(docstring: str, expected: list[tuple[str, str]]) -> None:
    assert clauses_in(docstring) == expected


def project(root: Path) -> Path:
    room, tests = root / "certs" / "results", root / "tests" / "certs" / "results"
    room.mkdir(parents=True)
    tests.mkdir(parents=True)
    (room / "rules.py").write_text(
        'def retake(x):\n    """Say.\n\n    Decision: D5\n    """\n\n\n'
        'def judge(x):\n    """Say.\n\n    Standard: §1.7.4\n    """\n\n\n'
        'def _hidden(x):\n    """Say. Decision: D5"""\n',
        encoding="utf-8",
    )
    (tests / "test_rules.py").write_text(
        "def test_a():\n    rules.retake(1)\n\ndef test_b():\n    retake(2)\n\ndef test_c():\n    pass\n",
        encoding="utf-8",
    )
    return root


def test_public_rules_are_found_with_their_tests(tmp_path: Path) -> None:
    root = project(tmp_path)

    cited = citations(root, ["certs"])

    path = "certs/results/rules.py"
    assert [(one.kind, one.source, one.rule) for one in cited] == [
        ("Standard", "§1.7.4", "judge"),
        ("Decision", "D5", "retake"),
    ]
    assert uses(root, cited) == {
        (path, "judge"): [],
        (path, "retake"): [Use("tests/certs/results/test_rules.py", 2)],
    }


def test_map_names_figures_and_what_no_rule_follows(tmp_path: Path) -> None:
    root = project(tmp_path)
    cited = citations(root, ["certs"])
    figures = [
        RuleEntry("results.gap", "间隔", "results", 30, "天", Source("decision", "D5"), ""),
        RuleEntry("site.light", "光源", "site", 4, "个", Source("practice", "§4"), ""),
    ]

    lines = render(cited, uses(root, cited), figures).splitlines()

    assert (
        "| D5 | `certs/results/rules.py` `retake` | `results.gap` 30 天 "
        "| `tests/certs/results/test_rules.py` (2) |" in lines
    )
    assert "| §1.7.4 | `certs/results/rules.py` `judge` | — | — |" in lines
    assert "| 4 | — | `site.light` 4 个 | — |" in lines
