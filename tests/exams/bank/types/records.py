"""Items of a type as a file gives them, for tests of types: written as YAML and read back, as files are."""

import io
import json
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config.sources import Problems, Record, parse_yaml
from exams.bank.rules import fold
from exams.bank.types import Content, ItemKind

EXPLANATION = "解析。"


def record_of(data: Mapping[str, Any]) -> Record:
    """Return the record that a file with just `data` gives."""
    written = io.BytesIO()
    yaml = YAML()
    yaml.width = 100_000
    yaml.dump(dict(data), written)
    record = parse_yaml(written.getvalue(), Problems(), name="items.yaml")
    assert record is not None
    return record


def read(kind: ItemKind, data: Mapping[str, Any]) -> tuple[Content, list[str]]:
    """Return the content of a record and what is wrong with it."""
    record = record_of(data)
    content = kind.read(record)
    return content, [str(problem) for problem in record.problems.sorted()]


def read_again(kind: ItemKind, content: Content) -> Content:
    """Return what is read of what is written of `content`; nothing may be wrong with it."""
    common = {"stem": content.stem, "explanation": content.explanation}
    again, problems = read(kind, common | kind.write(content))
    assert not problems
    return again


def render(kind: ItemKind, view: str, context: Mapping[str, Any]) -> str:
    """Return a template of a type as a page gets it."""
    return render_to_string(kind.template(view), dict(context))


def words(most: int = 30, without: str = "") -> st.SearchStrategy[str]:
    """Generate texts that a file may hold in one line, visible to a reader."""
    alphabet = st.characters(
        codec="utf-8", categories=["L", "N", "P", "S", "Zs"], exclude_characters="\ufffe\uffff" + without
    )
    return st.text(alphabet, min_size=1, max_size=most).map(str.strip).filter(fold)


def answers() -> st.SearchStrategy[str]:
    """Generate what may come in as an answer: texts, and JSON as pages send it and as they do not."""
    name = st.one_of(st.sampled_from([*"ABCDEFGH", *map(str, range(12)), ""]), st.text(max_size=3))
    value = st.one_of(st.sampled_from([*"ABCDEFGH", *map(str, range(12)), "", " "]), st.text(max_size=10))
    fields = st.dictionaries(name, value, max_size=10)
    strange = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    )
    return st.one_of(st.text(max_size=120), fields.map(json.dumps), strange.map(json.dumps))
