"""Reading results: the ledger, standing and qualification, the registrar's desk."""

from certs.results.queries.desk import DeskLine, desk, has_full_score, sat_on, unpublished
from certs.results.queries.ledger import (
    LedgerLine,
    centres_for,
    entries_of,
    entry_of,
    ledger_lines,
    ledger_rows,
    outcome_of,
    part_names,
    parts_of,
    retake_gap,
    rows_of,
    search_ledger,
)
from certs.results.queries.standing import (
    PartStanding,
    ProofLine,
    QualificationAnswer,
    Standing,
    qualification_answer,
    standing,
    standings,
)

__all__ = [
    "DeskLine",
    "LedgerLine",
    "PartStanding",
    "ProofLine",
    "QualificationAnswer",
    "Standing",
    "centres_for",
    "desk",
    "entries_of",
    "entry_of",
    "has_full_score",
    "ledger_lines",
    "ledger_rows",
    "outcome_of",
    "part_names",
    "parts_of",
    "qualification_answer",
    "retake_gap",
    "rows_of",
    "sat_on",
    "search_ledger",
    "standing",
    "standings",
    "unpublished",
]
