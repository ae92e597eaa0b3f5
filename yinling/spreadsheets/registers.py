"""Which rosters can be imported, and by whom their rows are taken. Filled by `config/wiring.py` at start.

A register hands over its fields and one function. `take` receives a batch inside the transaction that also saves the
import's position, and returns one outcome per data row, in order; it never commits by itself.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yinling.kernel.actors import Actor
from yinling.kernel.reasons import Reason, Words
from yinling.spreadsheets.outcomes import Outcome
from yinling.spreadsheets.rules.columns import CleanBatch
from yinling.spreadsheets.rules.fields import Field


@dataclass(frozen=True)
class Context:
    """What holds for the whole import: who uploads, the file's name as source, the civil day, the sheet's index,
    the division the uploader chose as the home of rows that name no place (0: none), and which import it is."""

    by: Actor
    source: str
    today: dt.date
    sheet: int
    place_key: int = 0
    import_uid: UUID | None = None


@dataclass(frozen=True)
class Link:
    """Where the next step of a row is taken. `words` is an English msgid."""

    words: str
    url: str


@dataclass(frozen=True)
class Aftermath:
    """What followed from the whole file once its rows were taken, in sentences, and where to go on."""

    sentences: tuple[Reason, ...]
    link: Link | None = None


Prepare = Callable[[CleanBatch, Context], Any]
Take = Callable[[Any, Context], list[Outcome]]


@dataclass(frozen=True)
class Register:
    """One kind of roster. `title` and `help` are English msgids; `permission` is needed to import it.

    `prepare`, where there is one, does what needs no writing and no lock (cleaning, checking, sealing); its answer,
    which must be picklable, is what `take` gets instead of the clean batch. A large file is prepared in a process of
    its own. `batch_rows` rows share a transaction: few where each row is a service call, so that others can write.
    `titles` names changed fields that are not among `fields`; `link_of` says where an outcome leads; `aftermath_of`
    what followed from the whole file (by the import's uid).
    """

    key: str
    title: str
    help: str
    fields: tuple[Field, ...]
    permission: str
    take: Take
    prepare: Prepare | None = None
    batch_rows: int = 500
    titles: Mapping[str, Words] = field(default_factory=dict)
    link_of: Callable[[Outcome], Link | None] | None = None
    aftermath_of: Callable[[UUID], Aftermath | None] | None = None

    def ready(self, batch: CleanBatch, context: Context) -> Any:
        """What `take` needs of a clean batch."""
        return self.prepare(batch, context) if self.prepare else batch

    def title_of(self, changed: str) -> Words:
        """What a changed field is called."""
        known = {each.key: Words(each.title_zh, each.title_en) for each in self.fields}
        return known.get(changed) or self.titles.get(changed) or Words(changed, changed)


_registers: dict[str, Register] = {}


def offer(*registers: Register) -> None:
    """Make registers known by key."""
    _registers.update({register.key: register for register in registers})


def register(key: str) -> Register | None:
    """A register by its key."""
    return _registers.get(key)


def registers_for(by: Actor) -> list[Register]:
    """The registers this actor may import into."""
    return [each for each in _registers.values() if by.may(each.permission)]
