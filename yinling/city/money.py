"""Some money on the books of a new demonstration city: residents of one home pay in advance and are charged.

Enough to try statements, bills and the proof of the books; one payment was typed twice and is taken back.
"""

from __future__ import annotations

from datetime import date, timedelta

from yinling.accounts.models import User
from yinling.institutions.models import Stay
from yinling.institutions.services import charge, prepay, take_deposit
from yinling.kernel.actors import Actor
from yinling.kernel.errors import Refused
from yinling.ledger.services import reverse

_RESIDENTS, _DEPOSIT_FEN = 8, 200_000


def pay_bills(manager: User, *, today: date, by: Actor) -> int:
    """Prepayments and deposits of the manager's first residents, last month's fees. Returns how many paid."""
    homes = manager.posts.filter(left_on__isnull=True).values("institution_id")
    stays = list(Stay.objects.present().filter(institution__in=homes).order_by("id")[:_RESIDENTS])
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for at, stay in enumerate(stays, start=1):
        take_deposit(stay_uid=stay.uid, amount_fen=_DEPOSIT_FEN, key=f"押金-{at:04d}", by=by)
        prepay(stay_uid=stay.uid, amount_fen=3 * stay.fee_fen or _DEPOSIT_FEN, key=f"预收-{at:04d}", by=by)
        _charge(stay, last_month, by)
    if stays:
        typed_twice = prepay(stay_uid=stays[0].uid, amount_fen=_DEPOSIT_FEN, key="预收-9999", by=by)
        reverse(uid=typed_twice.uid, by=by)
    return len(stays)


def _charge(stay: Stay, month: date, by: Actor) -> None:
    try:
        charge(stay_uid=stay.uid, month=month, by=by)
    except Refused:
        return  # a stay without a fee, or one that began this month: there is nothing to charge
