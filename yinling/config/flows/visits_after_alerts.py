"""An alert about somebody at home was dealt with: a visit follows within the hours that the rules of visits state."""

from yinling.care.services.asking import ask_for_visit
from yinling.kernel.actors import System
from yinling.kernel.models import Change
from yinling.people.models import Person
from yinling.worklist.models import Subject

BY = System("visits after alerts")


def on_resolved(change: Change) -> None:
    """Not after a false alarm, and not where the alert was about a home or a device."""
    if change.data.get("is_false") or change.data.get("about_kind") != "person" or change.subject_uid is None:
        return
    person = Person.objects.filter(uid=change.data["about_uid"]).first()
    if person is not None:
        origin = Subject("alert", change.subject_uid)
        ask_for_visit(person=person, rule="alert", origin=origin, by=BY, at=change.recorded_at)
