"""Pages of visits in a real browser: nothing for axe to complain of, nothing wider than a telephone."""

import datetime as dt
from typing import Any

import pytest

from tests.browsing import check, enter
from tests.care.builders import VILLAGE, a_due_visit, a_person, a_report, a_visitor, at_home, nobody, pairs, the_rules
from tests.conftest import LUFENG, a_user
from yinling.accounts.models import User
from yinling.care.models import Doubt
from yinling.care.services.visits import make_visit
from yinling.kernel.clock import now
from yinling.people.services.whereabouts import record_whereabouts
from yinling.web.assets import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
DAY = dt.timedelta(days=1)


@pytest.fixture
def clerk(city: object, lists: None) -> User:
    return a_user("township_clerk", LUFENG)


def test_visitors_and_clerks_pages_have_no_faults(browser_page: Any, live_server: Any, clerk: User) -> None:
    build()
    the_rules()
    helper = a_user("volunteer", VILLAGE)
    visitor, person = a_visitor(user=helper), a_person()
    pairs(visitor, person)
    record_whereabouts(person=person, kind="hospital", since=now() - DAY)
    first, second, third = (a_due_visit(person, visitor) for _number in range(3))
    made = make_visit(visit_uid=first.uid, report=a_report(position=at_home(person, 20)), by=helper)
    silent = make_visit(visit_uid=second.uid, report=nobody(ago=15, lasting=4), by=helper)
    found: dict[str, list[str]] = {}
    enter(browser_page, live_server, helper)
    for path in ("mine/", f"{third.uid}/record", f"{silent.uid}/attempt", f"sheets/{visitor.uid}"):
        found |= check(browser_page, live_server, f"/work/care/visits/{path}")
    enter(browser_page, live_server, clerk)
    for path in ("", f"{made.uid}/", "coverage/", "rules/", "doubts/", f"doubts/{Doubt.objects.get().uid}/", "sheets/",
                 f"enter/?visitor={visitor.uid}", f"person/{person.uid}/door"):  # fmt: skip
        found |= check(browser_page, live_server, f"/work/care/visits/{path}")
    assert not found
