"""The attempt token: lets one person's page save answers of one attempt, without session, user row or CSRF.

It travels in a request header of its own, which a foreign site cannot set; owner, state and deadline are
still checked by the statement that writes (docs/adr/0003-saving-answers.md).
"""

import uuid
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

LASTS_SECONDS = 12 * 3600
HEADER = "X-Attempt-Token"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token vouches for."""

    attempt_id: uuid.UUID
    person_id: int
    paper_id: int


def _signer() -> Signer:
    return Signer(salt="exams.delivery.attempt", sep="~")


def issue_token(claim: Claim, now: float) -> str:
    """Return the signed token for `claim`; `now` in seconds since the epoch."""
    expires = int(now) + LASTS_SECONDS
    return _signer().sign(f"{claim.attempt_id.hex}.{claim.person_id}.{claim.paper_id}.{expires}")


def read_token(token: str, now: float) -> Claim | None:
    """Return what `token` vouches for; None where it is not ours or has expired."""
    try:
        attempt, person, paper, expires = _signer().unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    if int(expires) <= now:
        return None
    return Claim(uuid.UUID(attempt), int(person), int(paper))
