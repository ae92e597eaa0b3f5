"""Nightly: terms that run out in homes. People decide; only an offer that nobody answered lapses by itself.

Filing: within some working days of the first resident a home is filed (民政部令66号 art. 9). A bed kept for somebody in
hospital: after some days the home decides with the family; the bed is never freed by itself. An offer: the bed that
was kept is free again after the days to answer it, and somebody is told.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext_noop as _

from yinling.accounts.models import User
from yinling.institutions import parameters, rules
from yinling.institutions.models import BedUse, Institution, Leave, Stay
from yinling.institutions.models.sites import HOMES
from yinling.institutions.services.admission import OFFER_DUTY, release_reservation
from yinling.institutions.services.leaves import HOLD_DUTY
from yinling.institutions.services.presence import managers_of
from yinling.institutions.services.sites import FILING_DUTY
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.reasons import Reason
from yinling.reference.queries import add_working_days
from yinling.worklist.models import NextStep, Subject, WorkItem
from yinling.worklist.services import open_item

ONE_DAY = dt.timedelta(days=1)


def ask_for_filings(*, by: Actor, on: dt.date | None = None) -> int:
    """A home with a resident and without a filing number: a duty until it has one. Again opens none."""
    days = parameters.filing_days(on)
    if days is None:
        return 0
    waiting = WorkItem.objects.open().filter(kind=FILING_DUTY).values("subject_uid")
    unfiled = Institution.objects.filter(kind__in=HOMES, filing_number__isnull=True, closed_on__isnull=True)
    homes = unfiled.exclude(uid__in=waiting).filter(stays__voided_at__isnull=True, stays__isnull=False)
    opened = 0
    came = dict(homes.values_list("pk").annotate(Min("stays__admitted_at")))
    for home in Institution.objects.filter(pk__in=came).order_by("id"):
        first = civil_date(came[home.pk])
        last = add_working_days(first, days)
        _open(
            FILING_DUTY, Subject("institution", home.uid), home, by, due_at=start_of(last + ONE_DAY),
            title=Reason("File the home: the first resident came on {day}", day=first),
            why=Reason("A home is filed within {days} working days of its first resident.", days=days),
            next_step=NextStep(_("Enter the filing number"), "institutions:change", (str(home.uid),)),
        )  # fmt: skip
        opened += 1
    return opened


def ask_about_held_beds(*, by: Actor, on: dt.date | None = None) -> int:
    """A resident is in hospital for long: the home decides whether the bed stays theirs. Asked once per leave."""
    day, days = on or civil_date(), parameters.hold_days(on)
    if days is None:
        return 0
    out = Leave.objects.filter(kind=Leave.HOSPITAL, back_at__isnull=True, stay__voided_at__isnull=True)
    long = out.filter(out_at__lt=start_of(day - dt.timedelta(days=days) + ONE_DAY)).select_related("stay__institution")
    opened = 0
    for leave in long.order_by("id"):
        if WorkItem.objects.filter(kind=HOLD_DUTY, subject_uid=leave.stay.uid, key=str(leave.uid)).exists():
            continue
        _open(
            HOLD_DUTY, Subject("stay", leave.stay.uid), leave.stay.institution, by, key=str(leave.uid),
            title=Reason("In hospital for {days} days: is the bed kept?", days=(day - civil_date(leave.out_at)).days),
            why=Reason("A bed is kept for {days} days of a hospital stay. Nothing is freed by itself.", days=days),
            next_step=NextStep(_("Decide"), "institutions:stay", (str(leave.stay.uid),)),
        )  # fmt: skip
        opened += 1
    return opened


def let_offers_lapse(*, by: Actor, on: dt.date | None = None) -> int:
    """Free the beds whose offer nobody has answered in time; the application stays on the waiting list."""
    day, days = on or civil_date(), parameters.offer_days(on)
    if days is None:
        return 0
    begun = start_of(day - dt.timedelta(days=days))
    return sum(_lapse(pk, days, by) for pk in list(_unanswered(begun).values_list("pk", flat=True)))


def _unanswered(begun: dt.datetime) -> QuerySet[BedUse]:
    return BedUse.objects.open().filter(kind=BedUse.RESERVED, valid_from__lt=begun).order_by("id")


@transaction.atomic
def _lapse(pk: int, days: int, by: Actor) -> int:
    use = BedUse.objects.open().filter(pk=pk).select_related("application__institution", "application__person").first()
    if use is None or use.application is None:  # answered in this instant
        return 0
    found = use.application
    Institution.objects.select_for_update(no_key=True).get(pk=found.institution_id)
    if not release_reservation(found, by):
        return 0
    _open(
        OFFER_DUTY, Subject("application", found.uid), found.institution, by, key=str(use.pk),
        title=Reason("An offer of a bed has lapsed: ask the family, or offer it to the next"),
        why=Reason("Offered on {day}; {days} days to answer.", day=civil_date(use.valid_from), days=days),
        next_step=NextStep(_("Open the application"), "institutions:application", (str(found.uid),)),
    )  # fmt: skip
    return 1


def _open(
    kind: str, subject: Subject, home: Institution, by: Actor, *, title: Reason, why: Reason, next_step: NextStep,
    key: str = "", due_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    manager = _manager(home)
    open_item(
        kind=kind, subject=subject, key=key, by=by, place_key=home.place_key, due_at=due_at, title=title, why=why,
        role="" if manager else "township_clerk", user=manager, next_step=next_step,
    )  # fmt: skip


def _manager(home: Institution) -> User | None:
    return next(iter(managers_of(home)), None)


def papers_kept_until(stay: Stay) -> dt.date | None:
    """Until when the papers of a stay that has ended are kept (民政部令66号 art. 32); None while it goes on."""
    years = parameters.archive_years()
    if stay.left_at is None or years is None:
        return None
    return rules.years_later(civil_date(stay.left_at), years)
