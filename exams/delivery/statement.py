"""The one statement that saves an answer.

It locks the attempt FOR SHARE (sealing takes FOR UPDATE: an answer commits before a seal or is refused by it,
never between), reads the database's clock after the lock was got, checks owner, paper, start, seal and
deadline, writes the response where the revision is newer, and appends the revision to the history. The upsert
always returns the row as it stands afterwards, also where another writer was faster.

Run outside of a transaction block it commits by itself: when it has returned a row, the answer is durable.
"""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from django.db import connection

# $1 attempt, $2 person, $3 paper, $4 position, $5 answer, $6 flagged, $7 revision (NULL: the server chooses),
# $8 grace in seconds.
_STATEMENT = """
WITH attempt AS MATERIALIZED (
  SELECT id, item_order, started_at, deadline_at, sealed_at
  FROM exams_attempt WHERE id = $1 AND person_id = $2 AND paper_id = $3
  FOR SHARE
), clock AS MATERIALIZED (
  SELECT attempt.*, clock_timestamp() AS now, $4 = ANY (item_order) AS has_position FROM attempt
), writable AS MATERIALIZED (
  SELECT id, now FROM clock
  WHERE has_position AND sealed_at IS NULL AND started_at IS NOT NULL
    AND now < deadline_at + make_interval(secs => $8)
), stored AS (
  INSERT INTO exams_response AS r (attempt_id, position, answer, flagged, revision, saved_at)
  SELECT id, $4, $5, $6, coalesce($7, 1), now FROM writable
  ON CONFLICT (attempt_id, position) DO UPDATE SET
    answer = CASE WHEN $7 IS NULL OR $7 > r.revision THEN excluded.answer ELSE r.answer END,
    flagged = CASE WHEN $7 IS NULL OR $7 > r.revision THEN excluded.flagged ELSE r.flagged END,
    saved_at = CASE WHEN $7 IS NULL OR $7 > r.revision THEN excluded.saved_at ELSE r.saved_at END,
    revision = CASE WHEN $7 IS NULL THEN r.revision + 1 ELSE greatest($7, r.revision) END
  RETURNING r.revision, r.answer, r.flagged, r.saved_at
), history AS (
  INSERT INTO exams_responserevision (attempt_id, position, revision, answer, flagged, saved_at)
  SELECT writable.id, $4, stored.revision, stored.answer, stored.flagged, stored.saved_at
  FROM writable JOIN stored ON stored.saved_at = writable.now
)
SELECT clock.now, clock.started_at, clock.deadline_at, clock.sealed_at, clock.has_position,
       stored.revision, stored.answer, stored.flagged, stored.saved_at
FROM clock LEFT JOIN stored ON true
"""
_PREPARE = (
    "PREPARE exams_save_answer (uuid, bigint, bigint, smallint, varchar, boolean, integer, integer) AS "
    + _STATEMENT
)
_EXECUTE = "EXECUTE exams_save_answer (%s, %s, %s, %s, %s, %s, %s, %s)"

# Planning takes longer than running, so each connection plans once.
_prepared: WeakSet[object] = WeakSet()


@dataclass(frozen=True, slots=True)
class Written:
    """What the statement found and left: the attempt's moments, and the response as it stands now, if any."""

    now: datetime.datetime
    started_at: datetime.datetime | None
    deadline_at: datetime.datetime | None
    sealed_at: datetime.datetime | None
    has_position: bool
    revision: int | None
    answer: str | None
    flagged: bool | None
    saved_at: datetime.datetime | None


def write_answer(
    *,
    attempt_id: uuid.UUID,
    person_id: int,
    paper_id: int,
    position: int,
    answer: str,
    flagged: bool,
    revision: int | None,
    grace_seconds: int,
) -> Written | None:
    """Run the statement; None where the attempt is not this person's with this paper."""
    values: list[Any] = [attempt_id, person_id, paper_id, position, answer, flagged, revision, grace_seconds]
    with connection.cursor() as cursor:
        if connection.connection not in _prepared:
            cursor.execute(_PREPARE)
            _prepared.add(connection.connection)
        cursor.execute(_EXECUTE, values)
        row = cursor.fetchone()
    return None if row is None else Written(*row)
