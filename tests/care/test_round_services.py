"""Rounds: kept, published, locked; refused where they must be. What asks the compiled search is marked heavy."""

import datetime as dt
from typing import Any

import pytest

from tests.care.builders import BY, a_due_visit, a_person, a_round, a_visitor
from tests.conftest import LUFENG
from yinling.accounts.models import User
from yinling.care.models import DayPlan, Stop, Visit, Visitor
from yinling.care.queries import rounds as queries
from yinling.care.services import rounds as services
from yinling.care.services import rounds_moving as moving
from yinling.city.rounds import load_city_rounds
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.jobs import run_all
from yinling.messages.models import Message
from yinling.people.models import Person

HEAVY = [pytest.mark.heavy, pytest.mark.xdist_group("planning")]


def test_a_kept_plan_is_the_next_version_and_has_every_door_once(city: Any, lists: None) -> None:
    first = a_round()
    stops = queries.stops_of(first)
    assert (first.version, len(stops), first.left_out) == (1, 4, [])
    assert {one.visit for one in stops} == set(Visit.objects.all())


def test_publishing_hands_visits_out_tells_each_visitor_and_replaces_the_version_before(city: Any, lists: None) -> None:
    first = a_round(publish=True)
    _problem, plan = queries.as_plan(first)
    second = services.keep(LUFENG, first.day, moving.given_of(first.given), plan, by=BY)
    services.publish_rounds(uid=second.uid, by=BY)
    assert [one.state for one in DayPlan.objects.order_by("version")] == ["replaced", "published"]
    assert Message.objects.filter(about_uid=second.uid).count() == 2
    visitor = queries.stops_of(second)[0].visitor
    assert Person.objects.visible_to(visitor.user).count() == 2
    with pytest.raises(Refused, match="replaced"):
        services.publish_rounds(uid=first.uid, by=BY)


def test_an_impossible_plan_is_not_published(city: Any, lists: None) -> None:
    made = a_round()
    Stop.objects.filter(day_plan=made, position=1).update(starts_at=made.made_at, ends_at=made.made_at)
    with pytest.raises(Refused, match="cannot be carried out"):
        services.publish_rounds(uid=made.uid, by=BY)
    assert DayPlan.objects.get().state == DayPlan.State.DRAFT


def test_who_plans_no_rounds_here_may_not_ask_and_what_is_elsewhere_is_not_found(
    city: Any, lists: None, village_visitor: User, other_county_clerk: User
) -> None:
    with pytest.raises(NotAllowed):
        services.ask_for_rounds(place_key=LUFENG, day=civil_date(), by=village_visitor)
    with pytest.raises(NotFound):
        services.publish_rounds(uid=a_round().uid, by=other_county_clerk)
    assert DayPlan.objects.get().state == DayPlan.State.DRAFT


def test_a_day_that_is_over_is_not_planned(city: Any, lists: None, county_clerk: User) -> None:
    with pytest.raises(Refused, match="over"):
        services.ask_for_rounds(place_key=LUFENG, day=civil_date() - dt.timedelta(days=1), by=county_clerk)


def test_a_locked_stop_is_not_moved(city: Any, lists: None) -> None:
    made = a_round()
    stop = queries.stops_of(made)[0]
    services.fix_stop(uid=stop.uid, how="lock", by=BY)
    other = Visitor.objects.exclude(pk=stop.visitor.pk).get()
    with pytest.raises(Refused, match="locked"):
        moving.move_stop(uid=stop.uid, visitor_uid=other.uid, by=BY)
    assert DayPlan.objects.count() == 1


def test_a_visitor_of_the_village_gets_what_is_overdue_first_without_times(city: Any, lists: None) -> None:
    visitor = a_visitor()
    a_due_visit(a_person("舒禾"), visitor)
    overdue = a_due_visit(a_person("向禾"), visitor, due_on=civil_date())
    rows = queries.round_of(visitor, civil_date())
    assert rows[0].visit == overdue
    assert all(one.starts_at is None for one in rows)


def test_a_published_round_has_times(city: Any, lists: None) -> None:
    made = a_round(publish=True)
    visitor = queries.stops_of(made)[0].visitor
    rows = queries.round_of(visitor, made.day)
    assert len(rows) == 2
    assert all(one.starts_at for one in rows)


def test_the_demonstration_has_two_published_days_and_a_draft(city: Any, lists: None, county_clerk: User) -> None:
    for n in range(9):
        person = a_person(f"向{'甲乙丙丁戊己庚辛壬'[n]}")
        Person.objects.filter(pk=person.pk).update(longitude=110.59 + n / 100, latitude=27.91)
    carers, stops = load_city_rounds({"county_clerk": county_clerk}, by=BY)
    states = DayPlan.objects.order_by("day", "version").values_list("state", flat=True)
    assert (carers, stops, list(states)) == (2, 9, ["published", "published", "draft"])


class TestWithTheSearch:
    """One compiled process for all of these."""

    pytestmark = HEAVY

    def test_a_day_is_planned_as_a_job_and_what_is_promised_stays(
        self, city: Any, lists: None, county_clerk: User, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr("yinling.care.parameters.round_moves", lambda _day: 5_000)
        made = a_round()
        stop = queries.stops_of(made)[1]
        services.fix_stop(uid=stop.uid, how="promise", by=BY)
        services.ask_for_rounds(place_key=LUFENG, day=made.day, by=county_clerk)
        run_all()
        again = DayPlan.objects.get(version=2)
        kept = Stop.objects.get(day_plan=again, visit=stop.visit)
        assert (kept.visitor, kept.is_promised) == (stop.visitor, True)
        assert abs(kept.starts_at - stop.starts_at) <= dt.timedelta(minutes=15)

    def test_moving_makes_a_new_version_and_leaves_the_published_one(self, city: Any, lists: None) -> None:
        made = a_round(publish=True)
        stop = queries.stops_of(made)[0]
        other = Visitor.objects.exclude(pk=stop.visitor.pk).get()
        version = moving.move_stop(uid=stop.uid, visitor_uid=other.uid, by=BY)
        assert Stop.objects.get(day_plan=version, visit=stop.visit).visitor == other
        assert version.state == DayPlan.State.DRAFT
        assert DayPlan.objects.get(pk=made.pk).state == DayPlan.State.PUBLISHED

    def test_a_broken_promise_is_named_and_needs_a_confirmation(self, city: Any, lists: None) -> None:
        made = a_round(publish=True)
        stop = queries.stops_of(made)[0]
        services.fix_stop(uid=stop.uid, how="promise", by=BY)
        with pytest.raises(Refused, match="promises would be broken"):
            moving.take_up(uid=made.uid, sick_uid=stop.visitor.uid, confirmed=False, by=BY)
        assert DayPlan.objects.count() == 1
        version = moving.take_up(uid=made.uid, sick_uid=stop.visitor.uid, confirmed=True, by=BY)
        assert version.state == DayPlan.State.PUBLISHED
        assert not Stop.objects.filter(day_plan=version, visitor=stop.visitor).exists()

    def test_an_urgent_visit_finds_a_place(self, city: Any, lists: None) -> None:
        made = a_round(publish=True)
        urgent = a_due_visit(a_person("舒急"))
        version = moving.take_up(uid=made.uid, urgent_uid=urgent.uid, confirmed=False, by=BY)
        assert Stop.objects.filter(day_plan=version, visit=urgent).exists()
        urgent.refresh_from_db()
        assert urgent.visitor is not None
