"""Writes to accounts, one function per verb: users, roles, loans, moves. What proves who somebody is: `proofs`, whose
doors for other modules stand here too.

Hashing a password takes a tenth of a second on purpose, so it happens before the transaction, never inside.
"""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from yinling.accounts import events, queries, rules
from yinling.accounts.models import Assignment, Session, User, WorkerTransfer
from yinling.accounts.permissions import Accounts
from yinling.accounts.proofs import demo_password as demo_password  # doors for other modules
from yinling.accounts.proofs import hashed
from yinling.accounts.proofs import set_password as set_password
from yinling.accounts.proofs import set_pin as set_pin
from yinling.accounts.proofs import switch_by_pin as switch_by_pin
from yinling.accounts.roles import role as role_named
from yinling.accounts.tokens import revoke_all
from yinling.kernel.actors import Actor, System, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.reasons import Reason
from yinling.places.models import Level
from yinling.places.queries import key_ranges, place_named, tree

ANSWERED = {
    WorkerTransfer.State.RECEIVED: Reason("received"),
    WorkerTransfer.State.DECLINED: Reason("declined"),
    WorkerTransfer.State.WITHDRAWN: Reason("withdrawn"),
}


def create_user(*, username: str, name: str, place_key: int, by: Actor, password: str | None = None) -> User:
    """Open an account in a division. A password given by a person must be changed at first log-in.

    Without a password nobody can log in until one is set. Raises Refused for a name in use or a weak password.
    """
    require(by, Accounts.MANAGE_USERS, place_key)
    username = username.strip().lower()
    stored = hashed(password, username=username, name=name)
    place_named(place_key)
    try:
        with transaction.atomic():
            user = User.objects.create(
                username=username,
                name=name.strip(),
                place_key=place_key,
                password=stored,
                must_change_password=password is not None and not isinstance(by, System),
            )
            record(events.UserCreated(user.uid, place_key=place_key), by=by, place_key=place_key)
    except IntegrityError:
        raise Refused("The user name {username} is taken.", field="username", username=username) from None
    return user


@transaction.atomic
def change_user(*, user_uid: UUID | str, by: Actor, name: str | None = None, username: str | None = None) -> User:
    """Correct a name or a user name. Moving to another division is `send_worker`."""
    user = _user(user_uid, by, Accounts.MANAGE_USERS)
    changed = []
    if name is not None and name.strip() != user.name:
        user.name = name.strip()
        changed.append("name")
    if username is not None and username.strip().lower() != user.username:
        user.username = username.strip().lower()
        if User.objects.filter(username=user.username).exists():
            raise Refused("The user name {username} is taken.", field="username", username=user.username)
        changed.append("username")
    if changed:
        user.save(update_fields=changed)
        record(events.UserChanged(user.uid, fields=",".join(changed)), by=by, place_key=user.place_key)
    return user


@transaction.atomic
def deactivate(*, user_uid: UUID | str, by: Actor, reason: str = "") -> User:
    """Close an account: log it out everywhere, end its tokens, its roles and the loans it made. Nothing is deleted."""
    user = _user(user_uid, by, Accounts.MANAGE_USERS)
    if str(user.uid) == str(by.uid):
        raise Refused("Nobody closes their own account. Ask another system administrator.")
    if not user.is_active:
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    Session.objects.filter(user=user).delete()
    for assignment in queries.open_assignments(user).select_for_update():
        _end(assignment, by)
    revoke_all(user=user, by=by)
    record(events.UserDeactivated(user.uid), by=by, place_key=user.place_key, reason=reason)
    return user


@transaction.atomic
def reactivate(*, user_uid: UUID | str, by: Actor) -> User:
    """Open a closed account again. Its roles stay ended: the security administrator gives them anew."""
    user = _user(user_uid, by, Accounts.MANAGE_USERS)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record(events.UserReactivated(user.uid), by=by, place_key=user.place_key)
    return user


@transaction.atomic
def assign_role(
    *,
    user_uid: UUID | str,
    role: str,
    place_key: int,
    by: Actor,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Assignment:
    """Give a role in a division, from a day (default: today) until another (exclusive; None: until ended).

    The same role again changes nothing. Raises Refused where administrators would not stay separate.
    """
    require(by, Accounts.ASSIGN_ROLES, place_key)
    user = _user(user_uid, by, Accounts.ASSIGN_ROLES)
    start = valid_from or civil_date()
    if role_named(role) is None:
        raise NotFound("role")
    place = place_named(place_key)
    held = queries.open_assignments(user).select_for_update()
    _refuse_if(
        rules.why_not_give(
            to_self=str(user.uid) == str(by.uid), is_active=user.is_active, valid_from=start, valid_to=valid_to
        )
        or rules.why_not_hold(role, [assignment.role for assignment in held])
    )
    if same := next((a for a in held if a.role == role and a.place_id == place_key and a.lent_by_id is None), None):
        if same.valid_to == valid_to:
            return same
        raise Refused("{name} holds this role in {place} already. End it first.", name=user.name, place=place.name)
    assignment = Assignment.objects.create(
        user=user, role=role, place_id=place_key, valid_from=start, valid_to=valid_to
    )
    event = events.RoleAssigned(
        user.uid, role=role, place_key=place_key, valid_from=str(start), valid_to=str(valid_to or "")
    )
    record(event, by=by, place_key=place_key)
    return assignment


@transaction.atomic
def end_assignment(*, assignment_uid: UUID | str, by: Actor, reason: str = "") -> Assignment:
    """Take a role back, and the loans made of it. A lender ends their own loan without being an administrator."""
    found = Assignment.objects.select_for_update().select_related("user", "lent_by").filter(uid=assignment_uid).first()
    if found is None:
        raise NotFound("assignment")
    is_lender = found.lent_by is not None and str(found.lent_by.uid) == str(by.uid)
    if not is_lender and not by.may(Accounts.ASSIGN_ROLES, found.place_id):
        raise NotFound("assignment")
    if found.ended_at is None:
        _end(found, by, reason)
    return found


def _end(assignment: Assignment, by: Actor, reason: str = "") -> None:
    """End an assignment and every loan of it, now."""
    for one in [assignment, *assignment.loans.filter(ended_at__isnull=True).select_related("user")]:
        one.ended_at = now()
        one.save(update_fields=["ended_at"])
        event = events.AssignmentEnded(one.user.uid, role=one.role, place_key=one.place_id)
        record(event, by=by, place_key=one.place_id, reason=reason)


@transaction.atomic
def delegate(
    *,
    assignment_uid: UUID | str,
    to_uid: UUID | str,
    valid_to: dt.date,
    by: User,
    valid_from: dt.date | None = None,
    reason: str = "",
) -> Assignment:
    """Lend one of your own roles while away, until a day (exclusive). A lent role is not lent on."""
    own = Assignment.objects.in_force(civil_date()).select_for_update().filter(uid=assignment_uid, user=by).first()
    if own is None:
        raise NotFound("assignment")
    to = by if str(to_uid) == str(by.uid) else queries.colleagues(by).filter(uid=to_uid).first()
    if to is None:
        raise NotFound("user")
    start = valid_from or civil_date()
    standing = own.loans.filter(ended_at__isnull=True, valid_to__gt=start).order_by("-valid_to").first()
    loan = rules.Loan(
        is_borrowed=own.lent_by_id is not None,
        to_self=to == by,
        is_active=to.is_active,
        start=start,
        end=valid_to,
        own_end=own.valid_to,
        lent_until=standing.valid_to if standing else None,
    )
    held = list(queries.open_assignments(to).values_list("role", flat=True))
    _refuse_if(rules.why_not_lend(loan, civil_date()) or rules.why_not_hold(own.role, held))
    lent = Assignment.objects.create(
        user=to, role=own.role, place_id=own.place_id, lent_by=by, lent_from=own, valid_from=start, valid_to=valid_to
    )
    event = events.RoleLent(
        to.uid, lender_uid=str(by.uid), role=own.role, place_key=own.place_id,
        valid_from=str(start), valid_to=str(valid_to),
    )  # fmt: skip
    record(event, by=by, place_key=own.place_id, reason=reason)
    return lent


@transaction.atomic
def send_worker(*, user_uid: UUID | str, to_place: int, by: User, note: str = "") -> WorkerTransfer:
    """Send a worker to another division. Nothing changes until the other side receives."""
    user = _user(user_uid, by, Accounts.MOVE_WORKERS)
    place = place_named(to_place)
    on_the_way = WorkerTransfer.objects.filter(user=user, state=WorkerTransfer.State.SENT).exists()
    _refuse_if(
        rules.why_not_send(
            to_self=user == by,
            from_key=user.place_key,
            to_key=place.key,
            is_active=user.is_active,
            on_the_way=on_the_way,
        )
    )
    transfer = WorkerTransfer.objects.create(
        user=user, from_place_id=user.place_key, to_place_id=place.key, sent_by=by, note=note[:300]
    )
    record(_moved(events.WorkerSent, transfer), by=by, place_key=transfer.from_place_id, reason=note)
    return transfer


@transaction.atomic
def receive_worker(*, transfer_uid: UUID | str, by: User, note: str = "") -> WorkerTransfer:
    """Receive a worker who was sent here: from now on they belong here, and their roles at the old place end."""
    transfer = _transfer(transfer_uid, by)
    if not by.may(Accounts.MOVE_WORKERS, transfer.to_place_id):
        raise NotFound("transfer")
    places = tree()
    counties = [places.above(key, Level.COUNTY) for key in (transfer.from_place_id, transfer.to_place_id)]
    _refuse_if(
        rules.why_not_receive(
            same_person=transfer.sent_by_id == by.pk,
            same_county=counties[0] is not None and counties[0] == counties[1],
            is_worker=transfer.user_id == by.pk,
        )
    )
    old = key_ranges([transfer.from_place_id])
    for assignment in queries.open_assignments(transfer.user).select_for_update():
        if any(low <= assignment.place_id <= high for low, high in old):
            _end(assignment, by, note)
    User.objects.filter(pk=transfer.user_id).update(place_key=transfer.to_place_id)
    _answer(transfer, WorkerTransfer.State.RECEIVED, by, note)
    record(_moved(events.WorkerReceived, transfer), by=by, place_key=transfer.to_place_id, reason=note)
    return transfer


@transaction.atomic
def decline_worker(*, transfer_uid: UUID | str, by: User, note: str) -> WorkerTransfer:
    """Say no to a worker who was sent here, and why. They stay where they are."""
    transfer = _transfer(transfer_uid, by)
    if not by.may(Accounts.MOVE_WORKERS, transfer.to_place_id):
        raise NotFound("transfer")
    if not note.strip():
        raise Refused("Say why, so that the other side knows what to do.", field="note")
    return _close(transfer, WorkerTransfer.State.DECLINED, by, note)


@transaction.atomic
def withdraw_worker(*, transfer_uid: UUID | str, by: User, note: str = "") -> WorkerTransfer:
    """Take back a worker who was sent, before the other side has answered."""
    transfer = _transfer(transfer_uid, by)
    if not by.may(Accounts.MOVE_WORKERS, transfer.from_place_id):
        raise NotFound("transfer")
    return _close(transfer, WorkerTransfer.State.WITHDRAWN, by, note)


def _transfer(uid: UUID | str, by: User) -> WorkerTransfer:
    """A transfer on the way that `by` may see, locked."""
    rows = WorkerTransfer.objects.visible_to(by, Accounts.MOVE_WORKERS).select_for_update(of=("self",))
    transfer = rows.select_related("user").one(uid=uid)
    if transfer.state != WorkerTransfer.State.SENT:
        raise Refused("This move was answered already: {state}.", state=ANSWERED[WorkerTransfer.State(transfer.state)])
    return transfer


def _answer(transfer: WorkerTransfer, state: WorkerTransfer.State, by: User, note: str) -> None:
    transfer.state, transfer.answered_by, transfer.answered_at, transfer.answer = state, by, now(), note[:300]
    transfer.save(update_fields=["state", "answered_by", "answered_at", "answer"])


def _close(transfer: WorkerTransfer, state: WorkerTransfer.State, by: User, note: str) -> WorkerTransfer:
    _answer(transfer, state, by, note)
    event = events.TransferClosed(transfer.user.uid, transfer_uid=str(transfer.uid), state=state)
    record(event, by=by, place_key=transfer.from_place_id, reason=note)
    return transfer


def _moved(
    event: type[events.WorkerSent] | type[events.WorkerReceived], transfer: WorkerTransfer
) -> events.WorkerSent | events.WorkerReceived:
    return event(
        transfer.user.uid,
        transfer_uid=str(transfer.uid),
        from_place_key=transfer.from_place_id,
        to_place_key=transfer.to_place_id,
    )


def _user(uid: UUID | str, by: Actor, permission: str) -> User:
    """The user, locked; NotFound when `by` does not look after users there."""
    require(by, permission)
    user = User.objects.select_for_update().visible_to(by, permission).filter(uid=uid).first()
    if user is None:
        raise NotFound("user")
    return user


def _refuse_if(reason: Reason | None) -> None:
    if reason is not None:
        raise Refused(reason)
