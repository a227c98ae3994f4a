"""Pure rules of people: document numbers, masks, mobile numbers, names."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from certs.people.enums import DocumentType, Permission, Role, Sex
from certs.people.errors import DocumentFault, DocumentInvalid, MobileInvalid, NameInvalid

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
# 11-65 the provinces, 71 Taiwan, 81-83 residence permits of Hong Kong, Macao and Taiwan residents.
_PROVINCES = frozenset({11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46})
_PROVINCES |= {50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83}
_EARLIEST_BIRTH = datetime.date(1900, 1, 1)
_SHAPES = {
    DocumentType.PASSPORT: (re.compile(r"(?=.*[0-9])[A-Z0-9]{5,9}"), DocumentFault.PASSPORT),
    DocumentType.HK_MACAO_PERMIT: (re.compile(r"[HM][0-9]{8}([0-9]{2})?"), DocumentFault.HK_MACAO),
    DocumentType.TAIWAN_PERMIT: (re.compile(r"[0-9]{8}([0-9]{2})?"), DocumentFault.TAIWAN),
    DocumentType.OTHER: (re.compile(r"(?=.*[A-Z0-9])[A-Z0-9-]{4,30}"), DocumentFault.OTHER),
}
_COMPOUND_SURNAMES = re.compile(
    "欧阳|上官|司马|司徒|司空|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|夏侯|轩辕|端木|独孤|南宫|西门|东郭|百里|呼延|"
    "闻人|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|鲜于|闾丘|亓官|拓跋|赫连|歐陽|司馬|諸葛|東方|尉遲|公孫|長孫"
)
_NAME_SEPARATORS = frozenset(" ·・•.-'")

# The privacy notice people agree to (templates/certs/people/privacy_notice.html); new text, new version.
NOTICE_VERSION: Final = "2026-11"

# Who sees, writes or reviews items knows keys of papers to come, and so does not sit them (D14).
ITEM_PERMISSIONS: Final[frozenset[str]] = frozenset(
    {Permission.SEE_LIVE_ITEMS, Permission.WRITE_ITEMS, Permission.REVIEW_ITEMS}
)

# No one role sees live items and also admits, publishes or issues.
ROLE_PERMISSIONS: Final[Mapping[str, frozenset[Permission]]] = MappingProxyType(
    {
        Role.ADMIN: frozenset({Permission.SEE_PEOPLE, Permission.GRANT_ROLES}),
        Role.ITEM_MANAGER: frozenset(
            {
                Permission.SEE_LIVE_ITEMS,
                Permission.WRITE_ITEMS,
                Permission.REVIEW_ITEMS,
                Permission.ASSEMBLE_PAPERS,
            }
        ),
        Role.ITEM_WRITER: frozenset({Permission.WRITE_ITEMS}),
        Role.ITEM_REVIEWER: frozenset({Permission.REVIEW_ITEMS}),
        Role.EXAM_OFFICER: frozenset({Permission.ADMIT_CANDIDATES, Permission.SEE_PEOPLE}),
        Role.REGISTRAR: frozenset(
            {
                Permission.SEE_PEOPLE,
                Permission.SEE_FULL_DOCUMENT,
                Permission.PUBLISH_RESULTS,
                Permission.ISSUE_CERTIFICATES,
            }
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that holds now, at one centre or (None) at all of them."""

    role: str
    centre_id: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A checked document: its number in normal form, and what the number itself says of the person."""

    number: str
    born_on: datetime.date | None = None
    sex: Sex | None = None


def normalise_number(text: str) -> str:
    """Return a document number in normal form: half-width, capitals, without spaces.

    Decision: D14
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def id_check_character(first_17: str) -> str:
    """Return the check character (0-9 or X) of the first 17 digits of an ID number, ISO 7064 MOD 11-2.

    Practice: domain.md 8, GB 11643
    """
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def check_id_card(text: str, *, on: datetime.date) -> DocumentFacts:
    """Return the facts of an ID number seen on the day `on`; raises DocumentInvalid with the first fault.

    Practice: domain.md 8, GB 11643
    """
    number = normalise_number(text)
    if len(number) != 18:
        raise DocumentInvalid(DocumentFault.ID_LENGTH)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise DocumentInvalid(DocumentFault.ID_CHARACTERS)
    if int(number[:2]) not in _PROVINCES or number[2:6] == "0000":
        raise DocumentInvalid(DocumentFault.ID_REGION)
    try:
        born_on = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise DocumentInvalid(DocumentFault.ID_DATE) from None
    if born_on < _EARLIEST_BIRTH:
        raise DocumentInvalid(DocumentFault.ID_DATE)
    if born_on >= on:
        raise DocumentInvalid(DocumentFault.ID_FUTURE)
    if id_check_character(number[:17]) != number[17]:
        raise DocumentInvalid(DocumentFault.ID_CHECK)
    return DocumentFacts(number, born_on, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def check_document(document_type: str, text: str, *, on: datetime.date) -> DocumentFacts:
    """Return the facts of a document number of any type by the type's own rule; raises DocumentInvalid.

    Decision: D14
    """
    kind = DocumentType(document_type)
    if kind is DocumentType.ID_CARD:
        return check_id_card(text, on=on)
    number = normalise_number(text)
    shape, fault = _SHAPES[kind]
    if not shape.fullmatch(number):
        raise DocumentInvalid(fault)
    if kind is DocumentType.OTHER and _is_otherwise_known(number):
        raise DocumentInvalid(DocumentFault.OTHER_LOOKS_KNOWN)
    return DocumentFacts(number)


def _is_otherwise_known(number: str) -> bool:
    # A number of this kind would shadow someone else's way to log in.
    if re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return True
    try:
        return bool(normalise_mobile(number))
    except MobileInvalid:
        return False


def mask_for_staff(number: str) -> str:
    """Return a document number as staff see it: first 6 and last 2, never more than half of a short one.

    Practice: domain.md 8
    """
    tail = min(2, len(number) // 2)
    return _mask(number, head=max(0, min(6, len(number) // 2 - tail)), tail=tail)


def mask_for_public(number: str) -> str:
    """Return a document number as the public sees it: the last 4, never more than half of a short one.

    Practice: domain.md 8
    """
    return _mask(number, head=0, tail=min(4, len(number) // 2))


def _mask(text: str, *, head: int, tail: int) -> str:
    return text[:head] + "*" * (len(text) - head - tail) + (text[-tail:] if tail else "")


def mask_name(name: str) -> str:
    """Return a name for public pages: 张*, 张*华, 欧阳*明; of any other script the first letter only.

    Practice: domain.md 8
    """
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    if not all(unicodedata.name(character, "").startswith("CJK") for character in name):
        return name[0] + "".join(mark if mark in _NAME_SEPARATORS else "*" for mark in name[1:])
    family = 2 if len(name) > 2 and _COMPOUND_SURNAMES.match(name) else 1
    tail = 1 if len(name) > family + 1 else 0
    return _mask(name, head=family, tail=tail)


def mask_mobile(mobile: str) -> str:
    """Return a mobile number with its middle hidden: 138****5678.

    Practice: domain.md 8
    """
    return _mask(mobile, head=min(3, len(mobile) // 4), tail=min(4, len(mobile) // 2))


def normalise_mobile(text: str) -> str:
    """Return a mainland mobile number as 11 digits (+86, spaces and hyphens dropped); raises MobileInvalid.

    Practice: domain.md 6
    """
    number = re.sub(r"[\s()-]+", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"^(\+86|0086|86(?=1[0-9]{10}$))", "", number)
    if not re.fullmatch(r"1[0-9]{10}", number):
        raise MobileInvalid
    return number


def normalise_email(text: str) -> str:
    """Return an e-mail address in the one form that is stored and looked up: trimmed, small letters.

    Decision: D14
    """
    return unicodedata.normalize("NFKC", text).strip().lower()


def check_name(text: str) -> str:
    """Return a name with its spaces in order; raises NameInvalid for one that might not print.

    Practice: domain.md 8
    """
    name = " ".join(text.split())
    if not 1 <= len(name) <= 60 or any(unicodedata.category(character)[0] == "C" for character in name):
        raise NameInvalid
    return name


def permits(
    grants: Iterable[Grant], permission: str, *, centre_id: int | None = None, anywhere: bool = False
) -> bool:
    """Return whether `grants` allow `permission` at a centre.

    `anywhere` asks for any centre at all; `centre_id` None (without `anywhere`) is a thing of no centre,
    which only a grant for all centres covers.

    Practice: domain.md 6
    """
    return any(
        permission in ROLE_PERMISSIONS.get(grant.role, frozenset())
        and (anywhere or grant.centre_id is None or grant.centre_id == centre_id)
        for grant in grants
    )


def permissions_of(grants: Iterable[Grant]) -> frozenset[Permission]:
    """Return every permission that `grants` give at one centre or another.

    Practice: domain.md 6
    """
    empty: frozenset[Permission] = frozenset()
    return empty.union(*(ROLE_PERMISSIONS.get(grant.role, empty) for grant in grants))


def may_sit(permissions: Iterable[str]) -> bool:
    """Return whether a holder of `permissions` may sit exams: not one who sees, writes or reviews items.

    Decision: D14
    """
    return ITEM_PERMISSIONS.isdisjoint(permissions)
