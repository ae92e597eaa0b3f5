"""Reactions to facts of others. Each may arrive twice."""

from yinling.institutions.models import Stay
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.kernel.models import Change
from yinling.shifts import duties
from yinling.shifts.models import RiskAssessment

BY = System("shifts")


def on_admission(change: Change) -> None:
    """Somebody moved in: the nine risks are assessed."""
    stay = Stay.objects.present().filter(uid=change.data["stay_uid"]).select_related("institution").first()
    if stay is not None and not RiskAssessment.objects.current().filter(stay=stay).exists():
        duties.ask_for_risks(stay, civil_date(), by=BY)


def on_discharge(change: Change) -> None:
    """Somebody left: nothing is due any more."""
    stay = Stay.objects.filter(uid=change.data["stay_uid"]).first()
    if stay is not None:
        duties.no_risks(stay.uid, by=BY)
