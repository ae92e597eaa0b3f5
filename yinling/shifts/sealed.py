"""The sealed columns of shifts, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.shifts.models import CareRecord, Diet, HandOver, Incident, MedicineOrder
from yinling.shifts.models.incidents import incident_where
from yinling.shifts.models.plans import diet_where, order_where
from yinling.shifts.models.records import hand_over_where, record_where

TABLES = (
    Sealed(Diet, {"allergy_sealed": lambda diet: diet_where(diet.uid)}),
    Sealed(
        MedicineOrder,
        {
            "medicine_sealed": lambda order: order_where("medicine", order.uid),
            "dose_sealed": lambda order: order_where("dose", order.uid),
            "prescriber_sealed": lambda order: order_where("prescriber", order.uid),
            "note_sealed": lambda order: order_where("note", order.uid),
        },
    ),
    Sealed(CareRecord, {"note_sealed": lambda record: record_where(record.uid)}),
    Sealed(HandOver, {"note_sealed": lambda row: hand_over_where(row.uid)}),
    Sealed(
        Incident,
        {
            "what_sealed": lambda incident: incident_where("what", incident.uid),
            "done_sealed": lambda incident: incident_where("done", incident.uid),
            "cause_sealed": lambda incident: incident_where("cause", incident.uid),
            "measures_sealed": lambda incident: incident_where("measures", incident.uid),
        },
    ),
)
