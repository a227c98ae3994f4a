"""Which rule in the code follows which clause: read from docstrings, never from running code."""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from syllabus.standard.content import RuleEntry

KINDS = ("Standard", "Practice", "Decision")
_LABEL = re.compile(r"\b(Standard|Practice|Decision): ")
_PRACTICE = re.compile(r"(?:domain\.md |§)(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """One rule that cites one clause; `path` is from the root, `source` is "§1.7.4", "5" or "D3"."""

    kind: str
    source: str
    path: str
    rule: str


@dataclass(frozen=True, slots=True)
class Use:
    """A test file and how many of its tests use a rule."""

    path: str
    tests: int


def clauses_in(docstring: str) -> list[tuple[str, str]]:
    """Return (kind, source) of every clause that a docstring cites after `Standard:` and its like."""
    pieces = _LABEL.split(docstring)[1:]
    found = []
    for kind, words in zip(pieces[::2], pieces[1::2], strict=True):
        first = words.partition("\n")[0]
        if kind == "Standard":
            sources = re.findall(r"§[\d.]*\d", first)
        elif kind == "Decision":
            sources = re.findall(r"\bD\d+|ADR \d+", first)
        else:
            sources = _PRACTICE.findall(first) or [""]
        found += [(kind, source) for source in sources]
    return list(dict.fromkeys(found))


def citations(root: Path, apps: Iterable[str]) -> list[Citation]:
    """Return the citations of every public function in the rules of `apps`, in order."""
    found = []
    for app in apps:
        for path in sorted([*(root / app).glob("*/rules.py"), *(root / app).glob("*/rules/*.py")]):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    relative = path.relative_to(root).as_posix()
                    cited = clauses_in(ast.get_docstring(node) or "")
                    found += [Citation(kind, source, relative, node.name) for kind, source in cited]
    return sorted(found, key=_order)


def uses(root: Path, rules: Sequence[Citation]) -> dict[tuple[str, str], list[Use]]:
    """Return the test files that name each rule, by (path, rule), for tests that mirror the rule's folder."""
    found: dict[tuple[str, str], list[Use]] = {(one.path, one.rule): [] for one in rules}
    for folder in sorted({Path(path).parent for path, _rule in found}):
        room = folder.parent if folder.name == "rules" else folder
        for test in sorted((root / "tests" / room).rglob("test_*.py")):
            names = _names_by_test(test)
            for (path, rule), seen in found.items():
                count = sum(rule in one for one in names)
                if Path(path).is_relative_to(room) and count:
                    seen.append(Use(test.relative_to(root).as_posix(), count))
    return found


def render(
    cited: Sequence[Citation], used: dict[tuple[str, str], list[Use]], figures: Sequence[RuleEntry]
) -> str:
    """Return the map as Markdown: clause → rule → figures → tests."""
    lines = [
        "# Standard map",
        "",
        "Written by `manage.py standard_map` from the docstrings of the rules, the tests and",
        "`fixtures/standards/rules.yaml`; not edited by hand. Practice is numbered as `domain.md` is.",
    ]
    for kind in KINDS:
        lines += ["", f"## {kind}", "", "| clause | rule | figures | tests |", "| --- | --- | --- | --- |"]
        shown: str | None = None
        for one in (citation for citation in cited if citation.kind == kind):
            is_first = one.source != shown
            shown = one.source
            tests = ", ".join(f"`{use.path}` ({use.tests})" for use in used[one.path, one.rule]) or "—"
            cells = [
                (one.source or "—") if is_first else "",
                f"`{one.path}` `{one.rule}`",
                _figures(one, figures) if is_first else "",
                tests,
            ]
            lines.append(f"| {' | '.join(cells)} |")
        lines += _uncited(kind, cited, figures)
    return "\n".join(lines) + "\n"


def _uncited(kind: str, cited: Sequence[Citation], figures: Sequence[RuleEntry]) -> list[str]:
    """Return rows of clauses that figures name and no rule cites yet."""
    known = {one.source for one in cited if one.kind == kind}
    sources = {_source(one) for one in figures if one.source.certainty == kind.lower()} - known
    rows = sorted((Citation(kind, source, "", "") for source in sources), key=_order)
    return [f"| {one.source} | — | {_figures(one, figures)} | — |" for one in rows]


def _figures(citation: Citation, figures: Sequence[RuleEntry]) -> str:
    named = [
        f"`{one.code}` {one.value} {one.unit}".strip()
        for one in figures
        if one.source.certainty == citation.kind.lower() and _source(one) == citation.source
    ]
    return "; ".join(named) or "—"


def _source(figure: RuleEntry) -> str:
    clause = figure.source.clause
    return clause.removeprefix("§") if figure.source.certainty == "practice" else clause


def _order(one: Citation) -> tuple[int, list[int], str, str, str]:
    numbers = [int(number) for number in re.findall(r"\d+", one.source)]
    return KINDS.index(one.kind), numbers, one.source, one.path, one.rule


def _names_by_test(path: Path) -> list[set[str]]:
    """Return, for each test function of a file, the names that it uses."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return [
        {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        | {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
        for function in functions
    ]
