"""Pure rules of certificates: the number, when and where a certificate is due, its state, what it says."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from certs.certificates.enums import CertificateState
from certs.certificates.errors import NumberInvalid, NumbersUsedUp
from certs.results.rules import Entry, current_results, is_valid_on, qualified_on

OCCUPATION = "客户服务管理师"
TITLE = "职业能力证书"
SUBTITLE = "CERTIFICATE OF OCCUPATIONAL COMPETENCE"
DISCLAIMER = "非国家职业资格证书"
NO_CENTRE = "0001"
MOST_SERIALS = 999_999
_NUMBER = re.compile(r"([0-9]{2})([0-9]{4})([1-3])([0-9]{6})([0-9X])")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212.·]+")


# The number ----------------------------------------------------------------------------------------------


def check_character(digits: str) -> str:
    """Return the ISO 7064 MOD 11-2 check character (0–9 or X) of a string of digits.

    Decision: D15
    """
    product = 0
    for digit in digits:
        product = (product + int(digit)) * 2 % 11
    return "0123456789X"[(12 - product) % 11]


def has_valid_check(text: str) -> bool:
    """Return whether the last character of `text` is the check character of the digits before it.

    Decision: D15
    """
    return bool(re.fullmatch(r"[0-9]+[0-9X]", text)) and check_character(text[:-1]) == text[-1]


@dataclass(frozen=True, slots=True)
class Number:
    """A certificate number taken apart: year of issue (of this century), centre, level, serial."""

    year: int
    centre_code: str
    level_number: int
    serial: int

    def __str__(self) -> str:
        digits = f"{self.year % 100:02d}{self.centre_code}{self.level_number}{self.serial:06d}"
        return digits + check_character(digits)


def compose_number(*, issued_on: date, centre_code: str, level_number: int, serial: int) -> Number:
    """Return the number; raises NumbersUsedUp when the serial passes six digits.

    Decision: D15
    """
    if not 1 <= serial <= MOST_SERIALS:
        raise NumbersUsedUp(f"{issued_on.year} {centre_code} {level_number}")
    return Number(issued_on.year, centre_code, level_number, serial)


def normalise_number(text: str) -> str:
    """Return a number as stored: half-width, capital X, without spaces and hyphens; not checked.

    Decision: D15
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def parse_number(text: str) -> Number:
    """Return the number that `text` writes in any common way; raises NumberInvalid.

    Decision: D15
    """
    found = _NUMBER.fullmatch(normalise_number(text))
    if not found or not has_valid_check(found[0]) or not int(found[4]):
        raise NumberInvalid(text)
    return Number(2000 + int(found[1]), found[2], int(found[3]), int(found[4]))


def same_name(given: str) -> str:
    """Return a name in the form in which two writings are compared: width, case, spaces and dots put aside.

    Practice: domain.md 6
    """
    return re.sub(r"[\s·•・‧∙.]+", "", unicodedata.normalize("NFKC", given)).casefold()


# Due -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """A certificate is due since a day; `deciding` is the needed pass that was sat last."""

    on: date
    deciding: Entry


def due(ledger: Iterable[Entry], parts: Iterable[str]) -> Due | None:
    """Return since when a certificate is due and by which last needed part, or None.

    Once due it does not lapse, so a later day changes nothing.
    Decision: D4, D15
    """
    current, wanted = current_results(ledger), tuple(parts)
    day = qualified_on(current, wanted)
    if day is None:
        return None
    needed = [row for row in current if row.part in wanted and is_valid_on(row, day)]
    return Due(day, max(needed, key=lambda row: (row.sat_on, row.published_on, row.pk)))


def centre_of_number(code: str | None) -> str:
    """Return the centre code for the number: where the last needed part was sat, 0001 where none.

    Decision: D15
    """
    return code or NO_CENTRE


# State and content ---------------------------------------------------------------------------------------


def state(issued_at: datetime | None, revoked_at: datetime | None) -> CertificateState:
    """Return the state that a certificate's moments come to.

    Practice: domain.md 7
    """
    if revoked_at is not None:
        return CertificateState.REVOKED
    return CertificateState.DUE if issued_at is None else CertificateState.VALID


@dataclass(frozen=True, slots=True)
class Content:
    """What the certificate says, frozen when it is numbered. The document number stays encrypted (hex)."""

    number: str
    name: str
    document_type: str
    document_label: str
    document_mask: str
    document_cipher: str
    occupation: str
    level_number: int
    level_name: str
    parts: tuple[str, ...]
    issued_on: str
    issuer: str
    site: str

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "parts": list(self.parts)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Content":
        return cls(**{**data, "parts": tuple(data["parts"])})


def statement(content: Content) -> str:
    """Return the sentence that the certificate makes; scores stand on the result slip, not here.

    Practice: domain.md 7
    """
    *before, last = content.parts
    parts = "和".join(filter(None, ("、".join(before), last)))
    verdict = "均达到合格标准" if before else "达到合格标准"
    return f"持证人参加{content.occupation}（{content.level_name}）{parts}，{verdict}，特发此证。"


def written_day(iso: str) -> str:
    """Return a day as the certificate writes it: 2026年3月10日.

    Practice: domain.md 7
    """
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
