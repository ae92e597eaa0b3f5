"""The page of shared fields in a real browser: no accessibility fault, no sideways scroll."""

from typing import Any

import pytest
import yaml

from tests.browsing import check, enter
from tests.city.conftest import PACK
from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.reference.services import load_code_lists
from yinling.web.assets import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_page_of_shared_fields_is_clean(browser_page: Any, live_server: Any, county_clerk: User) -> None:
    build()
    data = yaml.safe_load((PACK.parent / "national" / "codelists.yaml").read_text(encoding="utf-8"))
    load_code_lists(data, file="codelists.yaml", pack="national", layer=0, by=System("test"))
    enter(browser_page, live_server, county_clerk)
    assert not check(browser_page, live_server, "/work/people/shared")
