"""The bank's pages: who sees them, what they show, and how many queries they cost."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from exams.bank.actions.reviewing import submit_item
from exams.bank.models import Item, ItemStatistic, ItemVersion
from exams.bank.types import kinds
from tests.factories.bank import ItemFactory, ItemVersionFactory, a_level, knowledge_points
from tests.factories.people import PersonFactory, exam_officer, item_manager, item_reviewer, item_writer
from tests.htmx import assert_same_as_fresh_load, htmx_headers

pytestmark = pytest.mark.django_db
NEW = "/items/new/?type=single&level=3&pool=live"


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(item_manager())
    return client


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "knowledge": "1.1.K1",
        "difficulty": "2",
        "cognition": "recall",
        "stem": "客户服务最突出的特点是（　）。",
        "option": ["无形性", "可储存", "可分离", "可转让"],
        "key": "A",
        "explanation": "服务是无形的。",
        "go": "save",
    } | changes


# --- Doors


@pytest.mark.parametrize(
    "address",
    ["/items/", "/items/3-X/", "/items/new/", "/items/coverage/", "/items/review/", "/items/3-X/edit/"],
)
def test_bank_is_closed_to_others(client: Client, address: str) -> None:
    ItemFactory(code="3-X")
    assert client.get(address).status_code == 302
    for person in (PersonFactory(), exam_officer()):
        client.force_login(person)
        assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("make", "statuses"),
    [
        # list, live item of another, practice item, new, queue
        (item_manager, (200, 200, 200, 200, 200)),
        (item_writer, (200, 404, 200, 200, 403)),
        (item_reviewer, (200, 404, 200, 403, 200)),
    ],
)
def test_each_role_opens_its_own_pages(client: Client, make: Any, statuses: tuple[int, ...]) -> None:
    ItemFactory(code="3-L")
    ItemFactory(code="3-P", pool="practice")
    client.force_login(make())
    addresses = ("/items/", "/items/3-L/", "/items/3-P/", "/items/new/", "/items/review/")
    assert tuple(client.get(address).status_code for address in addresses) == statuses


# --- List


@pytest.mark.parametrize("count", [1, 3])
def test_items_list_costs_the_same_for_every_length(
    manager: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ItemFactory.create_batch(count)
    manager.get("/items/")
    with django_assert_num_queries(6):
        response = manager.get("/items/")
    assert len(response.context["page"].items) == count


def test_items_list_is_empty_with_advice(manager: Client) -> None:
    assert "load_items" in manager.get("/items/").content.decode()
    ItemFactory()
    page = manager.get("/items/", {"text": "没有这个词"}).content.decode()
    assert "没有符合条件的题目" in page


@pytest.fixture
def two_items() -> None:
    points = knowledge_points()
    ItemFactory(code="3-A", pool="practice", state="draft", knowledge=points[0], stem="谁是内部客户（　）。")
    second = ItemFactory(
        code="3-B",
        type="multiple",
        difficulty=5,
        knowledge=points[4],
        stem="CRM 系统的客户数据包括（　）。",
        used_count=2,
        last_used_at=timezone.now() - datetime.timedelta(days=400),
    )
    ItemStatistic.objects.create(
        version=second.current,
        answers=50,
        facility="0.8000",
        discrimination="0.1000",
        computed_at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"text": "3-a"}, ["3-A"]),
        ({"text": "客户数"}, ["3-B"]),
        ({"text": "客户"}, ["3-A", "3-B"]),
        ({"text": "crm"}, ["3-B"]),
        ({"text": "100%"}, []),
        ({"function": "3:2"}, ["3-B"]),
        ({"function": "3"}, ["3-A", "3-B"]),
        ({"function": "2:2"}, ["3-A", "3-B"]),
        ({"place": "1.1"}, ["3-A"]),
        ({"place": "2.1.K1"}, ["3-B"]),
        ({"type": "multiple"}, ["3-B"]),
        ({"pool": "practice"}, ["3-A"]),
        ({"difficulty": "5"}, ["3-B"]),
        ({"state": "draft"}, ["3-A"]),
        ({"state": "revised"}, []),
        ({"use": "unused"}, ["3-A"]),
        ({"use": "used"}, ["3-B"]),
        ({"use": "year"}, []),
        ({"statistic": "far"}, ["3-B"]),
        ({"statistic": "weak"}, ["3-B"]),
        ({"statistic": "none"}, ["3-A"]),
        ({"similar": "CRM 系统里的客户数据包括（　）。"}, ["3-B"]),
        ({"sort": "-difficulty"}, ["3-B", "3-A"]),
        ({"mine": "on"}, []),
        ({"difficulty": "nonsense", "page": "x"}, ["3-A", "3-B"]),
        ({"type": "single", "pool": "live"}, []),
    ],
    ids=str,
)
def test_items_list_is_narrowed(
    manager: Client, two_items: None, query: dict[str, str], codes: list[str]
) -> None:
    response = manager.get("/items/", query)
    assert [item.code for item in response.context["page"].items] == codes


def test_items_fragment_is_what_a_fresh_page_shows(manager: Client, two_items: None) -> None:
    fragment = manager.get("/items/?pool=live", headers=htmx_headers("items"))
    page = manager.get("/items/?pool=live")
    assert_same_as_fresh_load(manager, "/items/?pool=live", fragment, page=page)
    assert "3-A" not in fragment.content.decode()


# --- Bulk


def test_bulk_suspends_and_says_what_was_refused(manager: Client) -> None:
    ItemFactory(code="3-A")
    ItemFactory(code="3-B", state="retired")
    data = {"item": ["3-A", "3-B"], "action": "suspend", "reason": "抽查"}
    page = manager.post("/items/bulk/", data)
    assert "完成 1 道，未执行 1 道" in page.content.decode()
    assert "只有已审定的题目可以停用" in page.content.decode()


def test_bulk_asks_twice_before_what_cannot_be_undone(manager: Client) -> None:
    ItemFactory(code="3-A")
    data = {"item": ["3-A"], "action": "move", "reason": "已曝光"}
    assert "这一步不能撤回" in manager.post("/items/bulk/", data).content.decode()
    assert Item.objects.get().pool == "live"
    manager.post("/items/bulk/", data | {"confirmed": "on"})
    assert Item.objects.get().pool == "practice"


@pytest.mark.parametrize(
    "data", [{}, {"item": ["3-A"], "action": "retire"}, {"item": ["3-A"], "action": "assign"}]
)
def test_bulk_without_what_it_needs_is_refused(manager: Client, data: dict[str, Any]) -> None:
    ItemFactory(code="3-A")
    assert manager.post("/items/bulk/", data).status_code == 422


# --- Editor


@pytest.mark.parametrize("code", kinds())
def test_editor_opens_for_every_type(manager: Client, code: str) -> None:
    a_level()
    assert manager.get(f"/items/new/?type={code}&level=3&pool=live").status_code == 200


def test_new_item_asks_for_type_level_and_pool_first(manager: Client) -> None:
    a_level()
    assert "开始编写" in manager.get("/items/new/").content.decode()
    assert "开始编写" in manager.get("/items/new/?type=nonsense&level=3&pool=live").content.decode()


def test_writer_drafts_an_item_for_a_hole(client: Client) -> None:
    a_level()
    writer = item_writer()
    client.force_login(writer)
    page = client.get(f"{NEW}&knowledge=1.1.K1").content.decode()
    assert '<option value="1.1.K1" selected>' in page
    assert "3-1.1.K1-L01" in page
    response = client.post(NEW, fields())
    assert (response.status_code, response.headers["Location"]) == (302, "/items/3-1.1.K1-L01/")
    version = Item.objects.get(created_by=writer).current
    assert version is not None
    assert (version.options, version.key) == (["无形性", "可储存", "可分离", "可转让"], "A")


def test_faults_land_at_their_fields_and_nothing_is_lost(manager: Client) -> None:
    a_level()
    response = manager.post(NEW, fields(difficulty="", key="", option=["甲", "乙", "", ""]))
    page = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["difficulty"]
    assert {label for label, _texts in response.context["other_problems"]} == {"选项", "答案"}
    assert "客户服务最突出的特点" in page
    assert 'value="甲"' in page
    assert not Item.objects.exists()


def test_blank_option_between_moves_the_key_up(manager: Client) -> None:
    a_level()
    manager.post(NEW, fields(option=["甲", "", "乙", "丙", "丁"], key="D"))
    version = ItemVersion.objects.get()
    assert (version.options, version.key) == (["甲", "乙", "丙", "丁"], "C")


def test_preview_shows_the_question_without_its_key_first(manager: Client) -> None:
    a_level()
    ItemFactory(code="3-A", stem="客户服务最突出的特点在于（　）。")
    page = manager.post(NEW, fields(go="preview"), headers=htmx_headers("preview"))
    text = page.content.decode()
    assert text.lstrip().startswith('<section id="preview"')
    assert "3-A" in text  # the near one
    question = text.partition("考生看到的")[2].partition("</form>")[0]
    assert "无形性" in question
    assert "正确答案" not in question
    assert "正确答案" in text
    assert not Item.objects.filter(code="3-1.1.K1-L01").exists()
    whole = manager.post(NEW, fields(go="preview")).content.decode()
    assert "考生看到的" in whole
    assert 'name="stem"' in whole


@pytest.mark.parametrize(("answer", "words"), [("A", "得满分"), ("B", "不得分"), ("X", "不符合本题的题型")])
def test_key_check_tells_whether_an_answer_is_the_key(manager: Client, answer: str, words: str) -> None:
    a_level()
    preview = manager.post(NEW, fields(go="preview")).context["preview"]
    data = {"record": preview["record"], "level": "3", "pool": "live", "answer": answer}
    assert words in manager.post("/items/check/", data, headers=htmx_headers("check")).content.decode()
    assert words in manager.post("/items/check/", data).content.decode()


@pytest.mark.parametrize(
    "record", ["", "[]", "{}", json.dumps({"type": "no"}), json.dumps({"type": "single"})]
)
def test_key_check_of_nothing_is_no_request_of_ours(manager: Client, record: str) -> None:
    a_level()
    assert manager.post("/items/check/", {"record": record, "level": "3", "pool": "live"}).status_code == 400


def test_save_over_anothers_version_shows_both(client: Client) -> None:
    a_level()
    writer = item_writer()
    client.force_login(writer)
    client.post(NEW, fields())
    address = "/items/3-1.1.K1-L01/edit/"
    client.post(address, fields(seen="1", explanation="他人的解析。"))
    response = client.post(address, fields(seen="1", explanation="我的解析。"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "我的解析。" in page
    assert "<del>他人</del><ins>我</ins>" in "".join(page.split("\n"))
    assert 'name="seen" value="2"' in page
    client.post(address, fields(seen="2", explanation="我的解析。"))
    assert Item.objects.get().versions.count() == 3


def test_item_in_review_is_not_edited(client: Client) -> None:
    writer = item_writer()
    item = ItemFactory(state="draft", created_by=writer)
    submit_item(item=item, by=writer, at=timezone.now())
    client.force_login(writer)
    assert client.get(f"/items/{item.code}/edit/").status_code == 409


# --- One item


def test_item_page_shows_the_newest_version_and_the_difference(manager: Client) -> None:
    item = ItemFactory(code="3-A", stem="旧的题干（　）。")
    ItemVersionFactory(item=item, number=2, stem="新的题干（　）。", key="C")
    page = manager.get("/items/3-A/").content.decode()
    assert "<del>旧</del><ins>新</ins>的题干" in "".join(page.split("\n"))
    assert "第 1 版" in page
    same = manager.get("/items/3-A/?from=2&to=2", headers=htmx_headers("difference"))
    assert "这两版内容相同" in same.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_item_page_costs_the_same_for_every_history(
    manager: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item = ItemFactory(code="3-A")
    for number in range(2, count + 2):
        ItemVersionFactory(item=item, number=number)
    manager.get("/items/3-A/")
    with django_assert_num_queries(14):
        manager.get("/items/3-A/")


def test_true_false_item_page_says_its_key(manager: Client) -> None:
    ItemFactory(code="3-A", type="true_false", key="F")
    assert "正确答案" in manager.get("/items/3-A/").content.decode()
    assert manager.get("/items/3-Z/").status_code == 404


def test_review_through_the_pages(client: Client) -> None:
    writer, reviewer = item_writer(), item_reviewer()
    item = ItemFactory(code="3-A", state="draft", created_by=writer)
    client.force_login(writer)
    client.post("/items/3-A/do/", {"act": "submit"})
    assert "由另一位审题员审定" in client.get("/items/3-A/").content.decode()
    client.force_login(reviewer)
    assert "3-A" in client.get("/items/review/").content.decode()
    client.post("/items/3-A/do/", {"act": "take"})
    assert client.post("/items/3-A/do/", {"act": "return", "seen": "1"}).status_code == 409
    client.post("/items/3-A/do/", {"act": "return", "seen": "1", "reason": "选项重复"})
    client.force_login(writer)
    assert "选项重复" in client.get("/items/3-A/").content.decode()
    client.post("/items/3-A/do/", {"act": "submit"})
    client.force_login(reviewer)
    response = client.post("/items/3-A/do/", {"act": "approve", "seen": "1", "back": "queue"})
    assert response.headers["Location"] == "/items/review/"
    item.refresh_from_db()
    assert item.state == "approved"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"act": "suspend", "reason": "争议"}, 302),
        ({"act": "retire", "reason": "过时"}, 409),
        ({"act": "retire", "reason": "过时", "confirmed": "on"}, 302),
        ({"act": "comment", "text": "好题"}, 302),
        ({"act": "comment", "text": ""}, 409),
        ({"act": "enemy", "other": "3-B", "reason": "同一情境"}, 302),
        ({"act": "enemy", "other": "3-Z", "reason": "同一情境"}, 409),
        ({"act": "friend", "pair": "1"}, 404),
        ({"act": "assign", "reviewer": ""}, 409),
        ({"act": "nonsense"}, 400),
    ],
    ids=str,
)
def test_item_acts(manager: Client, data: dict[str, str], status: int) -> None:
    ItemFactory(code="3-A")
    ItemFactory(code="3-B")
    assert manager.post("/items/3-A/do/", data).status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_queue_costs_the_same_for_every_length(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    writer = item_writer()
    for _number in range(count):
        item = ItemFactory(state="draft", created_by=writer)
        submit_item(item=item, by=writer, at=timezone.now())
    client.force_login(item_reviewer())
    client.get("/items/review/")
    with django_assert_num_queries(5):
        assert client.get("/items/review/").content.decode().count('value="take"') == count


# --- Coverage


def test_coverage_counts_and_marks_holes(manager: Client) -> None:
    points = knowledge_points()
    ItemFactory.create_batch(2, knowledge=points[0])
    ItemFactory(knowledge=points[1], state="draft")
    response = manager.get("/items/coverage/")
    first, second = response.context["coverage"].rows[:2]
    live = {row.requirement.code: row.pools[1] for row in (first, second)}
    assert (live["1.1.K1"].approved, live["1.1.K1"].is_hole) == (2, False)
    assert (live["1.1.K2"].approved, live["1.1.K2"].is_hole) == (0, True)
    assert live["1.1.K2"].cells[0].at_work == 1
    page = response.content.decode()
    assert "/items/new/?type=single&amp;level=3&amp;pool=live&amp;knowledge=1.1.K2" in page
    assert "/items/new/?type=single&amp;level=3&amp;pool=live&amp;knowledge=1.1.K1" not in page


def test_coverage_costs_the_same_for_every_bank(
    manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ItemFactory()
    manager.get("/items/coverage/")
    for part in ("theory", "skill"):
        with django_assert_num_queries(6):
            manager.get(f"/items/coverage/?part={part}")
    ItemFactory.create_batch(3)
    with django_assert_num_queries(6):
        manager.get("/items/coverage/")


def test_coverage_fragment_equals_a_fresh_load(manager: Client) -> None:
    ItemFactory()
    page = manager.get("/items/coverage/?part=theory")
    fragment = manager.get("/items/coverage/?part=skill", headers=htmx_headers("coverage"))
    assert_same_as_fresh_load(manager, "/items/coverage/?part=skill", fragment, page=page)


def test_coverage_without_a_standard_gives_advice(manager: Client) -> None:
    assert "load_standard" in manager.get("/items/coverage/").content.decode()
