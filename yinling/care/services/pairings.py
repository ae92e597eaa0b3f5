"""Who visits whom: pairing, ending, standing in. Open visits follow, and the visitor's user sees the person meanwhile.

The grant has the ground "pairing" and names the pairing; it is opened when the pairing begins, renewed every night and
closed with it.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.care.events import Paired, PairingEnded, Substituted
from yinling.care.models import Pairing, Visit, Visitor
from yinling.care.permissions import Care
from yinling.care.queries.pairings import loads, person_to_pair, standing_pairing, visits_a_month, wish_of
from yinling.care.rules import pairings as rules
from yinling.care.services.asking import is_here, visitor_of
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.errors import NotFound, Refused
from yinling.people.models import Grant, Person
from yinling.people.services import close_grant, open_grant
from yinling.places.queries import tree

GROUND = "pairing"
LONGEST = dt.timedelta(days=366)
DAY = dt.timedelta(days=1)
MOVED, REPLACED = _("The person lives in another county now."), _("Somebody else visits from now on.")


@transaction.atomic
def pair(*, person_uid: object, visitor_uid: object, by: Actor, ground: str = Pairing.Ground.CHOSEN) -> Pairing:
    """Have somebody visit a person from today on. Whoever did before stops. Raises Refused, NotAllowed, NotFound."""
    person = person_to_pair(person_uid, by)
    require(by, Care.PAIR, person.place_key)
    visitor = Visitor.objects.visible_to(by).select_related("user").select_for_update(of=("self",)).one(uid=visitor_uid)
    return pair_them(person, visitor, ground=ground, by=by)


def pair_them(person: Person, visitor: Visitor, *, ground: str, by: Actor) -> Pairing:
    """Pair two whom the caller has found and may pair. In a transaction. Raises Refused."""
    on = civil_date()
    before = standing_pairing(person, on)
    if no := rules.why_not_pair(_facts(person, visitor, before, on)):
        raise Refused(no, field="visitor")
    if before is not None:
        end_one(before, reason=REPLACED, on=on, by=by)
    made = Pairing.objects.create(person=person, visitor=visitor, ground=ground, valid_from=on, paired_by=by.uid)
    _let_in(made, by)
    _hand_visits_over(person, on, None)
    event = Paired(person.uid, str(visitor.uid), str(made.uid), ground)
    record(event, by=by, place_key=person.place_key)
    return made


@transaction.atomic
def end_pairing(*, uid: object, reason: str, by: Actor) -> Pairing:
    """A pairing ends today."""
    found = Pairing.objects.visible_to(by).select_related("person", "visitor__user").one(uid=uid)
    require(by, Care.PAIR, found.person.place_key)
    if not reason.strip():
        raise Refused("Say why it ends, in a few words.", field="reason")
    if found.valid_to is not None and found.valid_to <= civil_date():
        raise Refused("This pairing ended on {day}.", day=found.valid_to)
    return end_one(found, reason=reason.strip()[:200], on=max(civil_date(), found.valid_from), by=by)


def end_one(found: Pairing, *, reason: str, on: dt.date, by: Actor) -> Pairing:
    """End a pairing that the caller has found. In a transaction."""
    found.valid_to, found.end_reason = on, reason
    found.save(update_fields=["valid_to", "end_reason"])
    if on <= civil_date():
        _let_out(found, by)
    _hand_visits_over(found.person, on, None)
    event = PairingEnded(found.person.uid, str(found.visitor.uid), str(found.uid))
    record(event, by=by, place_key=found.person.place_key, reason=reason)
    return found


@transaction.atomic
def end_pairings_of(*, person_uid: UUID, reason: str, on: dt.date, by: Actor) -> int:
    """Whoever visits a person stops. Twice is harmless. Returns how many pairings ended."""
    standing = Pairing.objects.filter(person__uid=person_uid).standing(civil_date())
    rows = list(standing.select_related("person", "visitor__user"))
    for one in rows:
        end_one(one, reason=reason, on=max(on, one.valid_from), by=by)
    return len(rows)


def end_where_moved_away(*, person_uid: UUID, by: Actor) -> int:
    """A person who lives in another county than their visitor now is not visited by her any more."""
    person = Person.objects.filter(uid=person_uid).first()
    before = standing_pairing(person, civil_date()) if person else None
    if person is None or before is None:
        return 0
    here, there = (tree().above(key, "county") for key in (person.place_key, before.visitor.place_key))
    if here == there:
        return 0
    return end_pairings_of(person_uid=person_uid, reason=MOVED, on=civil_date(), by=by)


@transaction.atomic
def substitute(
    *, visitor_uid: object, substitute_uid: object, first: dt.date, last: dt.date, by: Actor
) -> tuple[int, list[str]]:
    """Somebody stands in for a visitor from a day to a day, both included. Returns how many persons, and who cannot.

    Persons of the substitute's household, and those who do not want them, are left out and named.
    """
    absent = Visitor.objects.visible_to(by).one(uid=visitor_uid)
    stand_in = Visitor.objects.visible_to(by).select_related("user").one(uid=substitute_uid)
    require(by, Care.PAIR, absent.place_key)
    if no := rules.why_not_substitute(first, last, civil_date(), is_same=absent.pk == stand_in.pk):
        raise Refused(no, field="last")
    if stand_in.ended_on is not None and stand_in.ended_on <= last:
        raise Refused("{visitor} stops on {day}. Choose another.", visitor=stand_in.name, day=stand_in.ended_on)
    standing = Pairing.objects.filter(visitor=absent).standing(max(first, civil_date()))
    rows = standing.exclude(ground=Pairing.Ground.SUBSTITUTE).select_related("person").order_by("id")
    left_out: list[str] = []
    done = 0
    for one in rows:
        if _is_conflict(one.person, stand_in):
            left_out.append(one.person.name)
            continue
        done += _stand_in(one.person, stand_in, first, last, by)
    return done, left_out


def _stand_in(person: Person, stand_in: Visitor, first: dt.date, last: dt.date, by: Actor) -> int:
    until = last + DAY
    same = Pairing.objects.filter(person=person, visitor=stand_in, ground=Pairing.Ground.SUBSTITUTE, valid_from=first)
    if same.filter(valid_to=until).exists():
        return 1
    made = Pairing.objects.create(
        person=person, visitor=stand_in, ground=Pairing.Ground.SUBSTITUTE, valid_from=first, valid_to=until,
        paired_by=by.uid,
    )  # fmt: skip
    if first <= civil_date():
        _let_in(made, by)
    _hand_visits_over(person, max(first, civil_date()), last)
    event = Substituted(person.uid, str(stand_in.uid), str(made.uid), str(last))
    record(event, by=by, place_key=person.place_key)
    return 1


def renew_grants(*, on: dt.date, after: int, size: int, by: Actor) -> tuple[int, int | None]:
    """Let in those whose pairing has begun, out those whose pairing is over. Returns how many, and where to go on."""
    rows = list(
        Pairing.objects.standing(on).filter(pk__gt=after, visitor__user__isnull=False)
        .select_related("person", "visitor__user").order_by("pk")[:size]
    )  # fmt: skip
    with transaction.atomic():
        for one in rows:
            _let_in(one, by)
        if after == 0:
            _let_out_ended(on, by)
    return len(rows), rows[-1].pk if len(rows) == size else None


def _let_out_ended(on: dt.date, by: Actor) -> None:
    ended = Pairing.objects.filter(valid_to__range=(on - dt.timedelta(days=40), on), visitor__user__isnull=False)
    live = set(Grant.objects.filter(ground=GROUND, ended_at__isnull=True).values_list("origin_uid", flat=True))
    for one in ended.select_related("person", "visitor__user"):
        if one.uid in live:
            _let_out(one, by)


def _facts(person: Person, visitor: Visitor, before: Pairing | None, on: dt.date) -> rules.Pair:
    needed = max(1, visits_a_month([person.pk], on)[person.pk])
    __, made = loads([visitor.pk], on).get(visitor.pk, (0, 0))
    wish = wish_of(person)
    return rules.Pair(
        visitor=visitor.name, is_here=is_here(person),
        is_active=visitor.begins_on <= on and (visitor.ended_on is None or visitor.ended_on > on),
        is_own_household=_is_own_household(person, visitor),
        is_unwanted=wish is not None and wish.not_visitor_id == visitor.pk,
        is_paired=before is not None and before.visitor_id == visitor.pk, visits=needed,
        free=visitor.monthly_load - made,
    )  # fmt: skip


def _is_own_household(person: Person, visitor: Visitor) -> bool:
    own = visitor.household_id is not None and visitor.household_id == person.household_id
    return own or visitor.person_id == person.pk


def _is_conflict(person: Person, visitor: Visitor) -> bool:
    wish = wish_of(person)
    return _is_own_household(person, visitor) or (wish is not None and wish.not_visitor_id == visitor.pk)


def _hand_visits_over(person: Person, first: dt.date, last: dt.date | None) -> None:
    """Open visits from a day on go to whoever visits on their day."""
    due = Visit.objects.open().filter(person=person, due_on__gte=first)
    for one in due if last is None else due.filter(due_on__lte=last):
        to = visitor_of(person, max(one.opens_on, first))
        if one.visitor_id != (to.pk if to else None):
            Visit.objects.filter(pk=one.pk).update(visitor=to)


def _let_in(found: Pairing, by: Actor) -> None:
    user = found.visitor.user
    if user is None:
        return
    until = start_of(civil_date() + LONGEST if found.valid_to is None else found.valid_to)
    if until > now():
        open_grant(
            person=found.person, grantee_uid=user.uid, ground=GROUND, until=until, by=by, origin_uid=found.uid
        )  # fmt: skip


def _let_out(found: Pairing, by: Actor) -> None:
    user = found.visitor.user
    if user is None:
        return
    try:
        close_grant(person=found.person, grantee_uid=user.uid, ground=GROUND, by=by, origin_uid=found.uid)
    except NotFound:  # closed by a death in this instant, or never opened
        return
