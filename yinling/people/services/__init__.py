"""Writes to the register, by subject. One function per verb: see, decide, save, record."""

from yinling.people.services.access import close_grant, look, open_grant, reveal, show_names
from yinling.people.services.bulk import RowOutcome, apply_entries, apply_prepared
from yinling.people.services.card import correct_person, move_person, register_person
from yinling.people.services.categories import join_category, leave_category
from yinling.people.services.consents import (
    Given,
    give_consent,
    keep_sheet,
    load_consents,
    open_sheet,
    record_willingness,
    withdraw_consent,
)
from yinling.people.services.doubts import settle_doubt
from yinling.people.services.expiring import ask_for_consents, ask_for_guardians
from yinling.people.services.files import answer_transfer, merge_files, send_transfer, undo_merge
from yinling.people.services.guardians import add_guardian, end_guardian, keep_proof, open_proof
from yinling.people.services.households import enter_household
from yinling.people.services.inquiries import close_inquiry, inquiry_of, open_inquiry
from yinling.people.services.life import register_death, reverse_death
from yinling.people.services.loading import Load, load_people
from yinling.people.services.photos import keep_photo, open_photo, remove_photo
from yinling.people.services.prepared import Prepared, prepare_entries
from yinling.people.services.relations import add_kin, correct_kin, end_kin
from yinling.people.services.signs import Sign, forget_signs_of_life, note_sign_of_life, note_signs_of_life

__all__ = [
    "Given", "Load", "Prepared", "RowOutcome", "Sign", "add_guardian", "add_kin", "answer_transfer",
    "apply_entries", "apply_prepared", "ask_for_consents", "ask_for_guardians", "close_grant", "close_inquiry",
    "correct_kin", "correct_person", "end_guardian", "end_kin", "enter_household", "forget_signs_of_life",
    "give_consent", "inquiry_of", "join_category", "keep_photo", "keep_proof", "keep_sheet", "leave_category",
    "load_consents", "load_people", "look", "merge_files", "move_person", "note_sign_of_life", "note_signs_of_life",
    "open_grant", "open_inquiry", "open_photo", "open_proof", "open_sheet", "prepare_entries", "record_willingness",
    "register_death", "register_person", "remove_photo", "reveal", "reverse_death", "send_transfer", "settle_doubt",
    "show_names", "undo_merge", "withdraw_consent",
]  # fmt: skip
