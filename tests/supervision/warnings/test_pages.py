"""The panel of the rhythm: for those who answer alerts where she lives, and only under a consent."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people.builders import a_person
from tests.supervision.warnings.builders import BY, a_watched_elder
from tests.supervision.warnings.test_silence import LONG, others, watch
from yinling.accounts.models import User
from yinling.people.models import Consent

pytestmark = pytest.mark.usefixtures("rules")


def the_panel(uid: object) -> str:
    return f"/work/warnings/person/{uid}/rhythm"


def test_the_panel_draws_the_week_and_says_why_it_raised(client: Client, county_clerk: User) -> None:
    others()
    her = a_watched_elder(silent_hours=LONG)
    watch()
    client.force_login(county_clerk, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(the_panel(her.uid), headers={"accept-language": "zh-hans"})
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count('class="gain"') >= 15
    assert "没有任何活动迹象" in text


def test_without_a_consent_the_panel_shows_nothing_of_her_life(client: Client, county_clerk: User) -> None:
    her = a_watched_elder()
    Consent.objects.all().delete()
    client.force_login(county_clerk, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(the_panel(her.uid)).content.decode()
    assert '<svg class="draw"' not in text
    assert f"/work/people/{her.uid}/consent" in text


def test_an_elder_of_another_county_is_not_found(client: Client, other_county_clerk: User) -> None:
    her = a_watched_elder()
    client.force_login(other_county_clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(the_panel(her.uid)).status_code == 404


def test_nobody_sees_it_without_logging_in(client: Client) -> None:
    assert client.get(the_panel(a_person(by=BY).uid)).status_code == 302


def test_the_panel_asks_the_same_number_of_statements_for_few_signs_and_for_many(
    client: Client, county_clerk: User
) -> None:
    quiet, busy = a_watched_elder(silent_hours=24 * 40), a_watched_elder(document_number="", phone="")
    client.force_login(county_clerk, backend="django.contrib.auth.backends.ModelBackend")
    counts = []
    for person in (quiet, quiet, busy):
        with CaptureQueriesContext(connection) as queries:
            client.get(the_panel(person.uid))
        counts.append(len(queries))
    assert counts[1] == counts[2]
