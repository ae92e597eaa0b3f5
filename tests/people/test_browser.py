"""Pages of a person in a real browser: no accessibility fault, no sideways scroll, on a phone and on a desk."""

from typing import Any

import pytest

from tests.browsing import check, enter
from tests.people.builders import a_person, load_lists
from tests.people.test_around import a_consent, a_couple, a_guardian, put_photo
from yinling.accounts.models import User
from yinling.kernel.clock import civil_date
from yinling.people import services
from yinling.web.assets import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _built(transactional_db: None) -> None:
    build()
    load_lists()


def test_the_pages_around_a_person_are_clean(browser_page: Any, live_server: Any, county_clerk: User) -> None:
    wife, husband = a_couple(county_clerk)
    services.enter_household(uid=wife.uid, with_uid=husband.uid, relation="10", on=civil_date(), by=county_clerk)
    guardian, consent = a_guardian(wife, county_clerk), a_consent(wife, county_clerk)
    put_photo(wife, county_clerk)
    other = a_person(by=county_clerk, document_number="", phone="")
    services.merge_files(uid=other.uid, into=wife.uid, by=county_clerk, reason="已核对身份证")
    third = a_person(by=county_clerk, document_number="", phone="")
    enter(browser_page, live_server, county_clerk)
    paths = [
        "", "photo/change", "photo/remove", "household", f"household?with={husband.uid}", f"kin/{guardian.kin.uid}",
        f"kin/{guardian.kin.uid}/end", "guardian", f"guardian/{guardian.uid}/end", "consent", f"consent/{consent.uid}",
        f"consent/{consent.uid}/withdraw", "merge", f"merge?other={third.uid}",
    ]  # fmt: skip
    found: dict[str, list[str]] = {}
    for path in paths:
        found |= check(browser_page, live_server, f"/work/people/{wife.uid}/{path}")
    found |= check(browser_page, live_server, f"/work/people/{other.uid}/unmerge")
    found |= check(browser_page, live_server, "/work/people/?place=431224000000&sort=born")
    assert not found


def test_the_pages_of_an_inquiry_are_clean(
    browser_page: Any, live_server: Any, county_clerk: User, city_officer: User
) -> None:
    person, second = a_couple(county_clerk)
    inquiry = services.open_inquiry(uid=person.uid, why="邻居反映老人身上有伤", by=city_officer)
    services.reveal(uid=person.uid, items=("phone",), reason="核实情况", by=city_officer)
    enter(browser_page, live_server, city_officer)
    paths = [f"{second.uid}/inquiry", f"{person.uid}/", "inquiries/", f"inquiries/{inquiry.uid}"]
    found: dict[str, list[str]] = {}
    for path in paths:
        found |= check(browser_page, live_server, f"/work/people/{path}")
    services.close_inquiry(uid=inquiry.uid, outcome="confirmed", findings="已告知家属并转派出所", by=city_officer)
    found |= check(browser_page, live_server, "/work/people/inquiries/?state=closed")
    found |= check(browser_page, live_server, f"/work/people/inquiries/{inquiry.uid}")
    assert not found
