"""The bulk door takes the generator's own columns; rosters take the generator's own files."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from tests.institutions.builders import a_home, a_person
from yinling.accounts.models import User
from yinling.institutions import queries, services
from yinling.institutions.models import Bed, BedUse, Certificate, Institution, Licence, Staff, Stay
from yinling.institutions.rosters import REGISTERS
from yinling.kernel.actors import System
from yinling.kernel.clock import now
from yinling.people.models import Person, Whereabouts
from yinling.places.models import Place
from yinling.spreadsheets.outcomes import OutcomeKind
from yinling.spreadsheets.registers import Context
from yinling.spreadsheets.rules.columns import CleanBatch
from yinling.spreadsheets.rules.fields import LooseDate

pytestmark = pytest.mark.django_db
BY = System("test")
VILLAGE, NAME = 431224100001, "卢峰镇区域性养老服务中心"
DAY = dt.date(2024, 3, 1)


def a_network(residents: int = 2) -> dict[str, Any]:
    """One home of four beds as `yinling.city` writes it, with two stays, staff and licences."""
    site = {
        "site_no": 1, "kind": "regional_home", "name": NAME, "county_code": "431224000000",
        "village_code": str(VILLAGE), "opened_on": dt.date(2015, 10, 1), "lon": 110.59, "lat": 27.9,
        "mutual_aid_model": None, "org_no": None, "operator_model": "public", "operator_org_no": None,
        "filing_number": "99122400001", "phone": "0745-9500001", "fee_low_fen": 160_000, "fee_high_fen": 320_000,
        "area_m2": 900, "has_lift": True, "has_kitchen": True, "has_medical_unit": False,
    }  # fmt: skip
    bed = {"site_no": 1, "building": "1号楼", "floor": 1, "kind": "nursing", "opened_on": dt.date(2015, 10, 1)}
    beds = [bed | {"bed_no": n, "room_no": f"10{n}", "label": "1床", "project_no": None} for n in range(1, 5)]
    stays = [
        {"stay_no": 1, "person_no": 1, "site_no": 1, "bed_no": 1, "admitted_on": dt.date(2023, 1, 5),
         "left_on": dt.date(2024, 3, 10), "leaving_reason": "home", "is_destitute": False},
        {"stay_no": 2, "person_no": 2, "site_no": 1, "bed_no": 1, "admitted_on": dt.date(2024, 3, 10),
         "left_on": None, "leaving_reason": None, "is_destitute": True},
    ]  # fmt: skip
    staff = {
        "staff_no": 1, "org_no": None, "site_no": 1, "role": "carer", "name": "覃护理", "sex": 2,
        "birth_date": dt.date(1975, 1, 1), "id_number": "990000197501010029", "phone": "13900000417",
        "hired_on": dt.date(2020, 1, 1), "certificate": "carer", "certificate_level": 4,
        "certificate_number": "YL00000001", "certified_on": dt.date(2021, 1, 1), "certificate_expires_on": None,
        "health_certificate_expires_on": dt.date(2026, 5, 1),
    }  # fmt: skip
    licence = {
        "licence_no": 1,
        "site_no": 1,
        "kind": "food",
        "number": "9900000001",
        "issued_on": DAY,
        "expires_on": None,
    }
    frames = {"sites": [site], "beds": beds, "stays": stays[:residents], "staff": [staff], "licences": [licence]}
    return {name: pl.DataFrame(rows, infer_schema_length=None).iter_rows(named=True) for name, rows in frames.items()}


def test_the_generators_columns_load_and_give_the_past_back(city: Place, keeper: User) -> None:
    persons = {1: a_person("舒禾").pk, 2: a_person("向禾").pk}
    loaded = services.bulk_load(by=BY, person_ids=persons, **a_network())
    assert loaded.rows["institutions_bed"] == 4 and loaded.rows["institutions_stay"] == 2
    home = Institution.objects.get()
    assert (home.place_key, home.fees["low_fen"], loaded.institutions[1]) == (VILLAGE, 160_000, home.pk)
    for day, count in ((dt.date(2022, 12, 31), 0), (DAY, 1), (dt.date(2024, 3, 10), 1)):
        total, _below = queries.occupancy(keeper, division=431224000000, day=day, known_at=now())
        assert (total.occupied, total.set_up, total.nursing) == (count, 4, 4)
    assert Whereabouts.objects.get().person_id == persons[2]
    assert Staff.objects.get().phone() == "13900000417" and Certificate.objects.count() == 2
    assert Licence.objects.get().number == "9900000001"
    stay = Stay.objects.get(left_at__isnull=True)
    services.discharge(stay_uid=stay.uid, reason="home", by=BY)
    assert not BedUse.objects.open().exists() and Person.objects.count() == 2


def a_batch(**columns: list[Any]) -> CleanBatch:
    count = len(next(iter(columns.values())))
    return CleanBatch(list(range(2, 2 + count)), columns, [()] * count)


def taken(key: str, by: Any, **columns: list[Any]) -> list[OutcomeKind]:
    register = next(one for one in REGISTERS if one.key == key)
    context = Context(by, "养老机构.xlsx", dt.date(2026, 11, 23), 0, 0)
    return [outcome.kind for outcome in register.take(a_batch(**columns), context)]


def test_the_list_of_institutions_creates_updates_and_leaves_alone(keeper: User, lists: None) -> None:
    row = {
        "name": [NAME],
        "operator_model": ["公办公营"],
        "village": [str(VILLAGE)],
        "opened_on": [LooseDate(2015, 10, 1)],
    }
    assert taken("institutions", keeper, **row, phone=[("07459500001",)]) == ["created"]
    assert taken("institutions", keeper, **row, phone=[("07459500001",)]) == ["unchanged"]
    assert taken("institutions", keeper, **row, phone=[("07459500002",)]) == ["updated"]
    assert taken("institutions", keeper, **(row | {"name": ["别的院"], "village": ["没有的村"]})) == ["refused"]
    assert Institution.objects.get().kind == "regional_home"


def test_the_list_of_beds_sets_beds_up_once(keeper: User, lists: None) -> None:
    home = a_home(NAME)
    rows = {"home": [NAME, NAME], "room": ["101", "101"], "label": ["1床", "2床"], "kind": ["护理型床位", "普通"]}
    assert taken("beds", keeper, **rows) == ["created", "created"]
    assert taken("beds", keeper, **rows) == ["unchanged", "unchanged"]
    assert taken("beds", keeper, **(rows | {"home": ["没有的院", NAME], "kind": ["普通", "吊床"]})) == [
        "refused",
        "refused",
    ]
    assert Bed.objects.filter(institution=home, kind="nursing").count() == 1


def test_the_staff_list_hires_once_and_renews_certificates(keeper: User, lists: None) -> None:
    a_home(NAME)
    row = {"name": ["覃护理"], "home": [NAME], "post": ["护理员"], "grade": ["四级"], "sex": ["female"]}
    assert taken("staff", keeper, **row, health_until=[LooseDate(2026, 5, 1)]) == ["created"]
    assert taken("staff", keeper, **row, health_until=[LooseDate(2026, 5, 1)]) == ["unchanged"]
    assert taken("staff", keeper, **row, health_until=[LooseDate(2027, 5, 1)]) == ["updated"]
    assert taken("staff", keeper, **(row | {"post": ["飞行员"]})) == ["refused"]
    assert Certificate.objects.current().get(kind="health").expires_on == dt.date(2027, 5, 1)
