"""Reads of plans: what a user sees of them, templates that fit somebody, what is due."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from yinling.assessments.queries import current_levels
from yinling.care.models import Goal, Line, Measurement, Partner, Plan, PlanTemplate, Review, Session
from yinling.care.models.plans import parts_of
from yinling.care.permissions import Care
from yinling.care.rules.due import age_on
from yinling.care.rules.sessions import Term
from yinling.care.rules.templates import Template
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.reasons import Words
from yinling.people.models import Category, Person
from yinling.people.queries import file_ids

ABILITY = "gbt_42195"  # the scale of ability in force, GB/T 42195-2022
OWN = Words("自拟", "Of its own")
OWN_PROGRAMME = "own"


def templates(on: dt.date | None = None) -> list[PlanTemplate]:
    """The templates in force on a day, the newest version of each, by key."""
    day = on or civil_date()
    rows = PlanTemplate.objects.filter(superseded_at__isnull=True, valid_from__lte=day).order_by("key", "valid_from")
    return list({row.key: row for row in rows if row.valid_to is None or row.valid_to > day}.values())


def template(key: str, on: dt.date | None = None) -> PlanTemplate:
    """One template in force. Raises NotFound."""
    found = next((row for row in templates(on) if row.key == key), None)
    if found is None:
        raise NotFound("template")
    return found


def programmes() -> dict[str, Words]:
    """The programmes of all templates, in words; and that of plans without a template."""
    rows = (
        PlanTemplate.objects.filter(superseded_at__isnull=True).order_by("-valid_from").values_list("data", flat=True)
    )
    found = {data["programme"]: Words(**data["programme_title"]) for data in rows}
    return {OWN_PROGRAMME: OWN} | found


def terms_of(ids: Iterable[int | None]) -> dict[int | None, tuple[Term, ...]]:
    """School terms by template, as the newest reading of its key states them: a new year reaches old plans."""
    rows = {row.pk: row for row in PlanTemplate.objects.filter(pk__in=[one for one in ids if one])}
    newest = {row.key: row.reading.terms for row in templates()} if rows else {}
    return {pk: newest.get(row.key, row.reading.terms) for pk, row in rows.items()}


@dataclass(frozen=True)
class About:
    """What a plan begins from: levels by scale, categories, age."""

    levels: Mapping[str, int]
    categories: tuple[str, ...]
    age: int | None

    @property
    def ability(self) -> int | None:
        """The level of ability of today's scale."""
        return self.levels.get(ABILITY)


def about(person: Person, on: dt.date | None = None) -> About:
    """Levels, categories and age of a person today, merged files included."""
    day = on or civil_date()
    held = Category.objects.filter(person_id__in=file_ids(person), valid_from__lte=day, superseded_at__isnull=True)
    held = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    found = list(dict.fromkeys(held.order_by("id").values_list("category", flat=True)))
    if person.living_arrangement == "alone" and "living_alone" not in found:
        found.append("living_alone")
    levels = {scale: row.level for scale, row in current_levels(person, day).items()}
    return About(levels, tuple(found), age_on(person.birth_date, day) if person.birth_date else None)


def fitting(known: About, on: dt.date | None = None) -> list[PlanTemplate]:
    """Templates for somebody, the best fitting first; those of another age left out."""
    scored = [(_score(row.reading, known), row) for row in templates(on)]
    return [row for score, row in sorted(scored, key=lambda one: -one[0]) if score >= 0]


def _score(one: Template, known: About) -> int:
    return one.score(levels=known.levels, categories=known.categories, age=known.age)


@dataclass(frozen=True)
class Filters:
    """What a list of plans is narrowed to. `due`: those whose review is due."""

    state: str = ""
    programme: str = ""
    due: bool = False

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Filters":
        """The filters in an address; what makes no sense is left out."""
        state = address.get("state", "")
        return cls(
            state if state in Plan.State.values else "", address.get("programme", "")[:40], address.get("due") == "yes"
        )


def plans_for(by: Actor, filters: Filters | None = None) -> QuerySet[Plan]:
    """Plans the actor sees, with person and lead. Unordered."""
    asked = filters or Filters()
    found: Any = Plan.objects.visible_to(by).select_related("person", "lead", "template")
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.programme:
        found = found.filter(programme=asked.programme)
    return found.standing(civil_date()).filter(review_on__lte=civil_date()) if asked.due else found


def plan(uid: object, by: Actor) -> Plan:
    """One plan the actor sees. Raises NotFound."""
    found: Any = Plan.objects.visible_to(by).select_related("person", "lead", "template", "consent")
    return found.one(uid=uid)


def sees_whole(found: Plan, by: Actor) -> bool:
    """Whether the actor sees the plan by its division; a partner sees parts of it."""
    return by.may(Care.READ) and any(low <= found.person.place_key <= high for low, high in by.key_ranges())


@dataclass(frozen=True)
class Sheet:
    """What somebody sees of a plan. `whole`: everything; otherwise their own parts alone."""

    plan: Plan
    whole: bool
    partners: list[Partner]
    goals: list[Goal]
    lines: list[Line]
    reviews: list[Review] = field(default_factory=list)


MEASURED = Prefetch(
    "measurements", Measurement.objects.filter(superseded_at__isnull=True).order_by("measured_on"), to_attr="values"
)


def sheet(found: Plan, by: Actor) -> Sheet:
    """The parts of a plan that the actor sees, goals with their values. Constant in statements."""
    whole = sees_whole(found, by)
    partners: Any = Partner.objects.filter(plan=found).select_related("organisation").order_by("id")
    goals: Any = Goal.objects.filter(plan=found).select_related("partner__organisation").prefetch_related(MEASURED)
    lines: Any = Line.objects.filter(plan=found).select_related("partner__organisation", "carer")
    if not whole:
        mine = parts_of(by).filter(plan=found).values("pk")
        partners, goals, lines = (
            partners.filter(pk__in=mine),
            goals.filter(partner__in=mine),
            lines.filter(partner__in=mine),
        )
    reviews = list(Review.objects.filter(plan=found).order_by("-reviewed_on", "-id")) if whole else []
    return Sheet(found, whole, list(partners), list(goals.order_by("id")), list(lines.order_by("id")), reviews)


def session_counts(lines: Iterable[Line]) -> dict[int, dict[str, int]]:
    """Sessions of lines by state: line -> state -> how many. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = Session.objects.filter(line__in=list(lines)).values_list("line_id", "state").annotate(count=Count("pk"))
    for line, state, count in rows:
        found.setdefault(line, {})[state] = count
    return found


def sessions_between(lines: Iterable[Line], first: dt.date, last: dt.date) -> list[Session]:
    """Sessions of lines from one day to another, in order."""
    found = Session.objects.filter(line__in=list(lines), planned_on__range=(first, last)).select_related("line")
    return list(found.order_by("planned_on", "id"))


def goal(uid: UUID, by: Actor) -> Goal:
    """One goal the actor sees. Raises NotFound."""
    return Goal.objects.visible_to(by).select_related("plan__person", "partner").one(uid=uid)


def line(uid: UUID, by: Actor) -> Line:
    """One line the actor sees. Raises NotFound."""
    return Line.objects.visible_to(by).select_related("plan__person", "partner").one(uid=uid)


def partner(uid: UUID, by: Actor) -> Partner:
    """One part the actor sees. Raises NotFound."""
    return Partner.objects.visible_to(by).select_related("plan__person", "organisation").one(uid=uid)


def plans_of(person: Person, by: Actor) -> list[Plan]:
    """A person's plans that the actor sees, the newest first."""
    found: Any = Plan.objects.visible_to(by).filter(person_id__in=file_ids(person)).select_related("template")
    return list(found.order_by("-begins_on", "-id")[:10])


def person_to_plan_for(uid: UUID, by: Actor) -> Person:
    """Somebody a plan may be written for: of one's own divisions. Raises NotFound, Refused for a merged file."""
    found = Person.objects.visible_to(by).select_related("canonical").one(uid=uid)
    if found.canonical_id:
        raise Refused("This file was merged into another. Open the other one.")
    return found
