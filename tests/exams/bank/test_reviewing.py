"""Review, later states, enemies, bulk work, and the queue."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from exams.bank.actions import states
from exams.bank.actions.bulk import Order, Outcome, carry_out
from exams.bank.actions.enemies import make_enemies, make_friends
from exams.bank.actions.reviewing import approve_item, assign_review, return_item, submit_item, take_review
from exams.bank.errors import ItemRefused
from exams.bank.lifecycle import may_see
from exams.bank.models import EnemyPair, Item, ItemReview
from exams.bank.queries import items, open_reviews, standing_of
from exams.bank.queries.listing import ItemFilter
from exams.bank.queries.single import actor_of
from tests.factories.bank import ItemFactory, ItemVersionFactory
from tests.factories.people import PersonFactory, item_manager, item_reviewer, item_writer

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 5, 1, 9, tzinfo=datetime.UTC)


def submitted(writer: Any, **facts: Any) -> Item:
    item = ItemFactory(state="draft", created_by=writer, **facts)
    submit_item(item=item, by=writer, at=AT)
    return Item.objects.select_related("current").get(pk=item.pk)


def events(item: Item) -> list[tuple[str, str]]:
    return [(one.kind, one.detail.get("reason", "")) for one in item.events.order_by("pk")]


def test_returned_with_a_reason_then_approved() -> None:
    writer, reviewer = item_writer(), item_reviewer()
    item = submitted(writer)
    assert item.state == "in_review"
    with pytest.raises(ItemRefused, match="原因"):
        return_item(item=item, reason=" ", by=reviewer, at=AT)
    assert return_item(item=item, reason="题干不清", by=reviewer, at=AT).state == "draft"
    submit_item(item=item, by=writer, at=AT)
    approved = approve_item(item=item, by=reviewer, at=AT)
    assert (approved.state, approved.approved) == ("approved", item.current)
    assert events(item) == [("submitted", ""), ("returned", "题干不清"), ("submitted", ""), ("approved", "")]


def test_nobody_approves_his_own_version_even_in_the_database() -> None:
    manager = item_manager()
    item = submitted(manager)
    with pytest.raises(ItemRefused, match="自己"):
        approve_item(item=item, by=manager, at=AT)
    review = ItemReview.objects.get()
    with pytest.raises(IntegrityError, match="review_by_another"), transaction.atomic():
        ItemReview.objects.filter(pk=review.pk).update(reviewer=manager, decision="approved", decided_at=AT)


def test_only_the_version_that_was_seen_is_decided() -> None:
    item = submitted(item_writer())
    with pytest.raises(ItemRefused, match="第 7 版"):
        approve_item(item=item, seen=7, by=item_reviewer(), at=AT)


def test_a_review_that_fell_behind_is_no_longer_open() -> None:
    writer, reviewer = item_writer(), item_reviewer()
    item = submitted(writer)
    ItemVersionFactory(item=item, number=2)
    assert not open_reviews(actor_of(reviewer), which="free").exists()
    with pytest.raises(ItemRefused, match="没有提交"):
        approve_item(item=item, by=reviewer, at=AT)
    submit_item(item=item, by=writer, at=AT)
    assert open_reviews(actor_of(reviewer), which="free").count() == 1


def test_queue_of_each_reviewer() -> None:
    first, second, manager = item_reviewer(), item_reviewer(), item_manager()
    one, other, own = submitted(item_writer()), submitted(item_writer()), submitted(manager)
    take_review(item=one, by=first)
    with pytest.raises(ItemRefused):
        take_review(item=one, by=second)
    assign_review(item=other, reviewer=second, by=manager)

    def queue(person: Any, which: str) -> list[Item]:
        return [review.version.item for review in open_reviews(actor_of(person), which=which)]

    assert (queue(first, "mine"), queue(second, "mine")) == ([one], [other])
    assert (queue(first, "free"), queue(manager, "free")) == ([own], [])
    assert queue(manager, "all") == [one, other, own]


def test_assigned_are_reviewers_other_than_the_writer() -> None:
    manager = item_manager()
    item = submitted(item_writer())
    for wrong in (PersonFactory(), item.created_by):
        with pytest.raises(ItemRefused):
            assign_review(item=item, reviewer=wrong, by=manager)
    with pytest.raises(ItemRefused):
        assign_review(item=item, reviewer=item_reviewer(), by=item_reviewer())


def test_suspended_comes_back_and_retired_does_not() -> None:
    manager, item = item_manager(), ItemFactory()
    assert states.suspend_item(item=item, reason="答案有争议", by=manager, at=AT).state == "suspended"
    assert states.reinstate_item(item=item, reason="已核实", by=manager, at=AT).state == "approved"
    assert states.retire_item(item=item, reason="内容过时", by=manager, at=AT).state == "retired"
    with pytest.raises(ItemRefused):
        states.reinstate_item(item=item, reason="再用", by=manager, at=AT)
    assert events(item) == [("suspended", "答案有争议"), ("reinstated", "已核实"), ("retired", "内容过时")]


def test_move_to_practice_is_one_way_and_keeps_the_code() -> None:
    manager, item = item_manager(), ItemFactory(code="3-1.1.K1-L01")
    moved = states.move_to_practice(item=item, reason="已曝光", by=manager, at=AT)
    assert (moved.pool, moved.code) == ("practice", "3-1.1.K1-L01")
    with pytest.raises(ItemRefused, match="不能转回"):
        states.move_to_practice(item=item, reason="再转", by=manager, at=AT)


def test_enemies_stand_in_order_once_and_can_be_friends_again() -> None:
    reviewer = item_reviewer()
    one, other = ItemFactory(), ItemFactory()
    pair = make_enemies(one=other, other=one, reason="互相提示", by=reviewer, at=AT)
    assert (pair.first, pair.second) == (one, other)
    assert make_enemies(one=one, other=other, reason="再来", by=reviewer, at=AT) == pair
    make_friends(pair=pair, by=reviewer, at=AT)
    assert not EnemyPair.objects.exists()
    assert events(one) == events(other) == [("enemies", "互相提示"), ("friends", "互相提示")]
    for wrong in ({"one": one, "other": one}, {"one": one, "other": other, "by": item_writer()}):
        with pytest.raises(ItemRefused):
            make_enemies(**{"reason": "同题", "by": reviewer, "at": AT} | wrong)


def test_bulk_reports_what_was_refused_and_why() -> None:
    manager = item_manager()
    good, retired = ItemFactory(code="3-A"), ItemFactory(code="3-B", state="retired")
    order = Order("suspend", "抽查")
    codes = [good.code, retired.code, "3-Z"]
    assert carry_out(order=order, codes=codes, by=manager, at=AT) == [
        Outcome("3-A"),
        Outcome("3-B", "只有已审定的题目可以停用。"),
        Outcome("3-Z", "没有这道题。"),
    ]


def test_bulk_names_hidden_items_like_missing_ones() -> None:
    ItemFactory(code="3-A")
    [outcome] = carry_out(order=Order("submit"), codes=["3-A"], by=item_writer(), at=AT)
    assert outcome == Outcome("3-A", "没有这道题。")


def test_list_shows_what_the_rule_lets_see() -> None:
    writer, reviewer = item_writer(), item_reviewer()
    ItemFactory.create_batch(2)
    ItemFactory(pool="practice", state="draft")
    submitted(writer)
    decided = submitted(writer)
    approve_item(item=decided, by=reviewer, at=AT)
    for person in (writer, reviewer, item_writer(), item_manager(), PersonFactory()):
        actor = actor_of(person)
        everything = Item.objects.select_related("current").order_by("code")
        allowed = [one for one in everything if may_see(standing_of(one, actor), actor)]
        assert list(items(ItemFilter(), actor)) == allowed
