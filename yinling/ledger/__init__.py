"""Double entry for money (integer fen) and time (integer minutes): nothing is ever changed, only reversed.

Words it owns: book (all accounts of one unit that balance to zero), account (of an owner, of a kind), clearing account
(the world outside: carries no balance, is never locked), pot (one account split into slots, because many draw on it at
once), transfer (lines that add up to zero), posting (one line, chained to the one before it), floor and ceiling
(limits that block), statement.
Proof: every posting and every sealed change read again, as a job (`proof`); `names` says what books, kinds of account
and owners are called, and is filled by `config`.
Doors: `services` (open_book, open_account, transfer, reverse, lock_accounts, set_limits), `queries` (balance_of,
statement, accounts_read_by, verify_books), `models` (Account, Transfer), `names`, `proof`.
"""
