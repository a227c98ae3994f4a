"""The contract, over every type with its example, and the worked example of docs/item-types.md."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.bank.enums import Marking
from exams.bank.exchange.examples import examples
from exams.bank.types import Content, ItemKind, UnreadableAnswer, kinds
from tests.exams.bank.types.records import answers, read, read_again, render

EXAMPLES = {one.content.type: one.content for one in examples()}
FIELDS = st.sampled_from(["answer", "answer.q1", "answer.1", "answer.A"])
DOCS = Path("docs/item-types.md").read_text(encoding="utf-8")


def test_every_type_has_an_example_a_place_and_a_line_in_the_docs() -> None:
    assert list(EXAMPLES) == list(kinds())
    positions = [kind.position for kind in kinds().values()]
    assert sorted(set(positions)) == positions
    assert all(f"`{code}`" in DOCS for code in kinds())


@pytest.mark.parametrize("code", EXAMPLES)
def test_example_comes_back_as_written(code: str) -> None:
    assert read_again(kinds()[code], EXAMPLES[code]) == EXAMPLES[code]


@pytest.mark.parametrize("code", EXAMPLES)
def test_every_view_shows(code: str) -> None:
    kind, content = kinds()[code], EXAMPLES[code]
    order = range(kind.orderable(content))
    contexts: dict[str, Any] = {
        "question": kind.question(content, order, ""),
        "review": kind.review(content, order, ""),
        "print": kind.printed(content, order),
        "editor": kind.editor(content),
    }
    for view, context in contexts.items():
        html = render(kind, view, context)
        assert "style=" not in html
        assert not re.search(r"<script(?![^>]* src=)(?![^>]*application/json)", html)
    assert render(kind, "editor", kind.editor(None))


@pytest.mark.parametrize("code", EXAMPLES)
@given(answer=answers())
def test_answers_are_canonical_or_unreadable(code: str, answer: str) -> None:
    kind, content = kinds()[code], EXAMPLES[code]
    try:
        parsed = kind.parse(content, answer)
    except UnreadableAnswer:
        return
    assert kind.parse(content, parsed) == parsed
    order = range(kind.orderable(content))
    kind.question(content, order, parsed)
    kind.review(content, order, parsed)
    points = kind.mark(content, parsed, Decimal(10), half_credit=True)
    assert (points is None) == (kind.marking == Marking.HUMAN)
    assert points is None or 0 <= points <= 10


@pytest.mark.parametrize("code", EXAMPLES)
@given(
    names=st.dictionaries(
        st.sampled_from(["answer", "answer.q1", "answer.1", "answer.A"]), st.lists(st.text())
    )
)
def test_forms_give_what_parse_gives(code: str, names: dict[str, list[str]]) -> None:
    kind, content = kinds()[code], EXAMPLES[code]
    try:
        found = kind.from_fields(content, names)
    except UnreadableAnswer:
        return
    assert kind.parse(content, found) == found


def scale() -> ItemKind:
    """Return the kind that the docs show."""
    code = re.search(r"`kind\.py`:\n\n```python\n(.*?)```", DOCS, re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {"__name__": "scale"}
    exec(code[1], names)
    kind: ItemKind = names["KIND"]
    return kind


def test_worked_example_of_the_docs_works() -> None:
    kind = scale()
    record = {"stem": "这家企业的服务属于哪一级？", "explanation": "见标准。", "steps": 5, "right": 4}
    content, problems = read(kind, record)
    assert problems == []
    assert isinstance(content, Content)
    assert read_again(kind, content) == content
    assert "right 不能大于" in " ".join(read(kind, record | {"right": 6})[1])
    assert kind.mark(content, kind.parse(content, "4"), Decimal(2)) == 2
    assert kind.from_editor({"steps": ["5"], "right": ["四"]}) == {"steps": 5, "right": "四"}
    assert "right" not in kind.question(content, (), "")
    with pytest.raises(UnreadableAnswer):
        kind.parse(content, "6")
