"""Rules over the register on the real tables: raised once, grown, settled by the register with its reason."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.institutions.builders import a_home, a_resident, beds_in
from yinling.accounts.models import User
from yinling.assessments.models import Assessment, Instrument
from yinling.institutions import services as institutions
from yinling.institutions.models import Institution, Licence
from yinling.institutions.services.staffing import Paper
from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.changes import deliver
from yinling.kernel.clock import civil_date, now
from yinling.kernel.seals import seal_changes
from yinling.people.models import Person
from yinling.supervision.models import Alert, Step
from yinling.supervision.queries import history_of
from yinling.supervision.services import close_alert, switch_rule, verify_alert
from yinling.supervision.warnings.facts import FACTS
from yinling.supervision.warnings.jobs import WARN
from yinling.supervision.warnings.judging import Outcome, judge_rules, rules_in_force
from yinling.supervision.warnings.showing import stated_in

BY = System("test")
pytestmark = pytest.mark.usefixtures("rules")


def a_licence(home: Institution, days_left: int, kind: str = "food") -> Licence:
    paper = Paper(kind=kind, number="YL-1", issued_on=None, expires_on=civil_date() + dt.timedelta(days=days_left))
    return institutions.record_licence(uid=home.uid, paper=paper, by=BY)


def run(key: str) -> Outcome:
    return judge_rules(by=BY, keys=[key])


def test_a_licence_about_to_end_is_raised_once_and_leads_to_its_page() -> None:
    home = a_home()
    a_licence(home, 25)
    assert run("licence_running_out") == Outcome(raised=1)
    assert run("licence_running_out") == Outcome()
    alert = Alert.objects.get()
    assert (alert.level_name, alert.institution, alert.family) == ("yellow", home, "licence")
    assert stated_in(alert)[0].url == f"/work/institutions/{home.uid}/licence"


def test_two_licences_of_a_home_are_two_warnings() -> None:
    home = a_home()
    a_licence(home, 25, "food")
    a_licence(home, 10, "medical")
    assert run("licence_running_out") == Outcome(raised=2)


def test_an_open_warning_grows_with_the_days_and_is_the_same_alert() -> None:
    licence = a_licence(a_home(), 50)
    run("licence_running_out")
    Licence.objects.filter(pk=licence.pk).update(expires_on=civil_date() - dt.timedelta(days=1))
    assert run("licence_running_out") == Outcome(raised=1)
    assert Alert.objects.get().level_name == "orange"


def test_a_renewed_licence_resolves_its_warning_and_says_why() -> None:
    home = a_home()
    a_licence(home, 5)
    run("licence_running_out")
    a_licence(home, 400)
    assert run("licence_running_out") == Outcome(resolved=1)
    alert = Alert.objects.get()
    last = history_of(alert)[-1]
    assert (alert.state, last.step.verb, last.step.actor_label) == ("resolved", Step.Verb.RESOLVED, BY.label)
    assert "登记" in last.note


def test_what_the_register_resolved_is_verified_by_a_person_and_not_raised_again(county_clerk: User) -> None:
    home = a_home()
    a_licence(home, 5)
    run("licence_running_out")
    a_licence(home, 400)
    run("licence_running_out")
    alert = Alert.objects.get()
    verify_alert(uid=alert.uid, by=county_clerk, is_right=True)
    close_alert(uid=alert.uid, by=county_clerk)
    assert run("licence_running_out") == Outcome()


def test_a_home_short_of_carers_is_warned_until_somebody_is_hired(ratios: None) -> None:
    home = a_home()
    beds_in(home, 2)
    a_resident(home)
    assert run("carers_below_ratio") == Outcome(raised=1)
    institutions.hire(uid=home.uid, name="谌护理", post="carer", by=BY)
    assert run("carers_below_ratio") == Outcome(resolved=1)


def test_more_residents_than_usable_beds_is_a_warning() -> None:
    home = a_home()
    beds = beds_in(home, 2)
    a_resident(home, bed_uid=beds[0].uid)
    assert run("beds_overloaded") == Outcome()
    for bed in beds:
        bed.states.update(state="under_repair")
    assert run("beds_overloaded") == Outcome(raised=1)


def test_a_home_without_a_drill_for_half_a_year_is_warned_but_not_one_that_is_new() -> None:
    home = a_home()
    assert run("drill_overdue") == Outcome()
    Institution.objects.filter(pk=home.pk).update(created_at=now() - dt.timedelta(days=200))
    assert run("drill_overdue") == Outcome(raised=1)


def an_assessment(person: Person, ended_days_ago: int) -> Assessment:
    scale, _ = Instrument.objects.get_or_create(
        key="gbt_42195", version="2022", defaults={"data": {}, "digest": "0", "verified": True, "pack": "national",
                                                   "valid_from": dt.date(2022, 1, 1)},
    )  # fmt: skip
    return Assessment.objects.create(
        number=f"P{Assessment.objects.count()}", person=person, instrument=scale, place_key=person.place_key,
        state="signed", reason="first", happened_at=now() - dt.timedelta(days=365 + ended_days_ago), final_level=2,
        valid_to=civil_date() - dt.timedelta(days=ended_days_ago),
    )  # fmt: skip


def test_an_overdue_assessment_of_a_resident_is_a_warning_and_a_newer_one_is_not() -> None:
    home = a_home()
    beds_in(home, 2)
    stay = a_resident(home)
    an_assessment(stay.person, 100)
    assert run("assessment_overdue") == Outcome(raised=1)
    assert Alert.objects.get().person == stay.person
    an_assessment(stay.person, -200)
    assert run("assessment_overdue") == Outcome(resolved=1)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_fact_asks_the_same_number_of_statements_for_one_home_and_for_four(name: str, ratios: None) -> None:
    counts = []
    for names in (["甲敬老院"], ["乙敬老院", "丙敬老院", "丁敬老院"]):
        for each in names:
            home = a_home(each)
            beds_in(home, 2)
            a_licence(home, 10)
            an_assessment(a_resident(home, None).person, 40)
        with CaptureQueriesContext(connection) as queries:
            list(FACTS[name](civil_date()))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_judging_what_is_known_asks_one_statement_besides_the_fact() -> None:
    a_licence(a_home(), 25)
    run("licence_running_out")
    with CaptureQueriesContext(connection) as queries:
        run("licence_running_out")
    assert len(queries) <= 3  # the rules, the fact, the alerts


def test_a_change_of_the_register_queues_its_rules_once_a_minute() -> None:
    home = a_home()
    a_licence(home, 5)
    a_licence(home, 6, "medical")
    seal_changes()
    deliver()
    waiting = jobs.Job.objects.filter(kind=WARN, state="queued")
    assert [job.arguments for job in waiting] == [{"change": "institutions.licence_recorded"}]
    waiting.update(not_before=now())
    jobs.run_all()
    assert Alert.objects.filter(rule_key="licence_running_out").count() == 2


def test_the_nightly_work_judges_every_rule() -> None:
    a_licence(a_home(), 5)
    job = jobs.start(WARN, {"day": "2026-11-23"}, by=BY)
    jobs.run_all()
    job.refresh_from_db()
    assert (job.state, job.result, job.total) == ("done", {"raised": 1, "resolved": 0}, len(rules_in_force()))


def test_a_rule_that_is_switched_off_in_the_county_raises_nothing() -> None:
    switch_rule(rule="licence_running_out", place_key=431224000000, is_on=False, reason="系统上线试运行", by=BY)
    a_licence(a_home(), 5)
    assert run("licence_running_out") == Outcome()
