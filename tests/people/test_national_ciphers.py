"""The whole way under SM4-GCM with HMAC-SM3: register, find, read masked and open; and from AES there, interrupted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.people.builders import a_number, a_person
from tests.people.test_changing_pages import client_of, text
from yinling.accounts.models import User
from yinling.config.commands.keeping import rotate
from yinling.kernel import rotation
from yinling.kernel.crypto import AES, SM4
from yinling.kernel.errors import Refused
from yinling.kernel.keyring import keyring, new_keyring, save_keyring
from yinling.people import services
from yinling.people.models import Kin, Person
from yinling.people.presenting import person_rows
from yinling.people.queries import Filters, find_persons

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of keys of the test's own."""
    monkeypatch.delenv("YINLING_KEYS", raising=False)
    settings.KEYS_FILE = tmp_path / "keyring.json"
    yield settings.KEYS_FILE
    keyring.cache_clear()


def ciphers() -> set[int]:
    """What the columns of the register are sealed with now."""
    persons = Person.objects.values_list("document_sealed", "phone_sealed", "address_sealed")
    contacts = Kin.objects.values_list("phone_sealed", flat=True)
    return {bytes(value)[0] for value in (*(one for row in persons for one in row), *contacts) if value}


def is_found_and_read(person: Person, number: str, phone: str, by: User) -> None:
    """By ID, by telephone and by that of the contact; masked in lists, whole to whoever says why."""
    for asked in (number, phone, f"1380000{phone[-4:]}"):
        assert [one.pk for one in find_persons(Filters(text=asked), by=by).persons] == [person.pk]
    [row] = person_rows([Person.objects.get(pk=person.pk)])
    assert number not in row.document and row.document.endswith(number[-2:]) and phone not in row.phone
    opened = services.reveal(uid=person.uid, items=("document", "phone", "address"), reason="核对本人", by=by)
    assert opened == {"document": number, "phone": phone, "address": "3组12号"}
    page = text(client_of(by), f"/work/people/{person.uid}/")
    assert number not in page and number[-2:] in page


def some_persons(by: User) -> list[tuple[Person, str, str]]:
    made = []
    for at, name in enumerate(("舒桂香", "向大山", "张秀英", "刘玉兰")):
        number, phone = a_number(), f"1390000100{at}"
        person = a_person(by=by, name=name, document_number=number, phone=phone)
        services.add_kin(uid=person.uid, name="张敏", relation="30", phone=f"1380000{phone[-4:]}", by=by)
        made.append((person, number, phone))
    return made


def test_a_person_lives_a_whole_life_under_the_national_ciphers(keys: Path, county_clerk: User) -> None:
    save_keyring(new_keyring("sm4"), keys)
    [first, *_] = some_persons(county_clerk)
    assert ciphers() == {SM4}
    is_found_and_read(*first, county_clerk)
    with pytest.raises(Refused, match="A file with this document exists"):
        a_person(by=county_clerk, name="别人", document_number=first[1])


def test_a_city_goes_over_to_them_by_the_command_which_may_be_stopped_on_the_way(
    keys: Path, county_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_keyring(new_keyring("aes"), keys)
    persons = some_persons(county_clerk)
    assert ciphers() == {AES}
    renew, done = rotation._renew, []

    def until_the_power_fails(*words: Any) -> bool:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(words)
        return renew(*words)

    with monkeypatch.context() as broken:
        broken.setattr(rotation, "BATCH", 1)
        broken.setattr(rotation, "_renew", until_the_power_fails)
        with pytest.raises(KeyboardInterrupt):
            rotate(["--cipher", "sm4"])
    assert ciphers() == {AES, SM4}
    late = a_person(by=county_clerk, name="舒二妹", document_number=a_number(), phone="13900002000")
    for one in persons:
        is_found_and_read(*one, county_clerk)
    with pytest.raises(Refused, match="A file with this document exists"):
        a_person(by=county_clerk, name="别人", document_number=persons[-1][1])

    before = keyring().current
    assert rotate(["--cipher", "sm4", "--no-new-key"]) == 0
    assert ciphers() == {SM4} and keyring().current == before
    for one in persons:
        is_found_and_read(*one, county_clerk)
    versions = {bytes(index)[0] for index in Person.objects.values_list("document_index", flat=True)}
    assert versions == {keyring().index_current} and late.pk
