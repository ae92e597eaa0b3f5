"""What may be done to the books."""

from enum import StrEnum


class Ledger(StrEnum):
    """Permissions of the module."""

    READ = "ledger.read"  # open the books: the accounts of one's own (a manager's home and its residents)
    READ_ALL = "ledger.read_all"  # and every other account of the division
    POST = "ledger.post"  # open accounts and make transfers, through the services of other modules
    REVERSE = "ledger.reverse"
    LOCK = "ledger.lock"  # lock accounts, change their limits
    EXPORT = "ledger.export"  # take a statement out as a workbook
    PROVE = "ledger.prove"  # have all books and seals proved, and read what is broken
