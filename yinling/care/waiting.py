"""What visits ask of people: the ladder when nobody answers, needs that were found, visits within hours, doubts."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.care.duties import Labels
from yinling.care.models import Doubt, Visit
from yinling.care.rules import visits as rules
from yinling.kernel.actors import Actor
from yinling.kernel.names import mask_name
from yinling.kernel.reasons import Reason
from yinling.places.models import Level
from yinling.places.queries import tree
from yinling.reference.queries import words
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import close_item, open_item, void_item

SOON, OVERDUE, NEED, DOUBT = "care.visit_soon", "care.visits_overdue", "care.visit_need", "care.visit_doubt"
NO_ANSWER = {
    "call": "care.no_answer_call", "neighbour": "care.no_answer_neighbour", "cadre": "care.no_answer_cadre",
    "police": "care.no_answer_police",
}  # fmt: skip
KINDS = (
    Kind(SOON, _("Visit within hours"), "clock", closes_by_hand=False),
    Kind(OVERDUE, _("Visits past their day"), "list-check", closes_by_hand=False),
    Kind(NEED, _("Need found at a visit"), "alert-triangle"),
    Kind(DOUBT, _("Visits to be looked into"), "eye", closes_by_hand=False),
    Kind(NO_ANSWER["call"], _("Nobody answers: call twice"), "phone", closes_by_hand=False),
    Kind(NO_ANSWER["neighbour"], _("Nobody answers: ask a neighbour or kin"), "users", closes_by_hand=False),
    Kind(NO_ANSWER["cadre"], _("Nobody answers: go to the door"), "walk", closes_by_hand=False),
    Kind(NO_ANSWER["police"], _("Nobody answers: police or ambulance"), "alert-octagon", closes_by_hand=False),
)
TITLES = {
    "call": Reason("Nobody answered at a visit: call twice"),
    "neighbour": Reason("Nobody answers the telephone: ask a neighbour or kin"),
    "cadre": Reason("Nobody knows where the person is: go to the door today"),
    "police": Reason("Still no sign of the person: call 110 or 120"),
}
DONE_BY = {"call": "village_visitor", "neighbour": "village_visitor", "cadre": "village_visitor",
           "police": "township_clerk"}  # fmt: skip
VILLAGE, TOWNSHIP, COUNTY = "village_visitor", "township_clerk", "county_clerk"
FOLLOWED_UP = ("referral", "ticket", "kin", "call_120", "call_110")  # actions that somebody has to see through
AT_ONCE = ("call_120", "call_110")


def about(visit: Visit) -> Subject:
    """A visit as the subject of a duty."""
    return Subject("visit", visit.uid)


def _user(visit: Visit) -> User | None:
    """Who visits, where they have an account that works."""
    user = visit.visitor.user if visit.visitor else None
    return user if user is not None and user.is_active else None


def ask_to_visit(visit: Visit, *, why: Reason, by: Actor) -> None:
    """A visit whose hours count."""
    user = _user(visit)
    open_item(
        kind=SOON, subject=about(visit), by=by, user=user, role="" if user else VILLAGE,
        place_key=visit.person.place_key, ladder_key="visit_soon", due_at=visit.due_at,
        title=Reason("A visit is due within hours"), why=why,
        next_step=NextStep(_("Record the visit"), "care:record_visit", (str(visit.uid),)),
    )  # fmt: skip


def visited(visit: Visit, *, by: Actor) -> None:
    """It was made."""
    close_item(kind=SOON, subject=about(visit), by=by)


def no_visit(visit: Visit, *, by: Actor) -> None:
    """Nothing waits about it any more: it is not needed, or was taken back."""
    void_item(subject=about(visit), by=by)


def climb_to(rung: str, visit: Visit, *, by: Actor) -> None:
    """The next rung of the ladder when nobody answers, with its own clock."""
    user = _user(visit) if rung == "call" else None
    open_item(
        kind=NO_ANSWER[rung], subject=about(visit), by=by, user=user, role="" if user else DONE_BY[rung],
        place_key=visit.person.place_key, ladder_key=f"no_answer_{rung}", title=TITLES[rung],
        next_step=NextStep(_("Say what came of it"), "care:attempt", (str(visit.uid),)),
    )  # fmt: skip


def rung_done(rung: str, visit: Visit, *, by: Actor) -> None:
    """A rung was tried."""
    close_item(kind=NO_ANSWER[rung], subject=about(visit), by=by)


def found_again(visit: Visit, *, by: Actor) -> None:
    """The person was reached: the ladder falls away."""
    for kind in NO_ANSWER.values():
        void_item(kind=kind, subject=about(visit), by=by, result=_("The person was reached"))


def ask_about_needs(visit: Visit, *, by: Actor) -> None:
    """What the visitor did that somebody has to see through; and a need for which nothing such was done."""
    asked = [one for one in visit.actions if one in FOLLOWED_UP]
    if not asked and visit.found == rules.URGENT:
        asked = ["help"]
    for action in asked:
        is_urgent = action in AT_ONCE or visit.found == rules.URGENT
        open_item(
            kind=NEED, subject=about(visit), by=by, key=action, role=TOWNSHIP, place_key=visit.person.place_key,
            ladder_key="visit_urgent" if is_urgent else "visit_help",
            title=Reason("After a visit: {action}", action=words("visit_action", action)),
            why=Reason("The visitor found: {found}.", found=words("visit_found", visit.found)),
            next_step=NextStep(_("Open the visit"), "care:visit", (str(visit.uid),)),
        )  # fmt: skip


def ask_about_overdue(village: int, count: int, *, subject: Subject, by: Actor) -> None:
    """A village where visits are past their day: one duty for all of them."""
    open_item(
        kind=OVERDUE, subject=subject, by=by, role=VILLAGE, place_key=village, ladder_key="visit",
        title=Reason("{count} visits are past their day", count=count),
        next_step=NextStep(_("Open the list"), "care:visits", ()),
    )  # fmt: skip


def ask_about_doubt(doubt: Doubt, *, by: Actor) -> None:
    """Somebody other than the visitor looks into it."""
    open_item(
        kind=DOUBT, subject=Subject("visit_doubt", doubt.uid), by=by, role=TOWNSHIP, place_key=doubt.place_key,
        ladder_key="review", title=Reason("Visits to be looked into"),
        why=Reason("A rule found what can hardly be. It may have a good reason."),
        next_step=NextStep(_("Open the evidence"), "care:doubt", (str(doubt.uid),)),
    )  # fmt: skip


def doubt_settled(doubt: Doubt, *, by: Actor) -> None:
    """It was looked into."""
    close_item(kind=DOUBT, subject=Subject("visit_doubt", doubt.uid), by=by)


def visits(uids: Sequence[UUID], user: Actor) -> Labels:
    """Whose visit, masked. One query."""
    found, places = Visit.objects.visible_to(user).filter(uid__in=uids).select_related("person"), tree()
    return {
        one.uid: (mask_name(one.person.name), places.path(one.person.place_key), reverse("care:visit", args=[one.uid]))
        for one in found
    }


def doubts(uids: Sequence[UUID], user: Actor) -> Labels:
    """What is doubted. One query."""
    found, places = Doubt.objects.visible_to(user).filter(uid__in=uids), tree()
    return {
        one.uid: (one.get_kind_display(), places.path(one.place_key), reverse("care:doubt", args=[one.uid]))
        for one in found
    }


def villages(uids: Sequence[UUID], user: Actor) -> Labels:
    """The village whose visits are late. No query."""
    known = {village_subject(key).uid: key for key, one in tree().divisions.items() if one.level == Level.VILLAGE}
    places, late = tree(), f"{reverse('care:visits')}?state=late&place="
    return {
        uid: (places.name(known[uid]), places.path(known[uid]), f"{late}{known[uid]}") for uid in uids if uid in known
    }


def village_subject(village: int) -> Subject:
    """The visits of a village, as the subject of a duty."""
    return Subject("village_visits", uuid5(UUID(int=0), f"visits {village}"))


RESOLVERS = {"visit": visits, "visit_doubt": doubts, "village_visits": villages}
