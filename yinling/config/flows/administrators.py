"""What waits for the three administrators and the auditor: opened by night, taken away when its cause is gone.

Accounts, seals, jobs and books lie on the worklist's floor or below it, so none of them can open a duty itself.
- security administrator: a role that ends within 14 days (parameter accounts.role_warning_days);
- system administrator: listeners, jobs and messages that failed;
- audit administrator: the week's log of log-ins and looks; days that were not sealed;
- auditor: books that do not hold; the month's proof of the books.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import Assignment
from yinling.accounts.permissions import Accounts
from yinling.accounts.queries import roles_ending
from yinling.accounts.roles import role as role_named
from yinling.kernel import failures
from yinling.kernel.actors import Actor, System
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.jobs import Progress, kind
from yinling.kernel.models import Chain, Change, DayRoot
from yinling.kernel.reasons import Reason
from yinling.ledger.proof import latest_proof
from yinling.messages.models import Message
from yinling.places.queries import city, tree
from yinling.reference.queries import parameter_or
from yinling.worklist.kinds import Kind
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import close_item, open_item, void_item

BY = System("administrators")
ROLE_DAYS = 14  # while no pack states accounts.role_warning_days
ROLE_ENDS, FAILED, LOOKS = "accounts.role_ends", "kernel.failed", "kernel.looks"
UNSEALED, FAULTS, MONTH = "kernel.unsealed", "ledger.faults", "ledger.month"
KINDS = (
    Kind(ROLE_ENDS, _("Role that ends"), "user-check"),
    Kind(FAILED, _("Something failed"), "alert-triangle", closes_by_hand=False),
    Kind(LOOKS, _("Log of the week"), "history"),
    Kind(UNSEALED, _("Day without a seal"), "lock", closes_by_hand=False),
    Kind(FAULTS, _("Books that do not hold"), "coin", closes_by_hand=False),
    Kind(MONTH, _("Proof of the month"), "shield-check"),
)
PLATFORM = Subject("platform", uuid5(UUID(int=0), "platform"))  # duties about the machine itself
GIVEN_OR_ENDED = _("The role has ended, or was given anew")
GONE = _("The cause is gone")


@kind("nightly.administrators")
def open_duties(progress: Progress) -> dict[str, int]:
    """Open what waits for the administrators, take away what waits no more. Again changes nothing."""
    asked = progress.arguments.get("day")
    day = dt.date.fromisoformat(asked) if asked else civil_date()
    before = WorkItem.objects.open().count()
    open_all(day, by=BY)
    return {"opened": WorkItem.objects.open().count() - before}


def open_all(day: dt.date, *, by: Actor) -> None:
    """All of them, for one day."""
    ask_about_roles(day, by)
    ask_about_failures(by)
    ask_for_the_week(day, by)
    ask_about_seals(day, by)
    ask_about_books(day, by)


def ask_about_roles(day: dt.date, by: Actor) -> None:
    """A duty per role that ends soon; those of roles that ended or were given anew fall away."""
    ending = {one.uid: one for one in roles_ending(day, _role_days())}
    for item in WorkItem.objects.open().filter(kind=ROLE_ENDS).exclude(subject_uid__in=list(ending)):
        void_item(subject=item.subject, kind=ROLE_ENDS, by=by, result=GIVEN_OR_ENDED)
    for one in ending.values():
        assert one.valid_to is not None
        held = role_named(one.role)
        _open(
            ROLE_ENDS, "security_administrator", by, subject=Subject("assignment", one.uid), place_key=one.place_id,
            title=Reason("The role {role} ends on {day}: extend it, or let it end", role=Reason(held.title if held else
                         one.role), day=one.valid_to),
            due_at=start_of(one.valid_to), step=NextStep(_("Open the account"), "accounts:user", (str(one.user.uid),)),
        )  # fmt: skip


def _role_days() -> int:
    return int(parameter_or("accounts.role_warning_days", ROLE_DAYS))


def ask_about_failures(by: Actor) -> None:
    """One duty while anything waits on the page of failures."""
    letters, jobs = failures.dead_letters().count(), failures.failed_jobs().count()
    dead = Message.objects.filter(state=Message.State.DEAD).count()
    if not letters + jobs + dead:
        close_item(kind=FAILED, subject=PLATFORM, by=by, result=GONE)
        return
    _open(
        FAILED, "system_administrator", by, step=NextStep(_("See what failed"), "desk:failures"),
        title=Reason("Something failed: mend the cause and try again"),
        why=Reason("{letters} listeners, {jobs} jobs, {dead} messages", letters=letters, jobs=jobs, dead=dead),
    )  # fmt: skip


def ask_for_the_week(day: dt.date, by: Actor) -> None:
    """Every week, the log of the week before is read through. Once, also when it was closed."""
    monday = day - dt.timedelta(days=day.weekday())
    begin = monday - dt.timedelta(days=7)
    if not WorkItem.objects.filter(kind=LOOKS, key=str(begin)).exists():
        _open(
            LOOKS, "audit_administrator", by, key=str(begin), step=NextStep(_("Open the log"), "accounts:log_ins"),
            title=Reason("Read the log of the week from {first} to {last}", first=begin,
                         last=monday - dt.timedelta(days=1)),
            why=Reason("Logs are read every week and kept six months at least (Cybersecurity Law, article 21)."),
        )  # fmt: skip


def ask_about_seals(day: dt.date, by: Actor) -> None:
    """A day that is over by a whole day and has no root yet: the sealer stands still."""
    old = Chain.objects.filter(day__lt=day - dt.timedelta(days=1)).exclude(day__in=DayRoot.objects.values("day"))
    unsealed = sorted(set(old.values_list("day", flat=True)))
    waiting = Change.objects.filter(number__isnull=True, recorded_at__lt=start_of(day - dt.timedelta(days=1))).count()
    if not unsealed and not waiting:
        close_item(kind=UNSEALED, subject=PLATFORM, by=by, result=GONE)
        return
    _open(
        UNSEALED, "audit_administrator", by,
        title=Reason("Changes are not sealed: have the system administrator start the runner"),
        why=Reason("{days} days without a root, {count} changes without a seal", days=len(unsealed), count=waiting),
    )  # fmt: skip


def ask_about_books(day: dt.date, by: Actor) -> None:
    """Books that do not hold; and once a month the proof goes on file."""
    proof = latest_proof()
    step = NextStep(_("Open the proof"), "ledger:proof")
    if proof is not None and proof.count:
        title = Reason("The books do not hold: find out what was altered, and by whom")
        _open(FAULTS, "auditor", by, title=title, why=Reason("{count} faults", count=proof.count), step=step)
    elif proof is not None:
        close_item(kind=FAULTS, subject=PLATFORM, by=by, result=GONE)
    month = (day.replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
    if not WorkItem.objects.filter(kind=MONTH, key=month).exists():
        title = Reason("Put the proof of the books for {month} on file", month=month)
        _open(MONTH, "auditor", by, key=month, title=title, step=step)


def _open(
    kind: str,
    role: str,
    by: Actor,
    *,
    title: Reason,
    subject: Subject = PLATFORM,
    place_key: int | None = None,
    key: str = "",
    why: Reason | None = None,
    due_at: dt.datetime | None = None,
    step: NextStep | None = None,
) -> None:
    """Nobody stands above these roles: the ladder has no rungs."""
    open_item(
        kind=kind, subject=subject, title=title, why=why, role=role, key=key, ladder_key="watch", due_at=due_at,
        next_step=step, by=by, place_key=city().key if place_key is None else place_key,
    )  # fmt: skip


def platform_labels(uids: Sequence[UUID], user: Actor) -> Mapping[UUID, tuple[str, str, str]]:
    """The machine itself."""
    return {uid: (gettext("The platform"), "", "") for uid in uids}


def assignment_labels(uids: Sequence[UUID], user: Actor) -> Mapping[UUID, tuple[str, str, str]]:
    """Whose role ends, and where. One query."""
    places = tree()
    found: Iterable[Assignment] = (
        Assignment.objects.visible_to(user, Accounts.ASSIGN_ROLES).filter(uid__in=uids).select_related("user")
    )
    return {
        one.uid: (one.user.label, places.name(one.place_id), reverse("accounts:user", args=[one.user.uid]))
        for one in found
    }


def user_labels(uids: Sequence[UUID], user: Actor) -> Mapping[UUID, tuple[str, str, str]]:
    """The user's own account; nobody else's."""
    mine = UUID(str(user.uid))
    return {mine: (user.label, "", reverse("accounts:own"))} if mine in uids else {}


RESOLVERS = {"platform": platform_labels, "assignment": assignment_labels, "user": user_labels}
