"""Lists of volunteers, requests and orders, filtered."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from yinling.kernel.actors import Actor
from yinling.kernel.names import normalise_name
from yinling.kernel.uids import uid_of
from yinling.volunteers.models import Order, Request, Volunteer
from yinling.volunteers.models.branches import BranchQuerySet, MemberQuerySet
from yinling.volunteers.models.orders import OrderQuerySet, RequestQuerySet
from yinling.volunteers.models.volunteers import VolunteerQuerySet
from yinling.volunteers.queries.members import branches_of, members_of, orders_of, requests_of, volunteers_of


@dataclass(frozen=True)
class VolunteerFilters:
    """What a list of volunteers is narrowed by."""

    state: str = ""
    skill: str = ""
    text: str = ""
    branch: UUID | None = None

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "VolunteerFilters":
        """As the address says."""
        state, skill, text = (address.get(name, "") for name in ("state", "skill", "q"))
        return cls(state, skill, text.strip(), uid_of(address.get("branch", "")))


def volunteers_for(by: Actor, filters: VolunteerFilters) -> VolunteerQuerySet:
    """Volunteers the actor may see, narrowed."""
    found = volunteers_of(by)
    if filters.state in Volunteer.State.values:
        found = found.filter(state=filters.state)
    if filters.branch:
        found = found.filter(member__branch__uid=filters.branch)
    if filters.text:
        found = found.filter(
            Q(member__name__startswith=normalise_name(filters.text)) | Q(member__number=filters.text.upper())
        )
    if filters.skill:
        found = found.filter(skills__icontains=f'"{filters.skill}"')
    return found


@dataclass(frozen=True)
class OrderFilters:
    """What a list of orders is narrowed by."""

    state: str = ""
    volunteer: UUID | None = None
    branch: UUID | None = None

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "OrderFilters":
        """As the address says."""
        return cls(address.get("state", ""), uid_of(address.get("volunteer", "")), uid_of(address.get("branch", "")))


def orders_for(by: Actor, filters: OrderFilters) -> OrderQuerySet:
    """Orders the actor may see, narrowed."""
    found = orders_of(by).select_related("volunteer__member__branch", "member", "person")
    if filters.state in Order.State.values:
        found = found.filter(state=filters.state)
    if filters.volunteer:
        found = found.filter(volunteer__uid=filters.volunteer)
    if filters.branch:
        found = found.filter(volunteer__member__branch__uid=filters.branch)
    return found


def requests_for(by: Actor, state: str = "open") -> RequestQuerySet:
    """Requests the actor may see; those on the pool's list come first."""
    found = requests_of(by).select_related("member__branch", "payer", "wished__member")
    if state in Request.State.values:
        found = found.filter(state=state)
    return found


def members_for(by: Actor, text: str = "", branch: UUID | None = None) -> MemberQuerySet:
    """Members the actor may see."""
    found = members_of(by).select_related("branch", "volunteer")
    if branch:
        found = found.filter(branch__uid=branch)
    if text.strip():
        found = found.filter(Q(name__startswith=normalise_name(text)) | Q(number=text.strip().upper()))
    return found


def branches_with_counts(by: Actor) -> BranchQuerySet:
    """Branches with how many members and active volunteers they have."""
    active = Q(members__volunteer__state=Volunteer.State.ACTIVE)
    return branches_of(by).select_related("coordinator").annotate(
        member_count=Count("members", filter=Q(members__left_on__isnull=True), distinct=True),
        volunteer_count=Count("members__volunteer", filter=active, distinct=True),
    )  # fmt: skip
