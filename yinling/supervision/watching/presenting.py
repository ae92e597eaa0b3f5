"""What the pages show, in words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinling.devices.models import Device
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor
from yinling.kernel.names import mask_name
from yinling.people.models import Person
from yinling.places.queries import tree
from yinling.supervision.rules import LEVELS
from yinling.supervision.watching.beats import Beat
from yinling.supervision.watching.findings import About
from yinling.supervision.watching.truth import Score
from yinling.supervision.watching.trying import Trial
from yinling.supervision.wording import family_words

MOST_SHOWN = 50


@dataclass(frozen=True)
class Whom:
    """Whom a rule would have warned about, how often, at which level last and when."""

    name: str
    place: str
    count: int
    level: str
    last: dt.datetime


def whom(trial: Trial, by: Actor) -> list[Whom]:
    """Those warned about most; persons are masked. Three statements."""
    rows = trial.whom[:MOST_SHOWN]
    names = _names({word.about.uid for word, _count in rows}, by)
    extra = {_where(word.about) for word, _count in rows} - {None}
    around, places = _names(extra, by), tree()
    return [
        Whom(
            name=_(", ").join(
                filter(None, (around.get(_where(word.about)), names.get(word.about.uid), word.about.spot))
            ),
            place=places.path(word.about.place_key) or places.name(word.about.place_key),
            count=count, level=LEVELS[word.level], last=word.onset,
        )
        for word, count in rows
    ]  # fmt: skip


def _where(about: About) -> UUID | None:
    """The institution or person around a device or room; nobody twice."""
    around = about.institution_uid or about.person_uid
    return None if around == about.uid else around


def _names(uids: set[Any], by: Actor) -> dict[Any, str]:
    found: dict[Any, str] = {}
    persons = Person.objects.visible_to(by).filter(uid__in=uids).values_list("uid", "name")
    found |= {uid: mask_name(name) for uid, name in persons}
    homes = Institution.objects.visible_to(by).filter(uid__in=uids).select_related("organisation")
    found |= {home.uid: home.name for home in homes}
    devices = Device.objects.visible_to(by).filter(uid__in=uids).values_list("uid", "register_number")
    return found | dict(devices)


def waiting_words(beat: Beat | None) -> str:
    """What the watcher waits for; empty when for nothing."""
    known = {
        "database": _("It waits for the database."),
        "disk": _("It waits for room on the disk."),
        "ingest": _("It waits for the process that takes readings in."),
    }
    return known.get(beat.waits_for, "") if beat else ""


@dataclass(frozen=True)
class TruthLine:
    """One kind of event of a played day."""

    name: str
    planted: int
    found: int
    is_real: bool


def truth_lines(score: Score) -> list[TruthLine]:
    """Kinds of events, real ones first."""
    names = event_words()
    lines = [TruthLine(names.get(one.kind, one.kind), one.planted, one.found, one.is_real) for one in score.lines]
    return sorted(lines, key=lambda line: not line.is_real)


def false_lines(score: Score) -> list[tuple[str, int]]:
    """Families of rules with alerts that belong to nothing real."""
    return [(family_words(family), count) for family, count in score.false.items()]


def event_words() -> dict[str, str]:
    """Kinds of planted events."""
    return {
        "fire": pgettext("played event", "Fire"),
        "fire_spreading": pgettext("played event", "Fire that spreads"),
        "steam": pgettext("played event", "Steam from a pot"),
        "gas_leak": pgettext("played event", "Gas leak"),
        "fall": pgettext("played event", "Fall"),
        "call_for_help": pgettext("played event", "Call for help"),
        "wandering": pgettext("played event", "Wandering off"),
        "stove_left_on": pgettext("played event", "Stove left on"),
        "door_at_night": pgettext("played event", "Door open at night"),
        "up_all_night": pgettext("played event", "Up all night"),
        "heart": pgettext("played event", "Racing heart"),
        "leak": pgettext("played event", "Water leak"),
        "hot_cable": pgettext("played event", "Hot cable"),
        "dead_gateway": pgettext("played event", "Dead gateway"),
        "bad_clock": pgettext("played event", "Wrong clock"),
        "broken_sensor": pgettext("played event", "Broken sensor"),
        "empty_battery": pgettext("played event", "Empty battery"),
    }
