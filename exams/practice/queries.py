"""Reads mocks: what can be sat, what was sat, what came out."""

from dataclasses import dataclass
from decimal import Decimal

from exams.assembly.models import Blueprint
from exams.bank.enums import Pool
from exams.delivery.actions import Someone
from exams.delivery.enums import AttemptKind
from exams.delivery.models import Attempt
from exams.marking.models import Score
from exams.marking.queries import MarkedItem, marked_items, points_by_function, scores_of
from exams.practice.rules import MockVerdict, judge_mock, most_to_gain
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Part


@dataclass(frozen=True, slots=True)
class MockBlueprint:
    """A blueprint as the chooser shows it; `minutes` are its own or the part's."""

    blueprint: Blueprint
    questions: int
    minutes: int

    @property
    def level(self) -> int:
        return self.blueprint.level_number


@dataclass(frozen=True, slots=True)
class MockRow:
    """One mock of a candidate with the score that counts, None until it is sealed and marked."""

    attempt: Attempt
    score: Score | None
    passed: bool


@dataclass(frozen=True, slots=True)
class MockResult:
    """Everything the result page shows of one sealed mock."""

    verdict: MockVerdict
    bars: list[dict[str, object]]
    most_to_gain: str | None
    items: list[MarkedItem]
    right: int
    open: int


def mock_blueprints() -> list[MockBlueprint]:
    """Return the theory blueprints to practise with: 三级 first, short before full, modules last."""
    found = Blueprint.objects.filter(
        pool=Pool.PRACTICE, part=PartCode.THEORY, retired_at__isnull=True
    ).prefetch_related("sections")
    minutes = dict(
        Part.objects.filter(code=PartCode.THEORY)
        .order_by("level__effective_on", "level__pk")
        .values_list("level__number", "minutes")
    )
    return [
        MockBlueprint(
            blueprint,
            sum(section.count for section in blueprint.sections.all()),
            blueprint.minutes or minutes.get(blueprint.level_number, 0),
        )
        for blueprint in found.order_by("-level_number", "module", "-is_short", "code")
    ]


def mocks_of(person: Someone) -> list[MockRow]:
    """Return a person's mocks, newest first."""
    attempts = list(
        Attempt.objects.filter(person=person.pk, kind=AttemptKind.MOCK)
        .select_related("paper__blueprint", "paper__level")
        .order_by("-admitted_at", "pk")
    )
    scores = scores_of(attempt.pk for attempt in attempts)
    marks = dict(Part.objects.filter(code=PartCode.THEORY).values_list("level_id", "pass_mark"))
    return [_row(attempt, scores.get(attempt.pk), marks[attempt.paper.level_id]) for attempt in attempts]


def _row(attempt: Attempt, score: Score | None, pass_mark: Decimal) -> MockRow:
    paper = attempt.paper
    passed = (
        score is not None
        and judge_mock(score.points, score.full_points, pass_mark, is_short=paper.is_short).passed
    )
    return MockRow(attempt, score, passed)


def open_mock(person: Someone, blueprint: Blueprint) -> Attempt | None:
    """Return the person's mock of `blueprint` that is not sealed yet."""
    mocks = Attempt.objects.filter(person=person.pk, kind=AttemptKind.MOCK, paper__blueprint=blueprint)
    return mocks.filter(sealed_at__isnull=True).select_related("paper").order_by("-admitted_at", "pk").first()


def last_paper(person: Someone, blueprint: Blueprint) -> list[int]:
    """Return the id of the paper of the person's last mock of `blueprint` in a list, or [] before it."""
    mocks = Attempt.objects.filter(person=person.pk, kind=AttemptKind.MOCK, paper__blueprint=blueprint)
    return list(mocks.order_by("-admitted_at", "pk").values_list("paper_id", flat=True)[:1])


def mock_result_of(attempt: Attempt, score: Score) -> MockResult:
    """Return the result of a sealed and marked mock. Raises what `marked_items` raises."""
    part = Part.objects.get(level=attempt.paper.level_id, code=attempt.paper.part)
    functions = points_by_function(score)
    items = marked_items(attempt)
    return MockResult(
        verdict=judge_mock(score.points, score.full_points, part.pass_mark, is_short=attempt.paper.is_short),
        bars=[
            {
                "label": one.function.name,
                "value": one.points,
                "full": one.full,
                "text": f"{one.points.normalize():f} / {one.full}",
                "low": one.points * 100 < one.full * part.pass_mark,
            }
            for one in functions
        ],
        most_to_gain=most_to_gain([(one.function.name, one.full - one.points) for one in functions]),
        items=items,
        right=sum(item.is_right for item in items),
        open=sum(not item.is_answered for item in items),
    )
