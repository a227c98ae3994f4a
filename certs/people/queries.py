"""Reading people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from certs.people.documents import document_number, hash_number
from certs.people.enums import DocumentType, PersonEventKind, Role
from certs.people.errors import MobileInvalid
from certs.people.models import Consent, Person, PersonEvent, Photo, RoleGrant
from certs.people.rules import ROLE_PERMISSIONS, Grant, mask_for_staff, normalise_email, normalise_mobile

CANDIDATE: Final = "candidate"  # in the role filter: people without a role
DEMO_PASSWORD: Final = "chizheng-demo"  # noqa: S105  public, and set for nobody outside demo mode
_GRANTS = "_role_grants_now"


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login of the demo world, as the login page and the command line show it."""

    name: str
    note: str
    identifier: str
    password: str


def people_called(identifier: str) -> list[Person]:
    """Return whom an identifier (document number of any type, mobile, e-mail) may mean; mostly one or none.

    Several only where the same characters are the numbers of documents of different types.
    """
    identifier = identifier.replace("\x00", "").strip()
    if not identifier or len(identifier) > 254:
        return []
    if "@" in normalise_email(identifier):
        return list(Person.objects.filter(email=normalise_email(identifier)))
    try:
        return list(Person.objects.filter(mobile=normalise_mobile(identifier)))
    except MobileInvalid:
        hashes = [hash_number(kind, identifier) for kind in DocumentType]
    found = {person.document_hash: person for person in Person.objects.filter(document_hash__in=hashes)}
    return [found[value] for value in hashes if value in found]


def find_person(identifier: str) -> Person | None:
    """Return the person an identifier means, or None; ID cards come before other documents."""
    return next(iter(people_called(identifier)), None)


def grants_of(person: Person) -> tuple[Grant, ...]:
    """Return the role grants that hold now, read once for each person object (so once a request)."""
    known: tuple[Grant, ...] | None = person.__dict__.get(_GRANTS)
    if known is None:
        rows = RoleGrant.objects.filter(person_id=person.pk, revoked_at__isnull=True).order_by("pk")
        known = tuple(Grant(role, centre_id) for role, centre_id in rows.values_list("role", "centre_id"))
        person.__dict__[_GRANTS] = known
    return known


def holders_of(permission: str) -> list[Person]:
    """Return the active people who hold a permission at one centre or all, by name."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    grants = RoleGrant.objects.filter(person=OuterRef("pk"), role__in=roles, revoked_at__isnull=True)
    return list(Person.objects.filter(Exists(grants), is_active=True).order_by("name", "pk"))


def forget_grants(person: Person) -> None:
    """Let the next question about `person` read the grants again."""
    person.__dict__.pop(_GRANTS, None)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as a staff list shows them: the number masked, the roles that hold now."""

    person: Person
    number: str
    roles: list[str]


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event and its detail in words."""

    event: PersonEvent
    detail: str


def search_people(text: str = "", *, role: str = "") -> QuerySet[Person]:
    """Return people by part of a name, or a whole mobile, e-mail or document number; all for no text."""
    people = Person.objects.order_by("name", "pk")
    if text := text.replace("\x00", "").strip():
        known = [person.pk for person in people_called(text)]
        people = people.filter(Q(name__icontains=text) | Q(pk__in=known))
    if role == CANDIDATE:
        people = people.exclude(role_grants__in=RoleGrant.objects.filter(revoked_at__isnull=True))
    elif role:
        people = people.filter(
            Exists(RoleGrant.objects.filter(person=OuterRef("pk"), role=role, revoked_at__isnull=True))
        )
    return people


def person_rows(people: Iterable[Person]) -> list[PersonRow]:
    """Return `people` as rows, their roles in one query."""
    listed = list(people)
    roles: dict[int, list[str]] = {person.pk: [] for person in listed}
    held = RoleGrant.objects.filter(person__in=listed, revoked_at__isnull=True).order_by("role", "pk")
    for grant in held:
        label = str(grant.get_role_display())
        if label not in roles[grant.person_id]:
            roles[grant.person_id].append(label)
    return [PersonRow(person, mask_for_staff(document_number(person)), roles[person.pk]) for person in listed]


def held_grants(person: Person) -> QuerySet[RoleGrant]:
    """Return the grants that hold now, with their centres."""
    held = RoleGrant.objects.filter(person=person, revoked_at__isnull=True)
    return held.select_related("centre", "granted_by").order_by("role", "pk")


def events_of(person: Person) -> list[EventRow]:
    """Return the newest 50 events of a person, with who did them and what the event says."""
    events = PersonEvent.objects.filter(person=person).select_related("by").order_by("-at", "-pk")[:50]
    return [EventRow(event, _event_words(event.kind, event.detail)) for event in events]


def _event_words(kind: str, detail: dict[str, Any]) -> str:
    if kind in {PersonEventKind.ROLE_GRANTED, PersonEventKind.ROLE_REVOKED}:
        place = _("考点 %(code)s") % {"code": detail["centre"]} if detail.get("centre") else _("全部考点")
        return f"{Role(detail['role']).label} · {place}"
    if kind == PersonEventKind.PROFILE_CHANGED:
        names = {"mobile": _("手机号码"), "email": _("电子邮箱")}
        return "、".join(names.get(field, field) for field in detail.get("fields", []))
    words = {
        (PersonEventKind.PHOTO_CHANGED, "removed"): _("已删除"),
        (PersonEventKind.PASSWORD_CHANGED, "reset"): _("通过邮件链接重设"),
        (PersonEventKind.PASSWORD_CHANGED, "command"): _("由管理命令设定"),
    }
    marks = [detail.get("how"), "removed" if detail.get("removed") else None]
    if kind == PersonEventKind.REGISTERED and detail.get("notice"):
        return _("告知书 %(version)s") % {"version": detail["notice"]}
    return next((text for (of, mark), text in words.items() if of == kind and mark in marks), "")


def consents_of(person: Person) -> QuerySet[Consent]:
    """Return the consents as given, newest first."""
    return Consent.objects.filter(person=person).order_by("-given_at", "-pk")


def photo_of(person: Person) -> Photo | None:
    """Return the photo, or None."""
    return Photo.objects.filter(person=person).first()


def has_photo(person: Person) -> bool:
    return Photo.objects.filter(person=person).exists()


def demo_logins() -> list[DemoLogin]:
    """Return the logins of the demo world in the order they were made; none outside demo mode."""
    if not settings.DEMO:
        return []
    people = list(Person.objects.filter(is_demo=True, is_active=True).order_by("pk"))
    notes = _demo_notes()
    roles = {row.person.pk: "、".join(row.roles) for row in person_rows(people)}
    return [
        DemoLogin(
            person.name,
            notes.get(person.mobile or "") or roles[person.pk] or str(_("考生")),
            person.mobile or person.email or "",
            DEMO_PASSWORD,
        )
        for person in people
    ]


def _demo_notes() -> dict[str, str]:
    """Return mobile → note, from wherever fixtures/demo/world.yaml holds the two side by side."""
    path = settings.FIXTURES_ROOT / "demo" / "world.yaml"
    if not path.exists():
        return {}
    notes: dict[str, str] = {}
    waiting = [YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "mobile" in node and "note" in node:
                notes[str(node["mobile"])] = str(node["note"])
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return notes
