"""What the books and their accounts are called, whose they are, and on whose page they stand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from yinling.institutions import waiting
from yinling.institutions.models import Institution, Staff, Stay
from yinling.kernel.actors import Actor
from yinling.ledger.names import Owner, OwnerKey
from yinling.places.queries import tree
from yinling.volunteers.duties import member_labels
from yinling.volunteers.models import Member
from yinling.volunteers.queries.members import branches_of, members_of
from yinling.volunteers.services.accounts import county_uid

TITLES = {
    "residents": _("Residents' money"),
    "prepayment": _("Prepayment"),
    "deposit": _("Deposit"),
    "fee_income": _("Income from fees"),
    "cash_desk": _("Cash desk"),
    "time_bank": _("Time bank"),
    "saved": _("Hours saved"),
    "held": _("Hours set aside"),
    "pool": _("Pool of the branch"),
    "pool_held": _("Pool, set aside"),
    "grant_pot": _("Grant pot of the county"),
    "given": _("Service given"),
    "received": _("Service received"),
    "allotted": _("Put in by the government"),
    "corrections": _("Corrections"),
    "expired": _("Expired hours"),
    "between": _("Between branches"),
}
MANAGER = "manager"


def _managed_by(user: Actor) -> "QuerySet[Any, Any]":
    posts = Staff.objects.filter(user__uid=user.uid, post=MANAGER, left_on__isnull=True)
    return posts.values("institution_id")


def homes_of(user: Actor) -> "QuerySet[Any, Any]":
    """The homes a user manages."""
    return Institution.objects.filter(pk__in=_managed_by(user)).values("uid")


def stays_of(user: Actor) -> "QuerySet[Any, Any]":
    """Stays in the homes a user manages, past ones too: their accounts are settled after leaving."""
    return Stay.objects.filter(institution__in=_managed_by(user)).values("uid")


def home_labels(uids: Sequence[UUID], user: Actor) -> Mapping[UUID, tuple[str, str, str]]:
    """Homes by name. One query."""
    places = tree()
    return {
        home.uid: (home.name, places.name(home.place_key), reverse("institutions:institution", args=[home.uid]))
        for home in Institution.objects.visible_to(user).filter(uid__in=uids)
    }


def of_person(uid: UUID, user: Actor) -> Iterable[OwnerKey]:
    """A person's accounts are those of the stays, and the hours saved."""
    stays = Stay.objects.visible_to(user).filter(person__uid=uid).order_by("-id").values_list("uid", flat=True)
    members = members_of(user).filter(person__uid=uid).values_list("uid", flat=True)
    return [*(("stay", stay) for stay in stays), *(("time_member", one) for one in members)]


def of_institution(uid: UUID, user: Actor) -> Iterable[OwnerKey]:
    """A home's own accounts: what it earned, and its cash desk."""
    return [("institution", uid)]


def time_members_of(user: Actor) -> "QuerySet[Any, Any]":
    """A user's own hours."""
    return Member.objects.filter(user__uid=user.uid).values("uid")


def branch_labels(uids: Sequence[UUID], user: Actor) -> Mapping[UUID, tuple[str, str, str]]:
    """Branches by name. One query."""
    places = tree()
    return {
        one.uid: (one.name, places.name(one.place_key), reverse("volunteers:branch", args=[one.uid]))
        for one in branches_of(user).filter(uid__in=uids)
    }


def county_labels(uids: Sequence[UUID], user: Actor) -> Mapping[UUID, tuple[str, str, str]]:
    """Counties by name: their grant pots and clearing accounts."""
    found = {
        county_uid(one.key): (one.name, one.name, "") for one in tree().divisions.values() if one.level == "county"
    }
    return {uid: found[uid] for uid in uids if uid in found}


OWNERS = (
    Owner("stay", _("Resident of a home"), waiting.stays, stays_of),
    Owner("institution", _("Home"), home_labels, homes_of),
    Owner("time_member", _("Member of the time bank"), member_labels, time_members_of),
    Owner("time_branch", _("Branch of the time bank"), branch_labels),
    Owner("time_county", _("County"), county_labels),
)
PAGES = {"person": of_person, "institution": of_institution}
