"""Facts about the books."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class AccountOpened(Event):
    """An account exists."""

    kind: ClassVar[str] = "ledger.account_opened"
    subject: ClassVar[str] = "account"
    book: str = ""
    account_kind: str = ""
    owner_kind: str = ""
    owner_uid: str = ""


@dataclass(frozen=True)
class AccountLocked(Event):
    """Nothing moves on it any more."""

    kind: ClassVar[str] = "ledger.account_locked"
    subject: ClassVar[str] = "account"


@dataclass(frozen=True)
class AccountUnlocked(Event):
    """It moves again."""

    kind: ClassVar[str] = "ledger.account_unlocked"
    subject: ClassVar[str] = "account"


@dataclass(frozen=True)
class LimitsSet(Event):
    """Floor and ceiling of an account from now on."""

    kind: ClassVar[str] = "ledger.limits_set"
    subject: ClassVar[str] = "account"
    floor: int | None = None
    ceiling: int | None = None


@dataclass(frozen=True)
class TransferPosted(Event):
    """Amounts moved. The lines are the transfer's postings; `digest` binds them to this record."""

    kind: ClassVar[str] = "ledger.posted"
    subject: ClassVar[str] = "transfer"
    transfer_kind: str = ""
    book: str = ""
    reverses: str = ""
    digest: str = ""


@dataclass(frozen=True)
class BooksProved(Event):
    """All books and seals were read; `faults` is how many things do not add up, follow or match. Subject: the job."""

    kind: ClassVar[str] = "ledger.proved"
    subject: ClassVar[str] = "job"
    faults: int = 0


@dataclass(frozen=True)
class StatementTaken(Event):
    """Somebody took a statement out as a workbook; the reason is on the change."""

    kind: ClassVar[str] = "ledger.statement_taken"
    subject: ClassVar[str] = "account"
    first: str = ""
    last: str = ""
