"""Where somebody begins after the log-in: volunteers with their visits, everybody else at the desk."""

import pytest
from django.test import Client

from tests.accounts.builders import log_in
from tests.care.builders import a_visitor
from tests.conftest import XUPU, a_user, client_of
from tests.sync.builders import a_visiting_user
from yinling.accounts.models import User
from yinling.places.models import Place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
SECRET = "correct horse battery"


def landing(client: Client, user: User) -> str:
    """The address after the log-in."""
    return str(log_in(client, user.username, SECRET).headers["Location"])


def test_a_volunteer_with_visits_begins_in_the_app(client: Client) -> None:
    assert landing(client, a_visiting_user()) == "/my/visits/"


def test_a_volunteer_whom_nobody_made_a_visitor_begins_at_the_desk(client: Client) -> None:
    assert landing(client, a_user("volunteer", XUPU)) == "/work/"


def test_a_clerk_who_also_visits_begins_at_the_desk(client: Client, city: Place) -> None:
    clerk = a_user("county_clerk", XUPU)
    a_visitor("舒干部", XUPU, clerk)
    assert landing(client, clerk) == "/work/"


def test_the_menu_of_a_volunteer_leads_to_the_app_and_the_app_to_the_desk() -> None:
    browser = client_of(a_visiting_user())
    assert 'href="/my/visits/"' in browser.get("/work/").content.decode()
    assert 'href="/work/"' in browser.get("/my/visits/").content.decode()
