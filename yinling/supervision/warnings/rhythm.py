"""What the panel of a person shows: the rhythm that is known, the present silence, what was raised and why."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.reasons import Words
from yinling.people.models import Person, SignOfLife
from yinling.people.queries import file_ids
from yinling.supervision.models import Alert
from yinling.supervision.warnings.drawing import DAYS, Week, week_of
from yinling.supervision.warnings.watching_silence import (
    RULE,
    Watching,
    learn_group,
    ms,
    settings_on,
    who_is_watched,
)

FEW = 8


@dataclass(frozen=True)
class Rhythm:
    """The rhythm of somebody who is watched. `due`: signs that should have come in the present silence."""

    week: Week
    since: dt.datetime
    silent_since: dt.datetime
    hours: float
    due: float
    count: int
    latest: list[SignOfLife]
    alert: Alert | None
    how: Watching

    @property
    def begins_at(self) -> dt.datetime:
        """From when on concerns are raised."""
        return self.since + self.how.quiet_start

    @property
    def why(self) -> Words | None:
        """Why it raised, as it was written down then."""
        rows = self.alert.evidence if self.alert else []
        words = next((row["words"] for row in rows if "words" in row), None)
        return Words(**words) if words else None


def rhythm_of(person: Person, at: dt.datetime) -> Rhythm | None:
    """The rhythm of a person the caller has seen; None for somebody who is not watched (any more). Constant
    statements."""
    root, files = person.canonical_id or person.pk, file_ids(person)
    since = who_is_watched(civil_date(at), files).get(root)
    if since is None:
        return None
    how = settings_on(civil_date(at))
    group = learn_group({root: since}, at, how)
    last = dt.datetime.fromtimestamp(group.last[0] / 1000, CITY_ZONE)
    due = group.rhythms.due(np.array([0]), group.last, np.array([ms(at)]))
    first = at.astimezone(CITY_ZONE) - dt.timedelta(days=DAYS)
    signs = SignOfLife.objects.filter(person_id__in=files).between(max(first, since), at)
    latest = list(signs.order_by("-happened_at"))
    moments = [sign.happened_at.astimezone(CITY_ZONE) for sign in latest]
    week = week_of(moments, _usual(group.rhythms.spent[0]), last, at.astimezone(CITY_ZONE))
    alert = Alert.objects.unclosed().filter(rule_key=RULE, person_id=root).order_by("-id").first()
    hours = (at - last).total_seconds() / 3600
    return Rhythm(week, since, last, hours, float(due[0]), len(latest), latest[:FEW], alert, how)


def _usual(spent: np.ndarray) -> list[list[bool]]:
    """Hours of the week in which signs come more often than on average."""
    rate = np.diff(spent)
    return [[bool(usual) for usual in day] for day in (rate > rate.mean()).reshape(7, 24)]
