"""Document numbers at rest: a keyed hash to find a person by, and a cipher that gives the number back.

A cipher is `version (1 byte) | key id (4) | nonce (12) | AES-256-GCM text and tag`; the document type
is bound into the tag. The first of settings.FIELD_KEYS encrypts, all decrypt: a new key is put first.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from certs.people.models import Person
from certs.people.rules import normalise_number

_VERSION = b"\x01"


class CannotDecrypt(Exception):
    """No key of settings.FIELD_KEYS fits: a key was removed too early, or the row was altered."""


def hash_number(document_type: str, number: str) -> str:
    """Return the keyed hash (64 hex digits) under which a document is stored and found."""
    message = f"{document_type}:{normalise_number(number)}".encode()
    return hmac.new(settings.LOOKUP_KEY.encode(), message, hashlib.sha256).hexdigest()


def encrypt_number(document_type: str, number: str) -> bytes:
    """Return the number encrypted under the first key."""
    key_id, cipher = _cipher(settings.FIELD_KEYS[0])
    nonce = os.urandom(12)
    return _VERSION + key_id + nonce + cipher.encrypt(nonce, number.encode(), document_type.encode())


def decrypt_number(document_type: str, stored: bytes | memoryview) -> str:
    """Return the number behind a stored cipher; raises CannotDecrypt."""
    data = bytes(stored)
    for key in settings.FIELD_KEYS:
        key_id, cipher = _cipher(key)
        if data[:5] == _VERSION + key_id:
            try:
                return cipher.decrypt(data[5:17], data[17:], document_type.encode()).decode()
            except InvalidTag as error:
                raise CannotDecrypt from error
    raise CannotDecrypt


def document_number(person: Person) -> str:
    """Return a person's document number in full. Show it only through a mask, or with an audit entry."""
    return decrypt_number(person.document_type, person.document_cipher)


@lru_cache(maxsize=16)
def _cipher(key: str) -> tuple[bytes, AESGCM]:
    derived = HKDF(algorithm=SHA256(), length=36, salt=None, info=b"chizheng document number").derive(
        key.encode()
    )
    return derived[:4], AESGCM(derived[4:])
