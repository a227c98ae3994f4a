"""Writing items: drafts, revisions, duplicates, and two people at once."""

import datetime
from typing import Any

import pytest

from exams.bank.actions.editing import comment_on, draft_item, revise_item
from exams.bank.actions.reviewing import approve_item, submit_item
from exams.bank.errors import ContentRefused, ItemChanged, ItemRefused
from exams.bank.models import Item
from exams.bank.queries import near_items, usable_versions
from exams.bank.queries.single import actor_of
from tests.factories.bank import ItemFactory, a_level
from tests.factories.people import PersonFactory, item_manager, item_reviewer, item_writer

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 5, 1, 9, tzinfo=datetime.UTC)
STEM = "下列关于客户服务特点的说法，正确的是（　）。"


def record(**changes: Any) -> dict[str, Any]:
    return {
        "type": "single",
        "knowledge": "1.1.K1",
        "difficulty": 2,
        "cognition": "recall",
        "stem": STEM,
        "options": ["无形性", "可储存", "可分离", "可转让"],
        "key": "A",
        "explanation": "服务是无形的。",
    } | changes


def draft(by: Any, **changes: Any) -> Item:
    return draft_item(record=record(**changes), level=a_level(), pool="live", by=by, at=AT)


def revise(item: Item, by: Any, seen: int = 1, **changes: Any) -> Any:
    return revise_item(item=item, record=record(**changes), level=a_level(), seen=seen, by=by, at=AT)


def test_draft_takes_the_next_free_code_and_is_noted() -> None:
    writer = item_writer()
    ItemFactory(code="3-1.1.K1-L04")
    item = draft(writer)
    assert (item.code, item.state, item.pool, item.created_by) == ("3-1.1.K1-L05", "draft", "live", writer)
    assert [(event.kind, event.by) for event in item.events.all()] == [("drafted", writer)]


def test_draft_with_faults_names_each_with_its_field() -> None:
    a_level()
    with pytest.raises(ContentRefused) as refused:
        draft(item_writer(), key="E", stem="", options=["甲", "甲", "乙"], knowledge="9.9.K9")
    assert {problem.key.split(".")[0] for problem in refused.value.problems} == {
        "key",
        "stem",
        "options",
        "knowledge",
    }
    assert not Item.objects.exists()


def test_draft_is_for_writers() -> None:
    with pytest.raises(ItemRefused):
        draft(item_reviewer())
    with pytest.raises(ItemRefused):
        draft(PersonFactory())


def test_near_identical_stem_is_refused_and_a_similar_one_is_named() -> None:
    writer = item_writer()
    first = draft(writer)
    with pytest.raises(ContentRefused, match="1 处") as refused:
        draft(writer, stem=f"{STEM} ")
    assert (refused.value.problems[0].key, first.code in refused.value.problems[0].message) == ("stem", True)
    second = draft(writer, stem="下列关于客户服务特点的说法，不正确的是（　）。")
    [near] = near_items(second.current.stem, viewer=actor_of(writer), besides=second.pk)
    assert (near.item, near.is_hidden, near.is_same) == (first, False, False)
    [hidden] = near_items(second.current.stem, viewer=actor_of(item_writer()), besides=second.pk)
    assert (hidden.stem, hidden.is_hidden) == ("", True)


def test_every_save_is_a_version_and_the_same_content_is_none() -> None:
    writer = item_writer()
    item = draft(writer)
    assert revise(item, writer, difficulty=4).number == 2
    assert revise(item, writer, seen=2, difficulty=4).number == 2
    assert list(item.versions.values_list("number", "difficulty")) == [(1, 2), (2, 4)]


def test_save_over_a_newer_version_is_refused() -> None:
    writer = item_writer()
    item = draft(writer)
    revise(item, item_manager(), difficulty=4)
    with pytest.raises(ItemChanged) as changed:
        revise(item, writer, difficulty=5)
    assert changed.value.number == 2
    assert revise(item, writer, seen=2, difficulty=5).number == 3


def test_revision_of_an_approved_item_waits_for_its_approval() -> None:
    writer, reviewer = item_writer(), item_reviewer()
    item = draft(writer)
    submit_item(item=item, by=writer, at=AT)
    approve_item(item=item, by=reviewer, at=AT)
    revise(item, writer, difficulty=5)
    assert [one.number for one in usable_versions(a_level(), "live")] == [1]
    submit_item(item=item, by=writer, at=AT)
    assert Item.objects.get(pk=item.pk).state == "approved"
    assert [one.number for one in usable_versions(a_level(), "live")] == [1]
    approve_item(item=item, by=reviewer, at=AT)
    assert [one.number for one in usable_versions(a_level(), "live")] == [2]


def test_others_and_retired_items_are_not_edited() -> None:
    item = draft(item_writer())
    with pytest.raises(ItemRefused, match="命题人本人"):
        revise(item, item_writer(), difficulty=5)
    Item.objects.filter(pk=item.pk).update(state="retired")
    with pytest.raises(ItemRefused, match="退役"):
        revise(item, item_manager(), difficulty=5)


def test_comment_is_kept_with_the_version_and_needs_words() -> None:
    item = draft(item_writer())
    assert comment_on(item=item, text=" 选项太短 ", by=item_reviewer(), at=AT).version == item.current
    with pytest.raises(ItemRefused):
        comment_on(item=item, text=" ", by=item_reviewer(), at=AT)


def test_skill_task_keeps_its_criteria() -> None:
    level = a_level()
    task = {
        "type": "essay",
        "difficulty": 3,
        "cognition": "apply",
        "stem": "请为一家连锁酒店策划客户回访方案。",
        "explanation": "",
        "model_answer": "明确目标、对象、渠道、话术与考核。",
        "criteria": [{"requirement": "1.1.S1", "text": "目标明确", "least": 2, "most": 6}],
    }
    item = draft_item(record=task, level=level, pool="practice", by=item_writer(), at=AT)
    assert (item.code, item.part) == ("3-S-P01", "skill")
    [criterion] = item.current.criteria.all()
    assert (criterion.requirement.code, criterion.least, criterion.most) == ("1.1.S1", 2, 6)
    wrong = task | {"criteria": [{"requirement": "1.1.S9", "text": "目标", "least": 2, "most": 6}]}
    with pytest.raises(ContentRefused) as refused:
        draft_item(record=wrong, level=level, pool="practice", by=item_writer(), at=AT)
    assert refused.value.problems[0].key == "criteria.1.requirement"
