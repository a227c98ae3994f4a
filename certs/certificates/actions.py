"""What changes a certificate: due, numbered, issued, perhaps revoked; each step once."""

import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from certs.certificates.enums import CertificateEventKind
from certs.certificates.errors import RevokeRefused, Unprintable
from certs.certificates.models import Certificate, CertificateEvent, SerialCounter
from certs.certificates.printing.page import Page, render
from certs.certificates.queries import PersonDue, last_failure
from certs.certificates.rules import (
    DISCLAIMER,
    OCCUPATION,
    SUBTITLE,
    TITLE,
    Content,
    centre_of_number,
    compose_number,
    statement,
    written_day,
)
from certs.people.documents import decrypt_number, document_number
from certs.people.models import Person
from certs.people.queries import photo_of
from certs.people.rules import mask_for_staff
from certs.results.rules import SHANGHAI
from config.printing.fonts import missing_characters


@transaction.atomic
def make_due(*, found: PersonDue, by: Person | None, at: datetime) -> Certificate:
    """Record that a certificate is due; the one that is there already when it was recorded before."""
    certificate, created = Certificate.objects.get_or_create(
        person=found.person,
        level_number=found.level.number,
        defaults={"level": found.level, "centre": found.centre, "due_on": found.due_on},
    )
    if created:
        _note(certificate, CertificateEventKind.DUE, by, at, due_on=found.due_on.isoformat())
    return certificate


@transaction.atomic
def number_certificate(*, certificate: Certificate, by: Person | None, at: datetime) -> Certificate:
    """Give the certificate its number and day of issue and freeze what it says; nothing when it has one.

    A certificate that cannot be printed is refused before it uses up a number (Unprintable).
    """
    locked = _lock(certificate)
    if locked.number:
        return locked
    issued_on = at.astimezone(SHANGHAI).date()
    centre_code = centre_of_number(locked.centre.code if locked.centre else None)
    serial = _next_serial(issued_on.year, centre_code, locked.level_number)
    number = compose_number(
        issued_on=issued_on, centre_code=centre_code, level_number=locked.level_number, serial=serial
    )
    content = _content(locked, str(number), issued_on.isoformat())
    page_of(content, photo=None)
    locked.number, locked.content = content.number, content.as_json()
    locked.save(update_fields=["number", "content"])
    _note(locked, CertificateEventKind.NUMBERED, by, at, number=content.number)
    return locked


@transaction.atomic
def issue_certificate(*, certificate: Certificate, by: Person | None, at: datetime) -> Certificate:
    """Render and store the PDF, once: whoever comes second waits for the row and finds it done."""
    locked = _lock(certificate)
    if locked.issued_at is not None:
        return locked
    content = Content.from_json(locked.content)
    photo = photo_of(locked.person)
    locked.pdf = render(page_of(content, photo=bytes(photo.jpeg) if photo else None))
    locked.sha256 = hashlib.sha256(locked.pdf).hexdigest()
    locked.issued_on = datetime.fromisoformat(content.issued_on).date()
    locked.issued_at = at
    locked.save(update_fields=["pdf", "sha256", "issued_on", "issued_at"])
    used = {"photo": photo.sha256} if photo else {}
    _note(locked, CertificateEventKind.ISSUED, by, at, number=content.number, sha256=locked.sha256, **used)
    return locked


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, by: Person, at: datetime) -> Certificate:
    """Revoke an issued certificate for good; it stays visible as revoked."""
    locked, reason = _lock(certificate), reason.strip()
    if locked.issued_at is None:
        raise RevokeRefused(_("证书尚未发放，不能撤销。"))
    if locked.revoked_at is not None:
        raise RevokeRefused(_("证书已经撤销。"))
    if not 1 <= len(reason) <= 300:
        raise RevokeRefused(_("请写明撤销原因，最多 300 字。"))
    if locked.person_id == by.pk:
        raise RevokeRefused(_("不能撤销自己的证书。"), remedy=_("请由另一位审核员办理。"))
    locked.revoked_at, locked.revoked_by, locked.revoke_reason = at, by, reason
    locked.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    _note(locked, CertificateEventKind.REVOKED, by, at, reason=reason)
    return locked


@transaction.atomic
def note_failure(*, certificate: Certificate, reason: str, at: datetime) -> None:
    """Record why making the certificate failed; the same reason is not written again every minute."""
    locked = _lock(certificate)
    last = last_failure(locked)
    if last is None or last.detail.get("reason") != reason:
        _note(locked, CertificateEventKind.FAILED, None, at, reason=reason)


def page_of(content: Content, *, photo: bytes | None) -> Page:
    """Return the page to print, the document number in clear; raises Unprintable naming the characters."""
    address = f"{content.site}/verify/"
    page = Page(
        title=TITLE,
        subtitle=SUBTITLE,
        disclaimer=DISCLAIMER,
        name=content.name,
        document_label=content.document_label,
        document_number=decrypt_number(content.document_type, bytes.fromhex(content.document_cipher)),
        occupation=content.occupation,
        level_name=content.level_name,
        number=content.number,
        issued_on=written_day(content.issued_on),
        issued_on_iso=content.issued_on,
        issuer=content.issuer,
        statement=statement(content),
        verify_address=address,
        qr_address=f"{address}{content.number}/?name={quote(content.name, safe='')}",
        photo=photo,
    )
    if missing := missing_characters(page.words()):
        raise Unprintable(missing)
    return page


def _content(certificate: Certificate, number: str, issued_on: str) -> Content:
    person, level = certificate.person, certificate.level
    with override("zh-hans"):  # a certificate is Chinese whatever the language of whoever triggers it
        document_name = str(person.get_document_type_display())
    return Content(
        number=number,
        name=person.name,
        document_type=person.document_type,
        document_label=f"{document_name}号码",
        document_mask=mask_for_staff(document_number(person)),
        document_cipher=bytes(person.document_cipher).hex(),
        occupation=OCCUPATION,
        level_number=certificate.level_number,
        level_name=level.name,
        parts=tuple(level.parts.order_by("position").values_list("name", flat=True)),
        issued_on=issued_on,
        issuer=settings.ISSUER_NAME,
        site=settings.SITE_URL,
    )


def _next_serial(year: int, centre_code: str, level_number: int) -> int:
    """Return the next serial; the counter stays locked until the transaction ends, so none is lost."""
    key: dict[str, Any] = {"year": year, "centre_code": centre_code, "level_number": level_number}
    SerialCounter.objects.get_or_create(**key)
    counter = SerialCounter.objects.select_for_update().get(**key)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _lock(certificate: Certificate) -> Certificate:
    rows = Certificate.objects.select_related("person", "level", "centre").defer("pdf")
    return rows.select_for_update(of=("self",)).get(pk=certificate.pk)


def _note(
    certificate: Certificate, kind: CertificateEventKind, by: Person | None, at: datetime, **detail: Any
) -> None:
    CertificateEvent.objects.create(certificate=certificate, kind=kind, by=by, at=at, detail=detail)
