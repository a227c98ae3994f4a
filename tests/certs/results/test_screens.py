"""The registrar's and the candidate's screens: who may, what is shown, what is written."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from certs.people.documents import document_number
from certs.people.models import Person
from certs.results.models import PartResult
from exams.delivery.models import Attempt
from exams.marking.actions import mark
from tests.factories.bank import a_level
from tests.factories.people import PersonFactory, admin, exam_officer, item_manager, registrar
from tests.factories.results import (
    PUBLISHED_AT,
    CentreFactory,
    PartResultFactory,
    SealedAttemptFactory,
    load_rules,
)
from tests.htmx import assert_same_as_fresh_load, htmx_headers

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FAILING = {1: "A", 2: "A", 3: "A"}


@pytest.fixture(autouse=True)
def world() -> Any:
    load_rules()
    a_level()
    with time_machine.travel(PUBLISHED_AT, tick=False):
        yield


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="certs.people.backends.IdentifierBackend")
    return client


def marked(**kwargs: Any) -> Attempt:
    attempt: Attempt = SealedAttemptFactory(**kwargs)
    mark(attempt=attempt)
    return attempt


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- Access -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [PersonFactory, admin, exam_officer, item_manager])
@pytest.mark.parametrize("name", ["results", "result_record", "results_ledger"])
def test_staff_screens_refuse_everyone_but_registrars(make: Any, name: str) -> None:
    assert client_of(make()).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("make", [PersonFactory, admin, exam_officer, item_manager])
def test_screens_of_one_row_refuse_everyone_but_registrars(make: Any) -> None:
    row, client = PartResultFactory(), client_of(make())
    for name, pk in (
        ("person_results", row.person_id),
        ("person_result_record", row.person_id),
        ("result_correct", row.pk),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 403


@pytest.mark.parametrize("name", ["results", "result_record", "results_ledger", "my_results"])
def test_screens_ask_strangers_to_log_in(name: str) -> None:
    response = Client().get(reverse(name))
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("login"))


def test_registrar_of_a_centre_sees_that_centre_only() -> None:
    here, there = CentreFactory(code="0101"), CentreFactory(code="0202")
    by = client_of(registrar(centre=here))
    own, other = PartResultFactory(centre=here), PartResultFactory(centre=there)
    waiting, foreign = marked(centre=here), marked(centre=there)
    desk, ledger = text_of(by.get(reverse("results"))), text_of(by.get(reverse("results_ledger")))
    assert (str(waiting.pk) in desk, str(foreign.pk) in desk) == (True, False)
    assert (own.person.name in ledger, reverse("person_results", args=[other.person_id]) in ledger) == (
        True,
        False,
    )
    assert by.get(reverse("person_results", args=[own.person_id])).status_code == 200
    assert by.get(reverse("person_results", args=[other.person_id])).status_code == 404
    assert by.get(reverse("result_correct", args=[other.pk])).status_code == 404
    by.post(reverse("results"), {"attempts": [str(foreign.pk)]})
    assert not PartResult.objects.filter(attempt=foreign).exists()


def test_registrar_of_a_centre_enters_results_there_only() -> None:
    here, there = CentreFactory(code="0101"), CentreFactory(code="0202")
    candidate = PersonFactory()
    response = client_of(registrar(centre=here)).post(
        reverse("result_record"), record_data(candidate, centre=there.pk)
    )
    assert response.status_code == 200
    assert not PartResult.objects.exists()


def test_slip_is_for_its_holder_only() -> None:
    row = PartResultFactory()
    url = reverse("result_slip", args=[row.pk])
    assert client_of(row.person).get(url).status_code == 200
    for other in (PersonFactory(), registrar()):
        assert client_of(other).get(url).status_code == 404


# --- The desk -----------------------------------------------------------------------------------------------


def test_desk_publishes_the_selection() -> None:
    passed, failed, left = marked(), marked(answers=FAILING), marked()
    client = client_of(registrar())
    data = {"attempts": [str(passed.pk), str(failed.pk)], "confirmed": [str(failed.pk)]}
    response = client.post(reverse("results"), data, follow=True)
    assert "已公布 2 项成绩。" in text_of(response)
    assert set(PartResult.objects.values_list("attempt_id", "outcome")) == {
        (passed.pk, "passed"),
        (failed.pk, "failed"),
    }
    assert str(left.pk) in text_of(response)


def test_desk_asks_for_the_confirmation_of_a_failure() -> None:
    failed = marked(answers=FAILING)
    response = client_of(registrar()).post(reverse("results"), {"attempts": [str(failed.pk)]})
    text = text_of(response)
    assert f"{failed.person.name} 的结果不是合格，公布前须由人逐一确认。" in text
    assert f'name="attempts" value="{failed.pk}" checked' in text
    assert f'name="confirmed" value="{failed.pk}" checked' not in text
    assert not PartResult.objects.exists()


def test_desk_asks_for_a_selection() -> None:
    marked()
    assert "请先选择要公布的成绩。" in text_of(client_of(registrar()).post(reverse("results"), {}))


def test_desk_cuts_the_score_and_names_the_clause() -> None:
    marked(answers=FAILING)
    text = text_of(client_of(registrar()).get(reverse("results")))
    assert "40.0" in text
    assert "不合格" in text
    assert "§1.7.4" in text


def test_desk_selects_what_passed() -> None:
    passed, failed = marked(), marked(answers=FAILING)
    text = text_of(client_of(registrar()).get(reverse("results"), {"select": "passed"}))
    assert f'value="{passed.pk}" checked' in text
    assert f'value="{failed.pk}" checked' not in text


def test_desk_says_why_a_row_cannot_be_published() -> None:
    by = registrar()
    marked(person=by)
    SealedAttemptFactory()
    again = marked()
    PartResultFactory(person=again.person, published_at=PUBLISHED_AT - 30 * DAY)
    soon = marked()
    PartResultFactory(person=soon.person, outcome="failed", published_at=PUBLISHED_AT - 12 * DAY)
    text = text_of(client_of(by).get(reverse("results")))
    assert "不能公布自己的成绩" in text
    assert "正在评分，请稍候。" in text
    assert "已有有效的合格成绩（有效至 2028-02-08），不再重考。" in text
    assert "不足 30 天，最早应为" in text
    assert text.count('name="attempts"') == 1


def test_empty_desk_says_what_to_do() -> None:
    text = text_of(client_of(registrar()).get(reverse("results")))
    assert "没有待公布的成绩" in text
    assert reverse("result_record") in text


def queries_of(client: Client, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)


def test_desk_reads_one_and_three_rows_alike() -> None:
    client = client_of(registrar())
    marked()
    client.get(reverse("results"))
    one = queries_of(client, reverse("results"))
    marked()
    marked(answers=FAILING)
    assert queries_of(client, reverse("results")) == one <= 13


# --- Entering -----------------------------------------------------------------------------------------------


def record_data(person: Person, **kwargs: Any) -> dict[str, Any]:
    return {
        "identifier": document_number(person),
        "level": 3,
        "part": "skill",
        "kind": "scored",
        "score": "59.96",
        "sat_on": "2026-03-05",
        "centre": CentreFactory().pk,
        "reason": "",
        **kwargs,
    }


def test_record_finds_the_person_and_judges_the_exact_score() -> None:
    person = PersonFactory()
    response = client_of(registrar()).post(reverse("result_record"), record_data(person))
    assert response.headers["Location"] == reverse("person_results", args=[person.pk])
    row = PartResult.objects.get()
    assert (row.person, row.outcome, row.score) == (person, "failed", Decimal("59.96"))


def test_record_takes_an_absence_for_a_known_person() -> None:
    row = PartResultFactory(outcome="failed", part="skill", published_at=PUBLISHED_AT - 90 * DAY)
    data = record_data(row.person, kind="absent", score="")
    client_of(registrar()).post(reverse("person_result_record", args=[row.person_id]), data)
    assert PartResult.objects.filter(person=row.person, outcome="absent").count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"identifier": "13900000000"}, "没有找到这位考生。"),
        ({"score": ""}, "请填写成绩；没有参加考试的，结果选“缺考”。"),
        ({"kind": "absent"}, "缺考没有成绩，请将成绩留空。"),
        ({"sat_on": "2026-03-11"}, "考试日期不能晚于今天。请核对考试日期。"),
        ({"kind": "void"}, "违纪的成绩为 0 分。请将成绩留空或填 0。"),
        ({"score": "60.00001"}, "4"),
    ],
)
def test_record_shows_refusals_in_the_form(change: dict[str, Any], message: str) -> None:
    person = PersonFactory(mobile="13812345678")
    response = client_of(registrar()).post(reverse("result_record"), record_data(person, **change))
    assert response.status_code == 200
    assert message in text_of(response)
    assert not PartResult.objects.exists()


# --- The ledger ---------------------------------------------------------------------------------------------


def test_ledger_is_searched_by_name_and_identifier() -> None:
    row, other = PartResultFactory(person__name="林晓"), PartResultFactory(person__name="周明")
    client = client_of(registrar())
    for wanted in ("林", document_number(row.person), row.person.mobile):
        text = text_of(client.get(reverse("results_ledger"), {"q": wanted}))
        assert (row.person.name in text, f">{other.person.name}<" in text) == (True, False)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [({"outcome": "failed"}, 1), ({"part": "theory"}, 2), ({"level": "3"}, 3), ({"level": "x"}, 3), ({}, 3)],
)
def test_ledger_is_filtered(wanted: dict[str, str], found: int) -> None:
    for part, outcome in (("theory", "passed"), ("theory", "failed"), ("skill", "passed")):
        PartResultFactory(part=part, outcome=outcome)
    response = client_of(registrar()).get(reverse("results_ledger"), wanted)
    assert len(response.context["lines"]) == found


def test_ledger_says_what_to_do_when_nothing_fits() -> None:
    client = client_of(registrar())
    assert "台账还是空的" in text_of(client.get(reverse("results_ledger")))
    assert "没有符合条件的成绩" in text_of(client.get(reverse("results_ledger"), {"q": "无人"}))


def test_ledger_fragment_equals_a_fresh_load() -> None:
    client = client_of(registrar())
    PartResultFactory(outcome="failed")
    PartResultFactory()
    url = reverse("results_ledger") + "?q=&level=&part=&outcome=failed"
    page = client.get(reverse("results_ledger"))
    fragment = client.get(url, headers=htmx_headers("ledger"))
    assert_same_as_fresh_load(client, url, fragment, page=page)


def test_ledger_reads_one_and_three_rows_alike() -> None:
    client = client_of(registrar())
    PartResultFactory()
    client.get(reverse("results_ledger"))
    one = queries_of(client, reverse("results_ledger"))
    row = PartResultFactory(outcome="failed")
    PartResultFactory(person=row.person, supersedes=row)
    assert queries_of(client, reverse("results_ledger")) == one <= 11


# --- One person ---------------------------------------------------------------------------------------------


def test_person_page_shows_ledger_and_masks_the_number() -> None:
    old = PartResultFactory(outcome="failed")
    new = PartResultFactory(person=old.person, supersedes=old, reason="复核更正")
    text = text_of(client_of(registrar()).get(reverse("person_results", args=[old.person_id])))
    number = document_number(old.person)
    assert number not in text
    assert number[:6] + "*" * 10 + number[-2:] in text
    assert f"更正第 {old.pk} 号：复核更正" in text
    assert "已被更正" in text
    assert reverse("result_correct", args=[new.pk]) in text
    assert reverse("result_correct", args=[old.pk]) not in text


@pytest.mark.parametrize(
    ("day", "answer"),
    [("2026-03-09", "否"), ("2026-03-10", "是"), ("2028-03-10", "是"), ("2028-03-11", "否")],
)
def test_person_page_answers_whether_qualified_on_a_day(day: str, answer: str) -> None:
    theory = PartResultFactory()
    skill = PartResultFactory(person=theory.person, part="skill")
    client = client_of(registrar())
    url = reverse("person_results", args=[theory.person_id]) + f"?level=3&day={day}"
    text = text_of(client.get(url, headers=htmx_headers("answer")))
    assert f">{answer}<" in text
    assert f"第 {theory.pk} 号" in text
    assert f"第 {skill.pk} 号" in text
    assert ("2026-03-10 起已取得资格" in text) == (day != "2026-03-09")


def test_person_page_fragment_equals_a_fresh_load() -> None:
    row = PartResultFactory()
    client = client_of(registrar())
    plain = reverse("person_results", args=[row.person_id])
    url = f"{plain}?level=3&day=2026-03-10"
    page = client.get(plain)
    fragment = client.get(url, headers=htmx_headers("answer"))
    assert_same_as_fresh_load(client, url, fragment, page=page)


def test_person_page_asks_for_a_day() -> None:
    row = PartResultFactory()
    url = reverse("person_results", args=[row.person_id]) + "?level=3&day=morgen"
    assert client_of(registrar()).get(url).context["answer"] is None


def test_correction_is_written_with_its_reason() -> None:
    row = PartResultFactory(outcome="failed")
    url = reverse("result_correct", args=[row.pk])
    client = client_of(registrar())
    assert 'value="54.5"' in text_of(client.get(url))
    data = {"kind": "scored", "score": "64.5", "sat_on": str(row.sat_on), "reason": "漏加一题"}
    assert client.post(url, data).status_code == 302
    new = PartResult.objects.get(supersedes=row)
    assert (new.outcome, new.score, new.reason) == ("passed", Decimal("64.5"), "漏加一题")


@pytest.mark.parametrize(
    ("change", "message"),
    [({}, "更正前后内容相同。"), ({"reason": ""}, "更正原因"), ({"score": "101"}, "100")],
)
def test_correction_shows_refusals_in_the_form(change: dict[str, str], message: str) -> None:
    row = PartResultFactory()
    data = {"kind": "scored", "score": "72", "sat_on": str(row.sat_on), "reason": "漏加一题", **change}
    response = client_of(registrar()).post(reverse("result_correct", args=[row.pk]), data)
    assert message in text_of(response)
    assert PartResult.objects.count() == 1


# --- The candidate ------------------------------------------------------------------------------------------


def test_my_results_show_what_stands_and_what_comes_next() -> None:
    person = PersonFactory()
    PartResultFactory(person=person)
    PartResultFactory(person=person, part="skill", outcome="failed", sat_on=datetime.date(2026, 3, 5))
    text = text_of(client_of(person).get(reverse("my_results")))
    for wanted in (
        "72.0",
        "2028-03-10",
        "无需再考",
        "54.5",
        "须补考",
        "最早 2026-04-04（两次考试间隔 30 天）",
    ):
        assert wanted in text


def test_my_results_say_when_a_pass_has_expired() -> None:
    row = PartResultFactory()
    with time_machine.travel(PUBLISHED_AT + 735 * DAY, tick=False):
        text = text_of(client_of(row.person).get(reverse("my_results")))
    assert "合格（已过期）" in text
    assert "已过有效期，须重考" in text


def test_my_results_say_when_qualified() -> None:
    row = PartResultFactory()
    PartResultFactory(person=row.person, part="skill")
    text = text_of(client_of(row.person).get(reverse("my_results")))
    assert "2026-03-10 起取得资格" in text


def test_my_results_name_what_waits_without_a_score() -> None:
    attempt = marked(answers=FAILING)
    text = text_of(client_of(attempt.person).get(reverse("my_results")))
    assert "2026-03-02 的三级理论知识考试已交卷，成绩待公布。" in text
    assert "40.0" not in text


def test_my_results_say_what_to_do_first() -> None:
    assert "还没有成绩" in text_of(client_of(PersonFactory()).get(reverse("my_results")))


def test_my_results_show_nobody_elses() -> None:
    PartResultFactory()
    response = client_of(PersonFactory()).get(reverse("my_results"))
    assert response.context["cards"] == []


def test_my_results_read_one_and_three_rows_alike() -> None:
    person = PersonFactory()
    client = client_of(person)
    PartResultFactory(person=person, outcome="failed", published_at=PUBLISHED_AT - 90 * DAY)
    client.get(reverse("my_results"))
    one = queries_of(client, reverse("my_results"))
    PartResultFactory(person=person)
    PartResultFactory(person=person, part="skill", outcome="failed")
    assert queries_of(client, reverse("my_results")) == one <= 11


def test_slip_says_what_was_judged_and_by_which_clause() -> None:
    row = PartResultFactory(outcome="failed", score=Decimal("59.96"))
    text = text_of(client_of(row.person).get(reverse("result_slip", args=[row.pk])))
    for wanted in ("59.9", "60.0 分（含）", "§1.7.4", "不四舍五入", "D7", "2026.1", row.person.name):
        assert wanted in text
    assert "60.0 <" not in text
    number = document_number(row.person)
    assert number not in text
    assert "*" * 14 + number[-4:] in text


def test_slip_of_a_pass_names_its_last_day() -> None:
    row = PartResultFactory()
    text = text_of(client_of(row.person).get(reverse("result_slip", args=[row.pk])))
    assert "2028-03-10" in text
    assert "D3" in text


def test_slip_shows_no_items_keys_or_explanations() -> None:
    attempt = marked()
    client_of(registrar()).post(reverse("results"), {"attempts": [str(attempt.pk)]})
    row = PartResult.objects.get()
    text = text_of(client_of(attempt.person).get(reverse("result_slip", args=[row.pk])))
    for version in (one.version for one in attempt.paper.items.select_related("version")):
        assert version.stem not in text
        assert version.explanation not in text


def test_superseded_slip_leads_to_the_new_one() -> None:
    old = PartResultFactory(outcome="failed")
    new = PartResultFactory(person=old.person, supersedes=old)
    text = text_of(client_of(old.person).get(reverse("result_slip", args=[old.pk])))
    assert "这张成绩单已被更正" in text
    assert reverse("result_slip", args=[new.pk]) in text
