"""Who sees which member: the branch's division, and everybody themselves."""

from django.db.models import Q

from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.scope import within
from yinling.people.models import Kin, Person
from yinling.volunteers import parameters
from yinling.volunteers.models import Branch, Member, Order, Request, Volunteer
from yinling.volunteers.models.branches import BranchQuerySet, MemberQuerySet
from yinling.volunteers.models.orders import OrderQuerySet, RequestQuerySet
from yinling.volunteers.models.volunteers import VolunteerQuerySet
from yinling.volunteers.permissions import Volunteers

SPOUSE = "10"
# Of whom somebody is the son, that one is a parent (GB/T 4761): what the register says of one side, for the other.
_OTHER_SIDE = {"20": "50", "30": "50", "40": "60", "50": "20", "60": "40"}


def members_of(by: Actor) -> MemberQuerySet:
    """Members an actor may see: of their divisions, and themselves."""
    ranges = tuple(by.key_ranges(Volunteers.READ))
    if ranges == WHOLE_CITY:
        return Member.objects.all()
    return Member.objects.filter(within(ranges) | Q(user__uid=by.uid))


def own_member(by: Actor) -> Member | None:
    """The member a user is."""
    found = Member.objects.filter(user__uid=by.uid).select_related("branch", "person", "user", "volunteer")
    return found.first()


def volunteers_of(by: Actor) -> VolunteerQuerySet:
    """Volunteers an actor may see."""
    return Volunteer.objects.filter(member__in=members_of(by)).select_related("member__branch")


def orders_of(by: Actor) -> OrderQuerySet:
    """Orders an actor may see: of their divisions, and those of their own."""
    ranges = tuple(by.key_ranges(Volunteers.READ))
    if ranges == WHOLE_CITY:
        return Order.objects.all()
    own = Q(volunteer__member__user__uid=by.uid) | Q(member__user__uid=by.uid)
    return Order.objects.filter(within(ranges) | own)


def requests_of(by: Actor) -> RequestQuerySet:
    """Requests an actor may see."""
    return Request.objects.filter(member__in=members_of(by))


def branches_of(by: Actor) -> BranchQuerySet:
    """Branches of the actor's divisions."""
    return Branch.objects.visible_to(by, Volunteers.READ)


def kinship(one: Member, other: Member) -> str:
    """What `other` is to `one` by the register (GB/T 4761), from either side; "" when it knows of nothing."""
    if one.person_id is None or other.person_id is None:
        return ""
    rows = Kin.objects.filter(
        Q(person=one.person, kin_person=other.person) | Q(person=other.person, kin_person=one.person),
        ended_at__isnull=True,
    ).values_list("person_id", "relation")
    for person_id, relation in rows:
        code = str(relation)
        return code if person_id == one.person_id else _OTHER_SIDE.get(code, code)
    return ""


def close_kin_of(member: Member) -> MemberQuerySet:
    """Members who are close kin of a member by the register, to whom hours are given and by whom inherited."""
    allowed = parameters.close_kin()
    back = [mine for mine, theirs in _OTHER_SIDE.items() if theirs in allowed] + [c for c in allowed if c < "20"]
    mine = Kin.objects.filter(person=member.person, ended_at__isnull=True, relation__in=allowed)
    theirs = Kin.objects.filter(kin_person=member.person, ended_at__isnull=True, relation__in=back)
    if member.person_id is None:
        return Member.objects.none()
    of_kin = Q(person__in=mine.values("kin_person")) | Q(person__in=theirs.values("person"))
    return Member.objects.present().filter(of_kin).exclude(pk=member.pk).select_related("branch", "person")


def is_on_pool_list(person: Person | None) -> bool:
    """Whether the pool serves a person first: one of the categories of the list holds today."""
    if person is None:
        return False
    held = person.categories.holding(civil_date()).filter(category__in=parameters.pool_list())
    return bool(held.exists())
