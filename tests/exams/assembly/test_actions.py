"""Assembling, freezing and withdrawing papers."""

import datetime
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from exams.assembly.actions import assemble, freeze_paper, record_view, seal_paper, withdraw_paper
from exams.assembly.enums import SolveStatus
from exams.assembly.errors import AlreadyWithdrawn, BankChanged, NoPaper, PaperFaulty
from exams.assembly.models import Blueprint, Paper, PaperEvent, PaperItem
from exams.assembly.queries import (
    placed_items,
    pool_items,
    repeats,
    specification_of,
    stored_specification,
    usable_papers,
)
from exams.assembly.reports import report_on_paper, report_on_solution
from exams.assembly.solutions import Solution, digest_of
from exams.bank.actions import record_use
from exams.bank.models import EnemyPair, Item
from exams.bank.queries import usable_versions
from syllabus.standard.models import Level, Part
from tests.exams.assembly.conftest import AT
from tests.factories.assembly import PaperFactory
from tests.factories.bank import ItemFactory, ItemVersionFactory
from tests.factories.people import item_manager

pytestmark = pytest.mark.django_db


def freeze(blueprint: Blueprint, seed: int = 7, **options: Any) -> Paper:
    return freeze_paper(solution=assemble(blueprint=blueprint, seed=seed, **options), by=None, at=AT)


def test_assembling_stores_nothing_and_repeats_itself(blueprint: Blueprint) -> None:
    first, second = (assemble(blueprint=blueprint, seed=7) for _ in range(2))
    assert first.solved.status == SolveStatus.OPTIMAL
    assert first.items == second.items
    assert first.sha256 == second.sha256
    assert first.sha256 != assemble(blueprint=blueprint, seed=8).sha256
    assert not Paper.objects.exists()


def test_frozen_paper_keeps_what_was_solved(blueprint: Blueprint) -> None:
    by = item_manager()
    solution = assemble(blueprint=blueprint, seed=7)
    paper = freeze_paper(solution=solution, by=by, at=AT)
    assert (paper.code, paper.points, paper.minutes, paper.seed) == ("L3-T-L-0001", 100, 90, 7)
    assert (paper.status, paper.gap, paper.has_sample_items, paper.is_short) == ("optimal", 0.0, True, False)
    assert tuple(placed_items(paper)) == solution.items
    assert paper.sha256 == digest_of(placed_items(paper)) == solution.sha256
    specification, frame = stored_specification(paper)
    assert (specification, frame.names) == (solution.specification, solution.names)
    assert (paper.state, paper.sealed_at, paper.bank_sha256) == ("draft", None, solution.bank_sha256)
    event = PaperEvent.objects.get()
    assert (event.paper, event.kind, event.by, event.at) == (paper, "frozen", by, AT)
    assert [row.position for row in paper.items.all()] == list(range(1, 21))
    assert all(sorted(row.option_order) == [0, 1, 2, 3] for row in paper.items.all())


def test_freezing_again_returns_the_same_paper(blueprint: Blueprint) -> None:
    solution = assemble(blueprint=blueprint, seed=7)
    papers = [freeze_paper(solution=solution, by=None, at=AT) for _ in range(2)]
    assert papers[0] == papers[1]
    assert Paper.objects.count() == PaperEvent.objects.count() == 1


def test_codes_count_on_within_level_part_and_pool(blueprint: Blueprint) -> None:
    codes = [freeze(blueprint, seed).code for seed in (1, 2, 3)]
    assert codes == ["L3-T-L-0001", "L3-T-L-0002", "L3-T-L-0003"]
    Item.objects.update(pool="practice")
    Blueprint.objects.update(pool="practice")
    blueprint.refresh_from_db()
    assert freeze(blueprint).code == "L3-T-P-0001"


def test_infeasible_solution_is_not_frozen(blueprint: Blueprint) -> None:
    Item.objects.filter(current__knowledge__code__startswith="B").update(state="suspended")
    solution = assemble(blueprint=blueprint, seed=7)
    assert [(r["function"], r["function_name"], r["type"], r["missing"]) for r in solution.reasons] == [
        ("B", "相关基础知识", "single", 1)
    ]
    assert "“相关基础知识”（B）缺少单项选择题 1 题" in solution.reasons[0]["text"]
    with pytest.raises(NoPaper, match="缺少单项选择题"):
        freeze_paper(solution=solution, by=None, at=AT)
    assert not Paper.objects.exists()


def test_paper_with_a_fault_is_not_frozen(blueprint: Blueprint) -> None:
    solution = assemble(blueprint=blueprint, seed=7)
    form = solution.forms[0]
    for wrong in (
        replace(solution, forms=(replace(form, items=form.items[1:]),)),
        replace(solution, specification=replace(solution.specification, weights={"1": 45, "2": 50, "B": 5})),
    ):
        with pytest.raises(PaperFaulty, match="应为"):
            freeze_paper(solution=wrong, by=None, at=AT)
    assert not PaperItem.objects.exists()


@pytest.mark.parametrize("change", ["new version", "suspended", "blueprint"])
def test_paper_is_not_frozen_when_its_bank_changed(blueprint: Blueprint, change: str) -> None:
    solution = assemble(blueprint=blueprint, seed=7)
    version = solution.items[0].version
    if change == "new version":
        ItemVersionFactory(item=version.item, number=2, knowledge=version.knowledge)
    elif change == "suspended":
        Item.objects.filter(pk=version.item_id).update(state="suspended")
    else:
        Blueprint.objects.update(checksum="1" * 64)
    with pytest.raises(BankChanged):
        freeze_paper(solution=solution, by=None, at=AT)
    assert not Paper.objects.exists()


def test_avoided_papers_are_not_repeated(blueprint: Blueprint) -> None:
    first = freeze(blueprint)
    second = freeze(blueprint, 8, avoid=[first.pk])
    versions = [placed.version for placed in placed_items(second)]
    assert repeats(versions) == {second.code: 20}
    assert repeats(versions, but=second) == {}


def make_enemies(one: Item, other: Item) -> EnemyPair:
    first, second = sorted((one, other), key=lambda item: item.pk)
    return EnemyPair.objects.create(first=first, second=second, reason="题干互相提示", at=AT)


def test_freezing_records_the_use_of_each_item(blueprint: Blueprint) -> None:
    first = freeze(blueprint)
    later = AT + datetime.timedelta(days=1)
    solution = assemble(blueprint=blueprint, seed=8)
    second = freeze_paper(solution=solution, by=None, at=later)
    freeze_paper(solution=solution, by=None, at=later)  # a repeat stores no paper and counts no use
    papers = dict(
        PaperItem.objects.values_list("version__item").annotate(count=Count("pk")).order_by("version__item")
    )
    assert dict(Item.objects.values_list("pk", "used_count")) == {
        item: papers.get(item, 0) for item in Item.objects.values_list("pk", flat=True)
    }
    held = [set(paper.items.values_list("version__item", flat=True)) for paper in (first, second)]
    for item in Item.objects.all():
        assert item.last_used_at == (later if item.pk in held[1] else AT if item.pk in held[0] else None)


def test_use_keeps_the_newest_moment_and_changes_no_other_item() -> None:
    used, idle = ItemFactory(), ItemFactory()
    assert record_use(items=[used.pk], at=AT) == 1
    record_use(items=[used.pk], at=AT - datetime.timedelta(days=1))
    used.refresh_from_db()
    idle.refresh_from_db()
    assert (used.used_count, used.last_used_at) == (2, AT)
    assert (idle.used_count, idle.last_used_at) == (0, None)


def test_items_of_other_papers_are_drawn_less(blueprint: Blueprint) -> None:
    held = set(freeze(blueprint).items.values_list("version__item", flat=True))
    again = {placed.version.item_id for placed in assemble(blueprint=blueprint, seed=7).items}
    assert len(held & again) < 10


def test_enemies_do_not_meet(blueprint: Blueprint) -> None:
    placed = assemble(blueprint=blueprint, seed=7).items
    pairs = [(one.version.item, two.version.item) for one, two in itertools.pairwise(placed)]
    for one, two in pairs:
        make_enemies(one, two)
    solution = assemble(blueprint=blueprint, seed=7)
    held = {one.version.item_id for one in solution.items}
    assert not any({one.pk, two.pk} <= held for one, two in pairs)
    assert freeze_paper(solution=solution, by=None, at=AT).points == 100


def test_paper_is_not_frozen_when_two_of_its_items_became_enemies(blueprint: Blueprint) -> None:
    solution = assemble(blueprint=blueprint, seed=7)
    make_enemies(solution.items[0].version.item, solution.items[1].version.item)
    with pytest.raises(BankChanged):
        freeze_paper(solution=solution, by=None, at=AT)
    # What the solver knew and put together all the same is a fault of its own.
    pair = {solution.items[0].version.item.code, solution.items[1].version.item.code}
    form = solution.forms[0]
    placed = tuple(
        replace(one, item=replace(one.item, enemies=frozenset(pair - {one.item.code})))
        if one.item.code in pair
        else one
        for one in form.placed
    )
    with pytest.raises(PaperFaulty, match="互斥"):
        freeze_paper(solution=replace(solution, forms=(replace(form, placed=placed),)), by=None, at=AT)
    assert not Paper.objects.exists()
    assert not Item.objects.filter(used_count__gt=0).exists()


def test_enemies_cost_one_query(blueprint: Blueprint, django_assert_num_queries: Any) -> None:
    items = list(Item.objects.order_by("pk"))
    for one, two in itertools.pairwise(items):
        make_enemies(one, two)
    level = Level.objects.get()
    versions, frame = usable_versions(level, "live"), specification_of(blueprint, level)[1]
    with django_assert_num_queries(1):
        pool = pool_items(versions, frame)
    assert sum(len(item.enemies) for item in pool) == 2 * (len(items) - 1)


def test_items_of_a_type_without_section_are_not_drawn(blueprint: Blueprint) -> None:
    ItemFactory.create_batch(5, type="true_false")
    assert {one.version.type for one in assemble(blueprint=blueprint, seed=7).items} == {"single"}


def test_paper_survives_a_later_version_of_its_item(blueprint: Blueprint) -> None:
    paper = freeze(blueprint)
    version = placed_items(paper)[0].version
    newer = ItemVersionFactory(item=version.item, number=2, knowledge=version.knowledge)
    assert version in [placed.version for placed in placed_items(paper)]
    assert newer not in [placed.version for placed in placed_items(paper)]
    assert paper.sha256 == digest_of(placed_items(paper))


def test_withdrawn_paper_is_out_of_use_for_good(blueprint: Blueprint, level: Any) -> None:
    paper = freeze(blueprint)
    part = Part.objects.get(level=level, code="theory")
    assert usable_papers(part=part, pool="live") == []
    seal_paper(paper=paper, by=item_manager(), at=AT)
    assert usable_papers(part=part, pool="live") == [paper]
    withdraw_paper(paper=paper, reason="泄题", by=None, at=AT)
    assert usable_papers(part=part, pool="live") == []
    with pytest.raises(AlreadyWithdrawn):
        withdraw_paper(paper=paper, reason="再次", by=None, at=AT)
    assert list(PaperEvent.objects.values_list("kind", "detail")[:1]) == [("withdrawn", {"reason": "泄题"})]


def test_only_looks_at_live_papers_are_kept() -> None:
    by = item_manager()
    for pool in ("live", "practice"):
        record_view(paper=PaperFactory(pool=pool), by=by, at=AT)
    assert list(PaperEvent.objects.values_list("paper__pool", "kind")) == [("live", "viewed")]


def test_report_of_a_solution_equals_that_of_its_paper(blueprint: Blueprint) -> None:
    solution = assemble(blueprint=blueprint, seed=7)
    before = report_on_solution(solution, solution.forms[0])
    after = report_on_paper(freeze_paper(solution=solution, by=None, at=AT))
    assert before == after
    assert [row["text"] for row in after.functions] == ["50 = 50", "45 = 45", "5 = 5"]
    assert (after.count, after.points, after.contents, after.repeats) == (20, 100, 6, {})
    assert sum(row["value"] for row in after.difficulties) == 20


@pytest.mark.usefixtures("real_bank")
def test_sample_bank_gives_two_disjoint_live_papers() -> None:
    blueprint = Blueprint.objects.get(code="l3-theory-live")
    first = freeze(blueprint, 1)
    second = freeze(blueprint, 2, avoid=[first.pk])
    items = [{placed.version.item_id for placed in placed_items(paper)} for paper in (first, second)]
    assert [len(one) for one in items] == [90, 90]
    assert items[0].isdisjoint(items[1])


@pytest.mark.usefixtures("real_bank")
def test_sample_bank_gives_short_mocks_of_one_item_per_knowledge_point() -> None:
    blueprint = Blueprint.objects.get(code="l3-theory-short")
    papers = [freeze(blueprint, seed) for seed in range(4)]
    assert {(paper.minutes, paper.points, paper.is_short) for paper in papers} == {(20, 100, True)}
    for paper in papers:
        knowledge = [placed.version.knowledge_id for placed in placed_items(paper)]
        assert len(set(knowledge)) == len(knowledge) == 20
    weights = papers[0].specification["weights"]
    assert weights == {"1": 20, "2": 15, "3": 15, "4": 15, "5": 15, "6": 15, "B": 5}


@pytest.mark.django_db(transaction=True)
def test_papers_frozen_at_the_same_time_get_codes_of_their_own(blueprint: Blueprint) -> None:
    solutions = [assemble(blueprint=blueprint, seed=seed) for seed in (1, 2, 3, 3)]

    def freeze_in_thread(solution: Solution) -> str:
        try:
            return freeze_paper(solution=solution, by=None, at=AT).code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(solutions)) as threads:
        codes = list(threads.map(freeze_in_thread, solutions))
    assert codes[2] == codes[3]
    assert set(codes) == {"L3-T-L-0001", "L3-T-L-0002", "L3-T-L-0003"}
