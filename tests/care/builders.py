"""Words for tests of care. By subject; whoever needs another word appends it to theirs."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tests.conftest import LUFENG, a_user
from tests.institutions.builders import FAR_VILLAGE, VILLAGE, a_person
from yinling.accounts.models import User
from yinling.care.models import Goal, HomeBed, Line, Pairing, Plan, Session, Visit, Visitor
from yinling.care.rules.rounds import problem_of, simple_plan
from yinling.care.rules.visits import Position, VisitReport
from yinling.care.services import beds as bed_services
from yinling.care.services import plans as plan_services
from yinling.care.services import rounds as round_services
from yinling.care.services import visiting
from yinling.care.services.gathering import gather
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now
from yinling.kernel.jobs import run_all, start
from yinling.kernel.uids import new_uid
from yinling.organisations import services as organisations
from yinling.organisations.models import Organisation
from yinling.organisations.services import Details
from yinling.people.models import Consent, Person
from yinling.people.services import add_guardian, add_kin, give_consent, open_grant

BY = System("test")
LONG_AGO = dt.date(2020, 1, 1)
__all__ = ["BY", "FAR_VILLAGE", "LONG_AGO", "VILLAGE", "a_person", "a_visitor", "an_organisation"]


def an_organisation(name: str = "溆浦县康乐居家养老服务中心", place_key: int = LUFENG) -> Organisation:
    """A legal person."""
    return organisations.register_organisation(place_key=place_key, details=Details(name=name), by=BY)


def a_visitor(name: str = "向春生", place_key: int = VILLAGE, user: User | None = None, **facts: Any) -> Visitor:
    """Somebody who goes to doors, since long ago."""
    given: dict[str, Any] = {"kind": Visitor.Kind.VISITOR, "begins_on": LONG_AGO, "sex": "1"} | facts
    return Visitor.objects.create(name=name, place_key=place_key, user=user, **given)


# Plans and home beds


def works_for(organisation: Organisation, username: str, place_key: int = LUFENG) -> User:
    """One of a partner's people: an account, and a visitor of the organisation."""
    user = a_user("care_partner", place_key, username)
    a_visitor(username, place_key, user, organisation=organisation, kind=Visitor.Kind.THERAPIST)
    return user


def consents(person: Person, purpose: str = "care_plan", guardian: bool = False, **given: Any) -> Consent:
    """A consent in force, by a guardian where asked."""
    guardian_uid = None
    if guardian:
        kin = add_kin(uid=person.uid, name="舒建平", relation="51", by=BY)
        made = add_guardian(
            uid=person.uid, kin_uid=kin.uid, kind="parent_or_child", proof="household_register", scope="全部",
            valid_from=LONG_AGO, by=BY,
        )  # fmt: skip
        guardian_uid = made.uid
    return give_consent(
        uid=person.uid, purpose=purpose, items=[purpose], recipient="参与计划的单位", method="sign",
        given_by="舒建平" if guardian else person.name, guardian_uid=guardian_uid, by=BY, **given,
    )  # fmt: skip


@dataclass(frozen=True)
class TwoPartners:
    """An agreed plan that two organisations deliver, with one of each one's people."""

    plan: Plan
    carer: User
    nurse: User
    care: Organisation
    health: Organisation

    def goal(self, part: str) -> Goal:
        """The goal of a part."""
        return self.plan.goals.get(partner__part=part)

    def line(self, part: str) -> Line:
        """The first service of a part."""
        return self.plan.lines.filter(partner__part=part).order_by("id")[0]

    def session(self, part: str, on: dt.date | None = None) -> Session:
        """A session of a part, moved to a day (today)."""
        found = Session.objects.filter(line__partner__part=part, line__plan=self.plan).order_by("id")[0]
        Session.objects.filter(pk=found.pk).update(planned_on=on or civil_date(), number=7)
        found.refresh_from_db()
        return found


def a_plan(person: Person, template: str = "elder_medium", **given: Any) -> Plan:
    """A plan being written, from a month ago on."""
    begins = civil_date() - dt.timedelta(days=30)
    return plan_services.write_plan(person_uid=person.uid, template=template, begins_on=begins, by=BY, **given)


def two_partners(person: Person | None = None, tag: str = "") -> TwoPartners:
    """The usual plan: care by a service centre, health by a hospital."""
    who = person or a_person(f"舒禾{tag}")
    care, health = an_organisation(f"康乐服务中心{tag}"), an_organisation(f"县人民医院{tag}")
    carer, nurse = works_for(care, f"carer{tag}"), works_for(health, f"nurse{tag}")
    plan = a_plan(who, partners={"care": care.uid, "health": health.uid})
    consents(who)
    plan_services.agree_plan(uid=plan.uid, agreed_by=who.name, by=BY)
    plan.refresh_from_db()
    return TwoPartners(plan, carer, nurse, care, health)


def a_home_bed(person: Person | None = None, provider: Organisation | None = None) -> HomeBed:
    """A home bed in use since ten days ago."""
    who = person or a_person("舒禾")
    made = bed_services.apply_for_bed(
        person_uid=who.uid, provider_uid=(provider or an_organisation()).uid, by=System("township", str(new_uid()))
    )
    bed_services.decide_on_bed(uid=made.uid, is_approved=True, reason="", by=System("county", str(new_uid())))
    HomeBed.objects.filter(pk=made.pk).update(decided_on=civil_date() - dt.timedelta(days=12))
    begins = civil_date() - dt.timedelta(days=10)
    return bed_services.set_bed_up(uid=made.uid, contract_number="JC-2026-01", begins_on=begins, by=BY)


def at_night(kind: str, day: dt.date) -> None:
    """What a job does in the night of a day."""
    start(kind, {"day": str(day)}, by=BY, key=f"{kind} {day} {new_uid()}")
    run_all()


# Visits


def the_rules() -> None:
    """The rules of due visits of the national pack."""
    data = yaml.safe_load((Path(settings.PACKS_DIR) / "national" / "visits.yaml").read_text(encoding="utf-8"))
    visiting.load_visit_rules(data, file="visits.yaml", pack="national", by=BY)


def pairs(visitor: Visitor, person: Person, **given: Any) -> Pairing:
    """A visitor and the person they visit, since long ago; the visitor's user sees the person."""
    if visitor.user is not None:
        until = now() + dt.timedelta(days=365)
        open_grant(person=person, grantee_uid=visitor.user.uid, ground="pairing", until=until, by=BY)
    facts: dict[str, Any] = {"ground": Pairing.Ground.CHOSEN, "valid_from": LONG_AGO, "paired_by": BY.uid} | given
    return Pairing.objects.create(visitor=visitor, person=person, **facts)


def a_due_visit(person: Person, visitor: Visitor | None = None, **given: Any) -> Visit:
    """A visit of this week that is due."""
    facts: dict[str, Any] = {
        "rule": "regular", "key": f"{person.pk}:regular:{new_uid()}", "opens_on": civil_date() - dt.timedelta(days=3),
        "due_on": civil_date() + dt.timedelta(days=3),
    } | given  # fmt: skip
    return Visit.objects.create(person=person, visitor=visitor, **facts)


def a_report(*, ago: int = 40, lasting: int = 20, **given: Any) -> VisitReport:
    """A report of a visit at the door with contact: so many minutes ago, lasting so many."""
    begins = now() - dt.timedelta(minutes=ago)
    facts: dict[str, Any] = {
        "way": "door", "started_at": begins, "ended_at": begins + dt.timedelta(minutes=lasting), "has_contact": True,
        "found": "normal", "source": "page",
    } | given  # fmt: skip
    return VisitReport(**facts)


def nobody(**given: Any) -> VisitReport:
    """A report of a visit at which nobody answered."""
    return a_report(has_contact=False, found="", **given)


def at_home(person: Person, metres_north: float = 0) -> Position:
    """A position so many metres north of a person's address, which is set where it was not known."""
    if person.longitude is None:
        person.longitude, person.latitude = 110.59, 27.91
        person.save(update_fields=["longitude", "latitude"])
    assert person.longitude is not None and person.latitude is not None
    return Position(person.longitude, person.latitude + metres_north / 111_195, 10)


# Rounds


def a_round(stops: int = 4, *, publish: bool = False, day: dt.date | None = None, tag: str = "") -> Any:
    """A version of Lufeng's day, placed by the simple rule: two carers with so many visits."""
    on = day or civil_date() + dt.timedelta(days=1)
    carers = [
        a_visitor(f"{name}{tag}", kind=Visitor.Kind.CARER, longitude=110.59, latitude=27.91, mode="motorbike",
                  user=a_user("carer", LUFENG, f"{name}{tag}"))
        for name in ("舒禾", "覃远")
    ]  # fmt: skip
    for n in range(stops):
        person = a_person(f"向{'甲乙丙丁戊己'[n]}{tag}")
        person.longitude, person.latitude = 110.59 + n / 100, 27.91
        person.save(update_fields=["longitude", "latitude"])
        a_due_visit(person, carers[n % 2], opens_on=on - dt.timedelta(days=2), due_on=on + dt.timedelta(days=2))
    given = gather(LUFENG, on)
    made = round_services.keep(LUFENG, on, given, simple_plan(problem_of(given)), by=BY)
    return round_services.publish_rounds(uid=made.uid, by=BY) if publish else made
