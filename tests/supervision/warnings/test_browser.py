"""The panel of the rhythm in a real browser: no accessibility fault, no sideways scroll, on a phone and on a desk."""

from typing import Any

import pytest

from tests.browsing import check, enter
from tests.people.builders import a_person, load_lists
from tests.supervision.warnings.builders import BY, a_watched_elder, the_rules
from tests.supervision.warnings.test_silence import LONG, others, watch
from yinling.accounts.models import User
from yinling.web.assets import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_panel_is_clean_with_a_concern_and_without_a_consent(
    browser_page: Any, live_server: Any, county_clerk: User
) -> None:
    build()
    load_lists()
    the_rules()
    others()
    her, other = a_watched_elder(silent_hours=4 * LONG), a_person(by=BY, document_number="", phone="")
    assert watch() == 1
    enter(browser_page, live_server, county_clerk)
    found: dict[str, list[str]] = {}
    for person in (her, other):
        found |= check(browser_page, live_server, f"/work/warnings/person/{person.uid}/rhythm")
    found |= check(browser_page, live_server, f"/work/people/{her.uid}/")
    assert not found
