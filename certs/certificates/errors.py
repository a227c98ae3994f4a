"""Refusals of certificates."""

from django.utils.translation import gettext as _

from certs.errors import RegistryError


class NumberInvalid(RegistryError):
    """The text is no certificate number."""

    clause = "D15"


class NumbersUsedUp(RegistryError):
    """A year, centre and level have no serial left."""

    clause = "D15"


class Unprintable(RegistryError):
    """The certificate's font has no glyph for a character; printing stops rather than print a box."""

    def __init__(self, characters: str) -> None:
        words = "、".join(f"{char}（U+{ord(char):04X}）" for char in characters)
        super().__init__(
            _("证书字体缺少以下字符，无法印制：%(characters)s") % {"characters": words},
            remedy=_("请核对姓名的写法；更正后系统会自动重新制证。"),
        )
        self.characters = characters


class RevokeRefused(RegistryError):
    """The certificate cannot be revoked like this."""
