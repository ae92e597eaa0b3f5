"""Care plans and home beds of elders at home in the demonstration county: standing, some due for review, some of them
with a bed whose calls were answered in time or not. Everything invented; contents come from the pack's templates."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from yinling.accounts.models import User
from yinling.assessments.models import Level
from yinling.care import duties
from yinling.care.models import (
    BedCall,
    Goal,
    HomeBed,
    Line,
    Measurement,
    Partner,
    Plan,
    PlanTemplate,
    Session,
    Visitor,
)
from yinling.care.queries.plans import template
from yinling.care.rules.plans import months_after
from yinling.care.rules.sessions import Calendar, Rhythm, session_days
from yinling.care.rules.templates import Template
from yinling.care.services.beds import log_call
from yinling.care.services.loading import PastPlans, load_plans
from yinling.care.services.plans import new_goal
from yinling.institutions.models import Stay
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, now
from yinling.kernel.uids import new_uid
from yinling.organisations.models import Organisation
from yinling.organisations.services import Details, register_organisation
from yinling.people.models import Consent, Person
from yinling.people.services import Given, load_consents
from yinling.reference.queries import is_working_day

_LEAST, _MOST, _PER_SCALE = 40, 800, 10_000
_PAST, _AHEAD = 28, 28  # days of sessions behind and before today
_HELD, _MISSED = 0.93, 0.05
_BEDS = 0.2  # of plans of heavy loss
_KEYS = {1: "elder_light", 2: "elder_medium", 3: "elder_heavy", 4: "elder_heavy"}
_PROVIDERS = (("care", "溆浦县康养居家服务中心（示例）", "舒小英"), ("health", "溆浦县示例卫生院", "向建平"))
DAY = timedelta(days=1)


@dataclass
class Past:
    """Rows that wait to be saved, and the dice they come from. `until`: the last day of sessions."""

    dice: random.Random
    today: date
    until: date
    by: Actor
    plans: list[Plan] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    serves: list[tuple[Line, Goal]] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    values: list[Measurement] = field(default_factory=list)

    def rows(self) -> PastPlans:
        """As the service takes them."""
        return PastPlans(
            self.plans, self.partners, self.goals, self.lines, self.serves, self.sessions, self.values
        )  # fmt: skip


@dataclass(frozen=True)
class Delivering:
    """Who delivers a part: an organisation and those who go out for it."""

    organisation: Organisation
    people: Sequence[Visitor]


def a_partner(
    name: str, place_key: int, people: Sequence[tuple[str, User | None]], since: date, by: Actor
) -> Delivering:
    """An invented organisation, and its people (name, account)."""
    made = register_organisation(place_key=place_key, details=Details(name=name), valid_from=since, by=by)
    rows = [
        Visitor(
            name=who, user=user, kind=Visitor.Kind.THERAPIST, place_key=place_key, organisation=made, begins_on=since
        )
        for who, user in people
    ]
    return Delivering(made, Visitor.objects.bulk_create(rows))


def add_plan(
    past: Past, person: Person, row: PlanTemplate, consent: Consent, begins: date, partners: dict[str, Delivering],
    lead: Organisation, *, level: int | None = None, agreed_by: str = "", first: date | None = None,
) -> Plan:  # fmt: skip
    """A standing plan as its template proposes it, with its sessions from a day on and its values."""
    drafted = row.reading
    plan = Plan(
        person=person, programme=drafted.programme, template=row, level=level, needs=list(drafted.needs), lead=lead,
        consent=consent, state=Plan.State.STANDING, begins_on=begins, agreed_on=begins, made_by=past.by.uid,
        agreed_by=agreed_by or person.name, review_on=months_after(begins, drafted.review_months),
    )  # fmt: skip
    parts = {
        part: Partner(plan=plan, part=part, organisation=partners[part].organisation, begins_on=begins)
        for part in drafted.parts
    }
    goals = [
        new_goal(plan, parts[one.part], one.area, one.title.zh, one.measure.zh, one.unit, one.start, one.target,
                 months_after(begins, one.months)) for one in drafted.goals
    ]  # fmt: skip
    past.plans.append(plan)
    past.partners += parts.values()
    past.goals += goals
    for goal in goals:
        past.values += _values(goal, begins, past)
    for one in drafted.lines:
        carer = past.dice.choice(partners[one.part].people)
        line = Line(
            plan=plan, partner=parts[one.part], carer=carer, service=one.service, times=one.times, per=one.per,
            minutes=one.minutes, days=one.days, funding=one.funding, begins_on=begins,
        )  # fmt: skip
        past.lines.append(line)
        past.serves += [(line, goals[place]) for place in one.goals]
        past.sessions += _sessions(line, drafted, max(begins, first or begins), past)
    return plan


def _values(goal: Goal, begins: date, past: Past) -> Iterator[Measurement]:
    """A value a month: on the way to the target, not always straight."""
    start, target = float(goal.start_value), float(goal.target_value)
    months = max((goal.due_on - begins).days / 30, 1)
    for month in range(1, int((past.today - begins).days / 30) + 1):
        share = min(month / months * past.dice.uniform(0.7, 1.1), 1.05)
        yield Measurement(
            goal=goal, measured_on=begins + month * 30 * DAY, value=round(start + (target - start) * share, 1),
            measured_by=past.by.uid,
        )  # fmt: skip


def _sessions(line: Line, drafted: Template, first: date, past: Past) -> Iterator[Session]:
    span = (first.replace(day=1) + number * DAY for number in range((past.until - first).days + 70))
    calendar = Calendar(drafted.terms, frozenset(day for day in span if is_working_day(day)))
    for day, number in session_days(Rhythm(line.times, line.per, line.days), first, past.until, calendar):
        yield _session(line, day, number, past)


def _session(line: Line, day: date, number: int, past: Past) -> Session:
    made, lot = Session(line=line, planned_on=day, number=number), past.dice.random()
    if day > past.today or (day > past.today - 2 * DAY and lot > 0.6):
        return made  # still to come, or not written down yet
    if lot < _HELD:
        at = datetime.combine(day, time(past.dice.randint(8, 16), past.dice.choice((0, 20, 30))), CITY_ZONE)
        made.state, made.held_at, made.minutes, made.held_by = Session.State.HELD, at, line.minutes, line.carer
    elif lot < _HELD + _MISSED:
        made.state, made.why_not = Session.State.MISSED, past.dice.choice(("身体不适", "家中有事", "联系不上"))
    else:
        made.state, made.why_not = Session.State.CANCELLED, "外出"
    return made


def load_care_plans(users: dict[str, User], *, scale: float, seed: int, today: date, by: Actor) -> tuple[int, int]:
    """Plans of elders at home in the demonstration county, and home beds. Returns how many of each."""
    dice, county = random.Random(f"{seed} plans"), users["county_clerk"].place_key
    since = today - 400 * DAY
    account = {"care": users["care_partner"]}
    partners = {}
    for part, name, who in _PROVIDERS:
        own = account.get(part)
        people = ((own.name if own else who, own), (f"{who}二", None))
        partners[part] = a_partner(name, county, people, since, by)
    found = _at_home(county, max(_LEAST, min(_MOST, int(_PER_SCALE * scale))))
    consents = _consents([person for person, _level in found], today, dice)
    past = Past(dice, today, today + _AHEAD * DAY, by)
    rows = {key: template(key) for key in set(_KEYS.values())}
    for person, level in found:
        row = rows[_KEYS[level]]
        months = row.reading.review_months
        begins = today - dice.randint(30, months * 30 + 20) * DAY
        add_plan(past, person, row, consents[person.pk], begins, partners, partners["care"].organisation, level=level,
                 first=today - _PAST * DAY)  # fmt: skip
    load_plans(past=past.rows(), by=by)
    heavy = [(person, level) for person, level in found if level >= 2]
    return len(found), _beds(heavy[: int(len(heavy) * _BEDS) + 6], partners["care"], past)


def _at_home(county: int, most: int) -> list[tuple[Person, int]]:
    """Living elders of the county with a loss of ability who are in no home, and their level."""
    levels = Level.objects.current().filter(
        scale="gbt_42195", level__gte=1, valid_to__isnull=True, person__place_key__range=(county, county + 10**6 - 1)
    ).exclude(person__life_status=Person.DEAD)  # fmt: skip
    away = set(Stay.objects.present().values_list("person_id", flat=True))
    rows = levels.select_related("person").order_by("person_id")[: most * 3]
    return [(row.person, row.level) for row in rows if row.person_id not in away][:most]


def _consents(persons: Sequence[Person], today: date, dice: random.Random) -> dict[int, Consent]:
    given = [
        Given(person.pk, "care_plan", today - dice.randint(30, 420) * DAY, "参与计划的单位", given_by=person.name)
        for person in persons
    ]
    load_consents(rows=given)
    held = Consent.objects.filter(purpose="care_plan", person__in=persons)
    return {one.person_id: one for one in held}


def _beds(found: Sequence[tuple[Person, int]], provider: Delivering, past: Past) -> int:
    """Beds in use; the last ones wait for the county, one for its contract, one is closed."""
    township, county = new_uid(), new_uid()
    beds = []
    for number, (person, level) in enumerate(reversed(found)):
        applied = past.today - past.dice.randint(60, 300) * DAY
        bed = HomeBed(
            person=person, provider=provider.organisation, criteria={"level": level, "warnings": []},
            services_a_month=4, response_minutes=10, applied_on=applied, recorded_by=township,
        )  # fmt: skip
        if number >= 3:
            bed.state, bed.decided_by, bed.decided_on = HomeBed.State.APPROVED, county, applied + 5 * DAY
        if number >= 4:
            bed.state, bed.begins_on = HomeBed.State.STANDING, applied + 15 * DAY
            bed.contract_number = f"JC-{applied.year}-{number:04d}"
        if number == 5:
            bed.state, bed.ended_on, bed.end_reason = HomeBed.State.CLOSED, past.today - 3 * DAY, "wish"
        beds.append(bed)
    calls = [call for bed in beds if bed.state == HomeBed.State.STANDING for call in _calls(bed, past)]
    load_plans(past=PastPlans(beds=beds, calls=calls), by=past.by)
    _open_bed_duties(beds, past.by)
    used = next((bed for bed in beds if bed.state == HomeBed.State.STANDING), None)
    if used is not None:  # somebody has just called
        log_call(uid=used.uid, called_at=now() - timedelta(minutes=2), way="button", by=past.by)
    return len(beds)


def _calls(bed: HomeBed, past: Past) -> Iterator[BedCall]:
    for _call in range(past.dice.randint(0, 4)):
        at = now() - timedelta(days=past.dice.randint(1, 25), minutes=past.dice.randint(0, 1400))
        took = past.dice.choice((2, 3, 4, 5, 6, 8, 9, 14))
        yield BedCall(
            bed=bed, called_at=at, answered_at=at + timedelta(minutes=took), way=past.dice.choice(("button", "phone")),
            outcome=past.dice.choice(("talked", "visited", "family", "mistaken")), recorded_by=past.by.uid,
        )  # fmt: skip


def _open_bed_duties(beds: Sequence[HomeBed], by: Actor) -> None:
    """What waits for the county and the township."""
    for bed in beds:
        if bed.state == HomeBed.State.APPLIED:
            duties.ask_to_decide(bed, by=by)
        elif bed.state == HomeBed.State.APPROVED:
            duties.ask_to_set_up(bed, by=by)
