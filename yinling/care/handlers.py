"""Reactions to facts of others, and of our own. Each may arrive twice. By subject."""

import datetime as dt

from django.utils.translation import gettext_noop as _

from yinling.care.services import asking, beds, pairings, plans
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.kernel.models import Change
from yinling.people.models import Person

BY = System("care")


# Plans and home beds


def on_death(change: Change) -> None:
    """Somebody has died: their plans end, their home bed closes."""
    if change.subject_uid is None:
        return
    on = dt.date.fromisoformat(change.data["died_on"])
    plans.end_plans_of(person_uid=change.subject_uid, reason=_("The person died."), on=on, by=BY)
    beds.end_bed_of(person_uid=change.subject_uid, why="died", on=on, by=BY)


def on_admission(change: Change) -> None:
    """Somebody moved into a home: the bed at home closes. Plans go on until somebody has looked at them."""
    if change.subject_uid is not None:
        beds.end_bed_of(person_uid=change.subject_uid, why="moved_into_home", on=civil_date(), by=BY)


def on_hospital(change: Change) -> None:
    """Somebody is in hospital: their home bed is kept, or closed, by a person."""
    if change.subject_uid is not None:
        beds.ask_about_hospital(person_uid=change.subject_uid, by=BY)


def on_level_changed(change: Change) -> None:
    """The level of ability is another one: plans are looked at again."""
    if change.subject_uid is not None:
        plans.ask_after_level(person_uid=change.subject_uid, new=change.data.get("new"), by=BY)


def on_corrected(change: Change) -> None:
    """A consent may have been taken back: what rests on it stops."""
    if change.subject_uid is not None and "consent" in change.data.get("fields", ()):
        plans.end_without_consent(person_uid=change.subject_uid, by=BY)


# Visits


def _person(change: Change) -> Person | None:
    return Person.objects.filter(uid=change.subject_uid).first() if change.subject_uid else None


def on_death_of_visited(change: Change) -> None:
    """Somebody has died: nobody goes to the door."""
    if person := _person(change):
        asking.call_off(person=person, reason=asking.DIED, by=BY)


def on_admission_of_visited(change: Change) -> None:
    """Somebody moved into a home: nobody goes to the old door."""
    if person := _person(change):
        asking.call_off(person=person, reason=asking.IN_HOME, by=BY)


def on_move_of_visited(change: Change) -> None:
    """Somebody lives elsewhere now: open visits go to whoever is paired there, or to nobody yet."""
    if person := _person(change):
        asking.pass_on(person=person)


# Pairings


def on_death_of_paired(change: Change) -> None:
    """Somebody has died: nobody visits them any more."""
    if change.subject_uid is not None:
        on = dt.date.fromisoformat(change.data["died_on"])
        pairings.end_pairings_of(person_uid=change.subject_uid, reason=_("The person died."), on=on, by=BY)


def on_admission_of_paired(change: Change) -> None:
    """Somebody lives in a home now: nobody visits them at home any more."""
    if change.subject_uid is not None:
        reason = "The person lives in a home now."
        pairings.end_pairings_of(person_uid=change.subject_uid, reason=reason, on=civil_date(), by=BY)


def on_move_of_paired(change: Change) -> None:
    """Somebody lives in another county now: somebody there is to visit."""
    if change.subject_uid is not None:
        pairings.end_where_moved_away(person_uid=change.subject_uid, by=BY)
