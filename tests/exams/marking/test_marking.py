"""Marking sealed attempts: once, exactly, and again only with a reason."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from exams.marking.actions import mark, mark_sealed, remark
from exams.marking.errors import KeysWithheld, NeedsMarkers, NotSealed, RemarkRefused
from exams.marking.models import Score
from exams.marking.queries import marked_items, points_by_function, score_of
from exams.marking.tasks import mark_sealed_attempts
from syllabus.standard.models import Rule
from tests.factories.assembly import PaperFactory, PaperItemFactory
from tests.factories.bank import ItemFactory, a_level
from tests.factories.delivery import AttemptFactory
from tests.factories.people import PersonFactory
from tests.factories.results import PUBLISHED_AT, SealedAttemptFactory, load_rules
from tests.factories.standard import FunctionFactory, LevelFactory, RequirementFactory, WorkContentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules(request: pytest.FixtureRequest) -> None:
    load_rules()


def test_mark_scores_a_sealed_attempt() -> None:
    attempt = SealedAttemptFactory(answers={1: "A", 5: "AC"})
    score = mark(attempt=attempt, at=PUBLISHED_AT)
    assert (score.points, score.full_points, score.marked_at) == (Decimal(60), 100, PUBLISHED_AT)
    assert score_of(attempt) == score


def test_mark_gives_half_credit_where_the_rule_says_so() -> None:
    Rule.objects.filter(code="marking.multiple_half_credit").update(value=True)
    assert mark(attempt=SealedAttemptFactory(answers={5: "AC"})).points == Decimal(90)


def test_mark_counts_an_unstarted_attempt_as_nothing() -> None:
    assert mark(attempt=SealedAttemptFactory(started=False)).points == 0


def test_mark_twice_gives_the_same_score() -> None:
    attempt = SealedAttemptFactory()
    assert mark(attempt=attempt) == mark(attempt=attempt)
    assert Score.objects.count() == 1


def test_mark_refuses_an_open_attempt() -> None:
    with pytest.raises(NotSealed, match="试卷尚未封卷，不能评分。"):
        mark(attempt=SealedAttemptFactory(open=True))


def test_score_lists_functions_in_the_order_of_the_standard() -> None:
    score = mark(attempt=SealedAttemptFactory(answers={1: "A"}))
    found = points_by_function(score)
    assert [one.function.position for one in found] == sorted(one.function.position for one in found)
    assert sum(one.points for one in found) == score.points
    assert sum(one.full for one in found) == score.full_points
    assert score.by_function[found[0].function.code] == {
        "points": f"{found[0].points:.2f}",
        "full": str(found[0].full),
    }


def test_first_score_is_unique_in_the_database() -> None:
    score = mark(attempt=SealedAttemptFactory())
    with pytest.raises(IntegrityError, match="score_first_once"), transaction.atomic():
        Score.objects.create(
            attempt=score.attempt, marked_at=timezone.now(), points=1, full_points=100, by_function={}
        )


def test_score_stays_within_the_paper_in_the_database() -> None:
    with pytest.raises(IntegrityError, match="score_within_paper"), transaction.atomic():
        Score.objects.create(
            attempt=SealedAttemptFactory(),
            marked_at=timezone.now(),
            points=Decimal("100.01"),
            full_points=100,
            by_function={},
        )


def test_score_is_append_only_in_the_database() -> None:
    score = mark(attempt=SealedAttemptFactory())
    with pytest.raises(IntegrityError, match="never altered or deleted"), transaction.atomic():
        Score.objects.filter(pk=score.pk).update(points=1)
    with pytest.raises(IntegrityError, match="never altered or deleted"), transaction.atomic():
        Score.objects.filter(pk=score.pk).delete()


def test_remark_supersedes_with_a_reason() -> None:
    attempt, by = SealedAttemptFactory(answers={5: "AC"}), PersonFactory()
    first = mark(attempt=attempt)
    Rule.objects.filter(code="marking.multiple_half_credit").update(value=True)
    second = remark(attempt=attempt, reason=" 规则更改 ", by=by, at=PUBLISHED_AT)
    assert (second.supersedes, second.reason, second.points) == (first, "规则更改", Decimal(90))
    assert score_of(attempt) == second
    assert mark(attempt=attempt) == second


@pytest.mark.parametrize(
    ("reason", "is_marked", "is_own", "message"),
    [
        ("", True, False, "重评必须写明原因。"),
        ("规则更改", False, False, "这次考试还没有评分，不能重评。"),
        ("规则更改", True, True, "不能重评自己的考试。"),
    ],
)
def test_remark_refuses(reason: str, is_marked: bool, is_own: bool, message: str) -> None:
    attempt = SealedAttemptFactory()
    if is_marked:
        mark(attempt=attempt)
    by = attempt.person if is_own else PersonFactory()
    with pytest.raises(RemarkRefused, match=message):
        remark(attempt=attempt, reason=reason, by=by, at=PUBLISHED_AT)


def test_mark_sealed_marks_what_is_sealed_and_unmarked() -> None:
    sealed = [SealedAttemptFactory(), SealedAttemptFactory(mock=True)]
    SealedAttemptFactory(open=True)
    mark(attempt=SealedAttemptFactory())
    assert mark_sealed() == 2
    assert {score.attempt_id for score in Score.objects.all()} >= {attempt.pk for attempt in sealed}
    assert mark_sealed_attempts() == 0


def test_mark_sealed_goes_on_after_one_that_cannot_be_marked(caplog: pytest.LogCaptureFixture) -> None:
    function = FunctionFactory(level=LevelFactory(number=2), code="9")
    foreign = RequirementFactory(work_content=WorkContentFactory(function=function))
    broken = PaperFactory(level=a_level())
    PaperItemFactory(paper=broken, position=6, version=ItemFactory(knowledge=foreign).current)
    whole = SealedAttemptFactory()
    SealedAttemptFactory(paper=broken)
    assert mark_sealed() == 1
    assert [score.attempt for score in Score.objects.all()] == [whole]
    assert "could not be marked" in caplog.text


def test_paper_that_people_mark_is_refused_and_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    paper = PaperFactory()
    written = ItemFactory(type="short_answer", options=[], key="", data={"model_answer": "要点"})
    PaperItemFactory(paper=paper, position=6, version=written.current)
    attempt = AttemptFactory(paper=paper, sealed=True)
    with pytest.raises(NeedsMarkers, match="考评员"):
        mark(attempt=attempt)
    assert mark_sealed() == 0
    assert not Score.objects.exists()
    assert caplog.text == ""


@pytest.mark.django_db(transaction=True)
def test_mark_by_two_workers_at_once_stores_one_score() -> None:
    attempt = SealedAttemptFactory()
    found: list[Score] = []

    def work() -> None:
        try:
            found.append(mark(attempt=attempt))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert Score.objects.filter(attempt=attempt).count() == 1


def test_marked_items_show_a_sealed_mock_in_the_candidates_order() -> None:
    attempt = SealedAttemptFactory(
        mock=True, answers={1: "A", 2: ""}, item_order=[5, 4, 3, 2, 1], option_orders={"1": [1, 0, 2, 3]}
    )
    found = marked_items(attempt)
    assert [(one.number, one.position) for one in found] == [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)]
    assert [one.is_right for one in found] == [True, True, True, False, False]
    assert [one.is_answered for one in found] == [True, True, True, False, True]
    last = found[-1]
    assert (last.answer, last.points, last.earned) == ("A", 20, 0)
    assert last.template == "item_types/single/review.html"
    options = last.context["options"]
    assert [(o["shown"], o["text"], o["is_key"], o["is_chosen"]) for o in options] == [
        ("A", "选项 乙", True, False),
        ("B", "选项 甲", False, True),
        ("C", "选项 丙", False, False),
        ("D", "选项 丁", False, False),
    ]


def test_marked_items_refuse_a_real_attempt() -> None:
    with pytest.raises(KeysWithheld, match="正式考试的试题、答案与解析不对外提供。"):
        marked_items(SealedAttemptFactory())


def test_marked_items_refuse_an_open_mock() -> None:
    with pytest.raises(NotSealed, match="模拟考试尚未封卷"):
        marked_items(SealedAttemptFactory(mock=True, open=True))


def test_mark_reads_a_paper_in_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    attempt = SealedAttemptFactory()
    with django_assert_num_queries(10):
        mark(attempt=attempt)
