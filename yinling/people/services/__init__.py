"""Writes to the register, by subject. One function per verb: see, decide, save, record."""

from yinling.people.services.access import close_grant, look, open_grant, reveal, show_names
from yinling.people.services.bulk import RowOutcome, apply_entries, apply_prepared
from yinling.people.services.card import correct_person, move_person, register_person
from yinling.people.services.categories import join_category, leave_category
from yinling.people.services.doubts import settle_doubt
from yinling.people.services.files import answer_transfer, merge_files, send_transfer, undo_merge
from yinling.people.services.life import register_death, reverse_death
from yinling.people.services.loading import Load, load_people
from yinling.people.services.prepared import Prepared, prepare_entries
from yinling.people.services.relations import (
    add_guardian,
    add_kin,
    end_kin,
    give_consent,
    record_willingness,
    withdraw_consent,
)

__all__ = [
    "Load", "Prepared", "RowOutcome", "add_guardian", "add_kin", "answer_transfer", "apply_entries",
    "apply_prepared", "close_grant", "correct_person", "end_kin", "give_consent", "join_category",
    "leave_category", "load_people", "look", "merge_files", "move_person", "open_grant", "prepare_entries",
    "record_willingness", "register_death", "register_person", "reveal", "reverse_death", "send_transfer",
    "settle_doubt", "show_names", "undo_merge", "withdraw_consent",
]  # fmt: skip
