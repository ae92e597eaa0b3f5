"""People around a person: contacts, guardians, households; consents. What each verb refuses, writes and keeps."""

import datetime as dt
import io
from typing import Any

import pytest

from tests.people.builders import a_person, a_village
from tests.pictures import a_png
from yinling.accounts.models import User
from yinling.files.models import StoredFile
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused
from yinling.people import services
from yinling.people.models import Consent, Guardian, Kin, Membership, Person, Revision
from yinling.people.queries import household_of

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2020, 1, 1)
PDF = b"%PDF-1.4 judgment"


def a_daughter(of: Person, by: User) -> Kin:
    return services.add_kin(uid=of.uid, name="张敏", relation="30", by=by, phone="13800005530", is_emergency=True)


def a_guardian(of: Person, by: User, **changes: Any) -> Guardian:
    facts: dict[str, Any] = {
        "kin_uid": a_daughter(of, by).uid, "kind": "agreed", "proof": "公证书 2024-117", "scope": "医疗",
        "valid_from": LONG_AGO,
    }  # fmt: skip
    return services.add_guardian(uid=of.uid, by=by, **{**facts, **changes})


def test_a_contact_is_corrected_and_old_and_new_are_kept_sealed(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    kin = a_daughter(person, county_clerk)
    services.correct_kin(
        uid=person.uid, kin_uid=kin.uid, name="张敏", relation="30", phone="13800009999", lives_at="长沙",
        is_emergency=False, by=county_clerk,
    )  # fmt: skip
    kin.refresh_from_db()
    assert (kin.phone(), kin.lives_at, kin.is_emergency) == ("13800009999", "长沙", False)
    revision = Revision.objects.get(person=person)
    assert revision.fields == ["kin.is_emergency", "kin.lives_at", "kin.phone"]
    assert b"13800005530" not in bytes(revision.values_sealed)


def test_an_empty_telephone_keeps_the_number_on_file_and_no_change_leaves_no_trace(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    kin = a_daughter(person, county_clerk)
    services.correct_kin(
        uid=person.uid, kin_uid=kin.uid, name="张敏", relation="30", phone="", lives_at="", is_emergency=True,
        by=county_clerk,
    )  # fmt: skip
    kin.refresh_from_db()
    assert kin.phone() == "13800005530"
    assert not Revision.objects.exists()


def test_a_wrong_telephone_of_a_contact_is_refused_and_nothing_is_written(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    kin = a_daughter(person, county_clerk)
    with pytest.raises(Refused):
        services.correct_kin(
            uid=person.uid, kin_uid=kin.uid, name="张敏", relation="30", phone="12", lives_at="长沙", is_emergency=True,
            by=county_clerk,
        )  # fmt: skip
    kin.refresh_from_db()
    assert (kin.phone(), kin.lives_at) == ("13800005530", "")


def test_a_contact_struck_off_stays_as_a_row_and_is_gone_for_good(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    kin = a_daughter(person, county_clerk)
    services.end_kin(uid=person.uid, kin_uid=kin.uid, reason="重复登记", by=county_clerk)
    assert Kin.objects.get().ended_at is not None
    with pytest.raises(NotFound):
        services.end_kin(uid=person.uid, kin_uid=kin.uid, reason="重复登记", by=county_clerk)


def test_a_guardian_is_not_struck_off_the_contacts(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    guardian = a_guardian(person, county_clerk)
    with pytest.raises(Refused, match="End the guardianship first"):
        services.end_kin(uid=person.uid, kin_uid=guardian.kin.uid, by=county_clerk)
    assert Kin.objects.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"proof": " "}, "proof"),
        ({"scope": ""}, "may decide"),
        ({"valid_to": dt.date(2019, 1, 1)}, "before the beginning"),
    ],
)
def test_a_guardian_without_proof_scope_or_sense_is_refused(
    county_clerk: User, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        a_guardian(a_person(by=county_clerk), county_clerk, **changes)
    assert not Guardian.objects.exists()


def test_the_proof_of_a_guardian_is_kept_and_opened_within_the_scope(
    county_clerk: User, other_county_clerk: User
) -> None:
    person = a_person(by=county_clerk)
    kept = services.keep_proof(
        uid=person.uid, stream=io.BytesIO(PDF), name="判决书.pdf", purpose="proof of guardianship", by=county_clerk
    )
    guardian = a_guardian(person, county_clerk, proof_file_uid=kept)
    ids: dict[str, Any] = {"uid": person.uid, "guardian_uid": guardian.uid}
    assert services.open_proof(by=county_clerk, **ids).content() == PDF
    with pytest.raises(NotFound):
        services.open_proof(by=other_county_clerk, **ids)


def test_a_guardianship_ends_with_a_reason_and_the_row_stays(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    guardian = a_guardian(person, county_clerk)
    words: dict[str, Any] = {"uid": person.uid, "guardian_uid": guardian.uid, "by": county_clerk}
    with pytest.raises(Refused, match="reason"):
        services.end_guardian(on=civil_date(), reason="x", **words)
    with pytest.raises(Refused, match="began on"):
        services.end_guardian(on=dt.date(2019, 1, 1), reason="法院撤销", **words)
    services.end_guardian(on=civil_date(), reason="法院撤销", **words)
    guardian.refresh_from_db()
    assert guardian.valid_to == civil_date()
    with pytest.raises(NotFound):
        services.end_guardian(on=civil_date(), reason="法院撤销", **words)


def a_consent(of: Person, by: User, **changes: Any) -> Consent:
    facts: dict[str, Any] = {
        "purpose": "family_view", "items": ["visits"], "recipient": "女儿", "method": "read_aloud", "given_by": "本人",
        "witness": "向玉莲",
    }  # fmt: skip
    return services.give_consent(uid=of.uid, by=by, **{**facts, **changes})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"items": []}, "names what it covers"),
        ({"witness": ""}, "needs a witness"),
        ({"method": "guardian"}, "Choose the guardian"),
        ({"valid_to": dt.date(2020, 1, 1)}, "past already"),
    ],
)
def test_a_consent_that_could_not_be_shown_later_is_refused(
    county_clerk: User, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        a_consent(a_person(by=county_clerk), county_clerk, **changes)
    assert not Consent.objects.exists()


def test_a_consent_signed_by_the_guardian_names_the_guardian(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    guardian = a_guardian(person, county_clerk)
    assert a_consent(person, county_clerk, method="guardian", guardian_uid=guardian.uid).guardian == guardian


def test_a_consent_is_withdrawn_at_once_with_its_day_and_words(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    consent = a_consent(person, county_clerk)
    words: dict[str, Any] = {"uid": person.uid, "consent_uid": consent.uid, "by": county_clerk}
    with pytest.raises(Refused, match="future"):
        services.withdraw_consent(on=dt.date(2099, 1, 1), reason="电话告知村干部", **words)
    services.withdraw_consent(on=civil_date(), reason="电话告知村干部", **words)
    consent.refresh_from_db()
    assert (consent.withdrawn_on, consent.withdrawn_why) == (civil_date(), "电话告知村干部")
    assert consent.withdrawn_at is not None
    with pytest.raises(NotFound):
        services.withdraw_consent(on=civil_date(), reason="电话告知村干部", **words)


def a_couple(by: User) -> tuple[Person, Person]:
    return a_person(by=by), a_person(by=by, name="向大山", born=dt.date(1940, 5, 1), phone="")


def test_a_person_is_put_into_the_household_of_another_who_becomes_its_head(county_clerk: User) -> None:
    wife, husband = a_couple(county_clerk)
    services.enter_household(uid=wife.uid, with_uid=husband.uid, relation="10", on=civil_date(), by=county_clerk)
    wife.refresh_from_db()
    husband.refresh_from_db()
    assert wife.household == husband.household
    relations = {m.pk: m.relation for m in household_of(wife, county_clerk)}  # type: ignore[attr-defined]
    assert relations == {wife.pk: "10", husband.pk: "02"}


def test_a_household_has_one_head(county_clerk: User) -> None:
    wife, husband = a_couple(county_clerk)
    services.enter_household(uid=wife.uid, with_uid=husband.uid, relation="10", on=civil_date(), by=county_clerk)
    with pytest.raises(Refused, match="has a head already"):
        services.enter_household(uid=wife.uid, with_uid=husband.uid, relation="02", on=civil_date(), by=county_clerk)
    assert Membership.objects.get(person=wife, superseded_at__isnull=True).relation == "10"
    services.enter_household(uid=husband.uid, with_uid=wife.uid, relation="10", on=civil_date(), by=county_clerk)
    services.enter_household(uid=wife.uid, with_uid=husband.uid, relation="02", on=civil_date(), by=county_clerk)
    assert Membership.objects.get(relation="02", superseded_at__isnull=True).person == wife


def test_whoever_leaves_closes_one_membership_and_opens_the_next(county_clerk: User) -> None:
    wife, husband = a_couple(county_clerk)
    services.enter_household(uid=wife.uid, with_uid=husband.uid, relation="10", on=LONG_AGO, by=county_clerk)
    services.enter_household(uid=wife.uid, relation="02", on=dt.date(2026, 1, 1), by=county_clerk)
    ends = Membership.objects.filter(person=wife).order_by("id").values_list("valid_to", flat=True)
    assert list(ends) == [dt.date(2026, 1, 1), None]
    wife.refresh_from_db()
    assert wife.household_id != husband.household_id


def test_people_of_two_villages_are_no_household(county_clerk: User) -> None:
    one, other = (
        a_person(by=county_clerk),
        a_person(by=county_clerk, name="向大山", place_key=a_village(place=1), phone=""),
    )
    with pytest.raises(Refused, match="different villages"):
        services.enter_household(uid=one.uid, with_uid=other.uid, relation="80", on=civil_date(), by=county_clerk)
    with pytest.raises(Refused, match="same person"):
        services.enter_household(uid=one.uid, with_uid=one.uid, relation="80", on=civil_date(), by=county_clerk)
    assert not Membership.objects.exists()
    assert not Person.objects.filter(household__isnull=False).exists()


def test_a_household_shows_those_alone_whom_the_reader_may_see(county_clerk: User, other_county_clerk: User) -> None:
    wife, husband = a_couple(county_clerk)
    services.enter_household(uid=wife.uid, with_uid=husband.uid, relation="10", on=LONG_AGO, by=county_clerk)
    wife.refresh_from_db()
    assert household_of(wife, other_county_clerk) == []


PORTRAIT, OLDER = a_png(), a_png(seed=2)


def put_photo(person: Person, by: User, content: bytes = PORTRAIT, **changes: Any) -> Person:
    return services.keep_photo(
        uid=person.uid, stream=io.BytesIO(content), name="face.jpg", by=by, **{"has_agreed": True, **changes}
    )


def test_a_photograph_needs_agreement_and_must_be_a_picture(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(Refused, match="agreement"):
        put_photo(person, county_clerk, has_agreed=False)
    with pytest.raises(Refused, match="cannot be kept"):
        put_photo(person, county_clerk, content=PDF)
    person.refresh_from_db()
    assert person.photo_uid is None
    assert not StoredFile.objects.exists()


def test_a_new_photograph_erases_the_old_one_whoever_put_it_in(county_clerk: User, township_clerk: User) -> None:
    person = put_photo(a_person(by=county_clerk), county_clerk)
    put_photo(person, township_clerk, content=OLDER)
    person.refresh_from_db()
    assert services.open_photo(uid=person.uid, by=township_clerk).content() == OLDER
    assert StoredFile.objects.present().count() == 1
    services.remove_photo(uid=person.uid, reason="本人要求删除", by=township_clerk)
    assert not StoredFile.objects.present().exists()
    with pytest.raises(NotFound):
        services.open_photo(uid=person.uid, by=county_clerk)


def test_a_photograph_is_seen_where_the_person_is_seen(county_clerk: User, other_county_clerk: User) -> None:
    person = put_photo(a_person(by=county_clerk), county_clerk)
    with pytest.raises(NotFound):
        services.open_photo(uid=person.uid, by=other_county_clerk)
    with pytest.raises(Refused, match="reason"):
        services.remove_photo(uid=person.uid, reason="", by=county_clerk)
