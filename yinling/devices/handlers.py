"""Reactions to facts of other modules."""

from yinling.devices import services
from yinling.kernel.actors import System
from yinling.kernel.models import Change

SYSTEM = System("devices")


def on_moved(change: Change) -> None:
    """Somebody lives elsewhere: the devices about that person are seen from there."""
    if change.subject_uid is not None:
        services.follow_person(person_uid=change.subject_uid, by=SYSTEM)
