"""Plans through their services: what is refused writes nothing; who is let in, and let out again."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.care.builders import (
    BY,
    LONG_AGO,
    a_person,
    a_plan,
    a_visitor,
    an_organisation,
    at_night,
    consents,
    two_partners,
)
from tests.conftest import LUFENG, a_user
from yinling.accounts.models import User
from yinling.assessments.models import Level
from yinling.care import handlers
from yinling.care.jobs import PLANS
from yinling.care.models import Goal, Line, Measurement, Partner, Plan, PlanTemplate, Review, Session, Visitor
from yinling.care.queries import plans as queries
from yinling.care.services import lines, sessions
from yinling.care.services import plans as services
from yinling.care.services.templates import load_templates, template_differences
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.people.models import Grant, Person
from yinling.people.services import register_death, withdraw_consent
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.usefixtures("city", "templates")
DAY = dt.timedelta(days=1)


def sees(user: User, table: Any) -> int:
    return table.objects.visible_to(user).count()  # type: ignore[no-any-return]


def test_a_plan_from_a_template_brings_its_goals_services_and_the_needs_of_the_person() -> None:
    person = a_person()
    Person.objects.filter(pk=person.pk).update(living_arrangement="alone")
    plan = a_plan(person)
    assert plan.state == "draft" and {"personal_care", "company", "emergency"} <= set(plan.needs)
    assert plan.goals.count() == 2 and plan.lines.count() == 3
    assert plan.goals.order_by("id")[0].words() == "在协助下洗澡、穿衣"
    assert "洗澡".encode() not in bytes(plan.goals.order_by("id")[0].words_sealed)


def test_a_template_is_loaded_once_and_a_corrected_reading_supersedes() -> None:
    data = {"templates": [PlanTemplate.objects.get(key="elder_light").data]}
    assert not template_differences(data, file="plans.yaml", pack="national")
    data["templates"] = [data["templates"][0] | {"review_months": 9}]
    assert [one.kind for one in load_templates(data, file="plans.yaml", pack="national", by=BY)] == ["changed"]
    assert PlanTemplate.objects.filter(key="elder_light", superseded_at__isnull=True).count() == 1


def test_a_person_has_one_plan_of_a_programme_and_the_dead_have_none() -> None:
    person = a_person()
    a_plan(person)
    with pytest.raises(Refused, match="already"):
        a_plan(person, "elder_heavy")
    register_death(uid=person.uid, died_on=civil_date(), by=BY)
    with pytest.raises(Refused, match="death"):
        a_plan(person, "")
    assert Plan.objects.count() == 1


def test_a_plan_is_not_agreed_without_consent_and_nothing_is_written() -> None:
    plan = a_plan(a_person(), partners={"care": an_organisation().uid, "health": an_organisation("县医院").uid})
    with pytest.raises(Refused, match="No consent"):
        services.agree_plan(uid=plan.uid, agreed_by="舒禾", by=BY)
    plan.refresh_from_db()
    assert plan.state == "draft" and not Grant.objects.exists() and not Session.objects.exists()


def test_a_part_that_nobody_delivers_keeps_a_plan_from_being_agreed_until_it_is_given() -> None:
    person = a_person()
    plan = a_plan(person, partners={"care": an_organisation().uid})
    consents(person)
    with pytest.raises(Refused, match="Nobody delivers"):
        services.agree_plan(uid=plan.uid, agreed_by="舒禾", by=BY)
    lines.give_part(uid=plan.partners.get(part="health").uid, organisation_uid=an_organisation("县医院").uid, by=BY)
    services.agree_plan(uid=plan.uid, agreed_by="舒禾", by=BY)


def test_agreeing_plans_sessions_ahead_and_again_plans_nothing_twice() -> None:
    two = two_partners()
    count = Session.objects.count()
    days = set(Session.objects.values_list("planned_on", flat=True))
    assert count >= 12 and min(days) >= civil_date() and max(days) <= civil_date() + 28 * DAY
    at_night(PLANS, civil_date())
    assert Session.objects.count() == count
    at_night(PLANS, civil_date() + 14 * DAY)
    assert Session.objects.count() > count and two.plan.consent is not None


def test_a_partners_people_see_their_own_goals_services_and_sessions_alone() -> None:
    two = two_partners()
    other = two_partners(a_person("向禾"), tag="乙")
    for user, part in ((two.carer, "care"), (two.nurse, "health")):
        assert list(Plan.objects.visible_to(user)) == [two.plan]
        for table in (Goal, Line):
            assert {row.partner.part for row in table.objects.visible_to(user)} == {part}
        assert {one.line.partner.part for one in Session.objects.visible_to(user)} == {part}
        assert [one.part for one in Partner.objects.visible_to(user)] == [part]
        assert not sees(user, Review)
        assert list(Person.objects.visible_to(user)) == [two.plan.person]
        sheet = queries.sheet(queries.plan(two.plan.uid, user), user)
        assert not sheet.whole and {one.partner.part for one in sheet.goals if one.partner} == {part}
        with pytest.raises(NotFound):
            queries.plan(other.plan.uid, user)


def test_another_partners_goals_and_sessions_cannot_be_written() -> None:
    two = two_partners()
    with pytest.raises(NotFound):
        lines.measure_goal(uid=two.goal("health").uid, on=civil_date(), value=Decimal(150), by=two.carer)
    session = two.session("health")
    with pytest.raises(NotFound):
        sessions.hold_session(uid=session.uid, held_at=now(), minutes=40, by=two.carer)
    with pytest.raises(NotFound):
        services.end_plan(uid=two.plan.uid, reason="不再需要", by=two.carer)
    with pytest.raises(NotFound):
        lines.end_line(uid=two.line("care").uid, by=two.carer)
    assert not Measurement.objects.exists() and not Session.objects.filter(state="held").exists()


def test_before_a_plan_is_agreed_and_after_it_ends_partners_see_nothing() -> None:
    care = an_organisation("康乐服务中心")
    two = two_partners()
    person = a_person("向禾")
    draft = a_plan(person, partners={"care": two.care.uid, "health": care.uid})
    assert draft not in Plan.objects.visible_to(two.carer) and person not in Person.objects.visible_to(two.carer)
    services.end_plan(uid=two.plan.uid, reason="本人迁出本市", by=BY)
    for table in (Plan, Goal, Line, Session, Partner, Person):
        assert not sees(two.carer, table)
    assert not Session.objects.filter(state="planned", planned_on__gte=civil_date()).exists()


def test_ending_a_part_shuts_its_people_out_and_leaves_the_other() -> None:
    two = two_partners()
    lines.end_part(uid=two.plan.partners.get(part="care").uid, by=BY)
    assert not sees(two.carer, Session) and not sees(two.carer, Person)
    assert sees(two.nurse, Session) and not Session.objects.filter(line__partner__part="care", state="planned").exists()


def test_a_consent_taken_back_ends_the_plan_and_shuts_everybody_out() -> None:
    two = two_partners()
    person, consent = two.plan.person, two.plan.consent
    withdraw_consent(uid=person.uid, consent_uid=consent.uid, on=civil_date(), reason="电话告知", by=BY)
    handlers.on_corrected(Change.objects.filter(type="people.corrected").latest("id"))
    two.plan.refresh_from_db()
    assert two.plan.state == "ended" and not sees(two.carer, Plan) and not sees(two.nurse, Person)


def test_a_death_ends_the_plans_twice_told_or_not() -> None:
    two = two_partners()
    register_death(uid=two.plan.person.uid, died_on=civil_date(), by=BY)
    change = Change.objects.get(type="people.died")
    for _again in range(2):
        handlers.on_death(change)
    assert Change.objects.filter(type="care.plan_ended").count() == 1 and not sees(two.carer, Session)


def test_whoever_leaves_the_partner_sees_nothing_at_once_and_whoever_comes_is_let_in_at_night() -> None:
    two = two_partners()
    Visitor.objects.filter(user=two.carer).update(ended_on=civil_date())
    assert not sees(two.carer, Plan) and not sees(two.carer, Session)
    new = a_user("care_partner", LUFENG, "new")
    a_visitor("新人", user=new, organisation=two.care)
    assert not sees(new, Plan)
    at_night(PLANS, civil_date())
    assert sees(new, Plan) == 1 and not sees(two.carer, Person)


def test_a_role_taken_away_shuts_its_holder_out() -> None:
    two = two_partners()
    two.carer.assignments.update(valid_to=civil_date())
    assert not sees(User.objects.get(pk=two.carer.pk), Plan) and not sees(User.objects.get(pk=two.carer.pk), Session)


def test_a_session_is_held_by_its_partner_missed_and_taken_back() -> None:
    two = two_partners()
    session = two.session("care")
    held = sessions.hold_session(uid=session.uid, held_at=now(), minutes=50, by=two.carer, note="洗澡顺利")
    assert held.held_by and held.held_by.user == two.carer and held.note() == "洗澡顺利"
    with pytest.raises(Refused, match="recorded already"):
        sessions.miss_session(uid=session.uid, why="没人在家", by=two.carer)
    back = sessions.take_back_session(uid=session.uid, why="记错了人", by=two.carer)
    assert back.state == "planned" and not back.note_sealed
    assert sessions.miss_session(uid=session.uid, why="没人在家", by=two.carer).state == "missed"
    assert Change.objects.filter(type__startswith="care.session").count() == 3


def test_a_session_ahead_is_cancelled_not_missed_and_not_held() -> None:
    two = two_partners()
    session = two.session("care", civil_date() + 3 * DAY)
    with pytest.raises(Refused, match="still to come"):
        sessions.miss_session(uid=session.uid, why="没人在家", by=two.carer)
    with pytest.raises(Refused, match="future"):
        sessions.hold_session(uid=session.uid, held_at=now() + 3 * DAY, minutes=50, by=two.carer)
    assert sessions.cancel_session(uid=session.uid, why="外出走亲戚", by=two.carer).state == "cancelled"


def test_a_value_of_the_same_day_corrects_the_first() -> None:
    two = two_partners()
    for value in (150, 145):
        lines.measure_goal(uid=two.goal("health").uid, on=civil_date(), value=Decimal(value), by=two.nurse)
    assert [one.value for one in Measurement.objects.filter(superseded_at__isnull=True)] == [145]
    with pytest.raises(Refused, match="future"):
        lines.measure_goal(uid=two.goal("health").uid, on=civil_date() + DAY, value=Decimal(1), by=two.nurse)


def test_a_line_added_to_an_agreed_plan_is_planned_at_once_and_ending_it_cancels_what_is_ahead() -> None:
    two = two_partners()
    service = lines.Service("bathing", 7, "week", 60, "all", "voucher", civil_date())
    made = lines.add_line(
        plan_uid=two.plan.uid, service=service, partner_uid=two.plan.partners.get(part="care").uid, by=BY
    )
    assert made.sessions.count() == 29
    lines.end_line(uid=made.uid, by=BY)
    assert set(made.sessions.values_list("state", flat=True)) == {"cancelled"}


def test_a_review_is_asked_for_once_when_its_day_comes_near_and_closed_by_it() -> None:
    two = two_partners()
    Plan.objects.update(review_on=civil_date() + 5 * DAY)
    for _again in range(2):
        at_night(PLANS, civil_date())
    item = WorkItem.objects.open().get(kind="care.review")
    assert item.role == "township_clerk" and item.due_at > now()
    made = services.review_plan(uid=two.plan.uid, cause="date", result="goes_on", words="情况平稳", by=BY)
    two.plan.refresh_from_db()
    assert not WorkItem.objects.open().filter(kind="care.review").exists() and two.plan.review_on == made.next_on


def test_a_change_of_level_asks_for_a_review_and_the_same_level_does_not() -> None:
    two = two_partners()
    Plan.objects.update(level=2)
    services.ask_after_level(person_uid=two.plan.person.uid, new=2, by=BY)
    assert not WorkItem.objects.open().filter(kind="care.review").exists()
    services.ask_after_level(person_uid=two.plan.person.uid, new=3, by=BY)
    assert WorkItem.objects.open().get(kind="care.review").why["text"].startswith("The level")
    assert not Level.objects.exists()


def test_a_review_may_end_the_plan_and_says_what_was_found() -> None:
    two = two_partners()
    with pytest.raises(Refused, match="what was found"):
        services.review_plan(uid=two.plan.uid, cause="wish", result="ended", words="", by=BY)
    assert not Review.objects.exists()
    services.review_plan(uid=two.plan.uid, cause="wish", result="ended", words="家属接走照顾", by=BY)
    assert Plan.objects.get().state == "ended" and Review.objects.get().words() == "家属接走照顾"


def test_a_clerk_of_another_county_finds_no_plan_and_one_without_the_permission_writes_none(
    other_county_clerk: User, township_clerk: User, village_visitor: User
) -> None:
    two = two_partners()
    for table in (Plan, Goal, Line, Session, Partner, Review):
        assert not sees(other_county_clerk, table)
    with pytest.raises(NotFound):
        services.end_plan(uid=two.plan.uid, reason="不再需要", by=other_county_clerk)
    person = a_person("向禾")
    with pytest.raises(NotAllowed):
        services.write_plan(person_uid=person.uid, template="", begins_on=LONG_AGO, by=village_visitor)
    assert services.write_plan(person_uid=person.uid, template="", begins_on=civil_date(), by=township_clerk).pk
