"""The report of a bank as stored: what is read, what is judged, what the command says."""

import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from exams.analysis.demands import paper_demands
from exams.bank.models import EnemyPair, Item, ItemCriterion
from exams.bank.report import BankReport, PaperDemand, Section, Thresholds, as_json, bank_report, problems
from syllabus.standard.models import Level, Requirement
from tests.factories.assembly import BlueprintFactory, BlueprintSectionFactory
from tests.factories.bank import CREATED_AT, ItemFactory, ItemVersionFactory, knowledge_points
from tests.factories.standard import LevelFactory, StandardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def level() -> Any:
    """三级 with weights 50 + 45 + 5 and twelve knowledge points."""
    return LevelFactory(complete=True)


def section(part: str = "theory", pool: str = "live", **options: Any) -> Section:
    return bank_report(part=part, pool=pool, **options).sections[0]


def kinds_of(report: BankReport) -> set[str]:
    return {one.kind for one in problems(report)}


def make_task(code: str, **facts: Any) -> Item:
    """Return an approved essay with two criteria: 1.1.S1 (2–6 points) and 2.1.S1 (3–4)."""
    item: Item = ItemFactory(
        code=code,
        part="skill",
        type="essay",
        options=[],
        key="",
        knowledge=None,
        level=Level.objects.get(),
        explanation="",
        **facts,
    )
    for position, (requirement, least, most) in enumerate((("1.1.S1", 2, 6), ("2.1.S1", 3, 4)), start=1):
        ItemCriterion.objects.create(
            version=item.current,
            position=position,
            requirement=Requirement.objects.get(code=requirement),
            text=f"要点 {position}",
            least=least,
            most=most,
        )
    return item


def test_only_usable_items_are_judged_and_all_are_counted(level: Any) -> None:
    ItemFactory(code="3-a")
    for state in ("draft", "in_review", "suspended", "retired"):
        ItemFactory(state=state)
    ItemFactory(pool="practice")
    old = LevelFactory(standard=StandardFactory(edition="2025.1"), complete=True)
    ItemFactory(code="3-old", knowledge=knowledge_points(old)[0])
    found = section()
    assert (found.total, found.outdated, found.samples) == (1, 1, 1)
    assert found.states == {"draft": 1, "in_review": 1, "approved": 2, "suspended": 1, "retired": 1}
    assert {code: count for code, count in found.types.items() if count} == {"single": 1}


def test_the_approved_version_counts_while_a_revision_is_at_work(level: Any) -> None:
    item = ItemFactory(difficulty=1)
    approved = item.current
    ItemVersionFactory(item=item, number=2, difficulty=5)
    Item.objects.update(approved=approved)
    assert section().mean_facility == Decimal("0.9000")


def test_supply_is_judged_for_the_blueprints_of_the_pool(level: Any) -> None:
    blueprint = BlueprintFactory(code="small", pool="live")
    BlueprintSectionFactory(blueprint=blueprint, type="single", count=20, points=5)
    BlueprintFactory(code="other", pool="practice")
    for point in knowledge_points(level)[:4]:
        ItemFactory.create_batch(2, knowledge=point)
    found = section(demands=paper_demands())
    assert [one.demand.code for one in found.demanded] == ["small"]
    rows = [(one.function, one.have, one.need) for one in found.demanded[0].supply]
    assert rows == [("1", 8, 10), ("2", 0, 9), ("B", 0, 1)]
    report = bank_report(demands=paper_demands(), part="theory", pool="live")
    supply = next(one for one in problems(report) if one.kind == "supply")
    assert supply.count == 3
    assert "共缺 63 题" in supply.text
    assert "够 0.00 份" in supply.text


def test_near_stems_are_named_with_what_keeps_them_apart(level: Any) -> None:
    stem = "客户服务的基本要素不包括下面哪一项内容（　）。"
    one, two = ItemFactory(code="3-a", stem=stem), ItemFactory(code="3-b", stem=stem + "请选")
    ItemFactory(code="3-c", pool="practice", stem=stem + "请回答")
    ItemFactory(code="3-d", state="retired", stem=stem + "旧")
    ItemFactory(code="3-e", stem="处理投诉时应当首先做什么（　）。")
    EnemyPair.objects.create(first=one, second=two, reason="近似", at=CREATED_AT)
    pairs = {(near.first, near.second): (near.are_enemies, near.is_open) for near in section().near}
    # Being enemies keeps two of one pool out of a paper; it does not keep a practised twin secret.
    assert pairs == {
        ("3-a", "3-b"): (True, False),
        ("3-a", "3-c"): (False, True),
        ("3-b", "3-c"): (False, True),
    }
    assert {(near.first, near.second) for near in section(pool="practice").near} == {
        ("3-a", "3-c"),
        ("3-b", "3-c"),
    }
    assert section(thresholds=Thresholds(near_percent=99)).near == []


def test_near_stems_of_other_levels_do_not_matter(level: Any) -> None:
    stem = "客户服务的基本要素不包括下面哪一项内容（　）。"
    other = LevelFactory(number=2, standard=level.standard, complete=True)
    ItemFactory(code="3-a", stem=stem)
    ItemFactory(code="2-a", stem=stem, knowledge=knowledge_points(other)[0])
    report = bank_report()
    assert [one.near for one in report.sections] == [[]] * 8
    assert {one.scope.level.number for one in report.sections if one.total} == {2, 3}


def test_skill_tasks_are_judged_by_their_criteria(level: Any) -> None:
    make_task("3-S-L01")
    make_task("3-S-L02")
    found = section("skill")
    assert [(one.function, dict(one.types), one.least, one.most) for one in found.tasks.functions] == [
        ("1", {"essay": 2}, 4, 12),
        ("2", {"essay": 2}, 6, 8),
        ("B", {}, 0, 0),
    ]
    assert [one.code for one in found.tasks.sums] == ["3-S-L01", "3-S-L02"]
    assert (found.total, found.unexplained, found.covered) == (2, [], 2)
    assert all(one.place.kind == "skill" for one in found.coverage)
    assert {"tasks", "holes"} <= kinds_of(bank_report(part="skill", pool="live"))


def make_lopsided() -> None:
    """Make a bank with every fault: keys all A and longest, statements all true, too easy, unexplained."""
    options = ["这一个选项最长", "短一", "短二", "短三"]
    for number in range(20):
        ItemFactory(stem=f"{number} {chr(0x4E00 + 7 * number) * 9}", key="A", options=options, difficulty=1)
        ItemFactory(stem=f"{chr(0x6E00 + 7 * number) * 9}", type="true_false", key="T", difficulty=1)
    ItemFactory(code="3-x", stem="没有解析的一题", explanation=" ")
    old = LevelFactory(standard=StandardFactory(edition="2025.1"), complete=True)
    ItemFactory(stem="旧版的一题", knowledge=knowledge_points(old)[0])


def test_every_missed_threshold_is_a_problem(level: Any) -> None:
    make_lopsided()
    report = bank_report(part="theory", pool="live")
    found = {one.kind: one for one in problems(report)}
    assert set(found) == {
        "holes",
        "key_positions",
        "true_false",
        "longest",
        "facility",
        "unexplained",
        "outdated",
    }
    assert found["unexplained"].text == "1 题没有解析：3-x。"
    assert "A 95.2%" in found["key_positions"].text
    lenient = replace(
        report.thresholds,
        least_per_requirement=0,
        key_deviation=Decimal(1),
        longest_share=Decimal(1),
        true_deviation=Decimal(1),
        facility_most=Decimal(1),
    )
    assert kinds_of(bank_report(part="theory", pool="live", thresholds=lenient)) == {
        "unexplained",
        "outdated",
    }


def test_shares_of_few_items_are_not_judged(level: Any) -> None:
    ItemFactory.create_batch(5, key="A", difficulty=1)
    assert kinds_of(bank_report(part="theory", pool="live")) <= {"holes", "near_duplicates"}


def test_empty_part_is_one_problem(level: Any) -> None:
    assert [one.kind for one in problems(bank_report(part="skill"))] == ["empty", "empty"]
    assert bank_report(level=1).sections == []


@pytest.mark.parametrize("count", [1, 12])
def test_queries_do_not_grow(level: Any, count: int, django_assert_num_queries: Any) -> None:
    ItemFactory.create_batch(count)
    for number in range(count):
        make_task(f"3-S-L{number:02}")
    with django_assert_num_queries(7):
        bank_report(demands=[PaperDemand("b", "b", 3, "theory", "live", {"single": 10})])


def run(*arguments: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        call_command("bank_report", *arguments, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, out.getvalue()


def test_command_prints_the_documented_json(level: Any) -> None:
    make_task("3-S-L01")
    ItemFactory(code="3-a")
    code, printed = run("--format", "json")
    found = json.loads(printed)
    assert code == 0
    assert set(found) == {"format", "thresholds", "problems", "sections"}
    assert [(one["level"], one["part"], one["pool"]) for one in found["sections"]] == [
        (3, part, pool) for part in ("theory", "skill") for pool in ("practice", "live")
    ]
    theory, skill = found["sections"][1], found["sections"][3]
    assert (theory["items"], theory["tasks"], theory["types"]["single"]) == (1, None, 1)
    assert theory["keys"]["single"]["shares"] == {"A": 0.0, "B": 1.0, "C": 0.0, "D": 0.0}
    assert len(theory["coverage"]["holes"]) == 12
    assert skill["tasks"]["sums"] == [{"item": "3-S-L01", "least": 5, "most": 10}]
    assert found == json.loads(json.dumps(as_json(bank_report())))


def test_documentation_names_every_key_of_the_json(level: Any, settings: Any) -> None:
    blueprint = BlueprintFactory(code="small")
    BlueprintSectionFactory(blueprint=blueprint, type="single", count=20, points=5)
    stem = "客户服务的基本要素不包括下面哪一项内容（　）。"
    ItemFactory(code="3-a", stem=stem), ItemFactory(code="3-b", stem=stem)
    make_task("3-S-L01")
    document = (settings.BASE_DIR / "docs" / "item-report.md").read_text(encoding="utf-8")
    free = {"shares", "counts", "types", "states", "difficulties", "cognition"}  # their keys are codes

    def keys(value: Any) -> set[str]:
        if isinstance(value, list):
            return {name for one in value for name in keys(one)}
        if not isinstance(value, dict):
            return set()
        return set(value) | {name for key, one in value.items() if key not in free for name in keys(one)}

    found = as_json(bank_report(demands=paper_demands()))
    assert [name for name in sorted(keys(found)) if f'"{name}"' not in document] == []


def test_command_prints_text_and_is_strict_when_asked(level: Any) -> None:
    ItemFactory(code="3-a")
    code, printed = run("--pool", "live")
    assert code == 0
    assert "三级 · 理论知识考试 · 正式库" in printed
    assert "✗ 12 个要求的题目少于 4 题。" in printed
    assert run("--pool", "live", "--strict") == (1, printed)
    ItemFactory.create_batch(2, key="A")
    for number, point in enumerate(knowledge_points(level) * 4):
        ItemFactory(knowledge=point, key="ABCD"[number % 4], stem=chr(0x4E00 + 7 * number) * 9)
    Item.objects.filter(current__stem__startswith="题干").update(state="retired")
    code, printed = run("--part", "theory", "--pool", "live", "--strict")
    assert (code, "0 处不足" in printed) == (0, True)


@pytest.mark.parametrize("wrong", [("--factor-live", "x"), ("--factor-live", "-1"), ("--near-percent", "10")])
def test_command_refuses_figures_that_mean_nothing(level: Any, wrong: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("bank_report", *wrong)


def test_command_takes_the_targets_as_parameters(level: Any) -> None:
    blueprint = BlueprintFactory(code="small")
    BlueprintSectionFactory(blueprint=blueprint, type="single", count=20, points=5)
    ItemFactory.create_batch(2)
    for targets, expected in ((["0"], False), (["3.5"], True)):
        _code, printed = run("--format", "json", "--factor-live", *targets)
        assert ("supply" in {one["kind"] for one in json.loads(printed)["problems"]}) is expected
