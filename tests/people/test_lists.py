"""Editions of department lists: who has left one, when silence means nothing, and that a check ends no benefit."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from tests.city.conftest import PACK, City
from tests.conftest import client_of
from tests.people.builders import LUFENG, a_person, a_village
from tests.people.test_rosters import BY, city_on_paper, differences, divisions, home, imported, of_county, on_file
from yinling.accounts.models import User
from yinling.city.department_lists import MEMBERS, leavers, listed, members_list, next_edition
from yinling.city.rosters import Roster
from yinling.kernel import jobs
from yinling.kernel.changes import deliver
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.models import Change
from yinling.kernel.seals import seal_changes
from yinling.kernel.uids import new_uid
from yinling.people.models import Category, HospitalStay, ListEdition, Person, Residence
from yinling.people.rosters.departments import DEPARTMENT_LISTS
from yinling.people.rosters.editions import aftermath_of
from yinling.people.rosters.rules import Standing, judge, month_of
from yinling.people.rosters.sharing import SHARED_FIELDS
from yinling.people.services import join_category, register_death
from yinling.people.services.lists import (
    LEFT_LIST,
    ListedRow,
    judge_edition,
    note_rows,
    record_hospital_stay,
    record_registered_residence,
)
from yinling.places.queries import tree
from yinling.reference.services import load_code_lists, set_parameter
from yinling.spreadsheets.services import import_file
from yinling.worklist.models import WorkItem
from yinling.worklist.services import close_by_hand

__all__ = ["city_on_paper", "divisions", "home"]
pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
PACKS = PACK.parent
MARCH, APRIL, MAY = dt.date(2025, 3, 1), dt.date(2025, 4, 1), dt.date(2025, 5, 1)
XUPU, QIAOJIANG = 431224000000, 431224103000


@pytest.fixture(autouse=True)
def limits(db: None) -> None:
    for key, value in {"department_list.least_share_percent": 50, "department_list.check_working_days": 10}.items():
        set_parameter(key=key, value=value, valid_from=dt.date(2021, 1, 1), by=BY)


def on_the_list(month: dt.date, *persons: Person, place: int = XUPU, unread: tuple[str, ...] = ()) -> ListEdition:
    """An edition that holds these persons, compared with those before."""
    rows = [ListedRow(person.pk, "", person.place_key) for person in persons]
    rows += [ListedRow(None, name, persons[0].place_key) for name in unread]
    one = new_uid()
    note_rows(register="low_income", place_key=place, month=month, import_uid=one, source="name list", rows=rows)
    edition = judge_edition(import_uid=one, by=BY)
    assert edition is not None
    return edition


def checks() -> list[WorkItem]:
    return list(WorkItem.objects.open().filter(kind=LEFT_LIST))


@pytest.fixture
def four(county_clerk: User) -> list[Person]:
    """Four neighbours of Lufeng."""
    names = ("舒桂香", "向玉莲", "张长生", "刘满英")
    return [
        a_person(by=county_clerk, name=name, born=dt.date(1940 + n, 2, 3), phone="") for n, name in enumerate(names)
    ]


# rules


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("低保名单2025年3月.xlsx", MARCH), ("2025-03 low income", MARCH), ("民政局 202503 导出", MARCH),
        ("名册 2025.4", APRIL), ("名册", dt.date(2026, 11, 1)), ("计划2027年1月，实际2025年5月", MAY),
        ("文号20250312345", dt.date(2026, 11, 1)),
    ],
)  # fmt: skip
def test_the_month_of_an_edition_is_the_first_one_named_that_is_not_to_come(text: str, month: dt.date) -> None:
    assert month_of(["", text], TODAY) == month


def test_a_township_with_too_few_rows_is_not_compared() -> None:
    before = {n: Standing(1 if n < 10 else 2, f"name {n}") for n in range(20)}
    judged = judge(before, range(9), Counter({1: 9, 2: 4}), (), least_share_percent=50)
    assert (judged.left, judged.covered, judged.not_covered) == ({9}, {1}, {2})


def test_a_name_in_a_row_that_could_not_be_read_makes_unclear_not_gone() -> None:
    before = {n: Standing(1, f"name {n}") for n in range(4)}
    judged = judge(before, {0, 1}, Counter({1: 3}), {"name 3"}, least_share_percent=50)
    assert (judged.left, judged.unclear) == ({2}, {3})


# services


def test_leaving_a_list_opens_a_check_and_ends_no_category(county_clerk: User, four: list[Person]) -> None:
    join_category(uid=four[3].uid, category="low_income", by=county_clerk, source="March")
    on_the_list(MARCH, *four)
    edition = on_the_list(APRIL, *four[:3])
    [item] = checks()
    assert (item.subject_uid, item.key, item.role) == (four[3].uid, "low_income:2025-04", "township_clerk")
    assert item.title_reason.values["month"] == "2025-04"
    assert edition.left == 1
    assert Category.objects.get(person=four[3]).valid_to is None


def test_the_same_edition_again_opens_no_second_check_even_after_the_first_was_closed(
    county_clerk: User, four: list[Person]
) -> None:
    on_the_list(MARCH, *four)
    on_the_list(APRIL, *four[:3])
    on_the_list(APRIL, *four[:3])
    [item] = checks()
    close_by_hand(uid=item.uid, by=county_clerk, note="收入超标，已停发")
    on_the_list(APRIL, *four[:3])
    assert not checks()


def test_whoever_is_missing_from_later_editions_too_is_checked_once(four: list[Person]) -> None:
    on_the_list(MARCH, *four)
    on_the_list(APRIL, *four[:3])
    assert on_the_list(MAY, *four[:3]).left == 0
    assert len(checks()) == 1


def test_a_check_closes_by_itself_when_the_person_is_back(four: list[Person]) -> None:
    on_the_list(MARCH, *four)
    on_the_list(APRIL, *four[:3])
    on_the_list(MAY, *four)
    assert not checks()
    assert WorkItem.objects.get(kind=LEFT_LIST).result == "Back on the list"


def test_a_corrected_file_of_the_same_month_takes_the_check_back(four: list[Person]) -> None:
    on_the_list(MARCH, *four)
    on_the_list(APRIL, *four[:3])
    assert on_the_list(APRIL, four[3]).left == 0
    assert not checks()


def test_an_edition_that_comes_late_says_nothing_where_a_later_one_is_here(four: list[Person]) -> None:
    on_the_list(MARCH, *four)
    on_the_list(MAY, *four)
    assert on_the_list(APRIL, *four[:3]).left == 0
    assert not checks()


def test_a_file_of_one_township_says_nothing_about_another(county_clerk: User, four: list[Person]) -> None:
    elsewhere = a_person(by=county_clerk, name="周冬秀", place_key=a_village(QIAOJIANG), phone="")
    on_the_list(MARCH, *four, elsewhere)
    edition = on_the_list(APRIL, *four[:3])
    assert [item.subject_uid for item in checks()] == [four[3].uid]
    assert (edition.covered, edition.not_covered) == ([LUFENG], [QIAOJIANG])


def test_rows_outside_the_declared_division_are_not_compared(county_clerk: User, four: list[Person]) -> None:
    neighbours = [
        a_person(by=county_clerk, name=n, place_key=a_village(QIAOJIANG), phone="", born=dt.date(1941, 1, d))
        for d, n in enumerate(("周冬秀", "吴长庚"), start=1)
    ]
    on_the_list(MARCH, *four, *neighbours)
    edition = on_the_list(APRIL, *four, neighbours[0], place=LUFENG)
    assert not checks()
    assert edition.covered == [LUFENG]


def test_somebody_skipped_by_a_partial_file_is_still_watched(county_clerk: User, four: list[Person]) -> None:
    elsewhere = [
        a_person(by=county_clerk, name=n, place_key=a_village(QIAOJIANG), phone="", born=dt.date(1941, 1, d))
        for d, n in enumerate(("周冬秀", "吴长庚", "杨再兴"), start=1)
    ]
    on_the_list(MARCH, *four, *elsewhere)
    on_the_list(APRIL, *four, elsewhere[0])
    assert not checks()
    on_the_list(MAY, *four, *elsewhere[:2])
    assert [item.subject_uid for item in checks()] == [elsewhere[2].uid]


def test_who_may_be_in_an_unread_row_is_watched_on(four: list[Person]) -> None:
    on_the_list(MARCH, *four)
    edition = on_the_list(APRIL, *four[:3], unread=(four[3].name_key,))
    assert not checks()
    assert edition.unclear == [four[3].pk]
    on_the_list(MAY, *four[:3])
    assert [item.subject_uid for item in checks()] == [four[3].uid]


def test_the_dead_are_never_checked(county_clerk: User, four: list[Person]) -> None:
    on_the_list(MARCH, *four)
    register_death(uid=four[3].uid, died_on=dt.date(2025, 3, 20), by=county_clerk)
    assert on_the_list(APRIL, *four[:3]).left == 0
    on_the_list(MAY, *four[:2])
    assert len(checks()) == 1
    register_death(uid=four[2].uid, died_on=dt.date(2025, 5, 20), by=county_clerk)
    seal_changes()
    deliver()
    assert not checks()


def test_a_stay_in_hospital_is_kept_once_and_a_discharge_supersedes(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    told: dict[str, Any] = {
        "uid": person.uid, "hospital": "县人民医院", "admitted_on": dt.date(2026, 11, 1), "by": county_clerk,
        "source": "medical insurance",
    }  # fmt: skip
    first = record_hospital_stay(discharged_on=None, **told)
    assert record_hospital_stay(discharged_on=None, **told).pk == first.pk
    record_hospital_stay(discharged_on=dt.date(2026, 11, 9), **told)
    assert HospitalStay.objects.count() == 2
    now_told = HospitalStay.objects.get(superseded_at__isnull=True)
    assert (now_told.hospital(), now_told.discharged_on) == ("县人民医院", dt.date(2026, 11, 9))
    assert "县人民医院".encode() not in bytes(now_told.hospital_sealed)
    assert Change.objects.filter(type="people.hospital_stay_recorded").count() == 2


@pytest.mark.parametrize(
    ("admitted", "discharged", "words"),
    [
        (dt.date(2026, 11, 9), dt.date(2026, 11, 1), "before the admission"),
        (dt.date(2030, 1, 1), None, "future"),
        (dt.date(1930, 1, 1), None, "before the birth"),
    ],
)
def test_an_impossible_stay_in_hospital_is_refused_and_nothing_is_written(
    county_clerk: User, admitted: dt.date, discharged: dt.date | None, words: str
) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(Refused, match=words):
        record_hospital_stay(
            uid=person.uid, hospital="县人民医院", admitted_on=admitted, discharged_on=discharged, by=county_clerk,
            source="list",
        )  # fmt: skip
    assert not HospitalStay.objects.exists()


def test_a_registered_residence_follows_the_one_before(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    told: dict[str, Any] = {"uid": person.uid, "by": county_clerk, "source": "police"}
    record_registered_residence(to_key=a_village(), on=dt.date(2008, 5, 1), **told)
    record_registered_residence(to_key=a_village(QIAOJIANG), on=dt.date(2020, 5, 1), **told)
    held = Residence.objects.filter(kind=Residence.REGISTERED).order_by("valid_from")
    assert [row.valid_to for row in held] == [dt.date(2020, 5, 1), None]
    with pytest.raises(Refused, match="cannot date from"):
        record_registered_residence(to_key=a_village(), on=dt.date(2019, 5, 1), **told)
    person.refresh_from_db()
    assert person.registered_place_key == a_village(QIAOJIANG)


def test_another_countys_person_is_not_found(county_clerk: User, other_county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    with pytest.raises(NotFound):
        record_registered_residence(
            uid=person.uid, to_key=a_village(), on=dt.date(2020, 1, 1), by=other_county_clerk, source="list"
        )


# the demonstration city's own files


def taken(roster: Roster, path: Path) -> tuple[Any, dict[str, Any]]:
    """The roster imported, and what follows from it."""
    found, truth = imported(roster, path, roster.kind)
    seal_changes()
    deliver()
    jobs.run_all()
    return found, truth


@pytest.mark.parametrize("kind", MEMBERS)
def test_whoever_the_truth_says_has_left_is_to_be_checked_and_nobody_else(
    divisions: None, city_on_paper: City, tmp_path: Path, kind: str
) -> None:
    mine, held, names = of_county(city_on_paper, 6000), city_on_paper.people.categories, city_on_paper.village_names
    today = dt.date(2025, 12, 31)
    members = listed(kind, mine, held, today)
    on_file(members, alive=True)
    gone = leavers(members)
    first = members_list(kind, mine, held, names, seed=3, dirtiness=0.3, today=today)
    known = [row.key for row in first.truths if row.outcome in ("updated", "unchanged") and row.key]
    later = members_list(kind, mine, held, names, seed=4, dirtiness=0.3, today=today, known=known, without=gone)
    taken(first, tmp_path / "名单2025年11月.xlsx")
    found, truth = taken(next_edition(first, later), tmp_path / "名单2025年12月.xlsx")
    assert not differences(found, {**truth, "rows": [r for r in truth["rows"] if r["cause"] != "is_dead"]})
    numbers = dict(mine.filter(pl.col("person_no").is_in(gone)).select("id_number", "person_no").iter_rows())
    told = Person.objects.filter(uid__in=[item.subject_uid for item in checks()])
    assert sorted(numbers[person.document_number()] for person in told) == truth["left"]
    assert truth["left"]
    said = aftermath_of(found.uid)
    assert said is not None and any(r.values.get("count") == len(truth["left"]) for r in said.sentences)


# what departments share


def test_every_field_of_every_list_has_source_purpose_and_term_on_record() -> None:
    lists = yaml.safe_load((PACKS / "national" / "codelists.yaml").read_text(encoding="utf-8"))["lists"]
    [fields] = [one["entries"] for one in lists if one["key"] == SHARED_FIELDS]
    on_record = {field["code"] for field in fields if {"department", "purpose", "term_months"} <= set(field)}
    assert on_record == {f"{one.key}.{field.key}" for one in DEPARTMENT_LISTS for field in one.fields}


def test_the_page_of_shared_fields_shows_each_with_its_source(
    county_clerk: User, village_visitor: User, django_assert_max_num_queries: Any
) -> None:
    data = yaml.safe_load((PACKS / "national" / "codelists.yaml").read_text(encoding="utf-8"))
    load_code_lists(data, file="codelists.yaml", pack="national", layer=0, by=BY)
    client = client_of(county_clerk)
    client.get("/work/people/shared")
    with django_assert_max_num_queries(8):
        page = client.get("/work/people/shared").content.decode()
    assert "县残联" in page and "核定护理补贴和适老化改造" in page and "县医疗保障局" in page
    assert client_of(village_visitor).get("/work/people/shared").status_code == 403


def test_the_import_page_says_how_many_have_left(county_clerk: User, four: list[Person], tmp_path: Path) -> None:
    for person in four:
        join_category(uid=person.uid, category="low_income", by=county_clerk, source="March")
    on_the_list(MARCH, *four)
    file = tmp_path / "low income 2025-04.csv"
    village = tree().name(four[0].place_key)
    rows = "\n".join(f"{p.name},{p.document_number()},{village}" for p in four[:3])
    file.write_text(f"姓名,身份证号码,村（社区）\n{rows}\n", encoding="utf-8")
    found = import_file(path=file, register_key="low_income", by=county_clerk, place_key=LUFENG)
    waiting = client_of(county_clerk).get(f"/work/spreadsheets/{found.uid}/", headers={"accept-language": "en"})
    assert "being worked out" in waiting.content.decode()
    seal_changes()
    deliver()
    jobs.run_all()
    page = client_of(county_clerk).get(f"/work/spreadsheets/{found.uid}/", headers={"accept-language": "en"})
    assert "Read as the edition of 2025-04" in page.content.decode()
    assert f"?kind={LEFT_LIST}" in page.content.decode()
    [item] = checks()
    assert item.subject_uid == four[3].uid
