"""What a stay means for who may see the person's file. Private; the verbs are elsewhere."""

import datetime as dt
from uuid import UUID

from yinling.accounts.models import User
from yinling.institutions.models import Institution, Stay
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.people.models import Grant, Person
from yinling.people.services import close_grant, open_grant

STAY_TERM = dt.timedelta(days=3650)  # a grant of a stay ends with the stay; this is only its farthest end
APPLICATION_TERM = dt.timedelta(days=180)
MANAGERS = ("manager",)


def managers_of(institution: Institution) -> list[User]:
    """Users who manage the home today."""
    return list(
        User.objects.filter(
            posts__institution=institution, posts__post__in=MANAGERS, posts__left_on__isnull=True, is_active=True
        ).distinct()
    )


def show_to_managers(person: Person, institution: Institution, ground: str, origin: UUID, by: Actor) -> None:
    """Open the person's file to the home's managers: ground `stay` or `admission`."""
    until = now() + (STAY_TERM if ground == "stay" else APPLICATION_TERM)
    for user in managers_of(institution):
        open_grant(person=person, grantee_uid=user.uid, ground=ground, until=until, by=by, origin_uid=origin)


def hide_from_managers(person: Person, ground: str, origin: UUID, by: Actor) -> None:
    """Close every live grant that this stay or application opened."""
    live = Grant.objects.filter(person=person, ground=ground, origin_uid=origin, ended_at__isnull=True)
    for grantee in live.values_list("grantee_uid", flat=True):
        close_grant(person=person, grantee_uid=grantee, ground=ground, by=by, origin_uid=origin)


def show_residents_to(user: User, institution: Institution, by: Actor) -> None:
    """A new manager sees those who live in the home."""
    for stay in Stay.objects.present().filter(institution=institution).select_related("person"):
        open_grant(
            person=stay.person, grantee_uid=user.uid, ground="stay", until=now() + STAY_TERM, by=by, origin_uid=stay.uid
        )


def hide_residents_from(user: User, institution: Institution, by: Actor) -> None:
    """A manager who leaves no longer sees the residents."""
    stays = list(Stay.objects.filter(institution=institution).values_list("uid", flat=True))
    live = Grant.objects.filter(grantee_uid=user.uid, ground="stay", origin_uid__in=stays, ended_at__isnull=True)
    for grant in live.select_related("person"):
        close_grant(person=grant.person, grantee_uid=user.uid, ground="stay", by=by, origin_uid=grant.origin_uid)
