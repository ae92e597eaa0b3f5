"""The silence watch: unusual silence of elders who live alone and have agreed to be watched.

The rhythm and the score are those of `engines.signals.silence`; here is only who is watched, what was told, and how
many concerns one worker gets in a day. The worker of an elder is whoever answers for her village. In hospital, in a
home or away nobody is missed at home, so nobody is watched.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop as _

from yinling.devices.queries import in_force
from yinling.engines.signals.columns import Bools, Floats, Index, Int64
from yinling.engines.signals.silence import Rhythms, concerns, learn
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date, instant_of, start_of
from yinling.people.models import Category, Person, SignOfLife, Whereabouts
from yinling.reference.queries import parameter_or
from yinling.supervision import rules as alert_rules
from yinling.supervision.models import Alert, Rule
from yinling.supervision.services import Finding, note_signal, raise_alert
from yinling.supervision.warnings.judging import settle

RULE, CONSENT, ALONE = "unusual_silence", "silence_watch", "living_alone"
GROUP = 5000  # elders whose rhythms are learnt together
ROOT = Coalesce("person__canonical_id", "person_id")
DAY = dt.timedelta(days=1)
SEEN = ("visit", "call", "meal", "medicine", "stay")  # somebody saw or heard her; a door may open for others
SEEN_AGAIN = _("Somebody has seen or heard her since: a sign of life is on record.")
NO_CONSENT = _("Nobody consents to the silence watch any more, so nobody is to follow this up.")


@dataclass(frozen=True)
class Watching:
    """What the watch goes by: days to learn from, days before the first concern, concerns a worker gets in a day."""

    learning: dt.timedelta
    quiet_start: dt.timedelta
    budget: int


@dataclass(frozen=True)
class Watched:
    """Elders (e rows): the file, where she lives, watched since when, and her last sign (all times in epoch ms)."""

    persons: Sequence[Person]
    since: Int64
    last: Int64
    rhythms: Rhythms

    @property
    def everyone(self) -> Index:
        """All rows."""
        return np.arange(len(self.persons))

    def scores(self, at: dt.datetime) -> Floats:
        """How unusual each present silence is."""
        return self.rhythms.scores(self.everyone, self.last, np.full(len(self.persons), ms(at)))


def ms(at: dt.datetime) -> int:
    """Epoch milliseconds."""
    return int(at.timestamp() * 1000)


def settings_on(day: dt.date) -> Watching:
    """The parameters in force, or our own values while no pack states them."""
    days = [
        _parameter("supervision.silence_learning_days", day, 56),
        _parameter("supervision.silence_quiet_days", day, 14),
    ]
    learning, quiet = (dt.timedelta(days=count) for count in days)
    return Watching(learning, quiet, _parameter("supervision.silence_budget", day, 3))


def _parameter(key: str, day: dt.date, otherwise: int) -> int:
    return int(parameter_or(key, otherwise, day))


def who_is_watched(day: dt.date, files: Collection[int] | None = None) -> dict[int, dt.datetime]:
    """Files (primary keys) of those watched, and since when: consent in force, living alone, at home. Three
    statements. `files`: only of these, all files of a person together."""
    mine = Q() if files is None else Q(person_id__in=files)
    consents = in_force(day).filter(mine, purpose=CONSENT).values_list(ROOT).annotate(since=Min("valid_from"))
    alone = Category.objects.holding(day).filter(mine, category=ALONE)
    elsewhere = Whereabouts.objects.filter(mine, valid_to__isnull=True, superseded_at__isnull=True).exclude(kind="home")
    lonely = set(alone.values_list(ROOT, flat=True)) - set(elsewhere.values_list(ROOT, flat=True))
    return {person: start_of(since) for person, since in consents if person in lonely}


def watch_silence(*, at: dt.datetime, by: Actor) -> Iterator[tuple[int, int, int]]:
    """Raise concerns about unusual silence, group by group: yields (groups done, groups, concerns raised)."""
    rule = Rule.objects.current().filter(key=RULE).first()
    if rule is None:  # the city has not taken up the watch
        return
    settle_the_seen(at=at, by=by)
    if _is_deaf(at):
        return
    since = who_is_watched(civil_date(at))
    files, how = sorted(since), settings_on(civil_date(at))
    recent = Alert.objects.filter(rule_key=RULE, detected_at__gte=at - DAY)
    spent = Counter(dict(recent.values_list("place_key").annotate(count=Count("id"))))
    for begin in range(0, len(files), GROUP):
        some = {person: since[person] for person in files[begin : begin + GROUP]}
        group = learn_group(some, at, how)
        yield begin // GROUP + 1, -(-len(files) // GROUP), _raise_concerns(group, rule, how, spent, at, by)


def _is_deaf(at: dt.datetime) -> bool:
    """Whether no sign of anybody has come for a day: then it is the platform that hears nothing."""
    newest = SignOfLife.objects.filter(happened_at__lte=at).aggregate(newest=Max("happened_at"))["newest"]
    return newest is None or at - newest > DAY


def learn_group(since: dict[int, dt.datetime], at: dt.datetime, how: Watching) -> Watched:
    """The rhythms of a group of elders up to an instant. Three statements."""
    persons = list(Person.objects.filter(pk__in=since).only("uid", "place_key").order_by("place_key", "pk"))
    row_of = {person.pk: row for row, person in enumerate(persons)}
    oldest = at - how.learning
    begin = np.array([ms(max(since[person.pk], oldest)) for person in persons], dtype=np.int64)
    moments = SignOfLife.objects.between(oldest, at).moments(list(row_of))
    elder = np.array([row_of[person] for person, _moment, _kind in moments], dtype=np.intp)
    when = np.array([ms(moment) for _person, moment, _kind in moments], dtype=np.int64)
    last = begin.copy()
    np.maximum.at(last, elder, when)
    return Watched(persons, begin, last, learn(elder, when, len(persons), begin, ms(at)))


def _raise_concerns(
    group: Watched, rule: Rule, how: Watching, spent: "Counter[int]", at: dt.datetime, by: Actor
) -> int:
    """The most unusual silences of each village within what is left of its budget, and those that have grown graver."""
    if not group.persons:
        return 0
    scores, levels = group.scores(at), _levels(rule)
    known, open_level = _told(group)
    young = group.since > ms(at - how.quiet_start)
    places = np.array([person.place_key for person in group.persons], dtype=np.int64)
    chosen = list(concerns(scores, places, known | young, levels[-1][1], how.budget))
    allowed = [row for row in chosen if _within(spent, int(places[row]), how.budget)]
    grown = [row for row, level in open_level.items() if (_level(levels, scores[row]) or 0) > level]
    rows = [int(row) for row in (*allowed, *grown)]
    consenting = _still_consenting([group.persons[row].pk for row in rows], at)
    return sum(
        _raise(group, row, float(scores[row]), rule, at, by) for row in rows if group.persons[row].pk in consenting
    )


def _within(spent: "Counter[int]", place: int, budget: int) -> bool:
    """Whether the worker of a village may be asked about one more elder today; counts her if so."""
    if spent[place] >= budget:
        return False
    spent[place] += 1
    return True


def _levels(rule: Rule) -> list[tuple[int, float]]:
    """(level, least score), the gravest first."""
    limits = [(alert_rules.LEVELS.index(name), float(entry["limit"])) for name, entry in rule.data["levels"].items()]
    return sorted(limits, reverse=True)


def _level(levels: Sequence[tuple[int, float]], score: float) -> int | None:
    return next((level for level, least in levels if score >= least), None)


def _told(group: Watched) -> tuple[Bools, dict[int, int]]:
    """Elders whose present silence was told already, and the level of the open alerts among them. One statement."""
    row_of = {person.pk: row for row, person in enumerate(group.persons)}
    known, open_level = np.zeros(len(group.persons), dtype=bool), dict[int, int]()
    alerts = Alert.objects.filter(rule_key=RULE, person_id__in=list(row_of))
    for person, onset, state, level in alerts.values_list("person_id", "onset", "state", "level"):
        row = row_of[person]
        is_open = state in alert_rules.OPEN
        known[row] |= is_open or ms(onset) >= group.last[row]
        if is_open:
            open_level[row] = level
    return known, open_level


def _still_consenting(persons: Sequence[int], at: dt.datetime) -> set[int]:
    """Read again right before raising: a consent withdrawn in the meantime counts."""
    found = in_force(civil_date(at)).filter(purpose=CONSENT).annotate(root=ROOT).filter(root__in=persons)
    return set(found.values_list("root", flat=True))


def _raise(group: Watched, row: int, score: float, rule: Rule, at: dt.datetime, by: Actor) -> int:
    person, onset = group.persons[row], instant_of(group.last[row])
    due = float(group.rhythms.due(np.array([row]), group.last[row : row + 1], np.array([ms(at)]))[0])
    level = _level(_levels(rule), score)
    if level is None:
        return 0
    finding = Finding(
        rule=RULE, level=level, subject_kind="person", subject_uid=person.uid, place_key=person.place_key,
        onset=onset, at=at, evidence=(_evidence(rule, person, onset, at, due, score),),
    )  # fmt: skip
    return 0 if raise_alert(finding=finding, by=by) is None else 1


def _evidence(
    rule: Rule, person: Person, onset: dt.datetime, at: dt.datetime, due: float, score: float
) -> dict[str, Any]:
    hours = round((at - onset).total_seconds() / 3600)
    values = {"hours": hours, "due": f"{due:.1f}", "since": f"{onset.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}"}
    words = {language: text.format(**values) for language, text in rule.settings["says"].items()}
    return {
        "fact": "people.signs_of_life", "value": hours, "limit": round(score, 1), "unit": "hours", "since": str(onset),
        "words": words, "mend": ["people:person", str(person.uid)],
    }  # fmt: skip


def settle_the_seen(*, at: dt.datetime, by: Actor) -> int:
    """She was seen or heard since: that resolves the concern. A door or a log-in is only noted. Two statements."""
    alerts = {alert.person_id: alert for alert in Alert.objects.open().filter(rule_key=RULE) if alert.person_id}
    if not alerts:
        return 0
    oldest = min(alert.onset for alert in alerts.values())
    signs = SignOfLife.objects.between(oldest, at).moments(list(alerts))
    newer = [(alerts[whose], kind, moment) for whose, moment, kind in signs if moment > alerts[whose].onset]
    seen = {alert.pk: alert for alert, kind, _moment in newer if kind in SEEN}
    for alert, _kind, moment in newer:
        if alert.pk not in seen:
            note_signal(scope=alert.scope, rule=RULE, signal="cleared", at=moment, by=by)
    return sum(settle(alert, SEEN_AGAIN, by=by) for alert in seen.values())


def end_unconsented(*, by: Actor) -> int:
    """Settle what the watch had raised about those who no longer consent to it. Two statements."""
    alerts = Alert.objects.open().filter(rule_key=RULE, person__isnull=False)
    consenting = set(in_force().filter(purpose=CONSENT).values_list(ROOT, flat=True))
    return sum(settle(alert, NO_CONSENT, by=by) for alert in alerts if alert.person_id not in consenting)
