"""What changes a person: sign-up, profile, photo, password, roles; each leaves an event."""

import datetime
from collections.abc import Collection

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certs.people.documents import document_number as full_number
from certs.people.documents import encrypt_number, hash_number
from certs.people.enums import ConsentPurpose, DocumentType, Permission, PersonEventKind, Role, Sex
from certs.people.errors import (
    AlreadyRegistered,
    ConsentMissing,
    NotAllowed,
    PasswordRefused,
    ProfileInvalid,
    RoleRefused,
)
from certs.people.models import Consent, Person, PersonEvent, Photo, RoleGrant
from certs.people.photos import EncodedPhoto, encode_photo
from certs.people.queries import forget_grants, grants_of
from certs.people.rules import (
    NOTICE_VERSION,
    DocumentFacts,
    check_document,
    check_name,
    normalise_email,
    normalise_mobile,
    permits,
)
from exams.sittings.models import Centre


def register_person(
    *,
    name: str,
    document_type: str,
    document_number: str,
    mobile: str | None,
    email: str | None,
    password: str,
    sex: str = "",
    born_on: datetime.date | None = None,
    consents: Collection[str],
    photo: bytes | None = None,
    by: Person | None,
    at: datetime.datetime,
    is_demo: bool = False,
) -> Person:
    """Make a person. `by` is None where people sign up themselves; an ID card decides sex and birthday.

    Raises DocumentInvalid, NameInvalid, MobileInvalid, PasswordRefused, PhotoRefused, ConsentMissing,
    ProfileInvalid or AlreadyRegistered (with the field), and then has written nothing.
    """
    facts = check_document(document_type, document_number, on=timezone.localdate(at))
    _check_consents(consents, has_photo=photo is not None)
    person = Person(
        name=check_name(name),
        document_type=DocumentType(document_type),
        document_hash=hash_number(document_type, facts.number),
        document_cipher=encrypt_number(document_type, facts.number),
        mobile=normalise_mobile(mobile) if mobile else None,
        email=normalise_email(email) if email else None,
        sex=facts.sex or (Sex(sex) if sex else ""),
        born_on=_birthday(facts, born_on, at),
        joined_at=at,
        is_demo=is_demo,
    )
    _set_password(person, password)
    encoded = encode_photo(photo) if photo is not None else None
    with transaction.atomic():
        _save_unique(person)
        for purpose in sorted(set(consents)):
            Consent.objects.create(person=person, purpose=purpose, notice=NOTICE_VERSION, given_at=at)
        if encoded:
            _store_photo(person, encoded, at)
        detail = {"notice": NOTICE_VERSION, "consents": sorted({str(purpose) for purpose in consents})}
        _note(person, PersonEventKind.REGISTERED, by=by or person, at=at, **detail)
    return person


def change_profile(
    *, person: Person, mobile: str | None, email: str | None, by: Person, at: datetime.datetime
) -> Person:
    """Set mobile and e-mail (None or empty: none). Raises MobileInvalid or AlreadyRegistered; idempotent."""
    wanted = {
        "mobile": normalise_mobile(mobile) if mobile else None,
        "email": normalise_email(email) if email else None,
    }
    with transaction.atomic():
        locked = _lock(person)
        changed = [field for field, value in wanted.items() if getattr(locked, field) != value]
        for field in changed:
            setattr(locked, field, wanted[field])
        if changed:
            _save_unique(locked)
            _note(locked, PersonEventKind.PROFILE_CHANGED, by=by, at=at, fields=changed)
    person.mobile, person.email = locked.mobile, locked.email
    return person


def change_password(
    *, person: Person, password: str, by: Person | None, at: datetime.datetime, how: str = "change"
) -> Person:
    """Set the password; `how` is change, reset or command. Raises PasswordRefused."""
    with transaction.atomic():
        _lock(person)
        _set_password(person, password)
        person.save(update_fields=["password"])
        _note(person, PersonEventKind.PASSWORD_CHANGED, by=by, at=at, how=how)
    return person


def set_photo(*, person: Person, data: bytes, consent: bool, by: Person, at: datetime.datetime) -> Photo:
    """Store a photo in place of any earlier one. Raises ConsentMissing or PhotoRefused."""
    encoded = encode_photo(data)
    with transaction.atomic():
        _lock(person)
        open_consents = Consent.objects.filter(
            person=person, purpose=ConsentPurpose.PHOTO, withdrawn_at__isnull=True
        )
        if not open_consents.exists():
            _check_consents(
                [ConsentPurpose.ACCOUNT, *([ConsentPurpose.PHOTO] if consent else [])], has_photo=True
            )
            Consent.objects.create(
                person=person, purpose=ConsentPurpose.PHOTO, notice=NOTICE_VERSION, given_at=at
            )
        photo = _store_photo(person, encoded, at)
        _note(person, PersonEventKind.PHOTO_CHANGED, by=by, at=at, sha256=encoded.sha256)
    return photo


def remove_photo(*, person: Person, by: Person, at: datetime.datetime) -> None:
    """Erase the photo and withdraw the consent to it; idempotent."""
    with transaction.atomic():
        _lock(person)
        erased, _kinds = Photo.objects.filter(person=person).delete()
        withdrawn = Consent.objects.filter(
            person=person, purpose=ConsentPurpose.PHOTO, withdrawn_at__isnull=True
        ).update(withdrawn_at=at)
        if erased or withdrawn:
            _note(person, PersonEventKind.PHOTO_CHANGED, by=by, at=at, removed=True)


def grant_role(
    *, person: Person, role: str, centre: Centre | None, by: Person | None, at: datetime.datetime
) -> RoleGrant:
    """Grant a role at a centre, or (None) at all; idempotent. `by` None is the command line."""
    role = Role(role)
    with transaction.atomic():
        locked = _lock(person)
        _check_granter(by, centre)
        if not locked.is_active:
            raise RoleRefused(_("账户已停用，不能授予角色。"))
        grant, made = RoleGrant.objects.get_or_create(
            person=locked,
            role=role,
            centre=centre,
            revoked_at=None,
            defaults={"granted_at": at, "granted_by": by},
        )
        if made:
            detail = {"role": role.value, "centre": centre.code if centre else None}
            _note(locked, PersonEventKind.ROLE_GRANTED, by=by, at=at, **detail)
    forget_grants(person)
    return grant


def revoke_role(*, grant: RoleGrant, by: Person | None, at: datetime.datetime) -> RoleGrant:
    """End a grant; idempotent. The last administrator of all centres stays."""
    with transaction.atomic():
        # All administrators are locked, so that two of them cannot end each other's role at once.
        peers = RoleGrant.objects.select_for_update(of=("self",)).order_by("pk")
        rows = list(peers.filter(role=grant.role, revoked_at__isnull=True).select_related("person", "centre"))
        locked = next((row for row in rows if row.pk == grant.pk), None)
        if locked is None:
            grant.refresh_from_db()
            return grant
        _check_granter(by, locked.centre)
        active = [row for row in rows if row.centre_id is None and row.person.is_active]
        if locked.role == Role.ADMIN and active == [locked]:
            raise RoleRefused(_("这是最后一位系统管理员。"), remedy=_("请先授予另一人系统管理员角色。"))
        locked.revoked_at, locked.revoked_by = at, by
        locked.save(update_fields=["revoked_at", "revoked_by"])
        detail = {"role": locked.role, "centre": locked.centre.code if locked.centre else None}
        _note(locked.person, PersonEventKind.ROLE_REVOKED, by=by, at=at, **detail)
    forget_grants(grant.person)
    return locked


def see_full_document(*, person: Person, by: Person, at: datetime.datetime) -> str:
    """Return the whole document number, and note who saw it. Raises NotAllowed for all but the registrar."""
    if not by.has_perm(Permission.SEE_FULL_DOCUMENT):
        raise NotAllowed(_("只有审核员可以查看完整证件号码。"), clause="D14")
    with transaction.atomic():
        _note(person, PersonEventKind.DOCUMENT_SEEN, by=by, at=at)
        return full_number(person)


def _check_consents(consents: Collection[str], *, has_photo: bool) -> None:
    if ConsentPurpose.ACCOUNT not in consents:
        raise ConsentMissing(_("请先阅读并同意个人信息处理告知书。"), field="consent_account")
    if has_photo and ConsentPurpose.PHOTO not in consents:
        raise ConsentMissing(
            _("照片属于敏感个人信息，上传照片需要单独同意。"),
            remedy=_("请勾选照片的单独同意，或不上传照片。"),
            field="consent_photo",
        )


def _check_granter(by: Person | None, centre: Centre | None) -> None:
    """A grant for all centres needs one for all centres; a centre's administrator grants for that centre."""
    if by is None:
        return
    forget_grants(by)  # under the lock, the grants as they are now
    if not permits(grants_of(by), Permission.GRANT_ROLES, centre_id=centre.pk if centre else None):
        raise NotAllowed(_("只有系统管理员可以授予或撤销角色。"), clause="practice")


def _birthday(
    facts: DocumentFacts, born_on: datetime.date | None, at: datetime.datetime
) -> datetime.date | None:
    if (
        facts.born_on is None
        and born_on
        and not datetime.date(1900, 1, 1) <= born_on < timezone.localdate(at)
    ):
        raise ProfileInvalid(_("出生日期应在过去。"), field="born_on")
    return facts.born_on or born_on


def _set_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise PasswordRefused("".join(error.messages), field="password") from error
    person.set_password(password)


def _save_unique(person: Person) -> None:
    """Save, or raise AlreadyRegistered naming the first field that someone else holds."""
    words = {
        "document_hash": _("这个证件号码已经注册过。"),
        "mobile": _("这个手机号码已被另一账户使用。"),
        "email": _("这个电子邮箱已被另一账户使用。"),
    }
    remedy = _("如果是您本人注册的，请直接登录；忘记密码可用邮箱找回。")
    others = Person.objects.exclude(pk=person.pk)
    for field, message in words.items():
        value = getattr(person, field)
        if value is not None and others.filter(**{field: value}).exists():
            raise AlreadyRegistered(message, remedy=remedy, field=field, clause="D14")
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:  # someone was faster by milliseconds
        raise AlreadyRegistered(_("证件号码、手机号码或邮箱刚刚被使用。"), remedy=remedy) from error


def _store_photo(person: Person, encoded: EncodedPhoto, at: datetime.datetime) -> Photo:
    values = {
        "jpeg": encoded.jpeg,
        "width": encoded.width,
        "height": encoded.height,
        "sha256": encoded.sha256,
        "uploaded_at": at,
    }
    return Photo.objects.update_or_create(person=person, defaults=values)[0]


def _lock(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _note(
    person: Person, kind: PersonEventKind, *, by: Person | None, at: datetime.datetime, **detail: object
) -> None:
    PersonEvent.objects.create(person=person, kind=kind, by=by, at=at, detail=detail)
