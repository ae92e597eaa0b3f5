"""What is due for a resident: turns, tagged meals, medicines. A new plan ends the one before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yinling.institutions.models import Stay
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.kernel.uids import new_uid
from yinling.reference.queries import entries
from yinling.shifts.events import PlanChanged
from yinling.shifts.models import Diet, MedicineOrder, TurningPlan
from yinling.shifts.models.plans import diet_where, order_where
from yinling.shifts.permissions import Shifts
from yinling.shifts.rules.due import clock_minute
from yinling.shifts.services.scoping import resident_stay

SHORTEST, LONGEST = 30, 480  # minutes between two turns


@dataclass(frozen=True)
class Order:
    """A medicine to be given: plain words, times of day, the agreement under which the home keeps it."""

    medicine: str
    dose: str
    prescriber: str
    times: tuple[str, ...]
    agreement_number: str
    note: str = ""


@transaction.atomic
def plan_turning(*, stay_uid: object, every_minutes: int | None, by: Actor) -> TurningPlan | None:
    """Have a resident turned every so many minutes from now on; None ends the plan."""
    stay = resident_stay(stay_uid, by, Shifts.PLAN)
    if every_minutes is not None and not SHORTEST <= every_minutes <= LONGEST:
        raise Refused(
            "{minutes} minutes between two turns cannot be planned; {least} to {most} can.",
            field="every_minutes", minutes=every_minutes, least=SHORTEST, most=LONGEST,
        )  # fmt: skip
    held = TurningPlan.objects.standing().filter(stay=stay)
    if (same := held.filter(every_minutes=every_minutes).first()) is not None:
        return same
    held.update(ended_at=now())
    made = None
    if every_minutes is not None:
        made = TurningPlan.objects.create(stay=stay, every_minutes=every_minutes, planned_by=by.uid)
    _changed(stay, "turning", by)
    return made


@transaction.atomic
def set_diet(*, stay_uid: object, tags: Sequence[str], by: Actor, allergy: str = "") -> Diet:
    """Say how a resident's food must be. The tag `allergy` needs the words."""
    stay = resident_stay(stay_uid, by, Shifts.PLAN)
    known = {code.code for code in entries("diet_tag")}
    if unknown := [tag for tag in tags if tag not in known]:
        raise Refused("{code} is not in the list. Choose one of the words offered.", field="tags", code=unknown[0])
    if ("allergy" in tags) != bool(allergy.strip()):
        raise Refused("Tick the allergy and say against what; one without the other helps nobody.", field="allergy")
    Diet.objects.standing().filter(stay=stay).update(ended_at=now())
    uid = new_uid()
    made = Diet.objects.create(
        uid=uid, stay=stay, tags=sorted(set(tags)), planned_by=by.uid,
        allergy_sealed=seal(allergy.strip()[:200], diet_where(uid)),
    )  # fmt: skip
    _changed(stay, "diet", by)
    return made


@transaction.atomic
def order_medicine(*, stay_uid: object, order: Order, by: Actor) -> MedicineOrder:
    """Have a medicine given at times of day, as prescribed, under the agreement on keeping medicines."""
    stay = resident_stay(stay_uid, by, Shifts.PLAN)
    if not order.agreement_number.strip():
        raise Refused(
            "Sign the agreement on keeping and giving medicines first, and enter its number.", field="agreement_number"
        )
    if not all(text.strip() for text in (order.medicine, order.dose, order.prescriber)):
        raise Refused("Enter the medicine, the dose and who prescribed it.", field="medicine")
    uid = new_uid()
    sealed = {
        f"{name}_sealed": seal(getattr(order, name).strip()[:200], order_where(name, uid))
        for name in ("medicine", "dose", "prescriber", "note")
    }
    made = MedicineOrder.objects.create(
        uid=uid, stay=stay, times=list(_times(order.times)), planned_by=by.uid,
        agreement_number=order.agreement_number.strip()[:60], **sealed,
    )  # fmt: skip
    _changed(stay, "medicine", by)
    return made


def _times(texts: Sequence[str]) -> list[str]:
    """Times of day as "08:00", in order, each once. Raises Refused."""
    try:
        minutes = sorted({clock_minute(text) for text in texts})
    except ValueError:
        raise Refused("Write times of day like 08:00 18:00.", field="times") from None
    if not minutes:
        raise Refused("Enter one time of day at least, like 08:00.", field="times")
    return [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes]


@transaction.atomic
def end_order(*, uid: object, by: Actor) -> MedicineOrder:
    """Stop a medicine. Again changes nothing."""
    found = MedicineOrder.objects.visible_to(by).select_related("stay").one(uid=uid)
    stay = resident_stay(found.stay.uid, by, Shifts.PLAN)
    if found.ended_at is None:
        found.ended_at = now()
        found.save(update_fields=["ended_at"])
        _changed(stay, "medicine ended", by)
    return found


def _changed(stay: Stay, what: str, by: Actor) -> None:
    event = PlanChanged(stay.person.uid, what=what, stay_uid=str(stay.uid))
    record(event, by=by, place_key=stay.institution.place_key)
