"""People with valid, encrypted documents; staff with their grants."""

import datetime
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from certs.people.documents import encrypt_number, hash_number
from certs.people.enums import DocumentType, Role, Sex
from certs.people.models import Person, RoleGrant
from certs.people.rules import id_check_character

PASSWORD = "lan-tian-bai-yun-7"


def make_id_number(seq: int) -> str:
    """Return a valid 18-character ID number, another one for each `seq` ≥ 0; `seq` even → female."""
    born_on = datetime.date(1980, 1, 1) + datetime.timedelta(days=seq // 2 % 8000)
    order = seq % 2 + 2 * (seq // 16000 % 499) + 2
    first_17 = f"110101{born_on:%Y%m%d}{order:03d}"
    return first_17 + id_check_character(first_17)


class PersonFactory(DjangoModelFactory[Person]):
    """A candidate with an ID card. `number=` gives another number, `admin=True` etc. a staff role."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        number = factory.Sequence(make_id_number)

    name = factory.Sequence(
        lambda n: (
            "赵钱孙李周吴郑王"[n % 8] + "明华丽军芳伟静强"[n // 8 % 8] + "一二三四五六七八九"[n // 64 % 9]
        )
    )
    document_type = DocumentType.ID_CARD
    document_hash = factory.LazyAttribute(lambda o: hash_number(o.document_type, o.number))
    document_cipher = factory.LazyAttribute(lambda o: encrypt_number(o.document_type, o.number))
    mobile = factory.Sequence(lambda n: f"139{n:08d}")
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    sex = Sex.FEMALE
    born_on = datetime.date(1990, 1, 1)
    joined_at = factory.LazyFunction(timezone.now)
    password = Password(PASSWORD)

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        roles = {role: kwargs.pop(role.value) for role in Role if role.value in kwargs}
        centre = kwargs.pop("centre", None)
        person = super()._create(model_class, *args, **kwargs)
        for role, wanted in roles.items():
            if wanted:
                RoleGrantFactory(person=person, role=role, centre=centre)
        return person


class RoleGrantFactory(DjangoModelFactory[RoleGrant]):
    class Meta:
        model = RoleGrant

    person = factory.SubFactory(PersonFactory)
    role = Role.EXAM_OFFICER
    centre = None
    granted_at = factory.LazyFunction(timezone.now)


def admin(**kwargs: Any) -> Person:
    """Return a system administrator (of all centres, unless `centre=`)."""
    return PersonFactory(admin=True, **kwargs)


def item_manager(**kwargs: Any) -> Person:
    return PersonFactory(item_manager=True, **kwargs)


def item_writer(**kwargs: Any) -> Person:
    return PersonFactory(item_writer=True, **kwargs)


def item_reviewer(**kwargs: Any) -> Person:
    return PersonFactory(item_reviewer=True, **kwargs)


def exam_officer(**kwargs: Any) -> Person:
    return PersonFactory(exam_officer=True, **kwargs)


def registrar(**kwargs: Any) -> Person:
    return PersonFactory(registrar=True, **kwargs)
