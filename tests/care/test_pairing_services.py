"""Pairings through their services: what is refused writes nothing; who sees whom, and whose the visits are."""

import datetime as dt
from typing import Any

import pytest

from tests.care.builders import BY, FAR_VILLAGE, VILLAGE, a_person, a_visitor
from tests.conftest import LUFENG, QIAOJIANG, a_user
from yinling.care import handlers
from yinling.care.jobs import PAIRINGS
from yinling.care.models import Pairing, Proposal, Visit, Visitor, Wish
from yinling.care.queries import pairings as queries
from yinling.care.services import pairings as services
from yinling.care.services import proposals
from yinling.care.services import visitors as visitor_services
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.jobs import run_all, start
from yinling.kernel.models import Change
from yinling.kernel.uids import new_uid
from yinling.people.models import Household, Person
from yinling.people.services import register_death

pytestmark = pytest.mark.usefixtures("city", "lists")
DAY = dt.timedelta(days=1)


def a_due_visit(person: Person, days: int = 3, visitor: Visitor | None = None) -> Visit:
    day = civil_date() + days * DAY
    return Visit.objects.create(
        person=person, visitor=visitor, rule="regular", key=str(new_uid()), opens_on=day, due_on=day
    )


def paired(person: Person, visitor: Visitor) -> Pairing:
    return services.pair(person_uid=person.uid, visitor_uid=visitor.uid, by=BY)


def sees(user: Any, person: Person) -> bool:
    return Person.objects.visible_to(user).filter(pk=person.pk).exists()


def details(**given: Any) -> visitor_services.Details:
    stated: dict[str, Any] = {
        "name": "向春生", "kind": "volunteer", "sex": "1", "place_key": VILLAGE, "monthly_load": 8,
        "begins_on": civil_date(),
    } | given  # fmt: skip
    return visitor_services.Details(**stated)


def test_a_pairing_opens_the_person_to_the_visitor_and_hands_her_the_open_visits() -> None:
    user, person = a_user("volunteer", LUFENG), a_person()
    visitor, visit = a_visitor(user=user), a_due_visit(person)
    assert not sees(user, person)
    made = paired(person, visitor)
    visit.refresh_from_db()
    assert made.ground == "chosen" and visit.visitor == visitor and sees(user, person)
    assert Change.objects.filter(type="care.paired", subject_uid=person.uid).exists()


def test_a_new_visitor_ends_the_pairing_before_and_closes_the_old_ones_view() -> None:
    old_user, new_user, person = a_user("volunteer", LUFENG), a_user("volunteer", LUFENG, "another"), a_person()
    paired(person, a_visitor(user=old_user))
    paired(person, a_visitor("舒小英", user=new_user))
    assert Pairing.objects.filter(valid_to__isnull=True).count() == 1
    assert not sees(old_user, person) and sees(new_user, person)
    assert [one.visitor.name for one in queries.pairings_of(person, BY)] == ["舒小英", "向春生"]


def test_one_household_an_unwanted_visitor_and_a_full_load_are_refused_and_nothing_is_written() -> None:
    person, roof = a_person(), Household.objects.create(place_key=VILLAGE)
    Person.objects.filter(pk=person.pk).update(household=roof)
    unwanted = a_visitor("不要的")
    visitor_services.set_wish(
        person_uid=person.uid, speaks=("miao",), sex="2", skills=(), not_visitor_uid=unwanted.uid, by=BY
    )
    for visitor in (a_visitor("女儿", household=roof), unwanted, a_visitor("满了", monthly_load=0)):
        with pytest.raises(Refused):
            paired(person, visitor)
    assert not Pairing.objects.exists() and Wish.objects.get().speaks == ["miao"]


def test_nobody_pairs_persons_of_other_townships() -> None:
    person, visitor = a_person(), a_visitor()
    with pytest.raises(NotFound):
        services.pair(person_uid=person.uid, visitor_uid=visitor.uid, by=a_user("township_clerk", QIAOJIANG))
    with pytest.raises((NotAllowed, NotFound)):
        services.pair(person_uid=person.uid, visitor_uid=visitor.uid, by=a_user("village_visitor", VILLAGE))
    assert not Pairing.objects.exists()


def test_somebody_stands_in_for_a_week_and_the_visits_of_that_week_are_theirs() -> None:
    person, today = a_person(), civil_date()
    usual, other = a_visitor(), a_visitor("舒小英", user=a_user("volunteer", LUFENG))
    paired(person, usual)
    soon, later = a_due_visit(person, 3, usual), a_due_visit(person, 20, usual)
    done, left = services.substitute(
        visitor_uid=usual.uid, substitute_uid=other.uid, first=today, last=today + 6 * DAY, by=BY
    )
    soon.refresh_from_db()
    later.refresh_from_db()
    assert (done, left) == (1, []) and soon.visitor == other and later.visitor == usual
    assert sees(other.user, person)
    assert Pairing.objects.standing(today + 7 * DAY).get().visitor == usual


def test_a_relative_does_not_stand_in_and_is_named() -> None:
    person, roof = a_person(), Household.objects.create(place_key=VILLAGE)
    Person.objects.filter(pk=person.pk).update(household=roof)
    usual, relative = a_visitor(), a_visitor("女儿", household=roof)
    paired(person, usual)
    today = civil_date()
    assert services.substitute(
        visitor_uid=usual.uid, substitute_uid=relative.uid, first=today, last=today, by=BY
    ) == (0, [person.name])  # fmt: skip


def test_standing_in_for_the_past_or_for_oneself_is_refused() -> None:
    usual, today = a_visitor(), civil_date()
    with pytest.raises(Refused):
        services.substitute(visitor_uid=usual.uid, substitute_uid=usual.uid, first=today, last=today, by=BY)
    other = a_visitor("舒小英")
    with pytest.raises(Refused):
        services.substitute(visitor_uid=usual.uid, substitute_uid=other.uid, first=today - DAY, last=today - DAY, by=BY)


def test_a_death_ends_the_pairing_and_hearing_it_twice_is_harmless() -> None:
    person, visitor = a_person(), a_visitor(user=a_user("volunteer", LUFENG))
    paired(person, visitor)
    register_death(uid=person.uid, died_on=civil_date(), source="village", by=BY)
    change = Change.objects.get(type="people.died")
    handlers.on_death_of_paired(change)
    handlers.on_death_of_paired(change)
    assert Pairing.objects.get().valid_to == civil_date() and not sees(visitor.user, person)


def test_a_visitor_who_stops_leaves_her_persons_without_one() -> None:
    visitor, person = a_visitor(), a_person()
    paired(person, visitor)
    with pytest.raises(Refused):
        visitor_services.end_visitor(uid=visitor.uid, on=civil_date(), reason=" ", by=BY)
    assert visitor_services.end_visitor(uid=visitor.uid, on=civil_date(), reason="去外地了", by=BY) == 1
    assert queries.standing_pairing(person, civil_date()) is None
    with pytest.raises(Refused):
        paired(person, visitor)


def test_a_visitor_is_entered_and_changed_with_codes_of_the_lists_only() -> None:
    made = visitor_services.add_visitor(details=details(speaks=("miao", "putonghua")), by=BY)
    assert made.speaks == ["miao", "putonghua"]
    with pytest.raises(Refused):
        visitor_services.change_visitor(uid=made.uid, details=details(speaks=("klingon",)), by=BY)
    with pytest.raises(Refused):
        visitor_services.add_visitor(details=details(name=" "), by=BY)
    changed = visitor_services.change_visitor(uid=made.uid, details=details(monthly_load=12), by=BY)
    assert changed.monthly_load == 12 and Visitor.objects.count() == 1


def test_the_night_lets_in_whoever_stands_in_from_today() -> None:
    person, other = a_person(), a_visitor("舒小英", user=a_user("volunteer", LUFENG))
    today = civil_date()
    Pairing.objects.create(
        person=person, visitor=other, ground="substitute", valid_from=today, valid_to=today + DAY, paired_by=BY.uid
    )
    start(PAIRINGS, {}, by=BY)
    run_all("test")
    assert sees(other.user, person)


def test_a_proposal_is_worked_out_looked_through_and_applied() -> None:
    persons = [a_person("舒禾"), a_person("舒桂香", born=dt.date(1940, 1, 1))]
    near = a_visitor(monthly_load=1)
    for one in persons:
        a_due_visit(one)
    made = proposals.ask_for_proposal(place_key=LUFENG, by=BY)
    with pytest.raises(Refused):
        proposals.ask_for_proposal(place_key=LUFENG, by=BY)
    run_all("test")
    made.refresh_from_db()
    assert (made.state, made.elders, made.visitors, made.helpers, made.least_helpers) == ("draft", 2, 1, 1, 1)
    assert made.cost == made.bound and not Pairing.objects.exists()
    proposals.apply_proposal(uid=made.uid, lines=None, by=BY)
    run_all("test")
    made.refresh_from_db()
    assert made.state == "applied" and Pairing.objects.get().visitor == near
    assert sorted(made.lines.values_list("state", flat=True)) == ["applied", "left"]


def test_a_line_is_left_where_somebody_else_was_chosen_meanwhile() -> None:
    person = a_person()
    a_due_visit(person)
    a_visitor()
    made = proposals.ask_for_proposal(place_key=LUFENG, by=BY)
    run_all("test")
    chosen = a_visitor("舒小英")
    paired(person, chosen)
    proposals.apply_proposal(uid=made.uid, lines=None, by=BY)
    run_all("test")
    assert queries.standing_pairing(person, civil_date()).visitor == chosen  # type: ignore[union-attr]


def test_a_discarded_proposal_changes_nothing_and_is_not_applied() -> None:
    a_due_visit(a_person())
    a_visitor()
    made = proposals.ask_for_proposal(place_key=LUFENG, by=BY)
    proposals.discard_proposal(uid=made.uid, by=BY)
    run_all("test")
    with pytest.raises(Refused):
        proposals.apply_proposal(uid=made.uid, lines=None, by=BY)
    assert Proposal.objects.get().state == "discarded" and not Pairing.objects.exists()


def test_proposals_are_for_counties_and_townships() -> None:
    with pytest.raises(Refused):
        proposals.ask_for_proposal(place_key=VILLAGE, by=BY)


def test_candidates_are_ranked_and_say_why_not() -> None:
    person = a_person()
    full, other = a_visitor("满了", monthly_load=0), a_visitor("舒小英", speaks=["miao"])
    a_visitor("远村的", FAR_VILLAGE)
    visitor_services.set_wish(person_uid=person.uid, speaks=("miao",), sex="", skills=(), not_visitor_uid=None, by=BY)
    elder, found = queries.candidates(person, BY, civil_date())
    assert elder.visits == 1 and found[0].visitor == other and found[0].offer.refusal is None
    assert {one.visitor: one.offer.refusal for one in found}[full] == "load"
