"""A county clerk's morning in a real browser: find somebody, look with a reason, correct, register, settle."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from tests.browsing import check, log_in
from tests.people.builders import TODAY, a_person, an_entry
from yinling.accounts.models import User
from yinling.kernel.models import Change
from yinling.people.models import Doubt, Person
from yinling.people.rules import Entry
from yinling.people.rules import check as checked
from yinling.people.services import apply_entries

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_doubt(by: User, like: Person) -> Doubt:
    """A row of a roster that resembles somebody."""
    row = Entry(name=like.name, place_key=like.place_key, birth_date=dt.date(1944, 7, 3), sex="2")
    with transaction.atomic():
        apply_entries(entries=[checked(row, TODAY)], by=by, source="名册.xlsx", today=TODAY)
    return Doubt.objects.get()


def test_pages_of_the_register_have_no_fault(browser_page: Any, live_server: Any, county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    doubt = a_doubt(county_clerk, person)
    log_in(browser_page, live_server, county_clerk)
    paths = [
        "/work/", "/work/division/431224000000", "/work/people/", "/work/people/?place=431224000000",
        f"/work/people/{person.uid}/", f"/work/people/{person.uid}/show", "/work/people/new", "/work/people/doubts/",
        f"/work/people/doubts/{doubt.uid}", "/work/people/transfers/", "/work/messages/",
    ]  # fmt: skip
    assert [found for path in paths if (found := check(browser_page, live_server, path))] == []


def test_a_clerk_finds_somebody_by_initials_and_opens_the_telephone_with_a_reason(
    browser_page: Any, live_server: Any, county_clerk: User
) -> None:
    a_person(by=county_clerk)
    page = browser_page
    log_in(page, live_server, county_clerk)
    page.fill("header input[name=q]", "sgx")
    page.press("header input[name=q]", "Enter")
    page.click("text=舒**")
    assert "13900000417" not in page.content()
    page.click("text=显示完整信息")
    page.fill("[name=reason]", "核对生存状况")
    page.click("main button.main")
    page.wait_for_selector("text=13900000417")
    assert Change.objects.get(type="people.looked").reason == "核对生存状况"


def test_a_clerk_registers_somebody_by_keyboard_and_is_shown_whom_the_entry_resembles(
    browser_page: Any, live_server: Any, county_clerk: User
) -> None:
    known, entry = a_person(by=county_clerk), an_entry()
    page = browser_page
    log_in(page, live_server, county_clerk)
    page.goto(f"{live_server.url}/work/people/new")
    page.fill("[name=name]", entry.name)
    page.fill("[name=place]", str(entry.place_key))
    page.fill("[name=birth_date]", known.birth_date.isoformat())
    page.press("[name=place]", "Enter")
    page.wait_for_selector("text=是不是其中一位")
    assert Person.objects.count() == 1
    page.click("main button.main")
    page.wait_for_selector("text=档案已建好")
    assert Person.objects.count() == 2


def test_the_register_works_without_javascript(chromium: Any, live_server: Any, county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    log_in(page, live_server, county_clerk)
    page.goto(f"{live_server.url}/work/people/{person.uid}/")
    page.click("section:has-text('谁看过这份档案') a")
    assert "还没有人打开过" in page.content()
    context.close()
