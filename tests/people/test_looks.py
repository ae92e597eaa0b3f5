"""The log of looks: who may read it, what it says, and what it keeps to itself."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.browsing import check, enter
from tests.conftest import XUPU, a_user
from tests.people.builders import a_person
from tests.people.test_changing_pages import client_of, text
from tests.people.test_expiring import a_consent, a_sheet
from yinling.accounts.models import User
from yinling.kernel.changes import save_all
from yinling.kernel.clock import civil_date, now
from yinling.kernel.models import Change
from yinling.people import exports, services
from yinling.people.looks import Wanted, in_words, looks_found
from yinling.people.models import Person
from yinling.places.models import Place

pytestmark = pytest.mark.django_db
PAGE = "/work/people/looks/"


@pytest.fixture
def audit(city: Place) -> User:
    """The audit administrator of the city."""
    return a_user("audit_administrator", city.key, "audit")


def looked_at(person: Person, by: User, reason: str = "入户前核对电话") -> None:
    services.reveal(uid=person.uid, items=("phone", "document"), reason=reason, by=by)


def whys(by: User, **wanted: Any) -> list[str]:
    return [look.reason for look in in_words(looks_found(Wanted(**wanted), by=by).order_by("-id"))]


def test_the_log_says_who_looked_at_what_and_why_and_shows_none_of_it(county_clerk: User, audit: User) -> None:
    person = a_person(by=county_clerk)
    looked_at(person, county_clerk)
    shown = text(client_of(audit), PAGE)
    assert "入户前核对电话" in shown and county_clerk.username in shown and person.uid.hex[-8:] in shown
    for protected in ("舒桂香", "舒", "13900000417", person.document_number(), str(person.uid), "3组12号"):
        assert protected not in shown
    [row] = exports._looks(audit, {})
    assert row[-1] == "入户前核对电话" and "舒" not in "".join(map(str, row))


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "county_clerk", "auditor"])
def test_nobody_but_the_audit_administrator_reads_it(city: Place, role: str) -> None:
    assert client_of(a_user(role, city.key, "somebody")).get(PAGE).status_code == 403


def test_it_is_filtered_by_user_division_and_day(county_clerk: User, township_clerk: User, audit: User) -> None:
    person = a_person(by=county_clerk)
    looked_at(person, county_clerk, "县里核对")
    looked_at(person, township_clerk, "镇里核对")
    assert whys(audit) == ["镇里核对", "县里核对"]
    assert whys(audit, user=county_clerk.username[:9]) == ["县里核对"]
    assert whys(audit, user="nobody") == []
    assert len(whys(audit, place_key=XUPU)) == 2
    assert whys(audit, place_key=431202000000) == []
    assert whys(audit, last=civil_date() - dt.timedelta(days=1)) == []
    assert len(whys(audit, first=civil_date(), last=civil_date())) == 2
    assert "县里核对" not in text(client_of(audit), f"{PAGE}?place=431202000000&first=nonsense")


def test_an_administrator_of_one_county_reads_that_countys_log(county_clerk: User, city: Place) -> None:
    looked_at(a_person(by=county_clerk), county_clerk)
    services.show_names(by=county_clerk, reason="核对名单")
    assert len(whys(a_user("audit_administrator", XUPU, "xupu"))) == 1
    assert whys(a_user("audit_administrator", 431202000000, "hecheng")) == []
    assert whys(a_user("audit_administrator", city.key, "whole"), kind="names") == ["核对名单"]


def test_looks_under_an_inquiry_stay_hidden_until_it_closes(
    county_clerk: User, city_officer: User, audit: User
) -> None:
    person = a_person(by=county_clerk)
    looked_at(person, county_clerk, "日常核对")
    inquiry = services.open_inquiry(uid=person.uid, why="邻居反映有伤痕", by=city_officer)
    looked_at(person, city_officer, "调查核对")
    assert whys(audit) == ["日常核对"]
    services.close_inquiry(uid=inquiry.uid, outcome="not_confirmed", findings="系摔伤，已核实", by=city_officer)
    assert whys(audit) == ["调查核对", "日常核对"]


def test_files_opened_under_an_inquiry_stay_hidden_until_it_closes(
    county_clerk: User, city_officer: User, audit: User
) -> None:
    person = a_person(by=county_clerk)
    sheet: dict[str, Any] = {"uid": person.uid, "consent_uid": a_consent(person, county_clerk).uid}
    services.keep_sheet(by=county_clerk, **sheet, **a_sheet())
    services.open_sheet(by=county_clerk, **sheet)
    Change.objects.filter(type="files.opened").update(data={"about": f"person:{person.uid}"})  # written before
    inquiry = services.open_inquiry(uid=person.uid, why="邻居反映有伤痕", by=city_officer)
    services.open_sheet(by=city_officer, **sheet)

    def seen() -> list[str]:
        return [look.username for look in in_words(looks_found(Wanted(kind="files"), by=audit).order_by("-id"))]

    assert seen() == [county_clerk.username]
    services.close_inquiry(uid=inquiry.uid, outcome="not_confirmed", findings="系摔伤，已核实", by=city_officer)
    assert seen() == [city_officer.username, county_clerk.username]


def a_look(at: dt.datetime, by: User, number: int, place_key: int = XUPU) -> Change:
    return Change(
        type="people.looked", actor_uid=by.uid, subject_kind="person", subject_uid=uuid4(), place_key=place_key,
        data={"items": ["phone"]}, reason=f"核对 {number}", recorded_at=at,
    )  # fmt: skip


def test_it_reaches_back_three_years(county_clerk: User, audit: User) -> None:
    save_all([a_look(now() - dt.timedelta(days=days), county_clerk, days) for days in (1200, 1000)])
    assert whys(audit) == ["核对 1000"]


def test_a_page_asks_the_same_statements_at_a_hundred_thousand_looks(county_clerk: User, audit: User) -> None:
    client, counts = client_of(audit), []
    save_all([a_look(now(), county_clerk, 0)])
    client.get(PAGE)
    for many in (60, 100_000):
        save_all([a_look(now(), county_clerk, number) for number in range(many)])
        for address in (PAGE, f"{PAGE}?user=county&place={XUPU}&first={civil_date()}"):
            with CaptureQueriesContext(connection) as asked:
                assert f"核对 {many - 1}" in client.get(address).content.decode()
            counts.append((address, len(asked)))
    assert counts[:2] == counts[2:]


def test_the_log_is_readable_on_a_phone_and_by_keyboard(
    browser_page: Any, live_server: Any, county_clerk: User, audit: User
) -> None:
    person = a_person(by=county_clerk)
    for reason in ("入户前核对电话", "补贴资格复核", "家属来电核实身份"):
        looked_at(person, county_clerk, reason)
    enter(browser_page, live_server, audit)
    assert check(browser_page, live_server, PAGE) == {}
