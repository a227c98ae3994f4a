"""Loading item files: what is stored, and that bad files are refused whole with every problem named."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from config.sources import Problem
from exams.bank.actions import LoadReport, load_items
from exams.bank.errors import ItemsRefused
from exams.bank.models import Item, ItemEvent, ItemVersion
from exams.bank.queries import usable_versions
from tests.factories.bank import ItemFactory, ItemVersionFactory
from tests.factories.standard import LevelFactory, StandardFactory

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.UTC)


def single(**changes: Any) -> dict[str, Any]:
    item = {
        "code": "3-1.1.K1-L01",
        "type": "single",
        "knowledge": "1.1.K1",
        "difficulty": 2,
        "cognition": "recall",
        "stem": "客户是（　）。",
        "options": ["甲方", "乙方", "丙方", "丁方"],
        "key": "A",
        "explanation": "甲方是客户。",
    }
    return {key: value for key, value in (item | changes).items() if value is not None}


def multiple(**changes: Any) -> dict[str, Any]:
    options = ["甲方", "乙方", "丙方", "丁方", "戊方"]
    return single(type="multiple", options=options, **({"key": "ACD"} | changes))


def true_false(**changes: Any) -> dict[str, Any]:
    return single(type="true_false", options=None, **({"key": True, "stem": "客户是上帝。"} | changes))


def write(folder: Path, *items: dict[str, Any], name: str = "items.yaml", **head: Any) -> Path:
    content = {"standard": "csm", "level": 3, "pool": "live", "sample": True} | head | {"items": list(items)}
    content = {key: value for key, value in content.items() if value is not None}
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def load(*paths: Path, **options: Any) -> LoadReport:
    return load_items(paths=paths, by=None, at=AT, **options)


def problems_of(*paths: Path) -> list[Problem]:
    with pytest.raises(ItemsRefused) as refused:
        load(*paths)
    assert not Item.objects.exists()
    return list(refused.value.problems)


@pytest.fixture(autouse=True)
def level() -> Any:
    return LevelFactory(complete=True)


def test_items_of_the_three_types_are_stored(tmp_path: Path, level: Any) -> None:
    path = write(
        tmp_path,
        single(),
        multiple(code="3-1.1.K1-L02", stem="客户包括（　）。"),
        true_false(code="3-B.1.K2-L01", knowledge="B.1.K2", key=False),
    )
    report = load(path)
    assert (len(report.new), report.changed, report.unchanged) == (3, [], 0)
    versions = usable_versions(level, "live")
    assert [(v.item.code, v.type, v.key, len(v.options), v.number) for v in versions] == [
        ("3-1.1.K1-L01", "single", "A", 4, 1),
        ("3-1.1.K1-L02", "multiple", "ACD", 5, 1),
        ("3-B.1.K2-L01", "true_false", "F", 0, 1),
    ]
    assert {(item.state, item.is_sample, item.pool) for item in Item.objects.all()} == {
        ("approved", True, "live")
    }
    assert list(ItemEvent.objects.values_list("kind", flat=True)) == ["loaded"] * 3


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, single())
    load(path)
    assert load(path) == LoadReport(unchanged=1)
    assert (ItemVersion.objects.count(), ItemEvent.objects.count()) == (1, 1)


def test_layout_and_comments_change_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, single())
    load(path)
    path.write_text("# a comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load(path).unchanged == 1


def test_changed_item_gains_a_version_and_keeps_its_state(tmp_path: Path) -> None:
    load(write(tmp_path, single()))
    Item.objects.update(state="suspended")
    report = load(write(tmp_path, single(key="B", explanation="乙方是客户。")))
    item = Item.objects.get()
    assert report.changed == [item.code]
    assert item.current is not None
    assert (item.state, item.current.number, item.current.key) == ("suspended", 2, "B")
    assert list(item.versions.order_by("number").values_list("key", flat=True)) == ["A", "B"]
    assert set(ItemEvent.objects.values_list("kind", flat=True)) == {"loaded", "revised"}


def test_newer_edition_gives_a_new_version_of_the_same_content(tmp_path: Path, level: Any) -> None:
    path = write(tmp_path, single())
    load(path)
    newer = LevelFactory(complete=True, standard=StandardFactory(edition="2026.2"))
    assert usable_versions(newer, "live") == []
    assert load(path).changed == ["3-1.1.K1-L01"]
    assert [v.number for v in usable_versions(newer, "live")] == [2]
    assert usable_versions(level, "live") == []
    assert load(path).unchanged == 1


def test_dry_run_reports_and_stores_nothing(tmp_path: Path) -> None:
    report = load(write(tmp_path, single()), dry_run=True)
    assert report == LoadReport(new=["3-1.1.K1-L01"], is_dry_run=True)
    assert not Item.objects.exists()


def test_draft_file_is_not_usable(tmp_path: Path, level: Any) -> None:
    load(write(tmp_path, single(), sample=False, state="draft"))
    assert Item.objects.values_list("state", "is_sample").get() == ("draft", False)
    assert usable_versions(level, "live") == []


@pytest.mark.parametrize("count", [1, 40])
def test_loading_costs_the_same_queries_for_any_number_of_items(
    tmp_path: Path, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    items = [single(code=f"3-1.1.K1-L{n:02}", stem=f"第 {n} 位客户是（　）。") for n in range(1, count + 1)]
    path = write(tmp_path, *items)
    with django_assert_num_queries(11):  # two of them are the savepoint
        load(path)


# Each row: what is wrong, the head and items of the file, the key at whose line, and words of the message.
BAD: dict[str, tuple[dict[str, Any], list[dict[str, Any]], str, str]] = {
    "head: unknown key": ({"pol": "live"}, [single()], "pol", "是否应为 pool"),
    "head: no level": ({"level": None}, [single()], "", "缺少 level"),
    "head: level 4": ({"level": 4}, [single()], "level", "1 到 3"),
    "head: level not loaded": (
        {"level": 2},
        [single(code="2-1.1.K1-L01")],
        "level",
        "没有级别 2 的标准",
    ),
    "head: unknown pool": ({"pool": "secret"}, [single()], "pool", "practice、live"),
    "head: sample as text": ({"sample": "yes"}, [single()], "sample", "true 或 false"),
    "head: other occupation": ({"standard": "chef"}, [single()], "standard", "应为 csm"),
    "head: state": ({"state": "retired"}, [single()], "state", "draft、approved"),
    "head: no items": ({}, [], "items", "不能是空列表"),
    "item: unknown key": ({}, [single(answer="A")], "answer", "不认识的键"),
    "item: no stem": ({}, [single(stem=None)], "", "缺少 stem"),
    "item: blank stem": ({}, [single(stem="  ")], "stem", "不能为空"),
    "item: stem too long": ({}, [single(stem="长" * 1001)], "stem", "最多 1000"),
    "item: stem a number": ({}, [single(stem=5)], "stem", "应为文字"),
    "item: NUL in stem": ({}, [single(stem="客户\0是")], "stem", "控制字符"),
    "item: control character in option": (
        {},
        [single(options=["甲\x07", "乙", "丙", "丁"])],
        "甲",
        "控制字符",
    ),
    "item: no explanation": ({}, [single(explanation=None)], "", "缺少 explanation"),
    "item: unknown type": ({}, [single(type="song")], "type", "single、true_false、multiple"),
    "item: difficulty 0": ({}, [single(difficulty=0)], "difficulty", "1 到 5"),
    "item: difficulty as text": ({}, [single(difficulty="2")], "difficulty", "整数"),
    "item: difficulty as fraction": ({}, [single(difficulty=2.5)], "difficulty", "整数"),
    "item: unknown cognition": ({}, [single(cognition="know")], "cognition", "recall、understand、apply"),
    "item: unknown knowledge": (
        {},
        [single(knowledge="9.9.K1", code="3-9.9.K1-L01")],
        "knowledge",
        "没有知识点 9.9.K1",
    ),
    "item: skill requirement": (
        {},
        [single(knowledge="1.1.S1", code="3-1.1.S1-L01")],
        "knowledge",
        "是技能要求",
    ),
    "item: shapeless knowledge": ({}, [single(knowledge="K1", code="3-K1-L01")], "knowledge", "写法不对"),
    "item: code of another point": ({}, [single(code="3-1.1.K2-L01")], "code", "应如 3-1.1.K1-L01"),
    "item: practice code in live file": ({}, [single(code="3-1.1.K1-P01")], "code", "应如 3-1.1.K1-L01"),
    "item: code of another level": ({}, [single(code="2-1.1.K1-L01")], "code", "应如 3-1.1.K1-L01"),
    "item: code twice": ({}, [single(), single(stem="顾客是（　）。")], "", "编号 3-1.1.K1-L01 重复"),
    "item: stem twice": ({}, [single(), single(code="3-1.1.K1-L02")], "stem", "题干与"),
    "item: stem twice but for width": (
        {},
        [single(stem="ＡＢ是（　）。"), single(code="3-1.1.K1-L02", stem="ab 是( )。")],
        "stem",
        "题干与",
    ),
    "single: three options": (
        {},
        [single(options=["甲", "乙", "丙"])],
        "options",
        "应有 4 个选项，实为 3 个",
    ),
    "single: no options": ({}, [single(options=None)], "", "缺少 options"),
    "single: options as text": ({}, [single(options="甲乙丙丁")], "options", "列表"),
    "single: option a number": ({}, [single(options=[1, "乙", "丙", "丁"])], "- 1", "应为文字"),
    "single: empty option": ({}, [single(options=["", "乙", "丙", "丁"])], "- ''", "1 到 300"),
    "single: same options": ({}, [single(options=["甲", "乙", "丙", "甲 "])], "", "与第"),
    "single: same options but for width": (
        {},
        [single(options=["A1", "乙", "丙", "\uff21\uff11"])],
        "- \uff21\uff11",
        "与第",
    ),
    "single: all of the above": (
        {},
        [single(options=["甲", "乙", "丙", "以上都对"])],
        "- 以上都对",
        "概括其他选项",
    ),
    "single: two keys": ({}, [single(key="AB")], "key", "只能有一个答案"),
    "single: key E": ({}, [single(key="E")], "key", "字母 A–D"),
    "single: small letter": ({}, [single(key="a")], "key", "字母 A–D"),
    "single: key true": ({}, [single(key=True)], "key", "应为文字"),
    "single: no key": ({}, [single(key=None)], "", "缺少 key"),
    "single: explanation names a letter": (
        {},
        [single(explanation="选项B是错的。")],
        "explanation",
        "字母指代",
    ),
    "multiple: one key": ({}, [multiple(key="A")], "key", "两到四个"),
    "multiple: five keys": ({}, [multiple(key="ABCDE")], "key", "两到四个"),
    "multiple: keys out of order": ({}, [multiple(key="CA")], "key", "按顺序"),
    "multiple: key twice": ({}, [multiple(key="AAC")], "key", "不重复"),
    "multiple: key a list": ({}, [multiple(key=["A", "C"])], "key", "应为文字"),
    "true_false: options": ({}, [true_false() | {"options": ["对", "错"]}], "options", "没有选项"),
    "true_false: key T": ({}, [true_false(key="T")], "key", "true 或 false"),
    "true_false: key 1": ({}, [true_false(key=1)], "key", "true 或 false"),
    "true_false: a blank": ({}, [true_false(stem="客户是（　）。")], "stem", "完整的陈述句"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    head, items, key, words = BAD[name]
    good = single(code="3-1.1.K2-L09", knowledge="1.1.K2", stem="好题是（　）。")
    path = write(tmp_path, *items, **head)
    other = write(tmp_path, good, name="good.yaml")
    found = [problem for problem in problems_of(path, other) if words in problem.message]
    assert found, f"nothing says {words}"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert {problem.file for problem in found} == {str(path)}
    assert all(key in lines[problem.line - 1] for problem in found)


RAW = {
    "not YAML": (b"items: [a, b", "YAML 写法有误"),
    "a key twice": (b"standard: csm\nstandard: csm\n", "YAML 写法有误"),
    "a list": (b"- a\n- b\n", "最外层"),
    "empty": (b"", "最外层"),
    "not UTF-8": ("standard: 标准".encode("gbk"), "不是 UTF-8"),
    "items not mappings": (
        b"standard: csm\nlevel: 3\npool: live\nsample: true\nitems:\n  - just text\n",
        "一组",
    ),
}


@pytest.mark.parametrize("name", RAW)
def test_unreadable_file_is_refused(tmp_path: Path, name: str) -> None:
    raw, words = RAW[name]
    path = tmp_path / "raw.yaml"
    path.write_bytes(raw)
    assert any(words in problem.message for problem in problems_of(path))


def test_missing_path_and_empty_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = problems_of(tmp_path / "nowhere.yaml", tmp_path / "empty")
    assert [problem.message for problem in found] == ["文件夹里没有 .yaml 文件。", "没有这个文件或文件夹。"]


def test_all_problems_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    first = write(tmp_path, single(key="E", difficulty=9), multiple(code="3-1.1.K1-L02"), name="a.yaml")
    second = write(tmp_path, single(stem=None), true_false(code="x"), name="b.yaml")
    found = problems_of(tmp_path)
    expected = [
        (first, "difficulty 应在 1 到 5 之间"),
        (first, "字母 A–D"),
        (first, "题干与"),
        (second, "编号 3-1.1.K1-L01 重复"),
        (second, "缺少 stem"),
        (second, "编号 x 的写法不对"),
    ]
    assert [problem.file for problem in found] == [str(path) for path, _words in expected]
    pairs = zip(found, expected, strict=True)
    assert all(words in problem.message for problem, (_path, words) in pairs)
    assert [problem.line for problem in found] == sorted(p.line for p in found[:3]) + sorted(
        p.line for p in found[3:]
    )


def test_stem_of_the_bank_is_not_loaded_again(tmp_path: Path) -> None:
    ItemFactory(code="3-OLD", stem="客户是（　）。")
    with pytest.raises(ItemsRefused, match="1 处") as refused:
        load(write(tmp_path, single()))
    assert "3-OLD" in refused.value.problems[0].message


@pytest.mark.parametrize(
    ("head", "words"), [({"pool": "practice"}, "换题库"), ({"sample": False}, "样题标记")]
)
def test_item_keeps_its_pool_and_its_sample_mark(tmp_path: Path, head: dict[str, Any], words: str) -> None:
    ItemFactory(code="3-1.1.K1-L01", stem="别的（　）。")
    with pytest.raises(ItemsRefused) as refused:
        load(write(tmp_path, single(), **head))
    assert any(words in problem.message for problem in refused.value.problems)


def test_command_prints_every_problem_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, single(key="E"), true_false(code="x"))
    with pytest.raises(SystemExit) as stopped:
        call_command("load_items", str(path))
    assert stopped.value.code == 1
    assert f"{path}:17: " in (error := capsys.readouterr().err)
    assert "2 处问题" in error
    call_command("load_items", str(write(tmp_path, single())), "--dry-run")
    assert "新增 1 题" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "single", "key": "AB"},
        {"type": "single", "key": "E"},
        {"type": "single", "key": ""},
        {"type": "single", "options": ["甲", "乙", "丙"]},
        {"type": "multiple", "key": "A"},
        {"type": "multiple", "key": "CA"},
        {"type": "multiple", "key": "ABCDE"},
        {"type": "multiple", "options": ["甲", "乙", "丙", "丁"]},
        {"type": "true_false", "key": "A"},
        {"type": "true_false", "options": ["对", "错"]},
        {"difficulty": 0},
        {"difficulty": 6},
        {"number": 1},
    ],
    ids=str,
)
def test_database_refuses_versions_that_fit_no_type(wrong: dict[str, Any]) -> None:
    item = ItemFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersionFactory(**{"item": item, "number": 2} | wrong)


@pytest.mark.parametrize("model", [ItemVersion, ItemEvent])
def test_versions_and_events_are_never_altered_or_deleted(tmp_path: Path, model: Any) -> None:
    load(write(tmp_path, single()))
    Item.objects.update(current=None)
    change = {"created_at": AT} if model is ItemVersion else {"at": AT}
    with pytest.raises(IntegrityError, match="never altered"), transaction.atomic():
        model.objects.update(**change)
    with pytest.raises(IntegrityError, match="never altered"), transaction.atomic():
        model.objects.all()._raw_delete("default")
