"""What inspections and hazards ask of people: the work items they open and close, and how lists name them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.inspections import parameters
from yinling.inspections.models import Draw, Hazard, Inspection, Submission
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now, start_of
from yinling.kernel.reasons import Reason
from yinling.places.models import Level
from yinling.places.queries import place_named, tree
from yinling.reference.queries import add_working_days
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import close_item, open_item, void_item

INSPECT, NOTICE, RECTIFY = "inspections.inspect", "inspections.notice", "inspections.rectify"
RECHECK, EXTEND, REPORT, REVEAL = (
    "inspections.recheck", "inspections.extend", "inspections.report", "inspections.reveal",
)  # fmt: skip
KINDS = (
    Kind(INSPECT, _("Inspection to carry out"), "clipboard-check", closes_by_hand=False),
    Kind(NOTICE, _("Notice to be issued for a hazard"), "alert-triangle", closes_by_hand=False),
    Kind(RECTIFY, _("Hazard to be removed"), "tool", closes_by_hand=False),
    Kind(RECHECK, _("Hazard to be re-checked"), "eye", closes_by_hand=False),
    Kind(EXTEND, _("Extension to be decided"), "clock", closes_by_hand=False),
    Kind(REPORT, _("Major hazard to be reported upward"), "alert-triangle", closes_by_hand=False),
    Kind(REVEAL, _("Draw to be revealed"), "eye", closes_by_hand=False),
)
TOWNSHIP, COUNTY, CITY = "township_clerk", "county_clerk", "city_officer"
MAJOR_LADDER = "hazard_major"
ONE_DAY = dt.timedelta(days=1)
Labels = Mapping[UUID, tuple[str, str, str]]


def _end_of(day: dt.date) -> dt.datetime:
    """The end of a day; for a day gone by already, the present: nothing begins late by days."""
    return max(start_of(day + ONE_DAY), now())


def _manager(home: Institution) -> User | None:
    """Who runs the home, where they have an account."""
    post = home.staff.filter(post="manager", left_on__isnull=True, user__is_active=True).select_related("user").first()
    return post.user if post else None


def about(hazard: Hazard) -> Subject:
    """A hazard as the subject of a duty."""
    return Subject("hazard", hazard.uid)


def ask_to_inspect(found: Inspection, inspectors: Sequence[User], *, by: Actor) -> None:
    """An inspection takes place on its day: a duty for each who is sent, or for whoever holds the role."""
    is_own = found.kind == Inspection.Kind.SELF_CHECK
    manager = _manager(found.institution) if is_own else None
    sent: list[User | None] = [*inspectors] or [manager]
    for user in sent:
        open_item(
            kind=INSPECT, subject=Subject("inspection", found.uid), key=str(user.pk) if user else "", by=by, user=user,
            role="" if user else (TOWNSHIP if is_own else COUNTY), place_key=found.place_key, ladder_key="inspection",
            title=Reason("Inspection {number} is to be carried out", number=found.number),
            why=Reason("Planned for {day}; two inspectors sign on site.", day=found.planned_on) if not is_own else None,
            due_at=_end_of(found.planned_on),
            next_step=NextStep(_("Open the checklist"), "inspections:checklist", (str(found.uid),)),
        )  # fmt: skip


def inspected(found: Inspection, *, by: Actor) -> None:
    """It was signed by all."""
    close_item(kind=INSPECT, subject=Subject("inspection", found.uid), by=by)


def no_inspection(found: Inspection, *, by: Actor) -> None:
    """It does not take place."""
    void_item(kind=INSPECT, subject=Subject("inspection", found.uid), by=by)


def ask_for_notice(hazard: Hazard, *, by: Actor) -> None:
    """A new hazard is graded and gets its notice; a major one is reported upward besides."""
    is_major = hazard.level == Hazard.Level.MAJOR
    open_item(
        kind=NOTICE, subject=about(hazard), by=by, role=COUNTY, place_key=hazard.place_key,
        ladder_key=MAJOR_LADDER if is_major else "ordinary",
        title=Reason("Hazard {number}: grade it and issue the notice", number=hazard.number),
        next_step=NextStep(_("Open the hazard"), "inspections:hazard", (str(hazard.uid),)),
    )  # fmt: skip
    if is_major:
        ask_to_report(hazard, by=by)


def ask_to_report(hazard: Hazard, *, by: Actor) -> None:
    """A major hazard goes to the level above."""
    open_item(
        kind=REPORT, subject=about(hazard), by=by, role=COUNTY, place_key=hazard.place_key, ladder_key=MAJOR_LADDER,
        title=Reason("Major hazard {number}: list it and report it upward", number=hazard.number),
        next_step=NextStep(_("Open the hazard"), "inspections:hazard", (str(hazard.uid),)),
    )  # fmt: skip


def graded(hazard: Hazard, *, by: Actor) -> None:
    """Its grade was changed."""
    if hazard.level == Hazard.Level.MAJOR and hazard.reported_at is None:
        ask_to_report(hazard, by=by)
    else:
        void_item(kind=REPORT, subject=about(hazard), by=by)


def reported(hazard: Hazard, *, by: Actor) -> None:
    """The level above knows."""
    close_item(kind=REPORT, subject=about(hazard), by=by)


def ask_to_rectify(hazard: Hazard, *, by: Actor) -> None:
    """The home removes it by the deadline in force; a new deadline replaces the old duty."""
    void_item(kind=RECTIFY, subject=about(hazard), by=by)
    close_item(kind=NOTICE, subject=about(hazard), by=by)
    assert hazard.due_on is not None
    user = _manager(hazard.institution)
    is_major = hazard.level == Hazard.Level.MAJOR
    open_item(
        kind=RECTIFY, subject=about(hazard), by=by, user=user, role="" if user else TOWNSHIP,
        place_key=hazard.place_key, ladder_key=MAJOR_LADDER if is_major else "hazard", due_at=_end_of(hazard.due_on),
        title=Reason("Hazard {number} is to be removed by {day}", number=hazard.number, day=hazard.due_on),
        next_step=NextStep(_("Hand in the work"), "inspections:hazard", (str(hazard.uid),)),
    )  # fmt: skip


def recheck_due() -> dt.datetime:
    """When a re-check of work handed in now is due."""
    due: dt.datetime = add_working_days(now(), parameters.recheck_working_days())
    return due


def ask_to_recheck(hazard: Hazard, submission: Submission, *, by: Actor) -> None:
    """Somebody other looks at the work."""
    close_item(kind=RECTIFY, subject=about(hazard), by=by)
    open_item(
        kind=RECHECK, subject=about(hazard), by=by, role=COUNTY, place_key=hazard.place_key, ladder_key="recheck",
        key=str(submission.uid), due_at=submission.recheck_due_at,
        title=Reason("Hazard {number}: look whether it is gone", number=hazard.number),
        why=Reason("Whoever found it, or handed the work in, does not re-check."),
        next_step=NextStep(_("Re-check"), "inspections:hazard", (str(hazard.uid),)),
    )  # fmt: skip


def rechecked(hazard: Hazard, *, by: Actor) -> None:
    """The look was taken."""
    close_item(kind=RECHECK, subject=about(hazard), by=by)


def ask_to_extend(hazard: Hazard, *, by: Actor) -> None:
    """More time is asked for."""
    open_item(
        kind=EXTEND, subject=about(hazard), by=by, role=COUNTY, place_key=hazard.place_key, ladder_key="approval",
        title=Reason("Hazard {number}: more time is asked for", number=hazard.number),
        next_step=NextStep(_("Decide on it"), "inspections:hazard", (str(hazard.uid),)),
    )  # fmt: skip


def extension_decided(hazard: Hazard, *, by: Actor) -> None:
    """The extension was decided."""
    close_item(kind=EXTEND, subject=about(hazard), by=by)


def no_hazard(hazard: Hazard, *, by: Actor) -> None:
    """Nothing waits any more: closed, or none."""
    void_item(subject=about(hazard), by=by)


def ask_to_reveal(draw: Draw, *, by: Actor) -> None:
    """A closed list waits for its witness."""
    level = place_named(draw.place_key).level
    open_item(
        kind=REVEAL, subject=Subject("draw", draw.uid), by=by, place_key=draw.place_key,
        role={Level.CITY: CITY, Level.TOWNSHIP: TOWNSHIP}.get(Level(level), COUNTY), due_at=_end_of(draw.first_day),
        title=Reason("Draw {number}: reveal the seed before a witness", number=draw.number),
        next_step=NextStep(_("Reveal"), "inspections:draw", (str(draw.uid),)),
    )  # fmt: skip


def revealed(draw: Draw, *, by: Actor) -> None:
    """The draw is over."""
    close_item(kind=REVEAL, subject=Subject("draw", draw.uid), by=by)


def inspections(uids: Sequence[UUID], user: Actor) -> Labels:
    """Home and number. One query."""
    found = Inspection.objects.visible_to(user).filter(uid__in=uids).select_related("institution")
    places = tree()
    return {
        one.uid: (
            one.institution.name, places.path(one.place_key), reverse("inspections:inspection", args=[one.uid]),
        )
        for one in found
    }  # fmt: skip


def hazards(uids: Sequence[UUID], user: Actor) -> Labels:
    """Home and number. One query."""
    found, places = Hazard.objects.visible_to(user).filter(uid__in=uids).select_related("institution"), tree()
    return {
        one.uid: (one.institution.name, places.path(one.place_key), reverse("inspections:hazard", args=[one.uid]))
        for one in found
    }


def draws(uids: Sequence[UUID], user: Actor) -> Labels:
    """Title of a draw. One query."""
    found, places = Draw.objects.visible_to(user).filter(uid__in=uids), tree()
    return {
        one.uid: (one.title, places.name(one.place_key), reverse("inspections:draw", args=[one.uid])) for one in found
    }


RESOLVERS = {"inspection": inspections, "hazard": hazards, "draw": draws}
