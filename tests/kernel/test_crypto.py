"""Protected values: what is sealed opens only in its place, is found blindly, and survives a change of keys."""

import pytest
from cryptography.exceptions import InvalidTag

from yinling.kernel import crypto, keyring


@pytest.fixture(params=["aes", "sm4"])
def ring(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> keyring.Keyring:
    ring = keyring.new_keyring(request.param)
    monkeypatch.setenv("YINLING_KEYS", ring.as_json())
    keyring.keyring.cache_clear()
    yield ring
    keyring.keyring.cache_clear()


def test_a_sealed_value_opens_in_its_own_place(ring: keyring.Keyring) -> None:
    sealed = crypto.seal("991234194203051624", "people.person.document:1")
    assert b"9912" not in sealed
    assert crypto.unseal(sealed, "people.person.document:1") == "991234194203051624"


def test_a_sealed_value_moved_to_another_row_does_not_open(ring: keyring.Keyring) -> None:
    sealed = crypto.seal("991234194203051624", "people.person.document:1")
    with pytest.raises(InvalidTag):
        crypto.unseal(sealed, "people.person.document:2")


def test_one_flipped_bit_is_noticed(ring: keyring.Keyring) -> None:
    sealed = bytearray(crypto.seal("13900000417", "x"))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        crypto.unseal(bytes(sealed), "x")


def test_the_same_value_is_never_sealed_alike_but_always_found_alike(ring: keyring.Keyring) -> None:
    assert crypto.seal("13900000417", "x") != crypto.seal("13900000417", "x")
    assert crypto.blind("phone", "13900000417") == crypto.blind("phone", "13900000417")
    assert crypto.blind("phone", "13900000417") != crypto.blind("document", "13900000417")


def test_old_values_open_after_a_new_key_came(ring: keyring.Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    old = crypto.seal("secret", "x")
    monkeypatch.setenv("YINLING_KEYS", ring.with_new_data_key().as_json())
    keyring.keyring.cache_clear()
    new = crypto.seal("secret", "x")
    assert (crypto.sealed_with(old), crypto.sealed_with(new)) == (1, 2)
    assert crypto.unseal(old, "x") == crypto.unseal(new, "x") == "secret"


def test_empty_text_stays_empty(ring: keyring.Keyring) -> None:
    assert crypto.seal("", "x") == b"" == crypto.blind("phone", "")
    assert crypto.unseal(b"", "x") == ""
