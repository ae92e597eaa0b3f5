"""Every list goes out as a workbook: numbers as text, filtered as its page is, with a marker and a line on record."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.urls import reverse

from tests.conftest import HECHENG, LUFENG, a_user, client_of
from yinling.accounts.models import LogIn, User
from yinling.desk import exports
from yinling.inspections.shapes import shapes
from yinling.kernel.models import Change
from yinling.places.models import Place
from yinling.reference.services import set_parameter

pytestmark = pytest.mark.django_db
PACKAGE = Path(exports.__file__).parents[1]
WHY = "季度核查用"
# Which role takes which list out, and the filters in its address.
LISTS = {
    "accounts": ("county_clerk", "?state=locked"), "failures": ("system_administrator", ""),
    "inquiries": ("city_officer", "?state=closed"), "late_duties": ("county_clerk", ""),
    "occupancy": ("county_clerk", "?on=2026-01-31"), "tokens": ("security_administrator", ""),
    "waiting": ("county_clerk", ""), "alerts": ("county_clerk", ""), "devices": ("county_clerk", ""),
    "draws": ("county_clerk", ""), "hazards": ("county_clerk", ""), "incidents": ("county_clerk", ""),
    "inspections": ("county_clerk", ""), "shifts_undone": ("county_clerk", ""),
    "national_inspections": ("county_clerk", ""), "national_hazards": ("county_clerk", ""),
    "fire_hazards": ("county_clerk", ""),
    "assessors": ("county_clerk", ""), "code_lists": ("county_clerk", ""),
    "dead_messages": ("system_administrator", ""), "doubts": ("county_clerk", ""),
    "holidays": ("county_clerk", "?year=2026"), "imports": ("county_clerk", ""),
    "log_ins": ("audit_administrator", "?result=wrong"), "looks": ("audit_administrator", "?kind=names"),
    "messages": ("county_clerk", "?only=unread"),
    "moves": ("county_clerk", ""), "organisations": ("county_clerk", "?q=no"), "packs": ("city_officer", ""),
    "parameters": ("county_clerk", "?q=x"), "roles": ("security_administrator", ""), "rosters": ("county_clerk", ""),
    "shared_fields": ("county_clerk", ""), "transfers": ("county_clerk", ""),
    "users": ("system_administrator", "?q=clerk"),
    "care_plans": ("county_clerk", ""), "care_sessions": ("county_clerk", ""), "coverage": ("county_clerk", ""),
    "home_beds": ("county_clerk", ""), "pairings": ("county_clerk", ""), "phones": ("county_clerk", ""),
    "time_orders": ("county_clerk", ""), "time_settlement": ("county_clerk", ""), "visitors": ("county_clerk", ""),
    "visits": ("county_clerk", ""), "volunteers": ("county_clerk", ""),
}  # fmt: skip


def sheets(response: Any) -> list[list[list[Any]]]:
    """The rows of each sheet of a workbook that was sent."""
    book = python_calamine.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


@pytest.mark.parametrize("key", LISTS)
def test_a_list_goes_out_with_a_marker_and_leaves_a_line(city: Place, key: str) -> None:
    role, address = LISTS[key]
    user = a_user(role, city.key)
    client, url = client_of(user), reverse("desk:export", args=[key]) + address
    assert client.get(url).status_code == 200
    marker = [cell for row in sheets(client.post(url, {"reason": WHY}))[-1] for cell in row]
    assert {WHY, user.label} <= set(marker)
    change = Change.objects.get(type="desk.list_taken")
    assert (change.data["what"], change.reason) == (key, WHY)


def test_every_offered_list_is_tried_here_and_has_a_button_on_a_page() -> None:
    offered = set(exports._offered)
    on_pages = " ".join(path.read_text() for path in PACKAGE.glob("*/templates/*/*.html"))
    shaped = {shape.key for shape in shapes()}  # offered together, in a line under the list
    assert {key for key in offered - shaped if f"'desk:export' '{key}'" in on_pages} == offered - shaped
    of_one = {"codes", "turns", "rounds", "time_statement"}  # these hang on one code list, roster, day plan, member
    assert offered - of_one == set(LISTS)


def test_users_go_out_as_the_page_shows_them_and_only_those_in_scope(county_clerk: User) -> None:
    a_user("township_clerk", LUFENG, "gone.away")
    far = a_user("county_clerk", HECHENG, "00123456789")
    officer = a_user("city_officer", 431200000000, "city")
    [_header, row] = sheets(client_of(officer).post("/work/export/users?q=00123", {"reason": WHY}))[0]
    assert row[1] == "00123456789"
    names = [row[1] for row in sheets(client_of(county_clerk).post("/work/export/users", {"reason": WHY}))[0]]
    assert "gone.away" in names and far.username not in names


def test_a_wrong_log_in_goes_out_with_its_network_address(city: Place) -> None:
    LogIn.objects.create(username="nobody", way="password", succeeded=False, address="10.0.0.1")
    watcher = a_user("audit_administrator", city.key)
    [_header, row] = sheets(client_of(watcher).post("/work/export/log_ins?result=wrong", {"reason": WHY}))[0]
    assert (row[1], row[3]) == ("nobody", "10.0.0.1")


def test_parameters_keep_their_values_as_text(county_clerk: User, system: Any) -> None:
    set_parameter(key="phone.area_code", value="0745", valid_from=dt.date(2021, 1, 1), by=system)
    [_header, row] = sheets(client_of(county_clerk).post("/work/export/parameters?q=phone", {"reason": WHY}))[0]
    assert row[2] == "0745"


def test_a_list_needs_its_permission_and_a_reason(village_visitor: User, county_clerk: User) -> None:
    assert client_of(village_visitor).get("/work/export/users").status_code == 403
    assert client_of(county_clerk).get("/work/export/nothing").status_code == 404
    assert client_of(county_clerk).post("/work/export/doubts", {"reason": "x"}).status_code == 422
    assert client_of(county_clerk).post("/work/export/codes?list=none", {"reason": WHY}).status_code == 422
    assert not Change.objects.filter(type="desk.list_taken").exists()
