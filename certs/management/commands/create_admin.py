"""manage.py create_admin: the first administrator, asked for or given by options or environment."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from certs.errors import RegistryError
from certs.people.actions import grant_role, register_person
from certs.people.enums import ConsentPurpose, DocumentType, Role

_QUESTIONS = {
    "name": ("姓名", "ADMIN_NAME"),
    "document_number": ("证件号码", "ADMIN_DOCUMENT_NUMBER"),
    "mobile": ("手机号码（可空）", "ADMIN_MOBILE"),
    "email": ("电子邮箱（可空）", "ADMIN_EMAIL"),
    "password": ("密码（不显示）", "ADMIN_PASSWORD"),
}
_OPTIONAL = {"mobile", "email"}
_SECRET = {"password", "document_number"}


class Command(BaseCommand):
    """Makes a person with the role of a system administrator for all centres."""

    help = (
        "Create a system administrator. Values come from options, else from ADMIN_NAME, "
        "ADMIN_DOCUMENT_NUMBER, ADMIN_MOBILE, ADMIN_EMAIL, ADMIN_PASSWORD, else from questions."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--document-type", choices=DocumentType.values, default=DocumentType.ID_CARD.value
        )
        # Password and number are no options: every process sees a command line, and histories keep it.
        for key in sorted(set(_QUESTIONS) - _SECRET):
            parser.add_argument(f"--{key}")
        parser.add_argument(
            "--accept-notice", action="store_true", help="the person has read and accepts the privacy notice"
        )
        parser.add_argument(
            "--no-input", action="store_true", help="ask nothing; a missing value is an error"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        asks = not options["no_input"] and sys.stdin.isatty()
        values = {key: self._value(key, options, asks=asks) for key in _QUESTIONS}
        accepted = options["accept_notice"] or (
            asks
            and input("是否已阅读并同意个人信息处理告知书（/privacy/）？输入 yes：").strip().lower() == "yes"
        )
        if not accepted:
            raise CommandError("The privacy notice must be accepted (--accept-notice).")
        now = timezone.now()
        try:
            with transaction.atomic():
                person = register_person(
                    name=values["name"],
                    document_type=options["document_type"],
                    document_number=values["document_number"],
                    mobile=values["mobile"],
                    email=values["email"],
                    password=values["password"],
                    consents={ConsentPurpose.ACCOUNT},
                    by=None,
                    at=now,
                )
                grant_role(person=person, role=Role.ADMIN, centre=None, by=None, at=now)
        except RegistryError as error:
            raise CommandError(error.message + error.remedy) from error
        self.stdout.write(f"{person.name}：{Role.ADMIN.label}")

    def _value(self, key: str, options: dict[str, Any], *, asks: bool) -> str:
        question, variable = _QUESTIONS[key]
        found = (options.get(key) or os.environ.get(variable, "")).strip()
        if not found and asks:
            found = (getpass.getpass if key == "password" else input)(f"{question}：").strip()
        if not found and key not in _OPTIONAL:
            raise CommandError(f"Missing: {key} (environment variable {variable}).")
        return str(found)
