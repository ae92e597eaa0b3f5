"""Hours set aside for an order, so that what was agreed can be paid for; and given back."""

from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.ledger.models import Account
from yinling.ledger.services import Line
from yinling.volunteers.models import Order
from yinling.volunteers.services import accounts

HOLD, LET_GO, REDEEM = _("Set aside for a service"), _("Given back"), _("Service received")
NOT_ENOUGH = _("The account holds {held} minutes, and the service takes {asked}. Ask for less, or have the pool serve.")
POOL_EMPTY = _(
    "The pool of the branch holds {held} minutes, and the service takes {asked}. Have the county grant hours."
)


def hold(order: Order, *, by: Actor) -> None:
    """Set the hours aside on the payer's account, or in the pool. Raises Refused when there are too few."""
    free, held = _accounts(order)
    accounts.refuse_unless_covered(free, order.held, NOT_ENOUGH if order.payer else POOL_EMPTY)
    lines = [Line(free, -order.held), Line(held, order.held)]
    accounts.move("hold", lines, key=str(order.uid), by=by, memo=HOLD, place_key=order.place_key)


def let_go(order: Order, *, by: Actor) -> None:
    """Give back all that is set aside."""
    if order.held:
        free, held = _accounts(order)
        lines = [Line(held, -order.held), Line(free, order.held)]
        accounts.move("release", lines, key=str(order.uid), by=by, memo=LET_GO, place_key=order.place_key)
        order.held = 0


def spend(order: Order, minutes: int, *, by: Actor) -> None:
    """Pay for the service out of what is set aside, and give the rest back."""
    if not order.held:
        return
    free, held = _accounts(order)
    branch = order.payer.branch if order.payer else order.member.branch  # type: ignore[union-attr]  # held: has one
    lines = [
        Line(held, -order.held), Line(accounts.of_county(branch.place_key, accounts.RECEIVED), minutes),
        Line(free, order.held - minutes), *accounts.between(branch, order.volunteer.member.branch, minutes),
    ]  # fmt: skip
    accounts.move("redeem", lines, key=str(order.uid), by=by, memo=REDEEM, place_key=order.place_key)
    order.held = 0


def _accounts(order: Order) -> tuple[Account, Account]:
    """Where the hours come from, and where they wait."""
    if order.payer is not None:
        return accounts.of_member(order.payer), accounts.of_member(order.payer, accounts.HELD)
    assert order.member is not None, "only an order that a member asked for sets hours aside"
    return accounts.of_branch(order.member.branch), accounts.of_branch(order.member.branch, accounts.POOL_HELD)
