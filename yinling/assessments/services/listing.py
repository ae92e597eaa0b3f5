"""What leaves the platform is on record."""

from django.db import transaction

from yinling.accounts.models import User
from yinling.assessments.events import AssessmentsExported
from yinling.assessments.permissions import Assessments
from yinling.kernel.actors import require
from yinling.kernel.changes import record
from yinling.kernel.models import Change


@transaction.atomic
def note_export(*, rows: int, reason: str, by: User) -> Change:
    """The line for a list taken out."""
    require(by, Assessments.EXPORT)
    return record(AssessmentsExported(by.uid, rows=rows), by=by, place_key=by.place_key, reason=reason)
