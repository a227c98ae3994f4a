"""Keeping the statistics of items."""

import datetime
from dataclasses import dataclass

from django.db import connection, transaction

from exams.analysis.queries import answer_groups
from exams.analysis.rules import figures
from exams.bank.models import ItemStatistic

_ONE_AT_A_TIME = 4_301_007  # key of the advisory lock; any number that nothing else uses
_FIGURES = ("answers", "facility", "discrimination", "computed_at")


@dataclass(frozen=True, slots=True)
class StatisticsReport:
    """How many item versions have figures now, and how many no longer have any."""

    kept: int
    dropped: int


@transaction.atomic
def update_statistics(*, at: datetime.datetime) -> StatisticsReport:
    """Compute the figures of every item version anew from real attempts, and replace those there are.

    Running it again changes nothing but the moment. Versions with fewer than LEAST_ANSWERS answers have none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    rows = [
        ItemStatistic(
            version_id=version,
            answers=found.answers,
            facility=found.facility,
            discrimination=found.discrimination,
            computed_at=at,
        )
        for version, groups in sorted(answer_groups().items())
        if (found := figures(groups))
    ]
    old = ItemStatistic.objects.exclude(version__in=[row.version_id for row in rows])
    dropped, _by_model = old.delete()
    ItemStatistic.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["version"], update_fields=_FIGURES, batch_size=2000
    )
    return StatisticsReport(len(rows), dropped)
