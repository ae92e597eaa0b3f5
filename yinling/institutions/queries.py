"""Reads: institutions, beds, stays, the waiting list, occupancy at any level for any past day."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Max, Prefetch, Q, QuerySet

from yinling.accounts.models import User
from yinling.institutions import ratios, rules
from yinling.institutions.finding import (
    Filters,
    first_ends,
    institution_page,
    institutions_for,
    licence_limit,
    licence_state,
)
from yinling.institutions.models import (
    Application,
    Bed,
    BedState,
    BedUse,
    Certificate,
    Institution,
    Leave,
    Licence,
    Staff,
    Stay,
)  # fmt: skip
from yinling.institutions.occupancy import Beds, by_institution, over_time
from yinling.institutions.ratios import norms
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.scope import within
from yinling.ledger.models import Account
from yinling.ledger.queries import balances
from yinling.people.models import Person
from yinling.people.queries import file_ids
from yinling.places.queries import ancestors, key_ranges, tree

__all__ = ["Filters", "first_ends", "institution_page", "institutions_for", "licence_limit", "licence_state", "norms"]
MARGIN = dt.timedelta(minutes=5)  # figures are asked as known a little past: no transaction lasts longer
OPEN_USE = Prefetch(
    "uses", BedUse.objects.open().select_related("stay__person", "application__person"), to_attr="open_uses"
)
PRESENT_STATE = Prefetch("states", BedState.objects.current().filter(valid_to__isnull=True), to_attr="present_states")


def institution(uid: object, by: Actor) -> Institution:
    """One institution the actor sees. Raises NotFound."""
    return Institution.objects.visible_to(by).select_related("organisation", "operator").one(uid=uid)


def beds_of(
    homes: list[Institution], day: dt.date | None = None, known_at: dt.datetime | None = None
) -> dict[int, Beds]:
    """Beds of these institutions at the end of a day (default: as it stands now), by primary key. Two statements."""
    only = Q(bed__institution__in=[home.pk for home in homes])
    return by_institution(day or civil_date(), known_at or now(), institutions=only)


@dataclass(frozen=True)
class Occupancy:
    """Beds under a division: the sum, that of public homes, per division directly below, per kind, and home by home
    (uid, name, beds)."""

    total: Beds
    public: Beds
    below: dict[int, Beds]
    kinds: dict[str, Beds]
    homes: list[tuple[UUID, str, Beds]]


def occupancy_table(
    by: Actor, *, division: int, day: dt.date, known_at: dt.datetime | None = None, filters: Filters | None = None
) -> Occupancy:
    """Beds of the homes the actor sees under a division at the end of a day. Three statements."""
    found = _homes_under(by, division, filters)
    homes = found.only("place_key", "kind", "operator_model", "uid", "name").in_bulk()
    beds = by_institution(day, known_at or _known(day), institutions=Q(bed__institution__in=found.values("pk")))
    lines, total, public = ancestors(), Beds(), Beds()
    below: dict[int, Beds] = defaultdict(Beds)
    kinds: dict[str, Beds] = defaultdict(Beds)
    for pk, one in beds.items():
        total += one
        public += one if homes[pk].is_public else Beds()
        below[_just_below(lines.get(homes[pk].place_key, ()), division)] += one
        kinds[homes[pk].kind] += one
    in_order = sorted(beds, key=lambda pk: (homes[pk].place_key, pk))
    by_home = [(homes[pk].uid, homes[pk].name, beds[pk]) for pk in in_order]
    return Occupancy(total, public, dict(below), dict(kinds), by_home)


def _homes_under(by: Actor, division: int, filters: Filters | None) -> QuerySet[Institution]:
    """Also those closed since: the past had them."""
    return institutions_for(by, replace(filters or Filters(), place_key=division, with_closed=True))


def occupancy(
    by: Actor, *, division: int, day: dt.date, known_at: dt.datetime | None = None
) -> tuple[Beds, dict[int, Beds]]:
    """(the sum, per division directly below) of the homes the actor sees under a division. Three statements."""
    found = occupancy_table(by, division=division, day=day, known_at=known_at)
    return found.total, found.below


def occupancy_over_time(by: Actor, division: int, days: list[dt.date], filters: Filters | None = None) -> list[Beds]:
    """Beds under a division at the end of each day, as known today. Three statements."""
    return over_time(_homes_under(by, division, filters), days)


def _known(day: dt.date) -> dt.datetime:
    """Today is shown as it stands; a past day's figure must be the same when it is asked again."""
    return now() if day >= civil_date() else now() - MARGIN


def _just_below(line: tuple[int, ...], division: int) -> int:
    """The division of the line that lies directly under `division`; itself when nothing does."""
    if division not in line:
        return line[-1] if line else division
    at = line.index(division)
    return line[at - 1] if at else division


def home_over_time(home: Institution, days: list[dt.date]) -> list[Beds]:
    """Beds of one home at the end of each day, as known today. Three statements."""
    return over_time([home], days)


def staffing_of(
    homes: list[Institution], day: dt.date | None = None, known_at: dt.datetime | None = None
) -> dict[int, rules.Staffing]:
    """Carers against residents' levels, by primary key, where anybody lives or cares. Two statements."""
    return ratios.by_institution(day or civil_date(), known_at or now(), [home.pk for home in homes])


def remaining(home: Institution) -> rules.Remaining:
    """What stands in the way of closing a home. Six statements at most."""
    stays = Stay.objects.filter(institution=home)
    past = stays.filter(Q(left_at__isnull=False) | Q(voided_at__isnull=False)).values("uid")
    accounts = list(Account.objects.filter(owner_kind="stay", owner_uid__in=past, pot__isnull=True))
    held = balances(accounts)
    return rules.Remaining(
        residents=stays.present().count(),
        applications=Application.objects.filter(institution=home, state__in=["submitted", "waiting"]).count(),
        unsettled=len({one.owner_uid for one in accounts if held[one.pk]}),
    )


def last_leaving(home: Institution) -> dt.date | None:
    """The day on which the last resident left."""
    last = Stay.objects.counting().filter(institution=home).aggregate(last=Max("left_at"))["last"]
    return civil_date(last) if last else None


def bed_plan(home: Institution) -> list[Bed]:
    """Every bed of a home with its room, state and present holder, in order of buildings, floors and rooms."""
    beds = Bed.objects.filter(institution=home).select_related("room__floor__building")
    return list(
        beds.prefetch_related(OPEN_USE, PRESENT_STATE).order_by(
            "room__floor__building__name", "room__floor__number", "room__number", "label", "id"
        )
    )


def bed(uid: object, by: Actor) -> Bed:
    """One bed with its holder and history. Raises NotFound."""
    beds = Bed.objects.visible_to(by).select_related("institution", "room__floor__building")
    return beds.prefetch_related(OPEN_USE, PRESENT_STATE).one(uid=uid)


def uses_of(found: Bed, limit: int = 30) -> list[BedUse]:
    """Who held a bed, newest first, as known today."""
    uses = BedUse.objects.current().filter(bed=found).select_related("stay__person", "application__person")
    return list(uses.order_by("-valid_from", "-id")[:limit])


def residents(home: Institution) -> QuerySet[Stay]:
    """Stays of today, with persons and beds."""
    uses = Prefetch("uses", BedUse.objects.open().select_related("bed__room"), to_attr="open_uses")
    out = Prefetch("leaves", Leave.objects.filter(back_at__isnull=True), to_attr="open_leaves")
    return Stay.objects.present().filter(institution=home).select_related("person").prefetch_related(uses, out)


def stay(uid: object, by: Actor) -> Stay:
    """One stay. Raises NotFound."""
    return Stay.objects.visible_to(by).select_related("person", "institution", "application").one(uid=uid)


def stays_of(person: Person) -> list[Stay]:
    """All stays of a person, merged files included, newest first. The caller has seen the person."""
    stays = Stay.objects.counting().filter(person_id__in=file_ids(person)).select_related("institution")
    return list(stays.order_by("-admitted_at", "-id"))


def applications_of(person: Person) -> list[Application]:
    """Applications of a person that are still open."""
    found = Application.objects.filter(person_id__in=file_ids(person), state__in=["submitted", "waiting"])
    return list(found.select_related("institution").order_by("-id"))


def application(uid: object, by: Actor) -> Application:
    """One application. Raises NotFound."""
    return Application.objects.visible_to(by).select_related("person", "institution").one(uid=uid)


def waiting_list(by: Actor, home_uid: UUID | None = None, limit: int = 200) -> list[Application]:
    """Open applications: to be reviewed first, then the waiting list in its order."""
    scope = Application.objects.visible_to(by).select_related("person", "institution")
    if home_uid is not None:
        scope = scope.filter(institution__uid=home_uid)
    submitted = list(scope.filter(state="submitted").order_by("submitted_at", "id")[:limit])
    return submitted + list(scope.waiting()[:limit])


def licences_of(home: Institution) -> list[Licence]:
    """What the institution holds today, what ends first on top."""
    rows = Licence.objects.current().filter(institution=home)
    return sorted(rows, key=lambda licence: (licence.expires_on or dt.date.max, licence.kind))


def staff_of(home: Institution) -> list[Staff]:
    """Who works there today, with certificates."""
    papers = Prefetch("certificates", Certificate.objects.current().order_by("kind"), to_attr="present_certificates")
    return list(home.staff.filter(left_on__isnull=True).prefetch_related(papers).order_by("post", "id"))


def staff_member(uid: object, by: Actor) -> Staff:
    """One who works, or worked, in a home the actor sees, with certificates. Raises NotFound."""
    papers = Prefetch("certificates", Certificate.objects.current().order_by("kind"), to_attr="present_certificates")
    return Staff.objects.visible_to(by).select_related("institution", "user").prefetch_related(papers).one(uid=uid)


def account_named(username: str, home: Institution) -> User | None:
    """The account of somebody who is to work in a home, from its own county; None for no name. Raises Refused."""
    if not username.strip():
        return None
    county = tree().above(home.place_key, "county")
    found = User.objects.filter(username=username.strip(), is_active=True)
    user = found.filter(within(key_ranges([county.key if county else home.place_key]))).first()
    if user is None:
        raise Refused(
            "No account called {name} belongs to the county of this home. Ask the system administrator to make one.",
            field="account", name=username.strip(),
        )  # fmt: skip
    return user


def reservation_of(found: Application) -> BedUse | None:
    """The bed kept for an application, None where none is."""
    return BedUse.objects.open().filter(application=found, kind=BedUse.RESERVED).select_related("bed__room").first()


def leave(uid: object, by: Actor) -> Leave:
    """One slip. Raises NotFound."""
    return Leave.objects.visible_to(by).select_related("stay__person", "stay__institution").one(uid=uid)


def leaves_of(found: Stay, limit: int = 20) -> list[Leave]:
    """Slips of a stay, newest first."""
    return list(Leave.objects.filter(stay=found).order_by("-out_at", "-id")[:limit])


def labels(uids: list[UUID], by: Actor) -> dict[UUID, Any]:
    """Institutions by uid, for whoever shows many at once. One statement."""
    return {home.uid: home for home in Institution.objects.visible_to(by).filter(uid__in=uids)}
