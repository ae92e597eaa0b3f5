"""The sealed column of the worklist, for the rotation of keys."""

from yinling.kernel.rotation import Sealed
from yinling.worklist.models import Entry, note_where

TABLES = (Sealed(Entry, {"note": lambda entry: note_where(entry.uid)}),)
