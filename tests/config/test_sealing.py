"""The rotation of keys reaches sealed words wherever they stand: legal persons, staff, notes of duties, assessments."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.institutions.builders import BY, LUFENG, a_home, a_person
from tests.people.builders import a_number
from tests.worklist.builders import a_duty
from yinling.accounts.models import User
from yinling.assessments.models import ConditionReport
from yinling.config.commands.keeping import rotate
from yinling.institutions.models import Staff
from yinling.institutions.services import hire
from yinling.institutions.services.staffing import DOCUMENT
from yinling.kernel.crypto import blinds, seal, sealed_with, unseal
from yinling.kernel.keyring import keyring, new_keyring, save_keyring
from yinling.organisations.services import Details, register_organisation
from yinling.worklist.models import Entry, note_where

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of keys of the test's own."""
    monkeypatch.delenv("YINLING_KEYS", raising=False)
    settings.KEYS_FILE = tmp_path / "keyring.json"
    save_keyring(new_keyring("aes"), settings.KEYS_FILE)
    yield settings.KEYS_FILE
    keyring.cache_clear()


def again(row: Any) -> Any:
    """The row as it stands in the database now."""
    return type(row)._default_manager.get(pk=row.pk)


def test_everything_is_sealed_under_the_new_key_and_reads_as_before(keys: Path, county_clerk: User) -> None:
    legal = register_organisation(place_key=LUFENG, details=Details(name="安心公司", phone="13900001111"), by=BY)
    number = a_number()
    carer = hire(uid=a_home().uid, name="舒禾", post="carer", document_number=number, phone="13900002222", by=BY)
    entry = Entry(item=a_duty(by=BY, role="county_clerk"), verb=Entry.Verb.PAUSED, actor_uid=BY.uid, actor_label="x")
    entry.note = seal("等医院的回信", note_where(entry.uid))
    entry.save(force_insert=True)
    report = ConditionReport(person=a_person(), place_key=LUFENG, reported_by=BY.uid)
    report.note_sealed = seal("走路不稳", report.note_where)
    report.save(force_insert=True)

    assert rotate(["--cipher", "sm4"]) == 0

    legal, carer, entry, report = again(legal), again(carer), again(entry), again(report)
    columns = (legal.phone, carer.document_sealed, carer.phone_sealed, entry.note, report.note_sealed)
    assert {sealed_with(value) for value in columns} == {keyring().current} != {1}
    assert unseal(legal.phone, legal.phone_place) == "13900001111"
    assert (carer.document_number(), carer.phone()) == (number, "13900002222")
    assert bytes(carer.document_index) == blinds(DOCUMENT, number)[-1]
    assert unseal(entry.note, note_where(entry.uid)) == "等医院的回信" and report.note() == "走路不稳"
    assert Staff.objects.filter(document_index__in=blinds(DOCUMENT, number)).count() == 1
