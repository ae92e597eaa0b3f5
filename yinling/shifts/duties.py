"""What shifts ask of people: the duties they open and close, and how lists name what they are about."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.institutions.models import Institution, Stay
from yinling.kernel.actors import Actor
from yinling.kernel.clock import start_of
from yinling.kernel.reasons import Reason
from yinling.reference.queries import label, words
from yinling.shifts import parameters
from yinling.shifts.models import Incident
from yinling.shifts.rules.risks import next_due
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import close_item, open_item, void_item

COMPLETE, REVIEW, CLOSE, RISKS = "shifts.complete", "shifts.review", "shifts.close", "shifts.risks"
KINDS = (
    Kind(COMPLETE, _("Incident report to be completed"), "edit", closes_by_hand=False),
    Kind(REVIEW, _("Incident to be reviewed"), "alert-triangle", closes_by_hand=False),
    Kind(CLOSE, _("Incident to be closed"), "eye", closes_by_hand=False),
    Kind(RISKS, _("Safety risks to be assessed"), "clipboard-check", closes_by_hand=False),
)
TOWNSHIP = "township_clerk"
LADDER = "incident"
Labels = Mapping[UUID, tuple[str, str, str]]


def manager_of(home: Institution) -> User | None:
    """Who runs the home, where they have an account."""
    posts = home.staff.filter(post="manager", left_on__isnull=True, user__is_active=True).select_related("user")
    post = posts.first()
    return post.user if post else None


def about(incident: Incident) -> Subject:
    """An incident as the subject of a duty."""
    return Subject("incident", incident.uid)


def ask_to_complete(incident: Incident, *, by: Actor) -> None:
    """Two taps reported it; the words are due within the hour, from whoever tapped."""
    reporter = User.objects.filter(uid=incident.reported_by).first()
    _open(
        COMPLETE, incident, Reason("Incident {number}: write what happened and what was done", number=incident.number),
        _("Complete the report"), "shifts:complete", reporter or manager_of(incident.institution), by,
        incident.happened_at + dt.timedelta(minutes=incident.deadline_minutes),
    )  # fmt: skip


def completed(incident: Incident, *, by: Actor) -> None:
    """The words are there."""
    close_item(kind=COMPLETE, subject=about(incident), by=by)


def ask_to_review(incident: Incident, *, by: Actor) -> None:
    """The home looks for the cause."""
    title = Reason(
        "Incident {number}, {kind}: find the cause and say the measures", number=incident.number,
        kind=words("incident_kind", incident.kind),
    )  # fmt: skip
    _open(REVIEW, incident, title, _("Review the incident"), "shifts:incident", manager_of(incident.institution), by)


def reviewed(incident: Incident, *, by: Actor) -> None:
    """Somebody outside the home closes it."""
    close_item(kind=REVIEW, subject=about(incident), by=by)
    title = Reason("Incident {number}: close it, or return the review", number=incident.number)
    _open(CLOSE, incident, title, _("Open the incident"), "shifts:incident", None, by)


def closed(incident: Incident, *, by: Actor) -> None:
    """Closed, or returned to the home."""
    close_item(kind=CLOSE, subject=about(incident), by=by)


def _open(
    kind: str, incident: Incident, title: Reason, step: str, page: str, user: User | None, by: Actor,
    due_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    open_item(
        kind=kind, subject=about(incident), title=title, by=by, user=user, role="" if user else TOWNSHIP,
        place_key=incident.institution.place_key, ladder_key=LADDER, due_at=due_at,
        next_step=NextStep(step, page, (str(incident.uid),)),
    )  # fmt: skip


def ask_for_risks(stay: Stay, today: dt.date, *, by: Actor) -> None:
    """The nine risks of a resident are due: at admission on the day, afterwards within the year."""
    manager = manager_of(stay.institution)
    last = stay.risk_assessments.filter(superseded_at__isnull=True).first()
    due = next_due(last.assessed_on if last else None, today, parameters.assess_months(today))
    open_item(
        kind=RISKS, subject=Subject("stay", stay.uid), by=by, user=manager, role="" if manager else TOWNSHIP,
        place_key=stay.institution.place_key, due_at=start_of(max(due, today) + dt.timedelta(days=1)),
        title=Reason("Assess the nine safety risks of a resident"), why=Reason("{home}", home=stay.institution.name),
        next_step=NextStep(_("Assess"), "shifts:assess", (str(stay.uid),)),
    )  # fmt: skip


def risks_assessed(stay: Stay, *, by: Actor) -> None:
    """They are assessed."""
    close_item(kind=RISKS, subject=Subject("stay", stay.uid), by=by)


def no_risks(stay_uid: UUID, *, by: Actor) -> None:
    """The resident has left."""
    void_item(kind=RISKS, subject=Subject("stay", stay_uid), by=by)


def incidents(uids: Sequence[UUID], user: Actor) -> Labels:
    """Kind and home of incidents. One query."""
    found = Incident.objects.visible_to(user).filter(uid__in=uids).select_related("institution")
    return {
        one.uid: (label("incident_kind", one.kind), one.institution.name, reverse("shifts:incident", args=[one.uid]))
        for one in found
    }


RESOLVERS = {"incident": incidents}
