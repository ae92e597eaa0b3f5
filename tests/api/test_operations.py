"""Every operation: what it answers, what is masked, whose it is, and that it costs the same for any number."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.builders import Program, asking
from tests.conftest import HECHENG, LUFENG, XUPU
from tests.institutions.builders import a_home, a_resident, beds_in
from tests.people.builders import a_number, a_person, a_village
from tests.worklist.builders import FAR_VILLAGE, a_duty
from yinling.accounts.models import User
from yinling.kernel.models import Change, Figure
from yinling.people.events import ProtectedLooked
from yinling.people.models import Person
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.django_db
MOST = 8 + 4  # an operation's own, and the token with its user, its share of the minute, its roles, the tree's edition


def looks_at(person: Person) -> list[str]:
    return list(
        Change.objects.filter(type=ProtectedLooked.kind, subject_uid=person.uid).values_list("reason", flat=True)
    )


def test_divisions_are_found_by_name_pinyin_and_initials_in_one_s_own_scope(county_clerk: User) -> None:
    program = asking(county_clerk)
    for text in ("卢峰", "lufeng", "lfz"):
        assert LUFENG in [one["key"] for one in program.get("/divisions", q=text).json()["items"]]
    assert program.get("/divisions", q="鹤城").json()["items"] == []
    assert program.get(f"/divisions/{HECHENG}").status_code == 404
    assert program.get(f"/divisions/{XUPU}").json()["versions"][0]["name"] == "溆浦县"


def test_pages_follow_each_other_without_a_gap(county_clerk: User) -> None:
    program, seen, after = asking(county_clerk), list[int](), ""
    while True:
        page = program.get("/divisions", size=3, **({"after": after} if after else {})).json()
        seen += [one["key"] for one in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == sorted(set(seen)) and len(seen) > 6


def test_kept_figures_are_those_of_one_s_own_divisions(county_clerk: User) -> None:
    Figure.objects.create(
        measure="elders", division_key=XUPU, day=dt.date.today(), value=7, known_at=dt.datetime.now(dt.UTC)
    )
    program = asking(county_clerk)
    said = program.get(f"/divisions/{XUPU}/figures", measure="elders").json()["items"]
    assert [(one["measure"], one["points"][0]["value"]) for one in said] == [("elders", 7)]
    assert program.get(f"/divisions/{HECHENG}/figures").status_code == 404
    assert program.get(f"/divisions/{XUPU}/figures", measure="moons").status_code == 422


def test_persons_are_found_masked(county_clerk: User, other_county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    found = asking(county_clerk).get("/persons", q="舒桂香").json()["items"]
    assert [one["uid"] for one in found] == [str(person.uid)]
    assert found[0]["name"] == "舒**"
    assert person.document_number() not in str(found) and "13900000417" not in str(found)
    assert asking(other_county_clerk).get("/persons", q="舒桂香").json()["items"] == []


def test_reading_a_file_leaves_a_line_that_names_the_program(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    answer = asking(county_clerk).get(f"/persons/{person.uid}")
    assert answer.status_code == 200
    assert "桂香" not in answer.content.decode()
    assert len(looks_at(person)) == 1 and "邻县医院" in looks_at(person)[0]


@pytest.mark.parametrize("path", ["/persons/{uid}", "/persons/{uid}/levels"])
def test_another_county_s_file_reads_as_not_found_and_leaves_no_line(
    county_clerk: User, other_county_clerk: User, path: str
) -> None:
    person = a_person(by=county_clerk)
    assert asking(other_county_clerk).get(path.format(uid=person.uid)).status_code == 404
    assert looks_at(person) == []


def test_a_person_is_registered_once_and_the_second_time_named(county_clerk: User) -> None:
    program, number = asking(county_clerk), a_number()
    stated = {"name": "向玉莲", "place_key": a_village(), "document_kind": "resident_id", "document_number": number}
    first = program.post("/persons", **stated)
    assert first.status_code == 201
    assert first.json()["outcome"] == "created"
    again = program.post("/persons", **stated)
    assert again.status_code == 409
    assert [one["uid"] for one in again.json()["resembling"]] == [first.json()["person"]["uid"]]
    assert Person.objects.count() == 1


def test_somebody_alike_is_named_only_to_those_who_may_see_them(county_clerk: User, other_county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    stated = {"name": person.name, "place_key": FAR_VILLAGE, "document_number": person.document_number()}
    answer = asking(other_county_clerk).post("/persons", **stated)
    assert answer.status_code == 409
    assert answer.json()["resembling"] == []


def test_a_person_is_not_registered_in_another_county(county_clerk: User) -> None:
    answer = asking(county_clerk).post("/persons", name="向玉莲", place_key=FAR_VILLAGE)
    assert answer.status_code == 403
    assert not Person.objects.exists()


def test_a_correction_says_which_fields_changed(county_clerk: User) -> None:
    person, program = a_person(by=county_clerk), asking(county_clerk)
    said = program.patch(f"/persons/{person.uid}", address="5组1号", reason="村里来信").json()
    assert (said["outcome"], said["fields"]) == ("updated", ["address"])
    assert program.patch(f"/persons/{person.uid}", address="5组1号").json()["outcome"] == "unchanged"
    assert "5组1号" not in str(said)


def test_a_correction_that_the_rules_refuse_writes_nothing(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    answer = asking(county_clerk).patch(f"/persons/{person.uid}", birth_date="1700-01-01")
    assert answer.status_code == 422
    assert Person.objects.get(pk=person.pk).birth_date == person.birth_date


def test_another_county_corrects_and_buries_nobody(county_clerk: User, other_county_clerk: User) -> None:
    person, program = a_person(by=county_clerk), asking(other_county_clerk)
    assert program.patch(f"/persons/{person.uid}", address="5组1号").status_code == 404
    assert program.post(f"/persons/{person.uid}/death", died_on="2026-01-01", reason="火化名单").status_code == 404
    assert Person.objects.get(pk=person.pk).life_status == Person.ALIVE


def test_a_death_is_registered_once(county_clerk: User) -> None:
    person, program = a_person(by=county_clerk), asking(county_clerk)
    said = program.post(f"/persons/{person.uid}/death", died_on="2026-01-01", reason="火化名单")
    assert said.json()["life_status"] == "dead"
    assert program.post(f"/persons/{person.uid}/death", died_on="2026-01-01", reason="火化名单").status_code == 422


def test_levels_are_read_with_a_line(county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    said = asking(county_clerk).get(f"/persons/{person.uid}/levels").json()
    assert said == {"person": str(person.uid), "scales": [], "assessments": []}
    assert len(looks_at(person)) == 1


def test_homes_and_their_free_beds_are_told(county_clerk: User, other_county_clerk: User) -> None:
    home, full = a_home(), a_home("满员敬老院")
    beds_in(home, 3)
    beds_in(full, 1)
    a_resident(full)
    program = asking(county_clerk)
    assert {one["name"] for one in program.get("/institutions").json()["items"]} == {home.name, full.name}
    free = program.get("/beds-free").json()["items"]
    assert [(one["name"], one["beds"]["free"]) for one in free] == [(home.name, 3)]
    assert program.get(f"/institutions/{home.uid}").json()["beds"]["usable"] == 3
    assert asking(other_county_clerk).get("/institutions").json()["items"] == []
    for path in ("", "/occupancy"):
        assert asking(other_county_clerk).get(f"/institutions/{home.uid}{path}").status_code == 404


def test_occupancy_is_told_for_a_past_day_and_not_for_one_to_come(county_clerk: User) -> None:
    home = a_home()
    beds_in(home, 2)
    a_resident(home, days_ago=10)
    program, long_ago = asking(county_clerk), dt.date.today() - dt.timedelta(days=20)
    path = f"/institutions/{home.uid}/occupancy"
    assert program.get(path).json()["beds"]["occupied"] == 1
    assert program.get(path, on=str(long_ago)).json()["beds"]["occupied"] == 0
    assert program.get(path, on="2999-01-01").status_code == 422
    assert program.get(f"/divisions/{XUPU}/occupancy").json()["total"]["occupied"] == 1
    assert program.get(f"/divisions/{HECHENG}/occupancy").status_code == 404


def test_duties_of_the_user_are_listed_and_closed_with_a_note(county_clerk: User, other_county_clerk: User) -> None:
    item, program = a_duty(user=county_clerk, role=""), asking(county_clerk)
    assert [one["uid"] for one in program.get("/work-items").json()["items"]] == [str(item.uid)]
    assert asking(other_county_clerk).get("/work-items").json()["items"] == []
    assert asking(other_county_clerk).post(f"/work-items/{item.uid}/close", note="办了").status_code == 404
    assert program.post(f"/work-items/{item.uid}/close", note="").status_code == 422
    assert program.post(f"/work-items/{item.uid}/close", note="电话里问过了").json()["state"] == "done"
    assert WorkItem.objects.get(pk=item.pk).state == WorkItem.State.DONE


LISTS = (
    "/me", "/divisions", "/divisions?q=lf", f"/divisions/{XUPU}", f"/divisions/{XUPU}/figures", "/persons",
    "/institutions", "/beds-free", f"/divisions/{XUPU}/occupancy", "/work-items",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_many(county_clerk: User, path: str) -> None:
    program = asking(county_clerk)
    a_row_of_everything(county_clerk, 0)
    few = statements(program, path)
    for number in range(1, 9):
        a_row_of_everything(county_clerk, number)
    assert statements(program, path) == few <= MOST


def a_row_of_everything(user: User, number: int) -> None:
    a_person(by=user, name="向玉莲", born=dt.date(1940, 1, 1 + number), phone="")
    beds_in(a_home(f"敬老院{number}"), 2)
    a_duty(user=user, role="")


def test_a_file_costs_few_statements(county_clerk: User) -> None:
    person, home, program = a_person(by=county_clerk), a_home(), asking(county_clerk)
    for path in (f"/persons/{person.uid}", f"/persons/{person.uid}/levels", f"/institutions/{home.uid}",
                 f"/institutions/{home.uid}/occupancy"):  # fmt: skip
        assert statements(program, path) <= MOST


def statements(program: Program, path: str) -> int:
    """How many statements the second request of a path takes, without those of the test's own transaction."""
    program.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert program.get(path).status_code == 200
    return len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]])
