import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.people.documents import CannotDecrypt, decrypt_number, document_number, encrypt_number, hash_number
from certs.people.enums import DocumentType
from tests.factories.people import PersonFactory, make_id_number


@given(st.sampled_from(DocumentType), st.text(max_size=40))
def test_cipher_gives_the_number_back_and_never_repeats(kind, number):
    stored = encrypt_number(kind, number)
    assert decrypt_number(kind, memoryview(stored)) == number
    assert encrypt_number(kind, number) != stored


def test_keys_rotate(settings):
    settings.FIELD_KEYS = ["old"]
    old = encrypt_number("id_card", "1")
    settings.FIELD_KEYS = ["new", "old"]
    new = encrypt_number("id_card", "1")
    assert decrypt_number("id_card", old) == decrypt_number("id_card", new) == "1"
    settings.FIELD_KEYS = ["new"]
    assert decrypt_number("id_card", new) == "1"
    with pytest.raises(CannotDecrypt):
        decrypt_number("id_card", old)


def test_altered_or_moved_cipher_is_refused():
    stored = encrypt_number("id_card", "1")
    for kind, data in [
        ("passport", stored),
        ("id_card", stored[:-1] + bytes([stored[-1] ^ 1])),
        ("id_card", b""),
    ]:
        with pytest.raises(CannotDecrypt):
            decrypt_number(kind, data)


def test_hash_is_keyed_by_secret_type_and_normal_form(settings):
    number = make_id_number(3)
    first = hash_number("id_card", number)
    assert hash_number("id_card", f" {number.lower()} ") == first
    assert hash_number("passport", number) != first
    settings.LOOKUP_KEY = "another"
    assert hash_number("id_card", number) != first


@pytest.mark.django_db
def test_document_number_decrypts_what_the_database_holds():
    person = PersonFactory(number=make_id_number(9))
    person.refresh_from_db()
    assert document_number(person) == make_id_number(9)
    assert make_id_number(9).encode() not in bytes(person.document_cipher)


@pytest.mark.django_db
def test_person_shows_the_document_masked():
    number = make_id_number(77)
    person = PersonFactory(number=number)
    assert person.masked_document == f"{number[:6]}{'*' * 10}{number[-2:]}"
