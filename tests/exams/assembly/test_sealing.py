"""From draft to seal: who sees a live paper, swapping its items, approval by a second person."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from exams.assembly.actions import (
    assemble,
    freeze_forms,
    freeze_paper,
    freeze_solution,
    name_reader,
    seal_paper,
    swap_item,
    withdraw_paper,
)
from exams.assembly.equals import equals_for, faults_of
from exams.assembly.errors import DraftChanged, NoEqual, NotADraft, PaperFaulty, SecondPersonNeeded
from exams.assembly.models import Blueprint, Paper, PaperEvent, PaperItem
from exams.assembly.queries import placed_items
from exams.bank.models import Item
from tests.exams.assembly.conftest import AT
from tests.factories.assembly import PaperFactory, PaperReaderFactory
from tests.factories.bank import ItemVersionFactory
from tests.factories.people import PersonFactory, exam_officer, item_manager

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 3, 1)


@pytest.fixture
def maker() -> Any:
    return item_manager(name="制卷人")


@pytest.fixture
def approver() -> Any:
    return item_manager(name="批准人")


@pytest.fixture
def draft(blueprint: Blueprint, maker: Any) -> Paper:
    return freeze_paper(solution=assemble(blueprint=blueprint, seed=7), by=maker, at=AT)


def logged_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- Who sees what


def test_live_items_are_open_to_named_readers_only(draft: Paper, maker: Any, approver: Any) -> None:
    path = f"/papers/{draft.code}/items/"
    assert logged_in(maker).get(path).status_code == 200
    assert logged_in(approver).get(path).status_code == 403
    name_reader(paper=draft, person=approver, by=maker, at=AT)
    assert logged_in(approver).get(path).status_code == 200
    looks = PaperEvent.objects.filter(kind="viewed").order_by("pk").values_list("by__name", flat=True)
    assert list(looks) == ["制卷人", "批准人"]


def test_named_reader_without_the_permission_sees_nothing(draft: Paper, maker: Any) -> None:
    officer = exam_officer()
    name_reader(paper=draft, person=officer, by=maker, at=AT)
    assert logged_in(officer).get(f"/papers/{draft.code}/items/").status_code == 403


def test_look_at_a_sealed_paper_takes_a_reason(maker: Any) -> None:
    paper = PaperFactory(code="L3-1")
    PaperReaderFactory(paper=paper, person=maker)
    client = logged_in(maker)
    asked = client.get("/papers/L3-1/items/")
    assert "查看原因" in asked.content.decode()
    assert "选项 甲" not in asked.content.decode()
    assert client.post("/papers/L3-1/items/", {"reason": " "}).status_code == 422
    assert not PaperEvent.objects.exists()
    shown = client.post("/papers/L3-1/items/", {"reason": "考前核对印刷稿"})
    assert "选项 甲" in shown.content.decode()
    assert "换题" not in shown.content.decode()
    event = PaperEvent.objects.get()
    assert (event.kind, event.by, event.detail) == ("viewed", maker, {"reason": "考前核对印刷稿"})
    assert "考前核对印刷稿" in client.get("/papers/L3-1/").content.decode()


def test_readers_are_named_by_readers_among_those_with_the_permission(
    draft: Paper, maker: Any, approver: Any
) -> None:
    stranger = PersonFactory(name="路人")
    client, path = logged_in(maker), f"/papers/{draft.code}/readers/"
    assert logged_in(approver).post(path, {"person": approver.pk}).status_code == 403
    page = client.get(f"/papers/{draft.code}/").content.decode()
    assert "批准人" in page
    assert "路人" not in page
    assert client.post(path, {"person": stranger.pk}).status_code == 422
    client.post(path, {"person": approver.pk})
    assert set(draft.readers.values_list("person__name", flat=True)) == {"制卷人", "批准人"}
    event = PaperEvent.objects.get(kind="named")
    assert (event.by, event.detail) == (maker, {"person": approver.pk})


def test_paper_without_readers_gets_its_first_from_whoever_assembles(maker: Any, approver: Any) -> None:
    paper = PaperFactory(code="L3-1")
    assert logged_in(maker).get("/papers/L3-1/items/").status_code == 403
    logged_in(maker).post("/papers/L3-1/readers/", {"person": approver.pk})
    assert [one.person for one in paper.readers.all()] == [approver]
    assert logged_in(maker).post("/papers/L3-1/readers/", {"person": maker.pk}).status_code == 403


# --- Swapping


def test_equals_fit_and_the_most_alike_come_first(draft: Paper) -> None:
    old = placed_items(draft)[0].version
    found = equals_for(draft, 1, on=TODAY)
    assert found
    assert all(not one.faults for one in found)
    assert {one.item.version.point.work_content.function_id for one in found} == {
        old.point.work_content.function_id
    }
    held = {one.version.item_id for one in placed_items(draft)}
    assert not held & {one.item.version.item_id for one in found}
    differences = [
        (one.item.version.knowledge_id != old.knowledge_id, abs(one.item.version.difficulty - old.difficulty))
        for one in found
    ]
    assert differences == sorted(differences)


def test_swapped_paper_stays_proven_and_says_what_happened(draft: Paper, maker: Any) -> None:
    old = placed_items(draft)[2].version
    new = equals_for(draft, 3, on=TODAY)[0].item.version
    swapped = swap_item(paper=draft, position=3, version=new, by=maker, at=AT)
    assert faults_of(swapped) == []
    assert placed_items(swapped)[2].version == new
    assert swapped.sha256 != draft.sha256
    uses = dict(Item.objects.filter(pk__in=[old.item_id, new.item_id]).values_list("pk", "used_count"))
    assert uses == {old.item_id: 0, new.item_id: 1}
    event = PaperEvent.objects.get(kind="swapped")
    assert (event.detail["old"], event.detail["new"]) == (old.item.code, new.item.code)
    assert event.detail["sha256"] == swapped.sha256


def test_swapping_on_the_page(draft: Paper, maker: Any) -> None:
    client, path = logged_in(maker), f"/papers/{draft.code}/items/1/swap/"
    response = client.get(path)
    chosen = response.context["equals"][0].item.version
    assert chosen.item.code in response.content.decode()
    assert client.post(path, {"version": "x"}).status_code == 422
    assert client.post(path, {"version": chosen.pk}).headers["Location"].endswith("/items/#item-1")
    assert placed_items(draft)[0].version == chosen
    assert client.post(path, {"version": chosen.pk}).status_code == 409
    assert client.get(f"/papers/{draft.code}/items/99/swap/").status_code == 404
    reasons = PaperEvent.objects.filter(kind="viewed").values_list("detail__reason", flat=True)
    assert "第 1 题换题" in reasons


@pytest.mark.parametrize("which", ["other function", "present", "suspended", "practice", "draft version"])
def test_item_that_does_not_fit_is_refused(draft: Paper, maker: Any, which: str) -> None:
    items = placed_items(draft)
    equal = equals_for(draft, 1, on=TODAY)[0].item.version
    version = equal
    if which == "other function":
        own = items[0].version.point.work_content.function_id
        others = Item.objects.exclude(current__knowledge__work_content__function=own)
        free = others.exclude(pk__in=[one.version.item_id for one in items])
        version = free.select_related("current").order_by("code")[0].current  # type: ignore[assignment]
    elif which == "present":
        version = items[1].version
    elif which == "suspended":
        Item.objects.filter(pk=equal.item_id).update(state="suspended")
    elif which == "practice":
        Item.objects.filter(pk=equal.item_id).update(pool="practice")
    else:
        Item.objects.filter(pk=equal.item_id).update(state="draft", approved=None)
    with pytest.raises(NoEqual):
        swap_item(paper=draft, position=1, version=version, by=maker, at=AT)
    assert [one.version for one in placed_items(draft)] == [one.version for one in items]


def test_parallel_forms_keep_what_they_share_and_what_they_do_not(blueprint: Blueprint, maker: Any) -> None:
    solution = assemble(blueprint=blueprint, seed=7, forms=2, overlap=3)
    first, second = freeze_solution(solution=solution, overlap=3, by=maker, at=AT)
    items = [[one.version.item_id for one in placed_items(paper)] for paper in (first, second)]
    shared = set(items[0]) & set(items[1])
    assert len(shared) == 3
    common = next(number for number, item in enumerate(items[0], start=1) if item in shared)
    own = next(number for number, item in enumerate(items[0], start=1) if item not in shared)
    assert equals_for(first, common, on=TODAY) == []
    offered = {one.item.version.item_id for one in equals_for(first, own, on=TODAY)}
    assert offered
    assert not offered & set(items[1])
    taken = next(one.version for one in placed_items(second) if one.version.item_id not in shared)
    with pytest.raises(NoEqual, match="平行卷"):
        swap_item(paper=first, position=own, version=taken, by=maker, at=AT)
    page = logged_in(maker).get(f"/papers/{first.code}/items/{common}/swap/").content.decode()
    assert "各平行卷共同的题目" in page


# --- Approval


def test_second_person_approves_what_he_can_see(draft: Paper, maker: Any, approver: Any) -> None:
    path = f"/papers/{draft.code}/"
    page = logged_in(maker).get(path).content.decode()
    assert "须由另一位有组卷权限的人核对后批准" in page
    assert "批准并封存" not in page
    assert logged_in(maker).post(f"{path}seal/").status_code == 409
    assert "请定稿人先把您列为查看人" in logged_in(approver).get(path).content.decode()
    assert logged_in(approver).post(f"{path}seal/").status_code == 409
    name_reader(paper=draft, person=approver, by=maker, at=AT)
    page = logged_in(approver).get(path).content.decode()
    assert all(text in page for text in ("独立复核", "20 题、100 分", "批准并封存"))
    logged_in(approver).post(f"{path}seal/")
    draft.refresh_from_db()
    assert (draft.state, draft.sealed_by) == ("sealed", approver)
    assert "批准封存" in logged_in(maker).get(path).content.decode()


def test_maker_does_not_seal(draft: Paper, maker: Any) -> None:
    with pytest.raises(SecondPersonNeeded):
        seal_paper(paper=draft, by=maker, at=AT)


def test_who_swapped_an_item_does_not_seal(blueprint: Blueprint, maker: Any, approver: Any) -> None:
    draft = freeze_paper(solution=assemble(blueprint=blueprint, seed=7), by=None, at=AT)
    for person in (maker, approver):
        name_reader(paper=draft, person=person, by=maker, at=AT)
    version = equals_for(draft, 1, on=TODAY)[0].item.version
    logged_in(maker).post(f"/papers/{draft.code}/items/1/swap/", {"version": version.pk})
    assert "有您换上的题目" in logged_in(maker).get(f"/papers/{draft.code}/").content.decode()
    assert logged_in(maker).post(f"/papers/{draft.code}/seal/").status_code == 409
    with pytest.raises(SecondPersonNeeded):
        seal_paper(paper=draft, by=maker, at=AT)
    assert logged_in(approver).post(f"/papers/{draft.code}/seal/").status_code == 302


def test_second_person_does_not_swap_what_he_is_to_approve(draft: Paper, maker: Any, approver: Any) -> None:
    name_reader(paper=draft, person=approver, by=maker, at=AT)
    assert logged_in(approver).get(f"/papers/{draft.code}/items/1/swap/").status_code == 403
    assert "换题" not in logged_in(approver).get(f"/papers/{draft.code}/items/").content.decode()


def test_approved_is_what_was_shown(draft: Paper, maker: Any, approver: Any) -> None:
    name_reader(paper=draft, person=approver, by=maker, at=AT)
    path, client = f"/papers/{draft.code}/", logged_in(approver)
    assert f'name="sha256" value="{draft.sha256}"' in client.get(path).content.decode()
    version = equals_for(draft, 1, on=TODAY)[0].item.version
    swapped = swap_item(paper=draft, position=1, version=version, by=maker, at=AT)
    refused = client.post(f"{path}seal/", {"sha256": draft.sha256})
    assert refused.status_code == 409
    assert "打开之后有改动" in refused.content.decode()
    with pytest.raises(DraftChanged):
        seal_paper(paper=draft, by=approver, at=AT, seen=draft.sha256)
    assert client.post(f"{path}seal/", {"sha256": swapped.sha256}).status_code == 302


@pytest.mark.parametrize("change", ["suspended", "revised"])
def test_draft_with_an_item_out_of_use_is_not_sealed_until_it_is_swapped(
    draft: Paper, maker: Any, approver: Any, change: str
) -> None:
    name_reader(paper=draft, person=approver, by=maker, at=AT)
    item = placed_items(draft)[0].version.item
    if change == "revised":
        newer = ItemVersionFactory(item=item, number=2, knowledge=placed_items(draft)[0].version.knowledge)
        Item.objects.filter(pk=item.pk).update(current=newer, approved=newer)
    else:
        Item.objects.filter(pk=item.pk).update(state=change)
    page = logged_in(approver).get(f"/papers/{draft.code}/").content.decode()
    assert f"题目 {item.code} 已停用或有了新的版本" in page
    with pytest.raises(PaperFaulty, match=item.code):
        seal_paper(paper=draft, by=approver, at=AT)
    version = equals_for(draft, 1, on=TODAY)[0].item.version
    swap_item(paper=draft, position=1, version=version, by=maker, at=AT)
    assert seal_paper(paper=draft, by=approver, at=AT).state == "sealed"


def test_items_that_were_swapped_are_named_to_readers_only(draft: Paper, maker: Any, approver: Any) -> None:
    version = equals_for(draft, 1, on=TODAY)[0].item.version
    swap_item(paper=draft, position=1, version=version, by=maker, at=AT)
    assert version.item.code in logged_in(maker).get(f"/papers/{draft.code}/").content.decode()
    assert version.item.code not in logged_in(approver).get(f"/papers/{draft.code}/").content.decode()


def test_draft_with_a_fault_shows_it_and_is_not_sealed(draft: Paper, maker: Any, approver: Any) -> None:
    name_reader(paper=draft, person=approver, by=maker, at=AT)
    Paper.objects.update(sha256="1" * 64)
    path, client = f"/papers/{draft.code}/", logged_in(approver)
    page = client.get(path).content.decode()
    assert "摘要不符" in page
    assert "批准并封存" not in page
    assert client.post(f"{path}seal/").status_code == 409


def test_sealed_paper_is_changed_by_nobody(draft: Paper, maker: Any, approver: Any) -> None:
    version = equals_for(draft, 1, on=TODAY)[0].item.version
    sealed = seal_paper(paper=draft, by=approver, at=AT)
    for refused in (
        lambda: swap_item(paper=sealed, position=1, version=version, by=maker, at=AT),
        lambda: seal_paper(paper=sealed, by=approver, at=AT),
    ):
        with pytest.raises(NotADraft):
            refused()
    assert logged_in(maker).get(f"/papers/{sealed.code}/items/1/swap/").status_code == 403
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperItem.objects.filter(paper=sealed, position=1).update(version=version)


def test_dropped_draft_gives_its_items_back(draft: Paper, maker: Any, approver: Any) -> None:
    page = logged_in(maker).get(f"/papers/{draft.code}/").content.decode()
    assert "放弃这份草稿" in page
    logged_in(maker).post(f"/papers/{draft.code}/withdraw/", {"reason": "重新组卷"})
    assert not Item.objects.filter(used_count__gt=0).exists()
    assert not Item.objects.filter(last_used_at__isnull=False).exists()  # nor do they rest
    with pytest.raises(NotADraft):
        seal_paper(paper=draft, by=approver, at=AT)


def test_item_of_a_dropped_draft_rests_from_its_last_other_use(blueprint: Blueprint, maker: Any) -> None:
    solution, later = (
        assemble(blueprint=blueprint, seed=7, forms=2, overlap=1),
        AT + datetime.timedelta(days=9),
    )
    first = freeze_forms(solution=solution, by=maker, at=AT)[0]
    second = Paper.objects.exclude(pk=first.pk).get()
    Paper.objects.filter(pk=second.pk).update(frozen_at=later)
    Item.objects.filter(last_used_at__isnull=False).update(last_used_at=later)
    withdraw_paper(paper=second, reason="重新组卷", by=maker, at=later)
    held = [{one.version.item_id for one in placed_items(paper)} for paper in (first, second)]
    shared = Item.objects.get(pk__in=held[0] & held[1])
    assert (shared.used_count, shared.last_used_at) == (1, AT)


def test_withdrawn_sealed_paper_takes_no_use_back(draft: Paper, approver: Any) -> None:
    withdraw_paper(paper=seal_paper(paper=draft, by=approver, at=AT), reason="泄题", by=approver, at=AT)
    assert Item.objects.filter(used_count=1).count() == 20


def test_forms_are_frozen_together_or_not_at_all(blueprint: Blueprint, maker: Any) -> None:
    solution = assemble(blueprint=blueprint, seed=7, forms=2)
    last = solution.forms[1].items[0].version.item
    Item.objects.filter(pk=last.pk).update(state="suspended")
    with pytest.raises(Exception, match="变化"):
        freeze_forms(solution=solution, by=maker, at=AT)
    assert not Paper.objects.exists()
