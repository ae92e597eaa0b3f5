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

TITLES = {
    "residents": _("Residents' money"),
    "prepayment": _("Prepayment"),
    "deposit": _("Deposit"),
    "fee_income": _("Income from fees"),
    "cash_desk": _("Cash desk"),
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
    """A person's accounts are those of the stays."""
    stays = Stay.objects.visible_to(user).filter(person__uid=uid).order_by("-id")
    return [("stay", stay) for stay in stays.values_list("uid", flat=True)]


def of_institution(uid: UUID, user: Actor) -> Iterable[OwnerKey]:
    """A home's own accounts: what it earned, and its cash desk."""
    return [("institution", uid)]


OWNERS = (
    Owner("stay", _("Resident of a home"), waiting.stays, stays_of),
    Owner("institution", _("Home"), home_labels, homes_of),
)
PAGES = {"person": of_person, "institution": of_institution}
