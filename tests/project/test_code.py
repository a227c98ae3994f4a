"""Rules of the house that the code itself must keep."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.places import PROJECT

FOLDERS = ("config", "syllabus", "exams", "certs")
LONGEST_MODULE, LONGEST_FUNCTION = 350, 45
SOURCE = re.compile(r"^(Standard: §\d|Practice: \S|Decision: (D|ADR )\d)")
LEFT_OPEN = re.compile(r"\b(TODO|FIXME|XXX)\b")


def modules() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (path for path in (PROJECT / folder).rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def rule_modules() -> list[Path]:
    return [
        path for path in modules() if path.name in {"rules.py", "counting.py"} or path.parent.name == "rules"
    ]


@pytest.mark.parametrize("path", rule_modules(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_public_rules_end_with_their_source(path: Path) -> None:
    public = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    lacking = [
        node.name
        for node in public
        if not node.name.startswith("_")
        and not SOURCE.match(((ast.get_docstring(node) or "").strip().splitlines() or [""])[-1].strip())
    ]
    assert lacking == []


@pytest.mark.parametrize("path", rule_modules(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_rules_are_pure(path: Path) -> None:
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else name.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert not re.search(r"\brandom\.(?!Random\b)\w+", path.read_text())  # the generator is an argument
    impure = {name for name in imported if re.match(r"(django|celery|time|os|socket)(\.|$)", name)}
    assert impure - {"django.utils.translation"} == set()


def test_nothing_is_left_open() -> None:
    files = [
        *modules(),
        *(PROJECT / "templates").rglob("*.html"),
        *(PROJECT / "config" / "static").rglob("*.js"),
    ]
    assert [str(path) for path in files if LEFT_OPEN.search(path.read_text())] == []


def test_long_modules_and_functions_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Print what exceeds the limits: reading matter for the next change, no failure."""
    rows = [(path.read_text().count("\n"), str(path.relative_to(PROJECT))) for path in modules()]
    long = [(lines, name) for lines, name in rows if lines > LONGEST_MODULE]
    for path in modules():
        for node in functions(path):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                long.append((lines, f"{path.relative_to(PROJECT)}:{node.lineno} {node.name}"))
    with capsys.disabled():
        for lines, name in sorted(long, reverse=True):
            print(f"\n{lines:5d} lines  {name}", end="")  # noqa: T201


def test_every_dependency_carries_its_reason() -> None:
    text = (PROJECT / "pyproject.toml").read_text()
    facts = tomllib.loads(text)
    named = [
        *facts["project"]["dependencies"],
        *(row for rows in facts["dependency-groups"].values() for row in rows),
    ]
    lines = {line.strip().split('"')[1]: line for line in text.splitlines() if line.strip().startswith('"')}
    assert [name for name in named if not re.search(r'",\s*#\s*\S.{9,}', lines[name])] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_no_host(name: str) -> None:
    assert "://" not in (PROJECT / name).read_text()
