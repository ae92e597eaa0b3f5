"""Whom or what a duty is about is a link only for who may open it: nobody is led to a page that says no."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import LUFENG, XUPU, a_user
from tests.institutions.builders import a_home, a_person, a_resident, beds_in, waiting
from yinling.accounts.models import User
from yinling.config.roles import ROLES
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.kernel.reasons import Reason
from yinling.people.permissions import People
from yinling.people.services import open_grant
from yinling.places.models import Place
from yinling.worklist.models import Subject
from yinling.worklist.permissions import Worklist
from yinling.worklist.services import open_item

pytestmark = pytest.mark.django_db
BY = System("test")
DOERS = [role for role in ROLES if Worklist.HANDLE in role.permissions]
PLACES = {"city": 431200000000, "county": XUPU, "township": LUFENG, "village": 431224100001}


def _duty(user: User, kind: str, uid: object) -> None:
    subject = Subject(kind, uid)  # type: ignore[arg-type]
    open_item(kind=f"test.{kind}", subject=subject, title=Reason("Look"), place_key=PLACES["village"], by=BY, user=user)


@pytest.mark.parametrize("role", [role.key for role in DOERS])
def test_what_a_duty_is_about_leads_nowhere_closed(role: str, city: Place, client: Client) -> None:
    home = a_home()
    beds_in(home, 2)
    stay = a_resident(home)
    level = next(one.level for one in DOERS if one.key == role)
    user = a_user(role, PLACES[level])
    open_grant(
        person=stay.person, grantee_uid=user.uid, ground="pairing", until=now() + dt.timedelta(days=9), by=BY,
        origin_uid=stay.uid,
    )  # fmt: skip
    _duty(user, "person", stay.person.uid)
    _duty(user, "stay", stay.uid)
    _duty(user, "application", waiting(home, a_person("向禾")).uid)
    _duty(user, "institution", home.uid)
    client.force_login(user)
    page = client.get(reverse("worklist:list")).content.decode()
    links = set(re.findall(r'href="(/work/(?:people|institutions)/[^"?]*)"', page.split("<tbody>", 1)[-1]))
    closed = {link: code for link in links if (code := client.get(link).status_code) != 200}
    assert "<tbody>" in page and not closed
    assert (reverse("people:person", args=[stay.person.uid]) in links) == user.may(People.READ)
    assert "舒*" in page and "舒禾" not in page
