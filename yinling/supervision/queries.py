"""Reads of supervision: alerts, the board, rules with what became of them."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q

from yinling.devices.queries import OPENABLE, has_opened, in_force
from yinling.engines.signals.rules import Rule as DeviceRule
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import within
from yinling.people.models import Person
from yinling.people.queries import file_ids
from yinling.places.queries import Division as PlaceDivision
from yinling.places.queries import Tree, key_ranges, tree
from yinling.supervision import rules
from yinling.supervision.models import Alert, Rule, Silence, Step, Switch
from yinling.supervision.models.alerts import AlertQuerySet
from yinling.supervision.services.loading import device_rule
from yinling.supervision.services.steps import note_place

ON_BOARD = 9
MOST_ON_BOARD = 5000
YEAR = dt.timedelta(days=365)
WITH = ("rule", "institution", "person")


@dataclass(frozen=True)
class Filters:
    """What the list's address asks for; unknown values are left out."""

    state: str = ""
    level: str = ""
    family: str = ""
    rule: str = ""
    place_key: int | None = None

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "Filters":
        """Of an address."""
        state, level, place = address.get("state", ""), address.get("level", ""), address.get("place", "")
        return cls(
            state=state if state in {"open", "late", "false", *Alert.State.values} else "",
            level=level if level in rules.LEVELS else "",
            family=address.get("family", "")[:30],
            rule=address.get("rule", "")[:60],
            place_key=int(place) if place.isascii() and place.isdigit() and len(place) <= 12 else None,
        )


def alerts_for(by: Actor, filters: Filters) -> AlertQuerySet:
    """Alerts the actor sees. Unordered."""
    found = Alert.objects.visible_to(by).select_related(*WITH)
    if filters.state == "open":
        found = found.unclosed()
    elif filters.state == "late":
        found = found.unclosed().filter(due_at__lt=now())
    elif filters.state == "false":
        found = found.filter(is_false=True)
    elif filters.state:
        found = found.filter(state=filters.state)
    if filters.level:
        found = found.filter(level=rules.LEVELS.index(filters.level))
    if filters.family:
        found = found.filter(family=filters.family)
    if filters.rule:
        found = found.filter(rule_key=filters.rule)
    if filters.place_key is not None:
        found = found.filter(within(key_ranges([filters.place_key])))
    return found


def alert(uid: object, by: Actor) -> Alert:
    """One alert the actor sees. Raises NotFound."""
    return Alert.objects.visible_to(by).select_related(*WITH, "institution__organisation", "held_back_by").one(uid=uid)


def open_alert(scope: str, rule: str) -> Alert | None:
    """The open alert of a rule about a scope, for evaluators."""
    return Alert.objects.open().filter(scope=scope, rule_key=rule).first()


@dataclass(frozen=True)
class Line:
    """One step in the alert's history; `note` is what a person wrote."""

    step: Step
    note: str


def history_of(found: Alert) -> list[Line]:
    """What happened to an alert, oldest first. One statement."""
    return [Line(s, unseal(s.note, note_place(s.uid)) if s.note else "") for s in found.steps.order_by("id")]


@dataclass
class Division:
    """A division on the board: how many stand open, the highest level, how many are late."""

    key: int
    name: str
    count: int = 0
    level: int = -1
    late: int = 0
    late_since: dt.datetime | None = None


@dataclass(frozen=True)
class Board:
    """What is wrong now: counts by level, late, divisions below, the gravest first. Not a row of it is a name."""

    total: int
    by_level: dict[int, int]
    late: int
    divisions: list[Division]
    top: list[Alert]
    red: list[str] = field(default_factory=list)  # uids of red alerts that nobody has answered


def board(by: Actor, division: int | None = None, at: dt.datetime | None = None) -> Board:
    """The board of the divisions an actor sees (or of one of them). Three statements, whatever stands open."""
    moment, places = at or now(), tree()
    standing = alerts_for(by, Filters(place_key=division)).standing()
    rows = list(standing.values_list("place_key", "level", "due_at", "state", "uid")[:MOST_ON_BOARD])
    found: dict[int, Division] = {}
    for place_key, level, due_at, _state, _uid in rows:
        key = _part_of(places, place_key, division)
        one = found.setdefault(key, Division(key, places.name(key)))
        one.count, one.level = one.count + 1, max(one.level, level)
        if due_at is not None and due_at < moment:
            one.late += 1
            one.late_since = min(one.late_since or due_at, due_at)
    levels = Counter(level for _place, level, *_rest in rows)
    red = [str(uid) for _place, level, _due, state, uid in rows if level == 3 and state in rules.WAITING]
    top = list(standing.order_by("-level", "due_at", "id")[:ON_BOARD])
    late = sum(one.late for one in found.values())
    return Board(len(rows), dict(levels), late, sorted(found.values(), key=lambda one: one.key), top, sorted(red))


def _part_of(places: Tree, place_key: int, division: int | None) -> int:
    """The county of a place on the board of the city; below a county or township, the division directly under it."""
    line = [one.key for one in places.line(place_key)]
    if division is not None and division in line and line.index(division) > 0:
        return line[line.index(division) - 1]
    county = places.above(place_key, "county") if division is None else None
    return county.key if county else place_key


def divisions_of(by: Actor, permission: str) -> list[PlaceDivision]:
    """The biggest divisions in which the actor holds a permission."""
    places, ranges = tree(), tuple(by.key_ranges(permission))
    mine = {key for key in places.keys if any(low <= key <= high for low, high in ranges)}
    return [places.divisions[key] for key in places.keys if key in mine and places.divisions[key].parent not in mine]


def newest_step() -> int:
    """A number that grows with whatever happens to any alert: the board asks it to know when to draw anew."""
    return int(Step.objects.aggregate(last=Max("id"))["last"] or 0)


def alerts_about_person(person: Person, by: Actor, limit: int = 6) -> list[Alert]:
    """Alerts about a person the caller has seen, newest first, merged files included."""
    found = Alert.objects.filter(person_id__in=file_ids(person)).select_related("rule")
    return list(found.order_by("-id")[:limit])


def alerts_about_home(home: Institution, limit: int = 6) -> list[Alert]:
    """Alerts in a home the caller has seen: open ones first, then the newest."""
    found = Alert.objects.filter(institution=home).select_related("rule")
    return [*found.unclosed().order_by("-level", "-id")[:limit], *found.filter(state="closed").order_by("-id")[:limit]][
        :limit
    ]


def device_rules(on: dt.datetime | None = None) -> tuple[DeviceRule, ...]:
    """The rules over devices as the engine takes them, for whoever evaluates."""
    rows = Rule.objects.current().filter(over=Rule.Over.DEVICES).order_by("key")
    return tuple(device_rule(row.data) for row in rows)


def register_rules() -> list[Rule]:
    """The rules over facts on file."""
    return list(Rule.objects.current().filter(over=Rule.Over.REGISTER).order_by("key"))


def rule_named(key: str) -> Rule:
    """One rule. Raises Rule.DoesNotExist."""
    return Rule.objects.current().get(key=key)


def records(by: Actor, since: dt.datetime | None = None) -> dict[str, rules.Record]:
    """What became of each rule's alerts that the actor sees, over a year. One statement."""
    begin = since or now() - YEAR
    found = Alert.objects.visible_to(by).filter(detected_at__gte=begin)
    verified = Q(verified_at__isnull=False)
    rows = found.values("rule_key").annotate(
        raised=Count("id"), verified=Count("id", filter=verified),
        right=Count("id", filter=verified & Q(is_false=False)),
    )  # fmt: skip
    return {row["rule_key"]: rules.Record(row["verified"], row["right"], row["raised"]) for row in rows}


def record_of(key: str, by: Actor) -> rules.Record:
    """The same for one rule, with delays from onset to raising. Two statements."""
    found = Alert.objects.visible_to(by).filter(rule_key=key, detected_at__gte=now() - YEAR)
    times = found.filter(is_late=False).order_by("-id").values_list("onset", "detected_at")[:500]
    known = records(by).get(key, rules.Record())
    delays = [(detected - onset).total_seconds() for onset, detected in times]
    return rules.Record(known.verified, known.right, known.raised, delays)


def causes_of(key: str, by: Actor) -> list[tuple[str, int]]:
    """What set off a rule's false alarms, most often first."""
    found = Alert.objects.visible_to(by).filter(rule_key=key, is_false=True, detected_at__gte=now() - YEAR)
    return list(found.values_list("cause").annotate(count=Count("id")).order_by("-count", "cause"))


def switches_of(by: Actor, key: str | None = None) -> list[Switch]:
    """Where rules are off: in the actor's divisions and those above them."""
    line = {one.key for low, _high in by.key_ranges() for one in tree().line(low)}
    seen = Switch.objects.visible_to(by) | Switch.objects.filter(place_key__in=line)
    found = seen.filter(on_at__isnull=True)
    return list((found.filter(rule_key=key) if key else found).order_by("rule_key", "place_key"))


def off_by_rule(by: Actor) -> dict[str, int]:
    """In how many divisions each rule is off."""
    found: dict[str, int] = defaultdict(int)
    for one in switches_of(by):
        found[one.rule_key] += 1
    return dict(found)


def silences_of(by: Actor, scope: str = "", rule: str = "") -> list[Silence]:
    """Silences in force."""
    found = Silence.objects.visible_to(by).holding(now())
    found = found.filter(scope=scope) if scope else found
    return list((found.filter(rule_key=rule) if rule else found).order_by("until"))


def subject_person(found: Alert, by: Actor) -> Person | None:
    """The person of an alert, where the actor may see them."""
    if found.person_id is None:
        return None
    return Person.objects.visible_to(by).filter(pk=found.person_id).first()


def answers_for(person: Person, by: Actor) -> bool:
    """Whether the actor answers an alert about a person that is still open, or was sent there: then position and vital
    signs may be opened. Over with the alert."""
    open_now = Alert.objects.open().filter(person_id__in=file_ids(person))
    answered = (Step.Verb.ACKNOWLEDGED, Step.Verb.DISPATCHED, Step.Verb.ARRIVED)
    mine = Q(actor_uid=by.uid, verb__in=answered) | Q(verb=Step.Verb.DISPATCHED, data__to_uid=str(by.uid))
    return Step.objects.filter(mine, alert__in=open_now).exists()


def open_to(found: Alert, by: Actor) -> set[str]:
    """What of an alert's person this answer opens now: position, vital signs, as far as the person has agreed."""
    if found.person is None or found.state not in rules.OPEN or not answers_for(found.person, by):
        return set()
    agreed = in_force().filter(person_id__in=file_ids(found.person), purpose__in=OPENABLE)
    return set(agreed.values_list("purpose", flat=True))


def is_opened(found: Alert, by: Actor) -> bool:
    """Whether the actor has opened the vital signs of an alert's person a moment ago."""
    return found.person is not None and has_opened(found.person, by)
