"""The blueprints' pages: list, editor, forecast beside it, history, retiring, file."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from exams.assembly.actions import load_blueprints, save_blueprint
from exams.assembly.exporting import as_yaml
from exams.assembly.models import Blueprint, BlueprintEvent, BlueprintQuota, BlueprintSection
from exams.assembly.queries import source_of
from tests.exams.assembly.conftest import AT
from tests.factories.assembly import BlueprintFactory, BlueprintSectionFactory, PaperFactory
from tests.factories.people import PersonFactory, exam_officer, item_manager

pytestmark = pytest.mark.django_db
NEW = "/blueprints/new/?level=3&part=theory&pool=live&start=full"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(item_manager())
    return client


def fields(**changes: Any) -> dict[str, Any]:
    """Return what the browser sends for twenty singles of five points, a blank row at the end."""
    sent: dict[str, Any] = {
        "code": "small",
        "name": "小卷",
        "section_type": ["single", ""],
        "section_count": ["20", ""],
        "section_points": ["5", ""],
        "facility_least": "0.55",
        "facility_most": "0.9",
        "least_per_work_content": "0",
        "extra_per_knowledge": "10",
    }
    return sent | changes


def saved(blueprint: Blueprint) -> Blueprint:
    """Return the fixture's blueprint as the editor would have stored it, with its checksum and history."""
    save_blueprint(source=source_of(blueprint), by=item_manager(), at=AT, checksum=blueprint.checksum)
    return Blueprint.objects.get(pk=blueprint.pk)


@pytest.mark.parametrize("path", ["", "new/", "small/", "small/blueprint.yaml"])
def test_blueprints_are_closed_to_others(client: Client, blueprint: Blueprint, path: str) -> None:
    assert client.get(f"/blueprints/{path}").status_code == 302
    for person in (PersonFactory(), exam_officer()):
        client.force_login(person)
        assert client.get(f"/blueprints/{path}").status_code == 403
        assert client.post("/blueprints/small/", fields()).status_code == 403
        assert client.post("/blueprints/small/retire/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_every_length(
    manager: Client, level: Any, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        BlueprintSectionFactory(blueprint=BlueprintFactory(code=f"b-{number}"), type="single")
    manager.get("/blueprints/")
    with django_assert_num_queries(9):
        response = manager.get("/blueprints/")
    assert [len(shelf.lines) for shelf in response.context["shelves"]] == [count]


def test_list_shows_each_in_short_and_folds_retired_ones(manager: Client, blueprint: Blueprint) -> None:
    PaperFactory(blueprint=blueprint)
    PaperFactory(blueprint=blueprint, withdrawn_at=timezone.now())
    BlueprintFactory(code="old", retired_at=AT, module="1")
    response = manager.get("/blueprints/")
    (shelf,) = response.context["shelves"]
    assert [(one.row.code, one.sections, one.papers) for one in shelf.lines] == [
        ("small", "单项选择题 20×5", 1)
    ]
    assert [one.row.code for one in shelf.retired] == ["old"]
    assert shelf.retired[0].weights.startswith("1 ")
    page = response.content.decode()
    assert "/papers/?blueprint=small" in page
    assert "/papers/assemble/?blueprint=small" in page
    assert "已停用 1 份" in page


def test_papers_of_one_blueprint_are_listed_alone(manager: Client, blueprint: Blueprint) -> None:
    PaperFactory(code="L3-1", blueprint=blueprint)
    PaperFactory(code="L3-2")
    response = manager.get("/papers/?blueprint=small")
    assert [paper.code for paper in response.context["page"]] == ["L3-1"]
    assert "只列出用蓝图" in response.content.decode()
    assert "只列出用蓝图" not in manager.get("/papers/").content.decode()


def test_new_blueprint_begins_with_what_it_is_for(manager: Client, level: Any) -> None:
    assert "下一步" in manager.get("/blueprints/new/").content.decode()
    page = manager.get(NEW).content.decode()
    assert 'value="l3-theory-live"' in page
    assert 'value="0.645"' in page
    refused = manager.get("/blueprints/new/?level=3&part=skill&pool=live&start=short")
    assert set(refused.context["form"].errors) == {"start"}
    module = manager.get(NEW.replace("full", "module"))
    assert [row.points for row in module.context["sections"]][:3] == [2, 2, 4]


def test_new_skill_blueprint_has_tasks_without_points(manager: Client, level: Any) -> None:
    page = manager.get(NEW.replace("theory", "skill")).content.decode()
    assert 'name="section_least"' in page
    assert 'name="section_points"' not in page
    sent = fields(code="skill", section_type=["case"], section_count=["2"], section_least=["0"])
    manager.post(NEW.replace("theory", "skill"), sent)
    row = BlueprintSection.objects.get(blueprint__code="skill")
    assert (row.type, row.count, row.least, row.points) == ("case", 2, 0, 0)


def test_saved_blueprint_says_what_was_typed_and_blank_rows_are_ignored(manager: Client, level: Any) -> None:
    sent = fields(
        quota_cognition_recall_most="40",
        quota_difficulty_5_most="0",
        exposure_cap="3",
        rest_days="30",
        minutes="60",
    )
    response = manager.post(NEW, sent)
    assert response.headers["Location"] == "/blueprints/small/"
    row = Blueprint.objects.get()
    assert (row.facility_least, row.minutes, row.exposure_cap, row.rest_days) == (Decimal("0.550"), 60, 3, 30)
    assert list(row.sections.values_list("type", "count", "points")) == [("single", 20, 5)]
    quotas = set(BlueprintQuota.objects.values_list("attribute", "value", "least", "most"))
    assert quotas == {("cognition", "recall", None, 40), ("difficulty", "5", None, 0)}
    event = BlueprintEvent.objects.get()
    assert (event.kind, event.detail["name"]) == ("created", "小卷")
    page = manager.get("/blueprints/small/").content.decode()
    assert 'name="quota_difficulty_5_most" value="0"' in page


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"name": " "}, "name", "名称不能为空。"),
        ({"code": "Small"}, "code", "代码的写法不对：Small"),
        ({"code": "new"}, "code", "代码的写法不对：new"),
        ({"code": "taken"}, "code", "代码 taken 已有蓝图使用，请另取一个。"),
        ({"facility_least": "0.9", "facility_most": "0.8"}, "facility_least", "平均难度的范围应在"),
        ({"facility_most": ""}, "facility_most", "缺少最多。"),
        ({"section_count": ["19", ""]}, "sections", "各大题合计 95 分，应为 100 分。"),
        ({"section_count": ["x", ""]}, "sections.1", "题量应为整数，实为 x。"),
        ({"section_count": ["", ""]}, "sections.1", "缺少题量。"),
        ({"section_type": ["", ""]}, "sections", "缺少大题。"),
        (
            {"quota_cognition_apply_least": "9", "quota_cognition_apply_most": "8"},
            "quotas.1",
            "最多不能小于最少。",
        ),
        ({"short": "on"}, "minutes", "短卷必须写明时长。"),
        ({"module": "1", "vector": "national"}, "vector", "模块卷只有一个职业功能，不能另选比重。"),
        ({"vector": "none"}, "vector", "不在现行标准中"),
        ({"rest_days": "-1"}, "rest_days", "停歇天数应在 0 到 3650 之间，实为 -1。"),
    ],
)
def test_faulty_blueprint_is_refused_at_its_field(
    manager: Client, level: Any, changes: dict[str, Any], place: str, text: str
) -> None:
    BlueprintFactory(code="taken")
    response = manager.post(NEW, fields(**changes))
    assert response.status_code == 422
    assert any(text in one for one in response.context["draft"].messages.get(place, []))
    assert text in response.content.decode()
    assert Blueprint.objects.count() == 1


def test_change_is_kept_with_its_differences(manager: Client, blueprint: Blueprint) -> None:
    row = saved(blueprint)
    manager.post("/blueprints/small/", fields(checksum=row.checksum, name="新名", rest_days="7"))
    response = manager.get("/blueprints/small/")
    newest, first = response.context["history"]
    said = {one.label: (one.old, one.new) for one in newest.changes}
    assert said == {"名称": ("三级理论（测试）", "新名"), "使用后停歇天数": ("0", "7")}
    assert first.changes == ()
    assert "2 处" in response.content.decode()


def test_same_content_again_changes_nothing(manager: Client, blueprint: Blueprint) -> None:
    manager.post("/blueprints/small/", fields(checksum=blueprint.checksum))
    row = Blueprint.objects.get()
    manager.post("/blueprints/small/", fields(checksum=row.checksum))
    assert BlueprintEvent.objects.count() == 1


def test_somebody_elses_change_is_shown_and_saving_again_means_it(
    manager: Client, blueprint: Blueprint
) -> None:
    row = saved(blueprint)
    manager.post("/blueprints/small/", fields(checksum=row.checksum, name="别人的名称"))
    response = manager.post("/blueprints/small/", fields(checksum=row.checksum, name="我的名称"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "别人的名称" in page
    assert "我的名称" in page
    assert Blueprint.objects.get().name == "别人的名称"
    checksum = response.context["form"]["checksum"].value()
    assert manager.post("/blueprints/small/", fields(checksum=checksum, name="我的名称")).status_code == 302
    assert Blueprint.objects.get().name == "我的名称"


def test_copy_begins_with_the_other_and_a_free_code(manager: Client, blueprint: Blueprint) -> None:
    response = manager.get("/blueprints/new/?level=3&part=theory&pool=practice&start=small")
    assert response.context["form"]["code"].value() == "small-2"
    assert response.context["form"]["name"].value() == "三级理论（测试）（副本）"
    assert response.context["sections"][0].count == 20
    refused = manager.get("/blueprints/new/?level=3&part=skill&pool=practice&start=small")
    assert "start" in refused.context["form"].errors


def test_retired_blueprint_is_back_when_it_is_saved(manager: Client, blueprint: Blueprint) -> None:
    saved(blueprint)
    manager.post("/blueprints/small/retire/")
    row = Blueprint.objects.get()
    assert row.retired_at is not None
    page = manager.get("/blueprints/small/").content.decode()
    assert "保存并恢复使用" in page
    assert "停用这份蓝图" not in page
    save_blueprint(source=source_of(row), by=item_manager(), at=timezone.now(), checksum=row.checksum)
    assert Blueprint.objects.get().retired_at is None
    assert manager.get("/blueprints/small/").context["history"][0].is_back


def test_forecast_of_what_is_typed_stores_nothing(manager: Client, blueprint: Blueprint) -> None:
    sent = fields(go="check")
    fragment = manager.post("/blueprints/small/", sent, headers=HTMX).content.decode()
    assert fragment.lstrip().startswith('<section id="forecast"')
    assert "能组成" in fragment
    assert (
        "<html" in manager.post("/blueprints/small/", sent).content.decode()
    )  # the button without JavaScript
    sent = fields(go="check", quota_difficulty_1_least="10")
    fragment = manager.post("/blueprints/small/", sent, headers=HTMX).content.decode()
    assert "不能组成" in fragment
    assert "以下要求单独一项就不能满足" in fragment
    assert not BlueprintEvent.objects.exists()


def test_forecast_of_a_faulty_blueprint_says_what_is_wrong(manager: Client, blueprint: Blueprint) -> None:
    sent = fields(go="check", section_count=["19", ""])
    fragment = manager.post("/blueprints/small/", sent, headers=HTMX).content.decode()
    assert "各大题合计 95 分，应为 100 分。" in fragment
    assert "能组成" not in fragment


def test_room_is_said_with_its_proof(manager: Client, blueprint: Blueprint) -> None:
    fragment = manager.post("/blueprints/small/", fields(go="room"), headers=HTMX).content.decode()
    assert fragment.lstrip().startswith('<section id="room"')
    assert all(text in fragment for text in ("上界已证明", "最先用尽："))
    sent = fields(go="room", name="")
    assert "改正后再算" in manager.post("/blueprints/small/", sent, headers=HTMX).content.decode()


def test_unknown_blueprint_is_not_found(manager: Client) -> None:
    for path in ("nothing/", "nothing/blueprint.yaml"):
        assert manager.get(f"/blueprints/{path}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_editor_costs_the_same_for_every_blueprint(
    manager: Client, blueprint: Blueprint, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number, item_type in enumerate(["multiple", "true_false", "matching"][:count], start=101):
        BlueprintSectionFactory(blueprint=blueprint, type=item_type, position=number)
    for _change in range(count):
        saved(blueprint)
    manager.get("/blueprints/small/")
    with django_assert_num_queries(14):
        manager.get("/blueprints/small/")


def test_exported_files_load_unchanged(manager: Client, level: Any, tmp_path: Path) -> None:
    load_blueprints(path=Path(settings.FIXTURES_ROOT) / "blueprints", by=None, at=AT)
    manager.post(NEW, fields(quota_importance_X_least="50", quota_cognition_recall_most="30", rest_days="5"))
    rows = Blueprint.objects.prefetch_related("sections", "quotas")
    for row in rows:
        (tmp_path / f"{row.code}.yaml").write_text(as_yaml(source_of(row)), encoding="utf-8")
    report = load_blueprints(path=tmp_path, by=None, at=AT)
    assert (report.new, report.changed, report.unchanged) == ([], [], len(rows))
    response = manager.get("/blueprints/small/blueprint.yaml")
    assert response.content.decode() == (tmp_path / "small.yaml").read_text(encoding="utf-8")
    assert response.headers["Content-Disposition"] == 'attachment; filename="small.yaml"'
