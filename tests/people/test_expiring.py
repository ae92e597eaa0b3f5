"""Consents and guardianships that run out, transfers that wait for a receipt, great ages: what the night asks for."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.people.builders import HECHENG_TOWN, a_person, a_village, load_lists
from tests.people.test_around import PDF, a_consent, a_guardian
from tests.people.test_changing_pages import client_of, text
from tests.pictures import a_jpeg, told_by
from yinling.accounts.models import User
from yinling.files.models import StoredFile
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.models import Change
from yinling.people import duties, services
from yinling.people.models import Category, Consent, Person
from yinling.people.services import Given, load_consents
from yinling.people.services.ageing import enter_ages
from yinling.reference.queries import add_working_days
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.django_db
NIGHT = System("people")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _lists() -> None:
    load_lists()


def tonight(on: dt.date | None = None) -> int:
    """What the nightly job opens, all batches of two rows."""
    count, day = 0, on or civil_date()
    for ask in (services.ask_for_consents, services.ask_for_guardians):
        after: int | None = 0
        while after is not None:
            opened, after = ask(on=day, after=after, size=2, by=NIGHT)
            count += opened
    return count


def waiting(kind: str = duties.CONSENT_ENDS) -> list[WorkItem]:
    return list(WorkItem.objects.open().filter(kind=kind))


def test_a_consent_without_an_end_counts_for_the_months_of_the_parameter(county_clerk: User) -> None:
    consent = a_consent(a_person(by=county_clerk), county_clerk)
    assert consent.valid_to is not None
    assert 364 <= (consent.valid_to - civil_date()).days <= 366


def test_somebody_asks_again_thirty_days_ahead_once_however_often_the_night_comes(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    a_consent(person, county_clerk, valid_to=civil_date() + 31 * DAY)
    assert tonight() == 0
    tomorrow = civil_date() + DAY
    assert [tonight(tomorrow), tonight(tomorrow), tonight(tomorrow + DAY)] == [1, 0, 0]
    [item] = waiting()
    assert (item.subject_uid, item.role, item.place_key) == (person.uid, "township_clerk", person.place_key)
    assert (item.due_at.date() - civil_date()).days in (31, 32)


def test_a_paper_consent_without_an_end_is_asked_for_too_and_old_papers_are_let_be(county_clerk: User) -> None:
    person, today = a_person(by=county_clerk), civil_date()
    given = [today - 350 * DAY, today - 370 * DAY, today - 900 * DAY, today - 20 * DAY]
    load_consents(rows=[Given(person.pk, f"purpose {n}", on, "村委会") for n, on in enumerate(given)])
    assert tonight() == 2


def test_a_consent_given_anew_closes_the_question_and_another_recipient_does_not(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    a_consent(person, county_clerk, valid_to=civil_date() + 5 * DAY)
    tonight()
    a_consent(person, county_clerk, recipient="儿子")
    assert len(waiting()) == 1
    a_consent(person, county_clerk)
    assert not waiting()
    assert tonight() == 0


def test_a_withdrawn_consent_is_not_asked_for(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    consent = a_consent(person, county_clerk, valid_to=civil_date() + 5 * DAY)
    tonight()
    services.withdraw_consent(
        uid=person.uid, consent_uid=consent.uid, on=civil_date(), reason="电话告知村干部", by=county_clerk
    )
    assert not waiting()
    assert tonight() == 0


def test_nobody_asks_the_dead_and_a_death_taken_back_asks_again(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    a_guardian(person, county_clerk, valid_to=civil_date() + 9 * DAY)
    a_consent(person, county_clerk, valid_to=civil_date() + 5 * DAY)
    assert tonight() == 2
    services.register_death(uid=person.uid, died_on=civil_date(), by=county_clerk)
    duties.drop_questions(person.uid, by=NIGHT)
    assert not waiting() and not waiting(duties.GUARDIAN_ENDS)
    assert tonight() == 0
    services.reverse_death(uid=person.uid, reason="误登记，本人健在", by=county_clerk)
    assert tonight() == 2


def test_a_guardianship_that_ends_is_asked_about_until_a_new_proof_is_there(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    guardian = a_guardian(person, county_clerk, valid_to=civil_date() + 9 * DAY)
    assert [tonight(), tonight()] == [1, 0]
    services.add_guardian(
        uid=person.uid, kin_uid=guardian.kin.uid, kind="agreed", proof="公证书 2026-88", scope="医疗",
        valid_from=civil_date(), by=county_clerk,
    )  # fmt: skip
    assert not waiting(duties.GUARDIAN_ENDS)
    assert tonight() == 0


def test_a_guardianship_that_was_ended_is_not_asked_about(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    guardian = a_guardian(person, county_clerk, valid_to=civil_date() + 9 * DAY)
    tonight()
    services.end_guardian(
        uid=person.uid, guardian_uid=guardian.uid, on=civil_date(), reason="法院撤销", by=county_clerk
    )
    assert not waiting(duties.GUARDIAN_ENDS)
    assert tonight() == 0


def a_sheet(content: bytes = PDF, name: str = "同意书.pdf") -> dict[str, Any]:
    return {"stream": io.BytesIO(content), "name": name}


def test_the_signed_sheet_is_kept_sealed_and_opened_within_the_scope_on_record(
    county_clerk: User, other_county_clerk: User
) -> None:
    person = a_person(by=county_clerk)
    ids: dict[str, Any] = {"uid": person.uid, "consent_uid": a_consent(person, county_clerk).uid}
    with pytest.raises(NotFound):
        services.open_sheet(by=county_clerk, **ids)
    services.keep_sheet(by=county_clerk, **ids, **a_sheet())
    assert services.open_sheet(by=county_clerk, **ids).content() == PDF
    assert Change.objects.filter(type="files.opened", actor_uid=county_clerk.uid).count() == 1
    for act in (services.open_sheet, lambda **words: services.keep_sheet(**words, **a_sheet())):
        with pytest.raises(NotFound):
            act(by=other_county_clerk, **ids)
    assert StoredFile.objects.count() == 1


def test_the_sheet_is_attached_and_shown_on_the_panel_of_the_person(county_clerk: User, village_visitor: User) -> None:
    person = a_person(by=county_clerk)
    consent, client = a_consent(person, county_clerk), client_of(county_clerk)
    page = f"/work/people/{person.uid}/"
    attach, signed = f"{page}consent/{consent.uid}/attach", f"{page}consent/{consent.uid}/signed"
    assert attach in text(client, page + "panel/consents")
    assert signed not in text(client, page + "panel/consents")
    assert client.post(attach, {"sheet": ""}).status_code == 422
    assert client.post(attach, {"sheet": SimpleUploadedFile("a.heic", b"MZ no picture")}).status_code == 422
    assert client.post(attach, {"sheet": SimpleUploadedFile("sheet.jpg", a_jpeg())}).status_code == 302
    assert signed in text(client, page + "panel/consents")
    shown = client.get(signed)
    assert (shown["Content-Disposition"], shown["Cache-Control"]) == ("attachment", "private, no-store")
    assert told_by(shown.content) == {}
    reader = client_of(village_visitor)
    assert attach not in text(reader, page + "panel/consents")
    assert reader.post(attach, {"sheet": SimpleUploadedFile("sheet.jpg", a_jpeg())}).status_code == 403
    assert reader.get(signed).status_code == 200


def test_a_category_is_ended_from_the_page_with_its_day_and_reason(county_clerk: User, village_visitor: User) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    page = f"/work/people/{person.uid}/"
    assert "category/end" not in text(client, page)
    services.join_category(
        uid=person.uid, category="low_income", source="民政局", on=dt.date(2024, 5, 1), by=county_clerk
    )
    assert page + "category/end" in text(client, page)
    assert "2024-05-01" in text(client, page + "category/end")
    sent = {"category": "low_income", "on": "2026-11-01", "reason": "收入超过标准"}
    for wrong in ({"on": "2099-01-01"}, {"on": "2024-01-01"}, {"reason": "x"}, {"category": "destitute"}):
        assert client.post(page + "category/end", {**sent, **wrong}).status_code == 422
    assert client_of(village_visitor).post(page + "category/end", sent).status_code == 403
    assert Category.objects.get().valid_to is None
    assert client.post(page + "category/end", sent).status_code == 302
    assert Category.objects.get().valid_to == dt.date(2026, 11, 1)
    assert Change.objects.get(type="people.category_left").reason == "收入超过标准"
    assert "category/end" not in text(client, page)


def test_ending_a_category_without_a_reason_is_refused_and_nothing_is_written(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    services.join_category(uid=person.uid, category="low_income", source="民政局", by=county_clerk)
    with pytest.raises(Refused, match="reason"):
        services.leave_category(uid=person.uid, category="low_income", reason=" ", by=county_clerk)
    assert Category.objects.get().valid_to is None


def test_the_other_county_has_five_working_days_for_the_receipt(county_clerk: User, other_county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    transfer = services.send_transfer(uid=person.uid, to_key=a_village(HECHENG_TOWN), by=county_clerk)
    [item] = waiting(duties.TRANSFER)
    assert civil_date(item.due_at) == add_working_days(civil_date(), 5)
    assert (item.role, item.place_key) == ("county_clerk", transfer.to_key)
    label = duties.transfer_labels([transfer.uid], other_county_clerk)[transfer.uid]
    assert "舒" in label[0] and "舒桂香" not in label[0]
    services.answer_transfer(uid=transfer.uid, receives=False, answer="不在本区居住", by=other_county_clerk)
    assert not waiting(duties.TRANSFER)


def ages_tonight() -> int:
    count, after = 0, 0
    while True:
        entered, last = enter_ages(on=civil_date(), after=after, size=2, by=NIGHT)
        count += entered
        if last is None:
            return count
        after = last


def born(years: int, by: User, **changes: Any) -> Person:
    today = civil_date()
    return a_person(by=by, born=today.replace(year=today.year - years), phone="", **changes)


def test_whoever_turns_eighty_or_a_hundred_is_in_the_category_from_the_birthday_on(county_clerk: User) -> None:
    eighty, hundred = born(80, county_clerk), born(100, county_clerk, name="向大山")
    born(79, county_clerk, name="舒二妹")
    assert [ages_tonight(), ages_tonight()] == [3, 0]
    held = Category.objects.filter(person=hundred).order_by("valid_from")
    assert [one.category for one in held] == ["over_80", "centenarian"]
    assert held[1].valid_from == civil_date()
    assert eighty.categories.get().source == "birth date"


def test_the_dead_the_uncertain_and_those_somebody_took_out_are_let_be(county_clerk: User) -> None:
    dead, out = born(81, county_clerk), born(82, county_clerk, name="向大山")
    born(83, county_clerk, name="舒二妹", birth_date=dt.date(1942, 1, 1), birth_is_uncertain=True, document_number="")
    services.register_death(uid=dead.uid, died_on=civil_date(), by=county_clerk)
    services.join_category(uid=out.uid, category="over_80", source="花名册", on=dt.date(2025, 1, 1), by=county_clerk)
    services.leave_category(uid=out.uid, category="over_80", reason="出生日期有误", by=county_clerk)
    assert ages_tonight() == 0


def test_consents_are_nobodys_business_in_the_other_county(county_clerk: User, other_county_clerk: User) -> None:
    a_consent(a_person(by=county_clerk), county_clerk, valid_to=civil_date() + 5 * DAY)
    tonight()
    assert WorkItem.objects.visible_to(county_clerk).exists()
    assert not WorkItem.objects.visible_to(other_county_clerk).exists()
    assert Consent.objects.count() == 1
