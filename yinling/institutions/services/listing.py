"""Lists leave the platform with a line on record."""

from uuid import UUID

from django.db import transaction

from yinling.institutions.events import ListTakenOut
from yinling.institutions.permissions import Institutions
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.errors import Refused
from yinling.kernel.models import Change

LEAST_REASON = 4


@transaction.atomic
def note_export(*, by: Actor, reason: str) -> Change:
    """Record that a list is taken out, and why."""
    require(by, Institutions.EXPORT)
    if len(reason.strip()) < LEAST_REASON:
        raise Refused("Say in a few words what the list is for.", field="reason")
    return record(ListTakenOut(UUID(str(by.uid))), by=by, reason=reason)
