"""Consents and guardianships that run out: somebody asks again in time. The reminder itself takes nothing away."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from yinling.kernel.actors import Actor
from yinling.people import duties, parameters, rules
from yinling.people.models import Consent, Guardian, Person

CATCH_UP = dt.timedelta(days=30)  # what ended longer ago is history: loading old papers asks nobody for anything


@transaction.atomic
def ask_for_consents(*, on: dt.date, after: int, size: int, by: Actor) -> tuple[int, int | None]:
    """Have somebody ask again for consents that end soon or ended lately; one batch beyond id `after`.

    Returns (duties opened, last id looked at, None when there is no more). Doing it again opens nothing.
    """
    months, first = parameters.consent_months(on), on - CATCH_UP
    last = on + dt.timedelta(days=parameters.ask_again_days(on))
    begun = rules.months_after(first, -months), rules.months_after(last, -months)
    unstated = Q(valid_to__isnull=True, valid_from__range=begun)
    ending = Consent.objects.filter(
        Q(valid_to__range=(first, last)) | unstated, withdrawn_at__isnull=True, pk__gt=after
    )
    batch = list(ending.select_related("person__canonical").order_by("pk")[:size])
    asked = duties.asked_about(duties.CONSENT_ENDS, [one.uid for one in batch])
    latest = _latest_ends(batch, months)
    opened = 0
    for consent in batch:
        end = rules.consent_ends(consent.valid_from, consent.valid_to, months)
        if _is_dead(consent.person) or str(consent.uid) in asked or latest[_what(consent)] > end:
            continue
        duties.consent_ends(consent, end, by=by)
        opened += 1
    return opened, batch[-1].pk if len(batch) == size else None


def _what(consent: Consent) -> tuple[int, str, str]:
    """What one consent is the renewal of another in: the person, what for, to whom."""
    return consent.person.canonical_id or consent.person_id, consent.purpose, consent.recipient


def _latest_ends(batch: Iterable[Consent], months: int) -> dict[tuple[int, str, str], dt.date]:
    """Until when the newest consent of the same kind counts. One statement."""
    roots = {_what(one)[0] for one in batch}
    held = Consent.objects.filter(Q(person__in=roots) | Q(person__canonical__in=roots), withdrawn_at__isnull=True)
    found: dict[tuple[int, str, str], dt.date] = {}
    for one in held.select_related("person"):
        end = rules.consent_ends(one.valid_from, one.valid_to, months)
        found[_what(one)] = max(end, found.get(_what(one), end))
    return found


@transaction.atomic
def ask_for_guardians(*, on: dt.date, after: int, size: int, by: Actor) -> tuple[int, int | None]:
    """Have somebody ask for the proof that follows a guardianship that ends soon; as `ask_for_consents`."""
    last = on + dt.timedelta(days=parameters.ask_again_days(on))
    ending = Guardian.objects.holding(on).filter(valid_to__lte=last, pk__gt=after)
    batch = list(ending.select_related("person__canonical", "kin").order_by("pk")[:size])
    asked = duties.asked_about(duties.GUARDIAN_ENDS, [one.uid for one in batch])
    going_on = Guardian.objects.filter(kin__in={one.kin_id for one in batch}, superseded_at__isnull=True)
    renewed = set(going_on.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).values_list("kin", flat=True))
    opened = 0
    for guardian in batch:
        if _is_dead(guardian.person) or str(guardian.uid) in asked or guardian.kin_id in renewed:
            continue
        duties.guardian_ends(guardian, by=by)
        opened += 1
    return opened, batch[-1].pk if len(batch) == size else None


def _is_dead(person: Person) -> bool:
    """Under this file, or under the one that stands for it."""
    return Person.DEAD in (person.life_status, (person.canonical or person).life_status)
