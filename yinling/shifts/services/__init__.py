"""Writes of shifts, one function per verb."""

from yinling.shifts.services.checking import check_by_pin, check_medicine
from yinling.shifts.services.handing import close_shift, hand_over, note_return, take_over
from yinling.shifts.services.incidents import (
    Report,
    Words,
    close_incident,
    complete_incident,
    report_incident,
    return_incident,
    review_incident,
)
from yinling.shifts.services.loading import Past, load_past
from yinling.shifts.services.plans import Order, end_order, order_medicine, plan_turning, set_diet
from yinling.shifts.services.recording import Sent, patrol, record_care, record_meal, take_back
from yinling.shifts.services.risks import ask_for_risks, assess_risks, grades_of
from yinling.shifts.services.wards import add_point, end_point, end_ward, open_ward, replace_point

__all__ = [
    "Order", "Past", "Report", "Sent", "Words", "add_point", "ask_for_risks", "assess_risks", "check_by_pin",
    "check_medicine", "close_incident", "close_shift", "complete_incident", "end_order", "end_point", "end_ward",
    "grades_of", "hand_over", "load_past", "note_return", "open_ward", "order_medicine", "patrol", "plan_turning",
    "record_care", "record_meal", "replace_point", "report_incident", "return_incident", "review_incident", "set_diet",
    "take_back", "take_over",
]  # fmt: skip
