"""Hours that change hands without a service: gifts, donations, grants, estates, expiry, corrections."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor, System, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.errors import NotAllowed, Refused
from yinling.kernel.uids import Uid
from yinling.ledger.models import Transfer
from yinling.ledger.queries import balance_of
from yinling.ledger.services import Line, lock_accounts, unlock_accounts
from yinling.people.models import Person
from yinling.volunteers import duties, parameters
from yinling.volunteers.events import AccountsLocked, HoursMoved
from yinling.volunteers.models import Branch, Member
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.queries.books import credited_since
from yinling.volunteers.queries.members import branches_of, close_kin_of, kinship, members_of
from yinling.volunteers.rules import joining, moving
from yinling.volunteers.services import accounts
from yinling.volunteers.services.receipts import leave_receipt, require_act

BY = System("time bank")
GIFT, DONATION, GRANT, FILLED = (
    _("Gift to kin"),
    _("Donated to the pool"),
    _("Granted by the county"),
    _("Put in by the county"),
)
INHERITED, EXPIRED, ADJUSTED = _("Inherited"), _("Expired"), _("Correction")
TOO_FEW = _("The account holds {held} minutes; {asked} were asked. Give no more than it holds.")
POT_EMPTY = _("The county's grant pot holds {held} minutes; {asked} were asked. Fill it first.")


def _note(member: Member, verb: str, made: Transfer, minutes: int, by: Actor, reason: str = "") -> Transfer:
    event = HoursMoved(member.uid, verb=verb, transfer_uid=str(made.uid), minutes=minutes)
    record(event, by=by, place_key=member.place_key, reason=reason)
    return made


def _member(uid: object, by: Actor) -> Member:
    return members_of(by).present().select_related("branch", "person", "user").one(uid=uid)


@transaction.atomic
def gift(*, member_uid: object, to_uid: object, minutes: int, key: str, by: Actor) -> Transfer:
    """Give hours to close kin, also in another branch or county. `key`: the form's own, so sending twice gives once."""
    giver = _member(member_uid, by)
    require_act(giver, by)
    taker = Member.objects.present().select_related("branch", "person").one(uid=to_uid)
    limits = parameters.limits()
    relation = kinship(giver, taker)
    if no := moving.why_not_gifted(minutes, limits.rounding, relation, parameters.close_kin()):
        raise Refused(no, field="minutes" if relation in parameters.close_kin() else "to")
    source = accounts.of_member(giver)
    accounts.refuse_unless_covered(source, minutes, TOO_FEW)
    target, _held = accounts.saved_by(taker)
    lines = [Line(source, -minutes), Line(target, minutes), *accounts.between(giver.branch, taker.branch, minutes)]
    made = accounts.move("gift", lines, key=key, by=by, memo=GIFT, place_key=giver.place_key)
    leave_receipt(giver, "gift", by=by, minutes=minutes, about=taker.name)
    return _note(giver, "gift", made, minutes, by)


@transaction.atomic
def donate(*, member_uid: object, minutes: int, key: str, by: Actor) -> Transfer:
    """Give hours to the pool of one's branch."""
    giver = _member(member_uid, by)
    require_act(giver, by)
    if no := moving.why_not_moved(minutes, parameters.limits().rounding):
        raise Refused(no, field="minutes")
    source = accounts.of_member(giver)
    accounts.refuse_unless_covered(source, minutes, TOO_FEW)
    lines = [Line(source, -minutes), Line(accounts.of_branch(giver.branch), minutes)]
    made = accounts.move("donate", lines, key=key, by=by, memo=DONATION, place_key=giver.place_key)
    leave_receipt(giver, "donate", by=by, minutes=minutes, about=giver.branch.name)
    return _note(giver, "donate", made, minutes, by)


@transaction.atomic
def fill_grant_pot(*, place_key: int, minutes: int, reason: str, key: str, by: Actor) -> Transfer:
    """Put hours into a county's grant pot: the government answers for having them served."""
    county = accounts.county_of(place_key)
    require(by, Volunteers.GRANT, county)
    _refuse_amount(minutes, reason)
    lines = [
        Line(accounts.of_county(county, accounts.ALLOTTED), -minutes),
        Line(accounts.of_county(county, accounts.GRANT_POT), minutes),
    ]
    made = accounts.move("fill", lines, key=key, by=by, memo=FILLED, place_key=county)
    event = HoursMoved(accounts.county_uid(county), verb="fill", transfer_uid=str(made.uid), minutes=minutes)
    record(event, by=by, place_key=county, reason=reason)
    return made


def _refuse_amount(minutes: int, reason: str) -> None:
    if no := moving.why_not_moved(minutes, parameters.limits().rounding):
        raise Refused(no, field="minutes")
    if no := joining.why_not_said(reason):
        raise Refused(no, field="reason")


@transaction.atomic
def grant(*, member_uid: object, minutes: int, reason: str, key: str, by: Actor) -> Transfer:
    """Grant hours out of the county's pot to a member in need."""
    member = _member(member_uid, by)
    require(by, Volunteers.GRANT, member.place_key)
    _refuse_amount(minutes, reason)
    pot = accounts.of_county(member.place_key, accounts.GRANT_POT)
    accounts.refuse_unless_covered(pot, minutes, POT_EMPTY)
    target, _held = accounts.saved_by(member)
    lines = [Line(pot, -minutes), Line(target, minutes)]
    made = accounts.move("grant", lines, key=key, by=by, memo=GRANT, place_key=member.place_key)
    return _note(member, "grant", made, minutes, by, reason)


@transaction.atomic
def grant_to_pool(*, branch_uid: object, minutes: int, reason: str, key: str, by: Actor) -> Transfer:
    """Grant hours out of the county's pot to the pool of a branch."""
    branch = branches_of(by).one(uid=branch_uid)
    require(by, Volunteers.GRANT, branch.place_key)
    _refuse_amount(minutes, reason)
    pot = accounts.of_county(branch.place_key, accounts.GRANT_POT)
    accounts.refuse_unless_covered(pot, minutes, POT_EMPTY)
    lines = [Line(pot, -minutes), Line(accounts.of_branch(branch), minutes)]
    return accounts.move("grant", lines, key=key, by=by, memo=GRANT, place_key=branch.place_key)


@transaction.atomic
def lend_pool(*, branch_uid: object, to_uid: object, minutes: int, reason: str, key: str, by: Actor) -> Transfer:
    """Hand hours of one branch's pool to another's, through the clearing accounts of both and of their counties."""
    giving = branches_of(by).one(uid=branch_uid)
    require(by, Volunteers.SETTLE, giving.place_key)
    taking = Branch.objects.open().one(uid=to_uid)
    _refuse_amount(minutes, reason)
    if giving.pk == taking.pk:
        raise Refused("Hours are handed to another branch. Choose one.", field="to")
    source = accounts.of_branch(giving)
    accounts.refuse_unless_covered(source, minutes, TOO_FEW)
    lines = [
        Line(source, -minutes), Line(accounts.of_branch(taking), minutes), *accounts.between(giving, taking, minutes)
    ]  # fmt: skip
    memo = _("Handed to another branch")
    return accounts.move("lend", lines, key=key, by=by, memo=memo, place_key=giving.place_key)


@transaction.atomic
def adjust(*, member_uid: object, minutes: int, reason: str, key: str, by: Actor) -> Transfer:
    """Correct a balance, up or down, with a reason; both lines stand in the books for ever."""
    member = _member(member_uid, by)
    require(by, Volunteers.ADJUST, member.place_key)
    _refuse_amount(abs(minutes), reason)
    account, balance = accounts.saved_by(member)
    if minutes < 0 and balance + minutes < 0:
        raise Refused(TOO_FEW, held=balance, asked=-minutes)
    lines = [Line(accounts.of_county(member.place_key, accounts.CORRECTIONS), -minutes), Line(account, minutes)]
    made = accounts.move("adjust", lines, key=key, by=by, memo=ADJUSTED, place_key=member.place_key)
    return _note(member, "adjust", made, minutes, by, reason)


@transaction.atomic
def lock_estate(*, person_uid: Uid, by: System) -> bool:
    """A member died: nothing moves until the estate is settled, and somebody is asked to do so. Again does nothing."""
    member = (
        Member.objects.present().select_related("branch__coordinator", "person").filter(person__uid=person_uid).first()
    )
    if member is None or member.person is None or member.person.life_status != Person.DEAD:
        return False
    if lock_accounts(owner_kind=accounts.MEMBER, owner_uid=member.uid, by=BY):
        record(AccountsLocked(member.uid), by=by, place_key=member.place_key)
    duties.ask_for_estate(member, by=by)
    return True


@transaction.atomic
def unlock_estate(*, person_uid: Uid, by: System) -> bool:
    """The death was a mistake."""
    member = Member.objects.present().filter(person__uid=person_uid).first()
    if member is None:
        return False
    if unlock_accounts(owner_kind=accounts.MEMBER, owner_uid=member.uid, by=BY):
        record(AccountsLocked(member.uid, is_locked=False), by=by, place_key=member.place_key)
    duties.no_estate(member, by=by)
    return True


@transaction.atomic
def inherit(*, member_uid: object, shares: Mapping[UUID, int], by: Actor) -> Transfer | None:
    """Settle the account of a member who died: shares for close kin, the rest for the pool. None: it held nothing."""
    dead = _member(member_uid, by)
    if not by.may(Volunteers.SETTLE, dead.place_key):
        raise NotAllowed(Volunteers.SETTLE)
    source = accounts.of_member(dead)
    held = balance_of(source)
    heirs = {one.uid: one for one in close_kin_of(dead)}
    known = {heirs[uid].pk if uid in heirs else 0: minutes for uid, minutes in shares.items()}
    is_dead = dead.person is not None and dead.person.life_status == Person.DEAD
    if no := moving.why_no_estate(held, known, frozenset(one.pk for one in heirs.values()), is_dead=is_dead):
        raise Refused(no)
    lines = [Line(source, -held)]
    for uid, minutes in shares.items():
        target, _balance = accounts.saved_by(heirs[uid])
        lines += [Line(target, minutes), *accounts.between(dead.branch, heirs[uid].branch, minutes)]
    lines.append(Line(accounts.of_branch(dead.branch), held - sum(shares.values())))
    dead.left_on = civil_date()
    dead.save(update_fields=["left_on"])
    duties.no_estate(dead, by=by)
    if not held:
        return None
    key = str(dead.uid)
    made = accounts.move("inherit", lines, key=key, by=by, memo=INHERITED, place_key=dead.place_key, estate=True)
    return _note(dead, "inherit", made, held, by)


def expire_due(*, on: dt.date) -> int:
    """Let hours expire that are older than the parameter allows (0: none ever). Returns how many accounts lost some."""
    months = parameters.expiry_months(on)
    if not months:
        return 0
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    since = start_of(dt.date(year, month + 1, 1))
    return sum(1 for pk in Member.objects.present().values_list("pk", flat=True) if _expire(pk, since, on))


@transaction.atomic
def _expire(pk: int, since: dt.datetime, on: dt.date) -> bool:
    member = Member.objects.select_related("branch").get(pk=pk)
    account, balance = accounts.saved_by(member)
    minutes = moving.expired(balance, credited_since(account, since))
    if not minutes or account.locked_at:
        return False
    lines = [Line(account, -minutes), Line(accounts.of_county(member.place_key, accounts.EXPIRED), minutes)]
    made = accounts.move(
        "expire", lines, key=f"{member.uid}:{on:%Y-%m}", by=BY, memo=EXPIRED, place_key=member.place_key
    )
    _note(member, "expire", made, minutes, BY)
    return True
