"""On whose consent a purpose runs: given by the elder, or by a guardian whose proof is on file and still holds."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet

from yinling.devices.models import Device, Metric
from yinling.institutions.models import BedUse
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.people.models import Consent, Grant, Person
from yinling.people.queries import file_ids

PURPOSES = ("position", "vital_signs", "baseline", "silence_watch")  # code list consent_purpose
POSITION = "position"
POSITION_GROUND = "position"  # the ground of a grant to named kin
Answers = Callable[[Person, Actor], bool]


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


def nobody_answers(person: Person, by: Actor) -> bool:
    """The answer while no module above says who answers an open alert."""
    return False


def may_see_position(person: Person, by: Actor, *, answers: Answers = nobody_answers) -> bool:
    """Whether `by` may see where a person is: named kin under the consent that names them, or whoever answers an open
    alert about the person (`answers` says who does). Without a consent in force nobody may."""
    consents = in_force().filter(person_id__in=file_ids(person), purpose=POSITION)
    held = list(consents.values_list("uid", flat=True))
    if not held:
        return False
    named = Grant.objects.filter(
        person_id__in=file_ids(person), grantee_uid=by.uid, ground=POSITION_GROUND, origin_uid__in=held,
        ended_at__isnull=True, until__gt=now(),
    )  # fmt: skip
    return named.exists() or answers(person, by)
