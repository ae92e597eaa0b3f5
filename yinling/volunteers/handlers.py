"""Reactions to facts of others. Each may arrive twice."""

from yinling.kernel.actors import System
from yinling.kernel.models import Change
from yinling.volunteers.services import credit_visit, drop_visit, lock_estate, unlock_estate

BY = System("time bank")


def on_visit_made(change: Change) -> None:
    """A visit was made: a volunteer's becomes an order."""
    if change.subject_uid is not None:
        credit_visit(visit_uid=change.subject_uid)


def on_visit_taken_back(change: Change) -> None:
    """The report was a mistake."""
    if change.subject_uid is not None:
        drop_visit(visit_uid=change.subject_uid)


def on_death(change: Change) -> None:
    """A member died: nothing moves until the estate is settled."""
    if change.subject_uid is not None:
        lock_estate(person_uid=change.subject_uid, by=BY)


def on_death_reversed(change: Change) -> None:
    """The death was a mistake."""
    if change.subject_uid is not None:
        unlock_estate(person_uid=change.subject_uid, by=BY)
