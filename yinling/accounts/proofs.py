"""Writes about what proves who somebody is: passwords, PINs, known devices, sessions, the log of log-ins.

`services` of accounts, in a file of their own; other modules have no business here.
"""

import secrets
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from yinling.accounts import events, queries, rules
from yinling.accounts.models import KnownUser, LogIn, Session, User
from yinling.accounts.permissions import Accounts
from yinling.kernel.actors import Actor, System, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused

READABLE = "abcdefghijkmnpqrstuvwxyz"  # no l and no o, which look like digits


def hashed(password: str | None, *, username: str, name: str) -> str:
    """The stored form of a password, or one that opens nothing for None. Raises Refused if it is weak."""
    if password is None:
        return make_password(None)
    limits = queries.proof_rules()
    if reason := rules.why_password_weak(password, username=username, name=name, limits=limits):
        raise Refused(reason, field="password")
    return make_password(password)


def set_password(*, user: User, password: str, by: Actor) -> User:
    """Change a password; every device of the user is logged out. Set for others it must be changed at log-in.

    Raises Refused for a weak password, for the old one again, and for a demonstration account, whose password
    stands on the log-in page.
    """
    is_own = str(user.uid) == str(by.uid)
    if not is_own:
        require(by, Accounts.MANAGE_USERS, user.place_key)
    if queries.is_demo(user) and not isinstance(by, System):
        raise Refused("The password of a demonstration account stays as the log-in page shows it.", field="password")
    if user.has_usable_password() and check_password(password, user.password):
        raise Refused("This is the password you have. Choose another.", field="password")
    user.password = hashed(password, username=user.username, name=user.name)
    user.password_changed_at, user.must_change_password = now(), not is_own and not isinstance(by, System)
    with transaction.atomic():
        user.save(update_fields=["password", "password_changed_at", "must_change_password"])
        Session.objects.filter(user=user).delete()
        record(events.PasswordChanged(user.uid, temporary=user.must_change_password), by=by, place_key=user.place_key)
    return user


def give_temporary_password(*, user_uid: UUID | str, by: Actor) -> tuple[User, str]:
    """Replace a forgotten password by a random one, shown once, to be changed at first log-in."""
    require(by, Accounts.MANAGE_USERS)
    user = User.objects.visible_to(by, Accounts.MANAGE_USERS).one(uid=user_uid)
    if str(user.uid) == str(by.uid):
        raise Refused("Change your own password on your own page.")
    password = random_password()
    return set_password(user=user, password=password, by=by), password


def random_password() -> str:
    """A random password of three kinds that can be read out on the telephone (about 2^40 of them)."""
    letters = "".join(secrets.choice(READABLE) for _ in range(6))
    return f"{letters.capitalize()}-{secrets.randbelow(9000) + 1000}"


def demo_password() -> str:
    """The password of this machine's demonstration accounts, made at first call and kept in its home folder."""
    path = settings.HOME / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(random_password())
    return str(path.read_text().strip())


def set_pin(*, user: User, pin: str) -> User:
    """Give oneself a PIN for shared devices. Raises Refused for a weak one, and for administrators."""
    if reason := rules.why_no_pin_for(queries.role_keys(user)) or rules.why_pin_weak(pin):
        raise Refused(reason, field="pin")
    stored = make_password(pin)
    with transaction.atomic():
        user.pin_hash = stored
        user.save(update_fields=["pin_hash"])
        KnownUser.objects.filter(user=user).update(wrong_pins=0)
        record(events.PinChanged(user.uid), by=user, place_key=user.place_key)
    return user


@transaction.atomic
def remember_on(*, device: str, user: User) -> KnownUser:
    """Let the user switch in by PIN on this device, or unlock the PIN there: call after a proof by password."""
    known, _ = KnownUser.objects.update_or_create(device=device, user=user, defaults={"wrong_pins": 0})
    return known


@transaction.atomic
def forget_on(*, device: str, user: User) -> None:
    """The device no longer offers this user."""
    KnownUser.objects.filter(device=device, user=user).delete()


def switch_by_pin(*, device: str, user_uid: UUID | str, pin: str, address: str | None = None, agent: str = "") -> User:
    """Prove who takes over a shared device. Raises Refused for a wrong PIN, which is counted and logged.

    The try is counted before the PIN is compared and forgiven afterwards: so nobody gains tries by sending many
    at once, and the slow comparison holds no lock.
    """
    limits = queries.proof_rules()
    with transaction.atomic():
        rows = KnownUser.objects.select_for_update(of=("self",)).select_related("user")
        known = rows.filter(device=device, user__uid=user_uid, user__is_active=True).exclude(user__pin_hash="").first()
        if known is None:
            raise NotFound("user")
        if reason := rules.why_pin_locked(known.wrong_pins, limits) or rules.why_no_pin_for(
            queries.role_keys(known.user)
        ):
            raise Refused(reason, field="pin")
        KnownUser.objects.filter(pk=known.pk).update(wrong_pins=F("wrong_pins") + 1)
    right = check_password(pin, known.user.pin_hash)
    with transaction.atomic():
        note_log_in(user=known.user, way="pin", succeeded=right, address=address, agent=agent)
        if right:
            KnownUser.objects.filter(pk=known.pk).update(wrong_pins=0, used_at=now())
    if not right:
        raise Refused(rules.wrong_pin(known.wrong_pins + 1, limits), field="pin")
    return known.user


@transaction.atomic
def note_log_in(
    *,
    way: str,
    succeeded: bool,
    user: User | None = None,
    username: str = "",
    address: str | None = None,
    agent: str = "",
) -> LogIn:
    """Keep one attempt. `way`: password, totp, pin or logout.

    Of an unknown user name only the beginning is kept: it may be a password typed into the wrong field.
    """
    known = user or User.objects.filter(username=username).first()
    return LogIn.objects.create(
        user=known,
        username=known.username if known else f"{username[:3]}…",
        place_key=known.place_key if known else 0,
        way=way,
        succeeded=succeeded,
        address=address,
        agent=agent[:200],
    )


@transaction.atomic
def end_session(*, key: str, user: User) -> None:
    """Log one of one's own devices out. `key` is the digest that the list shows."""
    ended, _ = Session.objects.filter(session_key=key, user=user).delete()
    if not ended:
        raise NotFound("session")
    record(events.SessionEnded(user.uid), by=user, place_key=user.place_key)


@transaction.atomic
def keep_language(*, user: User, language: str) -> None:
    """Remember the language a user chose. Raises Refused for one that the platform does not speak."""
    if language not in dict(settings.LANGUAGES):
        raise Refused("The platform does not speak {language}.", language=language)
    user.language = language
    user.save(update_fields=["language"])
    record(events.UserChanged(user.uid, fields="language"), by=user, place_key=user.place_key)
