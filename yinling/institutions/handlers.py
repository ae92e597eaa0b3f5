"""Reactions to facts of others. Each may arrive twice."""

from yinling.institutions.models import Stay
from yinling.institutions.services.presence import managers_of
from yinling.kernel.actors import System
from yinling.kernel.models import Change
from yinling.kernel.reasons import Reason
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import open_item

BY = System("institutions")


def on_death(change: Change) -> None:
    """Somebody who lives in a home has died: the home records when the bed became free."""
    stay = Stay.objects.present().filter(person__uid=change.subject_uid).select_related("institution").first()
    if stay is None:
        return
    manager = next(iter(managers_of(stay.institution)), None)
    open_item(
        kind="institutions.discharge", subject=Subject("stay", stay.uid), by=BY, place_key=stay.institution.place_key,
        role="" if manager else "township_clerk", user=manager, title=Reason("Discharge a resident who has died"),
        why=Reason("{home}", home=stay.institution.name),
        next_step=NextStep("Discharge", "institutions:stay", (str(stay.uid),)),
    )  # fmt: skip
