"""The verbs of the register: what each refuses, writes, records and announces."""

import datetime as dt

import pytest

from tests.people.builders import HECHENG_TOWN, a_number, a_person, a_village, an_entry
from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.kernel.names import mask_name
from yinling.people import services
from yinling.people.models import Category, Grant, LifeEvent, Person, Residence, Revision, Transfer
from yinling.people.rules import Entry

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2020, 1, 1)


def types_of(person: Person) -> list[str]:
    return list(Change.objects.filter(subject_uid=person.uid).order_by("id").values_list("type", flat=True))


def test_a_registered_person_is_sealed_indexed_and_recorded(county_clerk: User) -> None:
    entry = an_entry()
    person = services.register_person(entry=entry, by=county_clerk)
    assert entry.document_number.encode() not in bytes(person.document_sealed)
    assert person.document_number() == entry.document_number
    assert Residence.objects.get(person=person).place_key == entry.place_key
    assert types_of(person) == ["people.registered"]


def test_the_same_document_is_refused_and_nothing_is_written(county_clerk: User) -> None:
    entry = an_entry()
    services.register_person(entry=entry, by=county_clerk)
    with pytest.raises(Refused, match="exists already"):
        services.register_person(entry=entry, by=county_clerk, is_new_for_sure=True)
    assert Person.objects.count() == 1


def test_somebody_who_resembles_a_person_waits_for_a_second_look(county_clerk: User) -> None:
    first = services.register_person(entry=an_entry(), by=county_clerk)
    twin_of_a_row = Entry(name=first.name, place_key=first.place_key, birth_date=first.birth_date, sex="2")
    with pytest.raises(Refused) as refusal:
        services.register_person(entry=twin_of_a_row, by=county_clerk)
    assert refusal.value.field == "match"
    assert services.register_person(entry=twin_of_a_row, by=county_clerk, is_new_for_sure=True).pk != first.pk


def test_a_clerk_does_not_register_in_another_county(other_county_clerk: User) -> None:
    with pytest.raises(NotAllowed):
        services.register_person(entry=an_entry(), by=other_county_clerk)
    assert not Person.objects.exists()


def test_a_correction_keeps_old_and_new_sealed(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    entry = Entry(name=person.name, place_key=person.place_key, phone="13900000999", living_arrangement="alone")
    services.correct_person(uid=person.uid, entry=entry, by=county_clerk)
    person.refresh_from_db()
    assert (person.phone(), person.living_arrangement) == ("13900000999", "alone")
    revision = Revision.objects.get(person=person)
    assert revision.fields == ["living_arrangement", "phone"]
    assert b"13900000417" not in bytes(revision.values_sealed)


def test_a_correction_that_changes_nothing_leaves_no_trace(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    services.correct_person(uid=person.uid, entry=Entry(name=person.name, place_key=person.place_key), by=county_clerk)
    assert types_of(person) == ["people.registered"]


def test_another_countys_person_reads_as_not_found(county_clerk: User, other_county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(NotFound):
        services.correct_person(uid=person.uid, entry=an_entry(), by=other_county_clerk)
    with pytest.raises(NotFound):
        services.reveal(uid=person.uid, items=("phone",), reason="上门探访", by=other_county_clerk)


def test_a_move_closes_one_residence_and_opens_the_next(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    Residence.objects.update(valid_from=LONG_AGO)
    there = a_village(place=1)
    services.move_person(uid=person.uid, to_key=there, on=dt.date(2026, 1, 1), by=county_clerk)
    person.refresh_from_db()
    assert person.place_key == there
    assert list(Residence.objects.order_by("valid_from").values_list("valid_to", flat=True)) == [
        dt.date(2026, 1, 1),
        None,
    ]


def test_a_move_before_the_present_residence_is_refused(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(Refused, match="present residence"):
        services.move_person(uid=person.uid, to_key=a_village(place=1), on=LONG_AGO, by=county_clerk)
    assert Residence.objects.count() == 1


def test_a_death_ends_grants_and_a_mistake_is_taken_back(county_clerk: User, system: System) -> None:
    person = a_person(by=county_clerk)
    until = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    services.open_grant(person=person, grantee_uid=county_clerk.uid, ground="pairing", until=until, by=system)
    services.register_death(uid=person.uid, died_on=dt.date(2026, 8, 14), by=county_clerk)
    person.refresh_from_db()
    assert (person.life_status, person.died_on) == ("dead", dt.date(2026, 8, 14))
    assert not Grant.objects.filter(ended_at__isnull=True).exists()
    services.reverse_death(uid=person.uid, by=county_clerk, reason="同名同姓，登错了")
    person.refresh_from_db()
    assert (person.life_status, person.died_on) == ("alive", None)
    assert list(LifeEvent.objects.order_by("id").values_list("kind", flat=True)) == ["death", "reversal"]


def test_a_second_death_is_refused(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    services.register_death(uid=person.uid, died_on=dt.date(2026, 8, 14), by=county_clerk)
    with pytest.raises(Refused, match="registered already"):
        services.register_death(uid=person.uid, died_on=dt.date(2026, 8, 15), by=county_clerk)
    assert LifeEvent.objects.count() == 1


def test_a_visitor_may_not_register_a_death(village_visitor: User, system: System) -> None:
    person = a_person(by=system, place_key=village_visitor.place_key)
    with pytest.raises(NotAllowed):
        services.register_death(uid=person.uid, died_on=dt.date(2026, 8, 14), by=village_visitor)
    assert not LifeEvent.objects.exists()


def test_a_category_is_joined_once_and_left_with_a_date(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    for _ in range(2):
        services.join_category(uid=person.uid, category="destitute", by=county_clerk, source="名单", on=LONG_AGO)
    assert Category.objects.count() == 1
    services.leave_category(
        uid=person.uid, category="destitute", by=county_clerk, on=dt.date(2026, 1, 1), reason="收入已超标准"
    )
    assert Category.objects.get().valid_to == dt.date(2026, 1, 1)


def test_looking_needs_a_reason_and_leaves_a_line(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(Refused):
        services.reveal(uid=person.uid, items=("phone",), reason="", by=county_clerk)
    assert types_of(person) == ["people.registered"]
    opened = services.reveal(uid=person.uid, items=("phone",), reason="核对生存状况", by=county_clerk)
    assert opened == {"phone": "13900000417"}
    look = Change.objects.get(type="people.looked")
    assert (look.data["items"], look.reason) == (["phone"], "核对生存状况")


def test_a_grant_opens_one_file_to_one_user_for_a_time(
    county_clerk: User, other_county_clerk: User, system: System
) -> None:
    person, stranger = a_person(by=county_clerk), a_person(by=county_clerk, name="向玉莲", phone="")
    until = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    services.open_grant(person=person, grantee_uid=other_county_clerk.uid, ground="referral", until=until, by=system)
    assert list(Person.objects.visible_to(other_county_clerk)) == [person]
    services.close_grant(person=person, grantee_uid=other_county_clerk.uid, ground="referral", by=system)
    assert not Person.objects.visible_to(other_county_clerk).exists()
    assert stranger.pk


def test_merged_files_stay_where_they_are_and_the_merge_can_be_undone(county_clerk: User) -> None:
    one, other = a_person(by=county_clerk), a_person(by=county_clerk, document_number="", phone="")
    services.merge_files(uid=other.uid, into=one.uid, by=county_clerk)
    other.refresh_from_db()
    assert other.canonical_id == one.pk
    services.undo_merge(uid=other.uid, by=county_clerk)
    other.refresh_from_db()
    assert other.canonical_id is None


def test_two_valid_documents_are_never_merged(county_clerk: User) -> None:
    one = a_person(by=county_clerk)
    other = a_person(by=county_clerk, document_number=a_number(), phone="")
    with pytest.raises(Refused, match="two different valid documents"):
        services.merge_files(uid=other.uid, into=one.uid, by=county_clerk)
    assert not Person.objects.filter(canonical__isnull=False).exists()


def test_a_transfer_changes_the_county_with_its_receipt_only(
    county_clerk: User, other_county_clerk: User, system: System
) -> None:
    person = a_person(by=county_clerk)
    Residence.objects.update(valid_from=LONG_AGO)
    there = a_village(HECHENG_TOWN)
    transfer = services.send_transfer(uid=person.uid, to_key=there, by=county_clerk, note="随女儿居住")
    assert not Person.objects.visible_to(other_county_clerk).exists()
    with pytest.raises(NotFound):
        services.answer_transfer(uid=transfer.uid, receives=True, by=county_clerk)
    services.answer_transfer(uid=transfer.uid, receives=True, by=other_county_clerk)
    assert Person.objects.visible_to(other_county_clerk).count() == 1
    assert not Person.objects.visible_to(county_clerk).exists()


def test_a_case_goes_back_only_with_a_reason(county_clerk: User, other_county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    transfer = services.send_transfer(uid=person.uid, to_key=a_village(HECHENG_TOWN), by=county_clerk)
    with pytest.raises(Refused, match="why"):
        services.answer_transfer(uid=transfer.uid, receives=False, by=other_county_clerk)
    assert Transfer.objects.get().state == "sent"
    services.answer_transfer(uid=transfer.uid, receives=False, answer="查无此人", by=other_county_clerk)
    assert Transfer.objects.get().state == "returned"


def test_willingness_is_asked_in_the_past(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(Refused, match="future"):
        services.record_willingness(
            uid=person.uid, is_willing=True, asked_on=dt.date(2099, 1, 1), asked_by="村主任", by=county_clerk
        )


def test_a_name_is_masked_to_its_surname() -> None:
    assert mask_name("舒桂香") == "舒**"
