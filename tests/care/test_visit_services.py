"""Visits through their services: what counts, what is refused and writes nothing, the ladder, the night, doubts."""

import datetime as dt
import io

import pytest
from PIL import Image

from tests.care.builders import (
    BY,
    FAR_VILLAGE,
    VILLAGE,
    a_due_visit,
    a_person,
    a_report,
    a_visitor,
    at_home,
    nobody,
    pairs,
    the_rules,
)
from tests.conftest import LUFENG, a_user
from yinling.accounts.models import User
from yinling.care import handlers, waiting
from yinling.care.models import Attempt, Doubt, Pairing, Proof, Visit
from yinling.care.queries.coverage import persons_due, persons_met
from yinling.care.queries.due import told
from yinling.care.queries.late import overdue
from yinling.care.rules.sheets import Typed, code_of
from yinling.care.services import asking, attempts, doubts, due, paper, proofs, visiting
from yinling.care.services.visits import make_visit, take_back
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.kernel.uids import new_uid
from yinling.people.models import Person, SignOfLife
from yinling.people.services import give_consent, join_category, register_death
from yinling.people.services.whereabouts import record_whereabouts
from yinling.worklist.models import Subject, WorkItem

pytestmark = pytest.mark.usefixtures("city", "lists")
DAY = dt.timedelta(days=1)


@pytest.fixture
def helper(city: object) -> User:
    """A volunteer who sees nobody by division."""
    return a_user("volunteer", VILLAGE, "volunteer")


def open_kinds() -> set[str]:
    return set(WorkItem.objects.open().values_list("kind", flat=True))


def a_target(name: str = "舒禾", place_key: int = VILLAGE, category: str = "empty_nest") -> Person:
    person = a_person(name, place_key)
    join_category(uid=person.uid, category=category, source="test", on=civil_date() - 400 * DAY, by=BY)
    return person


def test_a_volunteer_makes_the_visit_of_a_paired_person_and_it_counts(helper: User) -> None:
    person, visitor = a_person(), a_visitor(user=helper)
    pairs(visitor, person)
    visit = a_due_visit(person, visitor)
    made = make_visit(visit_uid=visit.uid, report=a_report(position=at_home(person, 12)), by=helper)
    assert made.state == "done" and made.distance_m == 12 and made.is_verified and not made.remarks
    assert SignOfLife.objects.get(person=person).kind == "visit"
    [change] = Change.objects.filter(type="care.visit_made")
    assert change.data["visitor_uid"] == str(visitor.uid) and change.data["person_uid"] == str(person.uid)
    assert change.data["has_contact"] and change.data["way"] == "door" and change.data["is_verified"]


def test_the_same_report_again_changes_nothing(helper: User) -> None:
    person, visitor = a_person(), a_visitor(user=helper)
    visit, report = a_due_visit(person, visitor), a_report(note="药快没了")
    first = make_visit(visit_uid=visit.uid, report=report, by=helper)
    again = make_visit(visit_uid=visit.uid, report=report, by=helper)
    assert first.pk == again.pk and Change.objects.filter(type="care.visit_made").count() == 1
    assert again.note() == "药快没了" and "药".encode() not in bytes(again.note_sealed)


def test_a_visit_that_nobody_asked_for_is_born_on_the_telephone(helper: User) -> None:
    person, visitor = a_person(), a_visitor(user=helper)
    pairs(visitor, person)
    uid = new_uid()
    made = make_visit(visit_uid=uid, report=a_report(person_uid=person.uid), by=helper)
    assert made.uid == uid and made.rule == "own" and made.visitor == visitor


def test_the_visit_of_another_village_is_not_found_and_nothing_is_written(helper: User) -> None:
    visit = a_due_visit(a_person(place_key=FAR_VILLAGE), a_visitor(place_key=FAR_VILLAGE))
    a_visitor(user=helper)
    with pytest.raises(NotFound):
        make_visit(visit_uid=visit.uid, report=a_report(), by=helper)
    visit.refresh_from_db()
    assert visit.state == "due" and not Change.objects.filter(type="care.visit_made")


def test_far_from_the_address_asks_why_and_is_noted(village_visitor: User) -> None:
    person, visitor = a_person(), a_visitor(user=village_visitor)
    visit, there = a_due_visit(person, visitor), at_home(person, 840)
    with pytest.raises(Refused, match="840 m"):
        make_visit(visit_uid=visit.uid, report=a_report(position=there), by=village_visitor)
    assert Visit.objects.get(pk=visit.pk).state == "due"
    report = a_report(position=there, far_reason="elsewhere")
    made = make_visit(visit_uid=visit.uid, report=report, by=village_visitor)
    assert made.remarks == ["far"] and not made.is_verified and made.has_contact


def test_the_code_at_the_door_proves_the_place(village_visitor: User, township_clerk: User) -> None:
    person, visitor = a_person(), a_visitor(user=village_visitor)
    code = visiting.make_door_code(person_uid=person.uid, by=township_clerk)
    visit = a_due_visit(person, visitor)
    made = make_visit(visit_uid=visit.uid, report=a_report(door_token=code.token), by=village_visitor)
    assert made.is_door_code_read and made.is_verified
    newer = visiting.make_door_code(person_uid=person.uid, by=township_clerk, anew=True)
    assert newer.token != code.token
    other = make_visit(visit_uid=a_due_visit(person, visitor).uid,
                       report=a_report(ago=10, lasting=5, door_token=code.token), by=village_visitor)  # fmt: skip
    assert not other.is_door_code_read and other.remarks == ["no_position"]


def test_a_code_that_no_list_knows_is_refused(village_visitor: User) -> None:
    visit = a_due_visit(a_person(), a_visitor(user=village_visitor))
    with pytest.raises(Refused, match="does not know"):
        make_visit(visit_uid=visit.uid, report=a_report(blocks={"health": ("dragon",)}), by=village_visitor)


def test_a_need_becomes_a_duty_of_the_township(village_visitor: User) -> None:
    visit = a_due_visit(a_person(), a_visitor(user=village_visitor))
    report = a_report(found="help", actions=("referral", "advice"), blocks={"safety": ("electric",), "money": ()})
    make_visit(visit_uid=visit.uid, report=report, by=village_visitor)
    [item] = WorkItem.objects.open().filter(kind=waiting.NEED)
    assert item.key == "referral" and item.role == "township_clerk"


def test_a_next_visit_that_was_promised_is_due_on_its_day(village_visitor: User) -> None:
    person = a_person()
    visit = a_due_visit(person, a_visitor(user=village_visitor))
    day = civil_date() + 9 * DAY
    make_visit(visit_uid=visit.uid, report=a_report(next_on=day), by=village_visitor)
    assert Visit.objects.open().get(person=person).due_on == day


def test_nobody_answering_does_not_count_and_opens_the_ladder(village_visitor: User) -> None:
    person, visitor = a_target(), a_visitor(user=village_visitor)
    visit = a_due_visit(person, visitor, due_on=civil_date())
    make_visit(visit_uid=visit.uid, report=nobody(), by=village_visitor)
    assert open_kinds() == {"care.no_answer_call"} and not SignOfLife.objects.filter(person=person)
    again = Visit.objects.open().get(person=person)
    assert again.due_on == visit.due_on and again.key.endswith("/1")
    assert persons_met(civil_date(), now()) == {} and persons_due(civil_date(), now()) == {VILLAGE: 1}


def tried(visit: Visit, rung: str, by: User, answered: bool = False) -> Attempt:
    return attempts.note_attempt(
        visit_uid=visit.uid, attempt_uid=new_uid(), rung=rung, tried_at=now(), is_answered=answered, by=by
    )


def test_the_ladder_climbs_rung_by_rung_and_an_answer_ends_it(village_visitor: User) -> None:
    person, visitor = a_person(), a_visitor(user=village_visitor)
    visit = make_visit(visit_uid=a_due_visit(person, visitor).uid, report=nobody(), by=village_visitor)
    tried(visit, "call", village_visitor)
    assert open_kinds() == {"care.no_answer_call"}
    tried(visit, "call", village_visitor)
    assert open_kinds() == {"care.no_answer_neighbour"}
    tried(visit, "neighbour", village_visitor)
    assert open_kinds() == {"care.no_answer_cadre"}
    tried(visit, "cadre", village_visitor, answered=True)
    assert open_kinds() == set() and SignOfLife.objects.filter(person=person).count() == 1
    assert Visit.objects.open().filter(person=person).exists()


def test_a_visit_with_contact_ends_the_ladder_of_the_one_before(village_visitor: User) -> None:
    person, visitor = a_person(), a_visitor(user=village_visitor)
    make_visit(visit_uid=a_due_visit(person, visitor).uid, report=nobody(ago=90), by=village_visitor)
    make_visit(visit_uid=Visit.objects.open().get(person=person).uid, report=a_report(), by=village_visitor)
    assert open_kinds() == set()


def test_an_attempt_is_noted_once_and_only_after_a_visit_without_contact(village_visitor: User) -> None:
    visit = a_due_visit(a_person(), a_visitor(user=village_visitor))
    with pytest.raises(Refused):
        tried(visit, "call", village_visitor)
    assert not Attempt.objects.exists()


def test_a_visit_taken_back_no_longer_counts_and_is_due_again(village_visitor: User) -> None:
    person = a_target()
    visit = a_due_visit(person, a_visitor(user=village_visitor), due_on=civil_date())
    make_visit(visit_uid=visit.uid, report=a_report(), by=village_visitor)
    with pytest.raises(Refused):
        take_back(visit_uid=visit.uid, reason="x", by=village_visitor)
    take_back(visit_uid=visit.uid, reason="记到别人名下了", by=village_visitor)
    take_back(visit_uid=visit.uid, reason="记到别人名下了", by=village_visitor)
    assert Visit.objects.open().filter(person=person).count() == 1
    assert Change.objects.filter(type="care.visit_taken_back").count() == 1
    assert persons_met(civil_date(), now()) == {}


def test_nobody_takes_back_the_visit_of_another(village_visitor: User, helper: User) -> None:
    visitor = a_visitor(user=helper)
    visit = a_due_visit(a_person(), visitor)
    make_visit(visit_uid=visit.uid, report=a_report(), by=helper)
    with pytest.raises(NotAllowed):
        take_back(visit_uid=visit.uid, reason="不是我做的", by=village_visitor)


def test_the_night_opens_what_is_due_once(township_clerk: User) -> None:
    the_rules()
    person, other = a_target(), a_target("向荣", category="living_alone")
    visitor, stand_in = a_visitor(), a_visitor("唐秀英")
    pairs(visitor, person)
    pairs(stand_in, person, ground=Pairing.Ground.SUBSTITUTE, valid_to=civil_date() + 5 * DAY)
    done = due.open_due_visits(on=civil_date(), by=BY)
    assert done.opened == 2 and due.open_due_visits(on=civil_date(), by=BY).opened == 0
    assert Visit.objects.get(person=person).visitor == stand_in and Visit.objects.get(person=other).visitor is None
    found = told(person, civil_date())
    assert found is not None and str(found.due[0].why).startswith("Visited every month")


def test_nobody_is_due_who_is_dead_or_in_hospital_and_what_is_open_falls_away() -> None:
    the_rules()
    dead, ill, well = a_target(), a_target("向荣"), a_target("唐秀英")
    due.open_due_visits(on=civil_date(), by=BY)
    register_death(uid=dead.uid, died_on=civil_date(), source="test", by=BY)
    record_whereabouts(person=ill, kind="hospital", since=now() - DAY)
    done = due.open_due_visits(on=civil_date(), by=BY)
    assert (done.opened, done.voided) == (0, 2) and Visit.objects.open().get().person == well


def test_a_death_calls_visits_off_at_once() -> None:
    person = a_target()
    a_due_visit(person)
    register_death(uid=person.uid, died_on=civil_date(), source="test", by=BY)
    change = Change.objects.filter(type="people.died").get()
    handlers.on_death_of_visited(change)
    handlers.on_death_of_visited(change)
    assert Visit.objects.get(person=person).state == "void"


def test_a_period_that_is_over_is_missed_and_asked_about_village_by_village() -> None:
    the_rules()
    person = a_target()
    a_due_visit(person, opens_on=civil_date() - 9 * DAY, due_on=civil_date() - 2 * DAY)
    assert due.open_due_visits(on=civil_date(), by=BY).missed == 1
    assert due.ask_about_overdue(on=civil_date(), by=BY) == 1 and due.ask_about_overdue(on=civil_date(), by=BY) == 0
    a_due_visit(person, state="done", has_contact=True, started_at=now(), ended_at=now(), source="page", way="door")
    assert not overdue(civil_date()).exists()
    due.ask_about_overdue(on=civil_date(), by=BY)
    assert open_kinds() == set()


def test_cold_that_is_declared_opens_more_and_withdrawn_takes_them_away(township_clerk: User) -> None:
    the_rules()
    person = a_target(category="living_alone")
    visiting.set_tier(person_uid=person.uid, risk="high", why="fell_ill", by=township_clerk)
    spell = visiting.declare_spell(
        kind="cold", place_key=LUFENG, first_on=civil_date(), last_on=civil_date() + 5 * DAY, by=township_clerk
    )
    due.open_due_visits(on=civil_date(), by=BY)
    assert set(Visit.objects.open().values_list("rule", flat=True)) == {"regular", "cold"}
    visiting.withdraw_spell(uid=spell.uid, by=township_clerk)
    assert due.open_due_visits(on=civil_date(), by=BY).voided == 1


def test_a_spell_is_declared_in_ones_own_division_only(township_clerk: User) -> None:
    with pytest.raises(NotAllowed):
        visiting.declare_spell(
            kind="cold", place_key=FAR_VILLAGE, first_on=civil_date(), last_on=civil_date(), by=township_clerk
        )


def test_whoever_came_home_from_hospital_is_visited_within_24_hours() -> None:
    the_rules()
    person, stranger = a_target(), a_person("唐秀英")
    for one in (person, stranger):
        record_whereabouts(person=one, kind="hospital", since=now() - 5 * DAY)
        record_whereabouts(person=one, kind="home", since=now() - dt.timedelta(hours=2))
    assert due.ask_after_discharges(at=now(), by=BY) == 1 and due.ask_after_discharges(at=now(), by=BY) == 0
    visit = Visit.objects.get(rule="discharge")
    assert visit.person == person and visit.due_at is not None and visit.due_at < now() + DAY
    assert open_kinds() == {waiting.SOON}


def test_a_visit_asked_for_twice_is_one_and_is_called_off_with_its_origin() -> None:
    person, origin = a_person(), Subject("alert", new_uid())
    first = asking.ask_for_visit(person=person, rule="alert", origin=origin, by=BY)
    assert first == asking.ask_for_visit(person=person, rule="alert", origin=origin, by=BY)
    assert asking.call_off(person=person, origin=origin, reason="误报", by=BY) == 1 and open_kinds() == set()


def test_contact_at_the_door_of_somebody_in_hospital_becomes_a_case(
    village_visitor: User, township_clerk: User
) -> None:
    person = a_person()
    record_whereabouts(person=person, kind="hospital", since=now() - DAY)
    visit = a_due_visit(person, a_visitor(user=village_visitor))
    make_visit(visit_uid=visit.uid, report=a_report(), by=village_visitor)
    doubt = Doubt.objects.get()
    assert doubt.kind == "elsewhere" and doubt.evidence["where"] == "hospital" and open_kinds() == {waiting.DOUBT}
    assert doubts.look_at_night(on=civil_date()) == 0
    doubts.settle_doubt(uid=doubt.uid, is_confirmed=False, finding="当天请假回家", by=township_clerk)
    assert open_kinds() == set() and Doubt.objects.get().finding() == "当天请假回家"
    assert doubts.look_at_night(on=civil_date()) == 0


def test_a_doubt_is_settled_by_somebody_other_than_the_visitor(township_clerk: User) -> None:
    person = a_person()
    record_whereabouts(person=person, kind="hospital", since=now() - DAY)
    visitor = a_visitor(user=township_clerk)
    make_visit(visit_uid=a_due_visit(person, visitor).uid, report=a_report(), by=township_clerk)
    with pytest.raises(Refused, match="Somebody else"):
        doubts.settle_doubt(uid=Doubt.objects.get().uid, is_confirmed=False, finding="没有问题", by=township_clerk)
    assert Doubt.objects.get().state == "open"


def a_photo(shift: int = 0) -> io.BytesIO:
    picture = Image.new("RGB", (90, 80))
    picture.putdata([((x * 7 * (1 + y // 10) + shift) % 256, y * 3 % 256, 90) for y in range(80) for x in range(90)])
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=90)
    held.seek(0)
    return held


def test_a_photograph_needs_consent_and_the_same_one_twice_becomes_a_case(village_visitor: User) -> None:
    person, visitor = a_person(), a_visitor(user=village_visitor)
    first = make_visit(visit_uid=a_due_visit(person, visitor).uid, report=a_report(ago=300), by=village_visitor)
    given = {"name": "a.jpg", "taken_at": now(), "by": village_visitor}
    with pytest.raises(Refused, match="consent"):
        proofs.add_photo(visit_uid=first.uid, photo_uid=new_uid(), stream=a_photo(), **given)
    assert not Proof.objects.exists()
    give_consent(
        uid=person.uid,
        purpose="photo",
        items=["photo"],
        recipient="村级探访员",
        method="sign",
        given_by=person.name,
        by=BY,
    )
    proofs.add_photo(visit_uid=first.uid, photo_uid=new_uid(), stream=a_photo(), **given)
    second = make_visit(visit_uid=a_due_visit(person, visitor).uid, report=a_report(), by=village_visitor)
    uid = new_uid()
    proofs.add_photo(visit_uid=second.uid, photo_uid=uid, stream=a_photo(), **given)
    proofs.add_photo(visit_uid=second.uid, photo_uid=uid, stream=a_photo(), **given)
    assert Proof.objects.count() == 2 and Doubt.objects.get().kind == "same_photo"


def line(visit: Visit, **given: str) -> Typed:
    return Typed(**({"code": code_of(visit.pk), "day": str(civil_date().day), "start": "0001", "minutes": "1"} | given))


def test_a_sheet_is_written_whole_or_not_at_all(township_clerk: User) -> None:
    visitor = a_visitor()
    first, second = a_due_visit(a_person(), visitor), a_due_visit(a_person("向荣"), visitor)
    count, wrong = paper.enter_sheet(lines=[line(first), line(second, start="99")], by=township_clerk)
    assert count == 0 and [one.number for one in wrong] == [1] and not Visit.objects.filter(state="done")
    count, wrong = paper.enter_sheet(lines=[line(first), Typed(), line(second, day="", contact="x")], by=township_clerk)
    assert (count, wrong) == (2, []) and Visit.objects.filter(state="done", source="paper").count() == 2
    assert Visit.objects.filter(state="done", has_contact=True).get() == first
    assert paper.enter_sheet(lines=[line(first)], by=township_clerk) == (1, [])


def test_a_code_of_another_township_is_not_known(township_clerk: User) -> None:
    far = a_due_visit(a_person(place_key=FAR_VILLAGE), a_visitor(place_key=FAR_VILLAGE))
    count, wrong = paper.enter_sheet(lines=[line(far)], by=township_clerk)
    assert count == 0 and "No visit has the code" in str(wrong[0].reason)


def test_a_visitor_does_not_enter_sheets(village_visitor: User) -> None:
    with pytest.raises(NotAllowed):
        paper.enter_sheet(lines=[], by=village_visitor)
