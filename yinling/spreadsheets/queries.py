"""Reads of imports: which one sees, one of them, how a header was read before."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from yinling.kernel.actors import Actor
from yinling.kernel.errors import NotFound
from yinling.kernel.models import Job
from yinling.kernel.reasons import Reason
from yinling.spreadsheets.models import Import, RememberedMapping
from yinling.spreadsheets.plans import Remembered
from yinling.spreadsheets.registers import Register, registers_for

GIVEN_UP = Reason("The platform gave up on this file. Try again from there; if it fails once more, call the hotline.")


def imports_seen_by(by: Actor) -> QuerySet[Import]:
    """Imports in the actor's divisions, into registers the actor may import into, and the actor's own."""
    keys = [kind.key for kind in registers_for(by)]
    return Import.objects.visible_to(by).filter(register__in=keys)


def import_seen_by(by: Actor, uid: UUID | str) -> Import:
    """One of them. Raises NotFound."""
    found = imports_seen_by(by).filter(uid=uid).first()
    if found is None:
        raise NotFound("import")
    if found.state == Import.State.RUNNING and _has_given_up(found):
        found.state, found.failure = Import.State.FAILED, GIVEN_UP.as_data()
    return found


def _has_given_up(found: Import) -> bool:
    """Whether the job ended without being able to say so (its worker died again and again)."""
    if found.job_uid is None:
        return False
    return Job.objects.filter(uid=found.job_uid, state=Job.State.FAILED).exists()


def remembered_by(kind: Register) -> Remembered:
    """How headers of this register were read before; asks only when it is called."""

    def columns(signature: str) -> Sequence[str | None] | None:
        held = RememberedMapping.objects.filter(register=kind.key, signature=signature).first()
        return held.columns if held else None

    return columns


def is_being_annotated(found: Import) -> bool:
    """Whether the annotated workbook is on its way."""
    if found.annotating_job_uid is None or found.annotated_uid is not None:
        return False
    waiting = (Job.State.QUEUED, Job.State.RUNNING)
    return Job.objects.filter(uid=found.annotating_job_uid, state__in=waiting).exists()
