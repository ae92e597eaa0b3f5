"""Who shows a sign of life, and what kind of sign it is: changes of homes and assessments become signs of `people`.

Whoever lies above `people` and writes the sign itself (shifts, devices) needs nothing here.
"""

from uuid import UUID

from yinling.assessments.models import Assessment
from yinling.institutions.models import Leave, Stay
from yinling.kernel.actors import System
from yinling.kernel.models import Change
from yinling.people.models import SignOfLife
from yinling.people.services import note_sign_of_life

BY = System("signs of life")
KIND = SignOfLife.Kind


def on_assessed(change: Change) -> None:
    """Assessors sat with the person: a visit, at the hour of the assessment."""
    found = Assessment.objects.select_related("person").filter(uid=str(change.subject_uid)).first()
    if found is not None and found.happened_at is not None and found.origin == Assessment.Origin.ON_SITE:
        note_sign_of_life(
            person=found.person, kind=KIND.VISIT, at=found.happened_at, by=BY, origin_kind="assessment",
            origin_uid=found.uid,
        )  # fmt: skip


def on_admitted(change: Change) -> None:
    """The person came to live in a home."""
    stay = _stay(change)
    if stay is not None:
        note_sign_of_life(
            person=stay.person, kind=KIND.STAY, at=stay.admitted_at, by=BY, origin_kind="stay", origin_uid=stay.uid
        )


def on_came_back(change: Change) -> None:
    """The person came back from leave."""
    stay = _stay(change)
    leave = Leave.objects.filter(stay=stay, back_at__isnull=False).order_by("-back_at").first() if stay else None
    if stay is not None and leave is not None and leave.back_at is not None:
        note_sign_of_life(
            person=stay.person, kind=KIND.STAY, at=leave.back_at, by=BY, origin_kind="leave", origin_uid=leave.uid
        )


def _stay(change: Change) -> Stay | None:
    return Stay.objects.select_related("person").filter(uid=UUID(change.data["stay_uid"])).first()
