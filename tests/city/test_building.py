"""A tiny city built into the test's database: refusals, accounts, history, duties, figures, page, samples."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from yinling.accounts.models import User
from yinling.accounts.roles import all_roles
from yinling.assessments.models import Assessment, Level
from yinling.city import figures
from yinling.city.building import Built, build_city
from yinling.city.facts import Compared, compare, facts
from yinling.city.models import Build
from yinling.institutions.models import Stay
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.models import Change, Figure
from yinling.kernel.scope import within
from yinling.ledger.models import Posting
from yinling.ledger.queries import verify_books
from yinling.people.measures import elders
from yinling.people.models import Doubt, Kin, LifeEvent, Person, Residence, Transfer
from yinling.people.queries import Filters, find_persons
from yinling.places.queries import city, key_ranges
from yinling.spreadsheets.services import import_file
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.django_db  # else no database is made for the fixture below
SCALE, SEED = 0.005, 4312
CITY, XUPU = 431200000000, 431224000000


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """The city, built once for this file and taken back afterwards."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "HOME", tmp_path_factory.mktemp("home"))
        patch.setattr(figures, "_MONTHS", 1)
        yield build_city(scale=SCALE, seed=SEED, say=lambda line: None)
        transaction.set_rollback(True)


def _facts() -> dict[str, Compared]:
    counted = Build.objects.get().counted
    return {fact.key: compare(fact, counted.get(fact.key), SCALE) for fact in facts()}


def test_the_elders_of_2022_are_the_scale_s_share(built: Built) -> None:
    assert sum(elders(dt.date(2022, 12, 31), now()).values()) == round(952_000 * SCALE)
    assert built.persons == Person.objects.filter(within(key_ranges([city().key]))).count()


def test_the_city_is_built_into_an_empty_database_only(built: Built) -> None:
    with pytest.raises(Refused, match="not empty"):
        build_city(scale=SCALE, seed=SEED, say=lambda line: None)


def test_every_fact_that_is_counted_holds_at_any_scale(built: Built) -> None:
    counted = {key: row for key, row in _facts().items() if row.counted is not None}
    assert {"beds_added", "projects", "elders_60_2022", "public_occupancy_2024", "central_care_willing"} <= set(counted)
    people = {"public_occupancy_2022", "public_occupancy_2024", "central_care_dependent"}  # too few at this scale
    assert [key for key, row in counted.items() if not row.holds and key not in people] == []


def test_each_role_has_an_account_and_its_desk_is_not_empty(built: Built) -> None:
    users = {user.username: user for user in User.objects.filter(username__startswith="demo.")}
    assert {f"demo.{role.key}" for role in all_roles()} <= set(users)
    assert users["demo.county_clerk"].place_key == XUPU
    by_themselves = {"city_officer", "institution_manager"}  # what climbs to them, or runs out, depends on the day
    overseen = {"auditor", "system_administrator", "security_administrator", "audit_administrator"}  # opened by night
    programme = {"programme_officer", "care_partner"}  # whose plans are another city's
    for role in {role.key for role in all_roles()} - by_themselves - overseen - programme:
        assert WorkItem.objects.open().held_by(users[f"demo.{role}"]).exists(), role
    assert Doubt.objects.filter(state=Doubt.OPEN).count() > 3
    assert Transfer.objects.filter(to_key__range=(XUPU, XUPU + 10**6)).exists()


def test_some_residents_have_paid_and_the_books_hold(built: Built) -> None:
    assert Posting.objects.count() > 10
    assert list(verify_books()) == []


def test_deaths_are_events_and_nobody_has_two_residences(built: Built) -> None:
    dead = Person.objects.filter(life_status=Person.DEAD)
    assert dead.count() == LifeEvent.objects.count() > 100
    standing = Residence.objects.filter(valid_to__isnull=True, superseded_at__isnull=True)
    assert standing.count() == standing.values("person").distinct().count() == Person.objects.count()
    assert not Residence.objects.filter(recorded_at__gt=now()).exists()


def test_kin_telephones_are_sealed_and_open(built: Built) -> None:
    kin = Kin.objects.exclude(phone_index=b"").first()
    assert kin is not None
    assert kin.phone().startswith(("154", "0745"))
    assert kin.phone().encode() not in bytes(kin.phone_sealed)


def test_the_county_clerk_finds_an_elder_by_name_and_by_number(built: Built) -> None:
    clerk = User.objects.get(username="demo.county_clerk")
    person = Person.objects.filter(place_key__range=(XUPU, XUPU + 10**6), document_kind="resident_id").living().first()
    assert person is not None
    assert person in find_persons(Filters(text=person.name), by=clerk).persons
    assert list(find_persons(Filters(text=person.document_number()), by=clerk).persons) == [person]


def test_levels_were_known_on_the_day_of_the_assessment(built: Built) -> None:
    assert Level.objects.count() >= Assessment.objects.counting().count() > 100
    assert not Level.objects.filter(recorded_at__date__gt=dt.date(2026, 1, 1)).exists()


def test_no_bed_is_held_by_two_and_willing_persons_live_in_homes(built: Built) -> None:
    assert Stay.objects.present().count() > 10
    assert _facts()["central_care_willing"].counted == 100


def test_figures_are_kept_for_the_desk(built: Built) -> None:
    series = Figure.objects.filter(measure="elders", division_key=CITY).order_by("day")
    assert series.count() == 2
    assert all(figure.value > 0 for figure in series)


def test_the_load_leaves_one_change_row_per_county(built: Built) -> None:
    assert Change.objects.filter(type="people.roster_applied", reason="演示数据").count() == 13


def test_the_samples_fit_the_register(built: Built) -> None:
    folder = Path(settings.HOME) / "samples"
    rosters = folder.glob("*花名册[1-4].*")
    assert sorted(path.suffix for path in rosters if path.suffix != ".json") == [".csv", ".ods", ".xls", ".xlsx"]
    known = set(Person.objects.values_list("name", flat=True))
    for path in folder.glob("*.truth.json"):
        truth = json.loads(path.read_text(encoding="utf-8"))
        unchanged = [row for row in truth["rows"] if row["outcome"] == "unchanged" and row["cause"] == ""]
        assert all(row["values"]["姓名"] in known for row in unchanged)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".xls", ".ods"])
def test_each_row_of_a_sample_becomes_what_its_truth_says(built: Built, suffix: str) -> None:
    clerk = User.objects.get(username="demo.township_clerk")
    path = next((Path(settings.HOME) / "samples").glob(f"*花名册[1-4]{suffix}"))
    truth = json.loads(path.with_name(path.stem + ".truth.json").read_text(encoding="utf-8"))
    imported = import_file(path=path, register_key="people", by=clerk, place_key=clerk.place_key)
    expected = {(row["sheet"], row["row"]): row["outcome"] for row in truth["rows"] if row["outcome"] != "skipped"}
    assert {outcome.position: str(outcome.kind) for outcome in imported.outcomes().in_order()} == expected


def test_the_list_of_deaths_becomes_what_its_truth_says(built: Built) -> None:
    clerk = User.objects.get(username="demo.township_clerk")
    path = next((Path(settings.HOME) / "samples").glob("*死亡人员名单*.xlsx"))
    truth = json.loads(path.with_name(path.stem + ".truth.json").read_text(encoding="utf-8"))
    before = Person.objects.filter(life_status=Person.DEAD).count()
    imported = import_file(path=path, register_key="deaths", by=clerk, place_key=clerk.place_key)
    expected = {(row["sheet"], row["row"]): row["outcome"] for row in truth["rows"] if row["outcome"] != "skipped"}
    assert {outcome.position: str(outcome.kind) for outcome in imported.outcomes().in_order()} == expected
    died = Person.objects.filter(life_status=Person.DEAD).count() - before
    assert died == truth["counts"]["updated"] > 0


@pytest.mark.urls("tests.city.addresses")
def test_the_page_says_what_is_fact_and_offers_the_samples(built: Built, client: Client) -> None:
    client.force_login(User.objects.get(username="demo.county_clerk"))
    page = client.get("/work/city/about/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "0.5%" in text and "1,656" in text and "3,620" in text
    name = next(path.name for path in (Path(settings.HOME) / "samples").glob("*.xlsx"))
    assert client.get(f"/work/city/samples/{name}").status_code == 200
    assert client.get("/work/city/samples/keyring.json").status_code == 404


def test_uids_of_the_register_begin_with_the_day_it_opened(built: Built) -> None:
    uid = Person.objects.order_by("id").values_list("uid", flat=True).first()
    assert str(uid).startswith("0176bb3e-7000-7")  # 2021-01-01, version 7
