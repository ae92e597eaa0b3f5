"""Signs of life of the demonstration: elders who live alone, of whom most agree to the silence watch.

Eight weeks of an everyday life each: meals at the canteen, the door, a visit and a call now and then, each at her own
hours. A few have not been heard of for a day and a half: the watch finds them. How many agree is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import numpy as np

from yinling.city.draws import draws_for
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date, start_of
from yinling.kernel.scope import within
from yinling.people.models import Category, Person
from yinling.people.services import Given, Sign, load_consents, note_signs_of_life
from yinling.places.queries import key_ranges
from yinling.supervision.warnings.watching_silence import watch_silence

AGREE, SILENT = 0.75, 0.02
MOST = 400  # elders; more would say no more
DAYS, AGREED_DAYS_AGO = 56, 70
AT_ONCE = 20  # elders whose signs are written together
# kind, usual hour, share of days on which it comes (least and most, by elder)
HABITS = (
    ("door", 6.8, 0.7, 0.98), ("meal", 11.6, 0.3, 0.95), ("door", 15.5, 0.4, 0.9), ("meal", 17.4, 0.2, 0.9),
    ("call", 19.3, 0.05, 0.3), ("visit", 10.0, 0.03, 0.2),
)  # fmt: skip


def load_signs(seed: int, township: int, *, at: datetime, by: Actor) -> tuple[int, int]:
    """Write consents and signs, and let the watch look. Returns how many are watched and how many concerns arose."""
    keys = np.array(_alone(township), dtype=np.int64)
    draws = draws_for(seed, "silence watch", keys)
    watched = [int(key) for key in keys[draws.chance("agrees", AGREE)]]
    on = civil_date(at) - timedelta(days=AGREED_DAYS_AGO)
    load_consents(rows=[Given(key, "silence_watch", on, "村级探访员", given_by="本人") for key in watched])
    signs = _lives(seed, np.array(watched, dtype=np.int64), at)
    while some := list(islice(signs, AT_ONCE)):
        note_signs_of_life(signs=[sign for one in some for sign in one], by=by)
    return len(watched), sum(raised for _done, _all, raised in watch_silence(at=at, by=by))


def _alone(township: int) -> list[int]:
    """Elders who live alone and at home: those of the township first, then of the rest of the city."""
    alone = Category.objects.filter(category="living_alone", valid_to__isnull=True, superseded_at__isnull=True)
    people = Person.objects.current().living().filter(pk__in=alone.values("person"), whereabouts__isnull=True)
    here = people.filter(within(key_ranges([township])))
    elsewhere = people.exclude(pk__in=here.values("pk"))
    chosen = [*here.order_by("pk").values_list("pk", flat=True)[:MOST]]
    return [*chosen, *elsewhere.order_by("pk").values_list("pk", flat=True)[: MOST - len(chosen)]]


def _lives(seed: int, keys: np.ndarray, at: datetime) -> Iterator[list[Sign]]:
    """The signs of each elder, oldest first."""
    own = draws_for(seed, "rhythm", keys)
    shift, silent = own.normal("hours") * 0.7, own.chance("silent", SILENT)
    hours_silent = own.between("silence", 32, 44)
    shares = [own.unit(f"share {number}") for number in range(len(HABITS))]
    first = start_of(civil_date(at) - timedelta(days=DAYS))
    for row, key in enumerate(keys):
        until = at - timedelta(hours=int(hours_silent[row])) if silent[row] else at
        yield _life(seed, int(key), first, until, float(shift[row]), [float(share[row]) for share in shares])


def _life(seed: int, key: int, first: datetime, until: datetime, shift: float, shares: list[float]) -> list[Sign]:
    days = draws_for(seed, f"days of {key}", np.arange(DAYS + 1))
    found = []
    for number, (kind, hour, least, most) in enumerate(HABITS):
        comes = days.chance(f"comes {number}", least + (most - least) * shares[number])
        minutes = (hour + shift) * 60 + days.normal(f"when {number}") * 35
        for day in np.flatnonzero(comes):
            moment = first + timedelta(days=int(day), minutes=int(minutes[day]))
            if moment <= until:
                found.append(Sign(key, kind, moment.astimezone(CITY_ZONE)))
    return sorted(found, key=lambda sign: sign.at)
