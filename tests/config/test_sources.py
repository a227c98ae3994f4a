"""Reading YAML: every problem with its line, and hostile files refused without a traceback."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.sources import Problem, Problems, Record, once, parse_yaml, read_yaml, yaml_files


def parse(text: str | bytes) -> tuple[Record | None, list[str]]:
    problems = Problems()
    record = parse_yaml(text.encode() if isinstance(text, str) else text, problems, name="f.yaml")
    return record, [str(one) for one in problems.sorted()]


def record_of(text: str) -> Record:
    record, problems = parse(text)
    assert record is not None
    assert problems == []
    return record


def found(record: Record) -> list[str]:
    return [str(one) for one in record.problems.sorted()]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"name: \xff\n", "f.yaml:1: 不是 UTF-8 编码的文字。"),
        (b"a: 1\nb: 2\nname: \xff\n", "f.yaml:3: 不是 UTF-8 编码的文字。"),
        ("- a\n- b\n", "f.yaml:1: 文件最外层应为一组“键: 值”。"),
        ("", "f.yaml:1: 文件最外层应为一组“键: 值”。"),
    ],
)
def test_unreadable_text_is_named(text: str | bytes, message: str) -> None:
    assert parse(text) == (None, [message])


@pytest.mark.parametrize("text", ["a: [1\nb: 2\n", "a: 1\na: 2\n", "a: *nobody\n", "a: \x00\n", "\t- x: 1"])
def test_bad_yaml_is_named_once(text: str) -> None:
    record, problems = parse(text)

    assert record is None
    assert len(problems) == 1
    assert "YAML 写法有误" in problems[0]


def test_byte_order_mark_is_allowed() -> None:
    assert record_of("\ufeffname: 甲\n").text("name") == "甲"


def test_tags_that_would_make_objects_stay_plain() -> None:
    record, _problems = parse('a: !!python/object/apply:os.system ["true"]\n')

    assert record is None or not callable(record.data["a"])


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    problems = Problems()

    assert read_yaml(tmp_path / "no.yaml", problems, name="no.yaml") is None
    assert [(one.file, one.line) for one in problems.found] == [("no.yaml", 0)]


def test_getters_return_what_is_asked() -> None:
    record = record_of(
        "t: ' 甲 '\ni: 7\nf: true\nd: 2026-01-31\nc: b\nl: [一, 二]\nr: {x: 1}\nrs:\n  - {x: 1}\n  - {x: 2}\n"
    )

    assert (record.text("t"), record.integer("i", least=1, most=9), record.flag("f")) == ("甲", 7, True)
    assert (record.day("d").isoformat(), record.choice("c", ["a", "b"])) == ("2026-01-31", "b")
    assert [one.value for one in record.texts("l")] == ["一", "二"]
    assert [one.line for one in record.records("rs")] == [9, 10]
    assert record.records("none", optional=True) == []
    assert (record.text("none", default=""), record.flag("none", default=False)) == ("", False)
    assert found(record) == []


@pytest.mark.parametrize(
    ("text", "read", "message"),
    [
        ("x: 1\n", lambda r: r.text("x"), "f.yaml:1: x 应为文字（纯数字请加引号），实为 1。"),
        ("y: 1\n", lambda r: r.text("x"), "f.yaml:1: 缺少 x。"),
        ("y: 1\nx: ''\n", lambda r: r.text("x"), "f.yaml:2: x 不能为空。"),
        ("x: 甲乙丙\n", lambda r: r.text("x", most=2), "f.yaml:1: x 有 3 个字符，最多 2 个。"),
        ('x: "\\a"\n', lambda r: r.text("x"), "f.yaml:1: x 含有控制字符。"),
        ("x: a1\n", lambda r: r.text("x", pattern="[a-z]+"), "f.yaml:1: x 的写法不对：a1"),
        ("x: 10\n", lambda r: r.integer("x", least=1, most=9), "f.yaml:1: x 应在 1 到 9 之间，实为 10。"),
        ("x: true\n", lambda r: r.integer("x", least=0, most=9), "f.yaml:1: x 应为整数，实为 True。"),
        ("x: 1\n", lambda r: r.flag("x"), "f.yaml:1: x 应为true 或 false，实为 1。"),
        ("x: soon\n", lambda r: r.day("x"), "f.yaml:1: x 应为日期（如 2026-01-31），实为 soon。"),
        (
            "x: 2026-01-31T10:00:00\n",
            lambda r: r.day("x"),
            "f.yaml:1: x 只写日期，不写时间：2026-01-31T10:00:00",
        ),
        ("x: c\n", lambda r: r.choice("x", ["a", "b"]), "f.yaml:1: x 应为 a、b 之一，实为 c。"),
        ("x: []\n", lambda r: r.records("x"), "f.yaml:1: x 不能是空列表。"),
        ("x:\n  - 1\n", lambda r: r.records("x"), "f.yaml:2: 这一项应为一组“键: 值”。"),
        ("x:\n  - a\n  - 2\n", lambda r: r.texts("x"), "f.yaml:3: 这一项应为文字（纯数字请加引号）。"),
        ("x: 1\n", lambda r: r.record("x"), "f.yaml:1: x 应为一组“键: 值”，实为 1。"),
        ("nmae: 1\n", lambda r: r.only("name"), "f.yaml:1: 不认识的键 nmae，是否应为 name？"),
        ("zzz: 1\n", lambda r: r.only("name"), "f.yaml:1: 不认识的键 zzz；可用的键：name。"),
    ],
)
def test_getters_name_what_is_wrong(text: str, read: object, message: str) -> None:
    record = record_of(text)

    read(record)  # type: ignore[operator]

    assert found(record) == [message]


def test_repeats_are_named_with_their_first_place() -> None:
    record = record_of("rs:\n  - {x: a}\n  - {x: b}\n  - {x: a}\n")

    once(record.records("rs"), lambda one: one.text("x"), "代码")

    assert found(record) == ["f.yaml:4: 代码 a 重复，已在 f.yaml:2 出现。"]


def test_folders_are_searched_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "c.txt", "in/d.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a: 1\n")
    problems = Problems()

    paths = yaml_files([tmp_path, tmp_path / "b.yaml"], problems)

    assert [str(path.relative_to(tmp_path)) for path in paths] == ["a.yml", "b.yaml", "in/d.yaml"]
    assert not problems


def test_problems_are_sorted_and_named_once() -> None:
    problems = Problems()
    for line in (3, 1, 3):
        problems.add("f.yaml", line, "错")

    assert problems.sorted() == [Problem("f.yaml", 1, "错"), Problem("f.yaml", 3, "错")]
    assert str(Problem("f.yaml", 0, "错")) == "f.yaml: 错"


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_no_file_makes_the_reader_fail(raw: bytes) -> None:
    problems = Problems()

    record = parse_yaml(raw, problems, name="f.yaml")

    assert (record is None) == bool(problems)
