"""What may be done to the books."""

from enum import StrEnum


class Ledger(StrEnum):
    """Permissions of the module."""

    READ = "ledger.read"
    POST = "ledger.post"  # open accounts and make transfers, through the services of other modules
    REVERSE = "ledger.reverse"
    LOCK = "ledger.lock"  # lock accounts, change their limits
