"""Inquiries into abuse: who may, what is refused, and that nobody else learns of one."""

import pytest
from django.test import Client

from tests.conftest import client_of
from tests.people.builders import a_person
from yinling.accounts.models import User
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.people import services
from yinling.people.models import Inquiry
from yinling.people.queries import history_of, looks_at, looks_under

pytestmark = pytest.mark.django_db
CAUSE, FOUND = "邻居反映老人身上有伤", "系跌倒所致，已告知家属"


def test_a_look_under_an_inquiry_stands_in_the_receipt_only_when_it_closes(
    county_clerk: User, city_officer: User
) -> None:
    person = a_person(by=county_clerk)
    inquiry = services.open_inquiry(uid=person.uid, why=CAUSE, by=city_officer)
    services.reveal(uid=person.uid, items=("phone",), reason="核实情况", by=city_officer)
    services.reveal(uid=person.uid, items=("phone",), reason="上门探访", by=county_clerk)
    assert [look.reason for look in looks_at(person)] == ["上门探访"]
    assert [look.reason for look in looks_under(inquiry)] == ["核实情况"]
    services.close_inquiry(uid=inquiry.uid, outcome="not_confirmed", findings=FOUND, by=city_officer)
    assert [look.reason for look in looks_at(person)] == ["上门探访", "核实情况"]


def test_a_look_under_an_inquiry_stays_hidden_on_the_page_of_every_merged_file(
    county_clerk: User, city_officer: User
) -> None:
    one, other = a_person(by=county_clerk), a_person(by=county_clerk, document_number="", phone="")
    services.open_inquiry(uid=other.uid, why=CAUSE, by=city_officer)
    services.merge_files(uid=other.uid, into=one.uid, by=county_clerk)
    services.reveal(uid=one.uid, items=("phone",), reason="核实情况", by=city_officer)
    services.undo_merge(uid=other.uid, by=county_clerk)
    one.refresh_from_db()
    assert looks_at(one) == []


def test_an_ordinary_clerk_neither_opens_nor_sees_one(county_clerk: User, city_officer: User) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(NotAllowed):
        services.open_inquiry(uid=person.uid, why=CAUSE, by=county_clerk)
    inquiry = services.open_inquiry(uid=person.uid, why=CAUSE, by=city_officer)
    assert not Inquiry.objects.visible_to(county_clerk).exists()
    with pytest.raises(NotFound):
        services.close_inquiry(uid=inquiry.uid, outcome="confirmed", findings=FOUND, by=county_clerk)


def test_the_pages_of_a_clerk_are_the_same_with_and_without_an_inquiry(county_clerk: User, city_officer: User) -> None:
    person, client = a_person(by=county_clerk), client_of(county_clerk)
    paths = [f"/work/people/{person.uid}/{path}" for path in ("", "panel/looks", "panel/history", "receipt", "inquiry")]
    paths += ["/work/people/inquiries/"]
    before = [(client.get(path).status_code, _words(client, path)) for path in paths]
    services.open_inquiry(uid=person.uid, why=CAUSE, by=city_officer)
    services.reveal(uid=person.uid, items=("phone",), reason="核实情况", by=city_officer)
    assert [(client.get(path).status_code, _words(client, path)) for path in paths] == before
    assert client.get(paths[4]).status_code == client.get(paths[5]).status_code == 403


def _words(client: Client, path: str) -> list[str]:
    """The page without its tokens against forgery, which differ each time."""
    return [line for line in client.get(path).content.decode().splitlines() if "csrf" not in line]


def test_opening_and_closing_name_no_person_and_no_place_in_the_record(county_clerk: User, city_officer: User) -> None:
    person = a_person(by=county_clerk)
    inquiry = services.open_inquiry(uid=person.uid, why=CAUSE, by=city_officer)
    change = Change.objects.get(type="people.inquiry_opened")
    assert (change.subject_uid, change.place_key, change.reason) == (inquiry.uid, 0, "")
    assert str(person.uid) not in str(change.data)
    assert [c.type for c in history_of(person)] == ["people.registered"]
    assert CAUSE.encode() not in bytes(inquiry.why_sealed)
    assert inquiry.why() == CAUSE


def test_one_inquiry_into_a_person_at_a_time_with_a_cause(county_clerk: User, city_officer: User) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(Refused, match="reason"):
        services.open_inquiry(uid=person.uid, why="x", by=city_officer)
    services.open_inquiry(uid=person.uid, why=CAUSE, by=city_officer)
    with pytest.raises(Refused, match="open already"):
        services.open_inquiry(uid=person.uid, why=CAUSE, by=city_officer)
    assert Inquiry.objects.count() == 1


def test_an_inquiry_closes_once_with_an_outcome_and_findings(county_clerk: User, city_officer: User) -> None:
    inquiry = services.open_inquiry(uid=a_person(by=county_clerk).uid, why=CAUSE, by=city_officer)
    with pytest.raises(Refused, match="what came of it"):
        services.close_inquiry(uid=inquiry.uid, outcome="", findings=FOUND, by=city_officer)
    with pytest.raises(Refused, match="reason"):
        services.close_inquiry(uid=inquiry.uid, outcome="confirmed", findings="", by=city_officer)
    assert Inquiry.objects.open().exists()
    services.close_inquiry(uid=inquiry.uid, outcome="confirmed", findings=FOUND, by=city_officer)
    with pytest.raises(Refused, match="closed already"):
        services.close_inquiry(uid=inquiry.uid, outcome="confirmed", findings=FOUND, by=city_officer)


def test_the_city_officer_opens_reads_and_closes_one_in_pages(county_clerk: User, city_officer: User) -> None:
    person, client = a_person(by=county_clerk), client_of(city_officer)
    assert client.post(f"/work/people/{person.uid}/inquiry", {"why": CAUSE}).status_code == 302
    inquiry = Inquiry.objects.get()
    assert str(inquiry.uid) in client.get(f"/work/people/{person.uid}/").content.decode()
    assert str(inquiry.uid) in client.get("/work/people/inquiries/").content.decode()
    page = f"/work/people/inquiries/{inquiry.uid}"
    assert CAUSE in client.get(page).content.decode()
    assert client.post(page, {"outcome": "confirmed", "findings": ""}).status_code == 422
    assert client.post(page, {"outcome": "confirmed", "findings": FOUND}).status_code == 302
    assert str(inquiry.uid) not in client.get("/work/people/inquiries/").content.decode()
    assert FOUND in client.get(page).content.decode()
