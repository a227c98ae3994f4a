"""Lists of items: what a person may see, narrowed, sorted and in pages."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.lookups import TrigramSimilar
from django.contrib.postgres.search import TrigramSimilarity
from django.core.paginator import Page as PageOf
from django.core.paginator import Paginator
from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    Lookup,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Abs
from django.db.models.lookups import GreaterThanOrEqual

from exams.bank.enums import ItemState, Pool
from exams.bank.lifecycle import Actor
from exams.bank.models import Item, ItemCriterion, ItemReview, ItemStatistic, ItemVersion
from exams.bank.rules import FACILITY
from syllabus.standard.enums import PartCode
from syllabus.standard.models import Function, Level, Requirement

PER_PAGE = 50
MOST_COUNTED = 1000
REVISED = "revised"  # in the state filter: approved before, with a newer version
FAR_FROM_EXPECTED = "0.2"
LOW_DISCRIMINATION = "0.2"

SORTS: dict[str, tuple[str, ...]] = {
    "code": ("code",),
    "-code": ("-code",),
    "newest": ("-current_id",),
    "difficulty": ("current__difficulty", "code"),
    "-difficulty": ("-current__difficulty", "code"),
    "used": ("used_count", "code"),
    "-used": ("-used_count", "code"),
}


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What a list of items is narrowed to; an empty value narrows nothing.

    `text` stands in stem or code, `similar` is near the stem, `place` is a work content or requirement.
    `today` is what "used in the last twelve months" counts from.
    """

    text: str = ""
    similar: str = ""
    level: int | None = None
    function: str = ""
    place: str = ""
    type: str = ""
    pool: str = ""
    state: str = ""
    difficulty: int | None = None
    use: str = ""
    statistic: str = ""
    mine: bool = False
    sort: str = ""
    today: datetime.date | None = None

    @property
    def narrows(self) -> bool:
        return replace(self, sort="", today=None) != ItemFilter()


@dataclass(frozen=True, slots=True)
class Row:
    """An item in a list: its newest version, what is known of the approved one, how like the asked text."""

    item: Item
    version: ItemVersion
    statistic: ItemStatistic | None
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `is_cut`: there are more than are counted."""

    rows: list[Row]
    numbers: "PageOf[int]"
    is_cut: bool

    @property
    def items(self) -> list[Item]:
        return [row.item for row in self.rows]

    @property
    def total(self) -> int:
        return self.numbers.paginator.count


class _Contains(Lookup):  # type: ignore[type-arg]
    """`LIKE` or `ILIKE`, which both use the trigram index; Django's icontains hides the column in UPPER()."""

    prepare_rhs = False

    def as_sql(self, compiler, connection):  # type: ignore[no-untyped-def]
        left, left_params = self.process_lhs(compiler, connection)
        pattern = f"%{connection.ops.prep_for_like_query(self.rhs)}%"
        # Chinese has no small letters, and LIKE compares bytes: several times as fast.
        operator = "LIKE" if self.rhs == str(self.rhs).swapcase() else "ILIKE"
        return f"{left} {operator} %s", [*left_params, pattern]


def usable_versions(level: Level, pool: str, part: str = PartCode.THEORY) -> list[ItemVersion]:
    """Return the approved versions of a part's items that a paper of `level` may use, by item code.

    Usable is an approved item of `pool` whose approved version belongs to this very row of the level: an item
    written for an older edition waits until it is loaded again. A revision in review leaves it as it is.
    """
    versions = ItemVersion.objects.filter(
        level=level,
        item__part=part,
        item__pool=pool,
        item__state=ItemState.APPROVED,
        item__approved=F("pk"),  # a join by the item's key; a subquery is slow without statistics
    )
    if part == PartCode.SKILL:
        versions = versions.prefetch_related("criteria__requirement__work_content__function")
    return list(
        versions.select_related("item", "knowledge__work_content__function").order_by("item__code", "pk")
    )


def page_of_items(wanted: ItemFilter, number: int | str | None, viewer: Actor | None = None) -> Page:
    """Return a page of what fits. At most MOST_COUNTED (or what the page needs) are looked for and counted.

    A list of fifty thousand is never counted whole: the first page costs what the first page is.
    """
    asked = int(number) if number and str(number).isdecimal() and len(str(number)) < 6 else 1
    most = max(MOST_COUNTED, asked * PER_PAGE)
    pks = list(items(wanted, viewer).values_list("pk", flat=True)[: most + 1])
    page = Paginator(pks[:most], PER_PAGE).get_page(asked)
    return Page(_loaded(list(page.object_list), wanted.similar), page, len(pks) > most)


def _loaded(pks: Sequence[int], similar: str) -> list[Row]:
    found = Item.objects.filter(pk__in=pks).select_related(
        "current__knowledge__work_content__function", "current__level", "approved__statistic"
    )
    if similar:
        found = found.annotate(similarity=TrigramSimilarity("current__stem", similar))
    by_pk = {item.pk: item for item in found}
    return [_row(by_pk[pk]) for pk in pks if pk in by_pk]


def _row(item: Item) -> Row:
    assert item.current is not None, "lists hold items with a version only"
    statistic = getattr(item.approved, "statistic", None)
    return Row(item, item.current, statistic, getattr(item, "similarity", None))


def items(wanted: ItemFilter, viewer: Actor | None = None) -> QuerySet[Item]:
    """Return the items that fit and that `viewer` may see, in the order asked for (default: by code)."""
    found = Item.objects.filter(current__isnull=False).filter(visible_to(viewer))
    narrow = {
        "current__type": wanted.type,
        "current__level__number": wanted.level,
        "pool": wanted.pool,
        "current__difficulty": wanted.difficulty,
    }
    found = found.filter(**{path: value for path, value in narrow.items() if value})
    for condition in (_text(wanted), _place(wanted), _state(wanted), _use(wanted), _statistic(wanted)):
        if condition is not None:
            found = found.filter(condition)
    if wanted.mine and viewer:
        found = found.filter(created_by=viewer.pk)
    if wanted.similar:
        found = found.annotate(similarity=TrigramSimilarity("current__stem", wanted.similar))
        found = found.filter(TrigramSimilar(F("current__stem"), Value(wanted.similar)))
        return found.order_by("-similarity", "code")
    return found.order_by(*SORTS.get(wanted.sort, ("code",)))


def visible_to(viewer: Actor | None) -> Q:
    """Return the condition that exams.bank.lifecycle.may_see states; None sees everything."""
    if viewer is None or viewer.manages:
        return Q()
    if not viewer.works_here:
        return Q(pk__in=())
    seen = Q(pool=Pool.PRACTICE) | Q(created_by=viewer.pk)
    if viewer.reviews:
        reviews = ItemReview.objects.filter(version__item=OuterRef("pk"))
        waits = reviews.filter(version=OuterRef("current"), decided_at__isnull=True)
        seen |= Q(Exists(waits)) | Q(Exists(reviews.filter(reviewer=viewer.pk)))
    return seen


def _text(wanted: ItemFilter) -> Q | None:
    if not wanted.text:
        return None
    # By ids, not by a join: a condition on two tables at once could use the index of neither.
    stems = ItemVersion.objects.filter(_Contains(F("stem"), wanted.text)).values("pk")
    codes = _Contains(F("code"), wanted.text)
    if not wanted.text.isascii():  # codes are ASCII
        return Q(current__in=stems)
    return Q(codes) | Q(current__in=stems)


def _place(wanted: ItemFilter) -> Q | None:
    """Return items whose knowledge point, or one of whose criteria, is of the asked place."""
    if not wanted.function and not wanted.place:
        return None
    asked = Requirement.objects.all()
    if wanted.level:
        asked = asked.filter(work_content__function__level__number=wanted.level)
    if wanted.function:
        asked = asked.filter(work_content__function__code=wanted.function)
    if wanted.place:
        asked = asked.filter(Q(code=wanted.place) | Q(work_content__code=wanted.place))
    pks = list(asked.values_list("pk", flat=True))
    # Asked for first: skill tasks are few, and a subquery beside `or` would be run for every item.
    tasks = ItemCriterion.objects.filter(requirement__in=pks, version=F("version__item__current"))
    return Q(current__knowledge__in=pks) | Q(current__in=set(tasks.values_list("version_id", flat=True)))


def _state(wanted: ItemFilter) -> Q | None:
    if wanted.state == REVISED:
        return Q(approved__isnull=False) & ~Q(approved=F("current"))
    return Q(state=wanted.state) if wanted.state else None


def _use(wanted: ItemFilter) -> Q | None:
    if wanted.use == "year" and wanted.today:
        return Q(last_used_at__date__gt=wanted.today - datetime.timedelta(days=365))
    return {"unused": Q(used_count=0), "used": Q(used_count__gt=0)}.get(wanted.use)


def _statistic(wanted: ItemFilter) -> Q | None:
    expected = Case(
        *(When(approved__difficulty=number, then=Value(share)) for number, share in FACILITY.items()),
        output_field=DecimalField(),
    )
    if wanted.statistic == "far":
        gap = Abs(F("approved__statistic__facility") - expected)
        return Q(approved__in=ItemVersion.objects.filter(statistic__isnull=False).values("pk")) & _at_least(
            gap
        )
    if wanted.statistic == "weak":
        return Q(approved__statistic__discrimination__lt=LOW_DISCRIMINATION)
    if wanted.statistic == "none":
        return Q(approved__statistic__isnull=True)
    return None


def _at_least(gap: Abs) -> Q:
    return Q(GreaterThanOrEqual(gap, Value(FAR_FROM_EXPECTED, output_field=DecimalField())))


def functions_with_items() -> list[Function]:
    """Return the functions of the levels that have items, each code and level once, by level and position."""
    levels = ItemVersion.objects.filter(pk__in=Item.objects.values("current")).values("level")
    return list(
        Function.objects.filter(level__in=levels)
        .select_related("level")
        .order_by("-level__number", "position", "-level__standard__edition")
    )
