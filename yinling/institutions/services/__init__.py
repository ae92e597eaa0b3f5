"""Writes, by subject. One function per verb: see, decide, save, record."""

from yinling.institutions.services.admission import (
    Admittance,
    admit,
    apply_for_admission,
    release_bed,
    reserve_bed,
    review,
    withdraw,
)
from yinling.institutions.services.bills import (
    balances,
    bill,
    charge,
    payment_doubts,
    prepay,
    refund,
    take_deposit,
)
from yinling.institutions.services.bulk import Loaded, bulk_load
from yinling.institutions.services.closing import close_institution
from yinling.institutions.services.duties import remind_of_certificates, remind_of_licences
from yinling.institutions.services.leaves import come_back, go_on_leave
from yinling.institutions.services.listing import note_export
from yinling.institutions.services.rooms import BedLot, add_beds, set_bed_state
from yinling.institutions.services.sites import Facts, change_institution, register_institution
from yinling.institutions.services.staffing import add_certificate, end_post, hire, record_licence
from yinling.institutions.services.stays import correct_discharge, discharge, move, transfer, void_stay
from yinling.institutions.services.terms import (
    ask_about_held_beds,
    ask_for_filings,
    let_offers_lapse,
    papers_kept_until,
)

__all__ = [
    "Admittance", "BedLot", "Facts", "Loaded", "add_beds", "add_certificate", "admit", "apply_for_admission",
    "ask_about_held_beds", "ask_for_filings", "balances", "bill", "bulk_load", "change_institution", "charge",
    "close_institution", "come_back", "correct_discharge", "discharge", "end_post", "go_on_leave", "hire",
    "let_offers_lapse", "move", "note_export", "papers_kept_until", "payment_doubts", "prepay", "record_licence",
    "refund", "register_institution", "release_bed", "remind_of_certificates", "remind_of_licences", "reserve_bed",
    "review", "set_bed_state", "take_deposit", "transfer", "void_stay", "withdraw",
]  # fmt: skip
