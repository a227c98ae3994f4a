"""What the database itself refuses of papers, and that the factories make papers it accepts."""

import pytest
from django.db import IntegrityError, transaction

from exams.assembly.models import Paper, PaperItem
from tests.factories.assembly import BlueprintFactory, BlueprintSectionFactory, PaperFactory, PaperItemFactory

pytestmark = pytest.mark.django_db


def test_paper_factory_makes_a_small_frozen_paper() -> None:
    paper = PaperFactory()
    assert [item.version.type for item in paper.items.all()] == [
        *["single"] * 3,
        "true_false",
        "multiple",
    ]
    assert paper.points == sum(item.points for item in paper.items.all()) == 100
    assert paper.specification["weights"] == {"1": 80, "2": 20}


def test_paper_factory_takes_counts_and_pool() -> None:
    first = PaperFactory()
    second = PaperFactory(
        pool="practice", single=1, true_false=0, multiple=1, points_each=50, reverse_options=True
    )
    assert second.points == 100
    assert [item.option_order for item in second.items.all()] == [[3, 2, 1, 0], [4, 3, 2, 1, 0]]
    assert {item.version.item.pool for item in second.items.all()} == {"practice"}
    assert first.blueprint.pool == "live"
    assert second.blueprint.pool == "practice"


@pytest.mark.parametrize(
    "wrong", [{"status": "infeasible"}, {"points": 0}, {"minutes": 0}], ids=lambda wrong: next(iter(wrong))
)
def test_paper_that_satisfies_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperFactory(items=None, **wrong)


def test_paper_item_is_refused_twice_and_without_points() -> None:
    one = PaperItemFactory()
    for wrong in (
        {"position": 1},
        {"position": 2, "version": one.version},
        {"position": 2, "points": 0},
        {"position": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperItemFactory(paper=one.paper, **wrong)


def test_paper_items_are_never_altered_or_deleted() -> None:
    one = PaperItemFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperItem.objects.filter(pk=one.pk).update(points=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperItem.objects.filter(pk=one.pk).delete()
    assert Paper.objects.get().items.get().points == 1


def test_blueprint_band_and_sections_are_held_to_sense() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BlueprintFactory(facility_least="0.700", facility_most="0.600")
    section = BlueprintSectionFactory()
    for wrong in ({"count": 0}, {"least": 2}, {"type": section.type}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BlueprintSectionFactory(**{"blueprint": section.blueprint, "type": "multiple"} | wrong)
