"""What residents pay, on the ledger: prepayment and deposit of a stay, income of a home, its cash desk.

Book `residents`, in fen. A prepayment account never falls below zero: a fee that is not covered is refused and asked
for, so nobody lives on a debt that no bill shows.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.institutions import parameters, rules
from yinling.institutions.models import Institution, Stay
from yinling.institutions.permissions import Institutions
from yinling.kernel.actors import Actor, System, require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.ledger.models import Account, Transfer
from yinling.ledger.queries import Statement, balance_of, standing_key, statement, was_posted
from yinling.ledger.services import Line, open_account, open_book
from yinling.ledger.services import transfer as post

PREPAYMENT, DEPOSIT, INCOME, CASH = "prepayment", "deposit", "fee_income", "cash_desk"
DESK = System("institutions")  # opens the accounts that follow from an admission; people move the money
MEMOS = {"prepay": _("Prepayment"), "deposit": _("Deposit"), "fee": _("Monthly fee"), "refund": _("Refund on leaving")}


@dataclass(frozen=True)
class Balances:
    """What a stay has on the books, in fen."""

    prepayment_fen: int
    deposit_fen: int


@transaction.atomic
def open_resident_accounts(stay: Stay, by: Actor) -> None:
    """The accounts of a new stay; those of the home where they are missing."""
    for kind in (PREPAYMENT, DEPOSIT):
        _of_stay(stay, kind)


def _of_stay(stay: Stay, kind: str) -> Account:
    return open_account(
        book=open_book(key="residents", unit="fen"), owner_kind="stay", owner_uid=stay.uid, kind=kind,
        place_key=stay.institution.place_key, by=DESK,
    )  # fmt: skip


def _of_home(home: Institution, kind: str) -> Account:
    return open_account(
        book=open_book(key="residents", unit="fen"), owner_kind="institution", owner_uid=home.uid, kind=kind,
        place_key=home.place_key, by=DESK, is_clearing=kind == CASH,
    )  # fmt: skip


def _billed(stay_uid: object, by: Actor) -> Stay:
    stay = Stay.objects.visible_to(by).select_related("institution").one(uid=stay_uid)
    require(by, Institutions.BILL, stay.institution.place_key)
    return stay


@transaction.atomic
def prepay(*, stay_uid: object, amount_fen: int, key: str, by: Actor) -> Transfer:
    """The family pays in advance. `key`: the receipt's number; the same one again pays once."""
    return _pay_in(_billed(stay_uid, by), PREPAYMENT, "prepay", amount_fen, key, by)


@transaction.atomic
def take_deposit(*, stay_uid: object, amount_fen: int, key: str, by: Actor) -> Transfer:
    """The deposit, kept apart from prepayments."""
    return _pay_in(_billed(stay_uid, by), DEPOSIT, "deposit", amount_fen, key, by)


def _pay_in(stay: Stay, account: str, verb: str, amount_fen: int, key: str, by: Actor) -> Transfer:
    if amount_fen <= 0:
        raise Refused("Enter an amount above zero.", field="amount")
    key = standing_key(f"{verb}:{stay.uid}:{key}")
    if not was_posted(key):
        _refuse_too_much(stay, account, amount_fen)
    lines = [Line(_of_home(stay.institution, CASH), -amount_fen), Line(_of_stay(stay, account), amount_fen)]
    return post(
        kind=f"institutions.{verb}", lines=lines, key=key, by=by,
        place_key=stay.institution.place_key, memo=MEMOS[verb],
    )  # fmt: skip


def _refuse_too_much(stay: Stay, account: str, amount_fen: int) -> None:
    """Limits of prepayment and deposit refuse only where they were compared with their source."""
    limit = _limit_of(account)
    if limit is None or not limit.may_refuse:
        return
    held = balance_of(_of_stay(stay, account))
    if refusal := _too_much(account)(held, amount_fen, stay.fee_fen, limit.months):
        raise Refused(refusal, field="amount")


def _limit_of(account: str) -> parameters.Limit | None:
    return parameters.prepayment_limit() if account == PREPAYMENT else parameters.deposit_limit()


def _too_much(account: str) -> Callable[[int, int, int, int], Reason | None]:
    return rules.why_not_paid_ahead if account == PREPAYMENT else rules.why_not_deposited


def payment_doubts(stay: Stay) -> list[Reason]:
    """What lies above a limit of prepayment or deposit: said, whether or not the limit may refuse. Opens nothing."""
    held, found = balances(stay), []
    for account, fen in ((PREPAYMENT, held.prepayment_fen), (DEPOSIT, held.deposit_fen)):
        limit = _limit_of(account)
        if limit is not None and stay.fee_fen and fen > stay.fee_fen * limit.months:
            found.append(rules.above_limit(account, fen, stay.fee_fen, limit.months))
    return found


@transaction.atomic
def charge(*, stay_uid: object, month: dt.date, by: Actor) -> Transfer:
    """Take a month's fee from the prepayment, by days lived there. Charged once per month. Refused when not covered."""
    stay = _billed(stay_uid, by)
    left = civil_date(stay.left_at) if stay.left_at else None
    amount = rules.fee_for_month(stay.fee_fen, month, civil_date(stay.admitted_at), left)
    if amount == 0:
        raise Refused("No fee falls due in this month. Check the month and the agreed fee.", field="month")
    lines = [Line(_of_stay(stay, PREPAYMENT), -amount), Line(_of_home(stay.institution, INCOME), amount)]
    return post(
        kind="institutions.fee", lines=lines, key=standing_key(f"fee:{stay.uid}:{month:%Y-%m}"), by=by,
        place_key=stay.institution.place_key, memo=MEMOS["fee"],
    )  # fmt: skip


@transaction.atomic
def refund(*, stay_uid: object, by: Actor) -> Transfer | None:
    """Pay back what is left after leaving, or of a stay that never was. None when nothing is left."""
    stay = _billed(stay_uid, by)
    if stay.left_at is None and stay.voided_at is None:
        raise Refused("Prepayment and deposit are paid back after leaving. Discharge the resident first.")
    parts = [(_of_stay(stay, kind), balance_of(_of_stay(stay, kind))) for kind in (PREPAYMENT, DEPOSIT)]
    total = sum(amount for _account, amount in parts)
    if total == 0:
        return None
    lines = [Line(account, -amount) for account, amount in parts if amount]
    lines.append(Line(_of_home(stay.institution, CASH), total))
    return post(
        kind="institutions.refund", lines=lines, key=standing_key(f"refund:{stay.uid}"), by=by,
        place_key=stay.institution.place_key, memo=MEMOS["refund"],
    )  # fmt: skip


def balances(stay: Stay) -> Balances:
    """What a stay has on the books. Opens nothing."""
    found = {account.kind: balance_of(account) for account in Account.objects.all().of("stay", stay.uid)}
    return Balances(found.get(PREPAYMENT, 0), found.get(DEPOSIT, 0))


def bill(stay: Stay, first: dt.date, last: dt.date) -> list[tuple[str, Statement]]:
    """(account kind, its statement) of a stay's prepayment and deposit over days, both included. Opens nothing."""
    accounts = Account.objects.all().of("stay", stay.uid).select_related("book").order_by("-kind")
    return [(account.kind, statement(account, first, last)) for account in accounts]
