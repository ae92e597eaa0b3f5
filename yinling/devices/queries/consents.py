"""On whose consent a purpose runs: given by the elder, or by a guardian whose proof is on file and still holds."""

import datetime as dt
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from yinling.devices.models import Device, Metric
from yinling.institutions.models import BedUse
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.models import Change
from yinling.people.events import ProtectedLooked
from yinling.people.models import Consent, Grant, Person
from yinling.people.queries import file_ids, file_uids, person_for_panel

PURPOSES = ("position", "vital_signs", "baseline", "silence_watch")  # code list consent_purpose
POSITION, VITAL_SIGNS = "position", "vital_signs"
POSITION_GROUND = "position"  # the ground of a grant to named kin
OPENABLE = (POSITION, VITAL_SIGNS)  # by whoever answers an open alert, each with a line
LOOKED = ProtectedLooked.kind
STAYS_OPEN = dt.timedelta(minutes=15)
MOST_LINES = 50
Answers = Callable[[Person, Actor], bool]
_answers: list[Answers] = []


def in_force(today: dt.date | None = None) -> QuerySet[Consent]:
    """Consents to be watched that hold today, of persons who live. The last day of a term counts."""
    day = today or civil_date()
    proven = Q(guardian__superseded_at__isnull=True, guardian__valid_from__lte=day) & ~Q(guardian__proof="")
    still = Q(guardian__valid_to__isnull=True) | Q(guardian__valid_to__gt=day)
    return (
        Consent.objects.filter(purpose__in=PURPOSES, withdrawn_at__isnull=True, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .filter(Q(guardian__isnull=True) & ~Q(method="guardian") | (proven & still))
        .exclude(person__life_status=Person.DEAD)
    )


def consenting(also: Iterable[str] = ()) -> dict[str, frozenset[int]]:
    """Persons (primary keys of the files they were merged into) by purpose. One statement."""
    found: dict[str, set[int]] = {purpose: set() for purpose in {*PURPOSES, *filter(None, also)}}
    rows = in_force().values_list("purpose", "person_id", "person__canonical_id")
    for purpose, person, canonical in rows:
        found[purpose].add(canonical or person)
    return {purpose: frozenset(persons) for purpose, persons in found.items()}


def agreed_to(persons: Iterable[Person]) -> set[str]:
    """Purposes that every one of these persons has agreed to; nothing when there is nobody. A statement per person."""
    agreed = [
        set(in_force().filter(person_id__in=file_ids(person)).values_list("purpose", flat=True)) for person in persons
    ]
    return set.intersection(*agreed) if agreed else set()


def watched_by(device: Device) -> list[Person]:
    """Whom a device tells about: who wears it or lives there, else who lies in its bed or room today."""
    if device.person is not None:
        return [device.person]
    uses = BedUse.objects.open().filter(kind=BedUse.OCCUPIED).select_related("stay__person")
    if device.bed_id is not None:
        uses = uses.filter(bed_id=device.bed_id)
    elif device.room_id is not None:
        uses = uses.filter(bed__room_id=device.room_id)
    else:
        return []
    return [use.stay.person for use in uses if use.stay]


def allowed_metrics(device: Device) -> list[Metric]:
    """Metrics of a device that may be stored with its name, shown and evaluated now, by number."""
    agreed = agreed_to(watched_by(device))
    metrics = Metric.objects.filter(key__in=list(device.profile.data["metrics"])).order_by("number")
    return [metric for metric in metrics if not metric.purpose or metric.purpose in agreed]


def offer_answers(answers: Answers) -> None:
    """Have a module above say who answers an open alert about a person (`config/wiring.py`)."""
    _answers[:] = [answers]


def answers_alert(person: Person, by: Actor) -> bool:
    """Whether `by` answers an open alert about a person; while no module above says who does, nobody."""
    return any(answers(person, by) for answers in _answers)


def person_to_open(uid: UUID, by: Actor) -> Person:
    """A person whom `by` sees, or about whom `by` answers an open alert. Raises NotFound."""
    person = Person.objects.filter(uid=uid).select_related("household").first()
    if person is not None and answers_alert(person, by):
        return person
    return person_for_panel(uid, by)


def has_opened(person: Person, by: Actor, purpose: str = VITAL_SIGNS) -> bool:
    """Whether `by` has opened this of a person a moment ago, as the lines in the receipt say."""
    since = now() - STAYS_OPEN
    lines = Change.objects.filter(type=LOOKED, subject_uid__in=file_uids(person), actor_uid=by.uid)
    newest = lines.filter(recorded_at__gte=since).order_by("-id")[:MOST_LINES]
    return any(purpose in line.data.get("items", ()) for line in newest)


def may_see_position(person: Person, by: Actor) -> bool:
    """Whether `by` may see where a person is: named kin under the consent that names them, or whoever answers an open
    alert about the person. Without a consent in force nobody may."""
    consents = in_force().filter(person_id__in=file_ids(person), purpose=POSITION)
    held = list(consents.values_list("uid", flat=True))
    if not held:
        return False
    named = Grant.objects.filter(
        person_id__in=file_ids(person), grantee_uid=by.uid, ground=POSITION_GROUND, origin_uid__in=held,
        ended_at__isnull=True, until__gt=now(),
    )  # fmt: skip
    return named.exists() or answers_alert(person, by)
