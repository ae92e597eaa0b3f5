"""Writes of sync: phones, commands, pieces of photographs, what a phone is told."""

from yinling.sync.services.commands import Given, execute
from yinling.sync.services.phones import Opening, is_to_wipe, lose_phone, open_phone, own_phone, touch, wiped
from yinling.sync.services.pieces import add_part, received, sweep_pieces
from yinling.sync.services.telling import Answer, tell

__all__ = [
    "Answer", "Given", "Opening", "add_part", "execute", "is_to_wipe", "lose_phone", "open_phone", "own_phone",
    "received", "sweep_pieces", "tell", "touch", "wiped",
]  # fmt: skip
