"""What really happened on a day that was played, and how well the alerts tell it."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from yinling.kernel.clock import instant_of
from yinling.supervision.models import Alert, Rule

FILE = "truth.json"


@dataclass(frozen=True)
class Event:
    """Something that happened to one of `about` (scopes of alerts). Any rule of `families` is right to warn of it,
    with an onset from `begins_ms` to `ends_ms`. Not real: it only looked like it."""

    kind: str
    families: tuple[str, ...]
    is_real: bool
    begins_ms: int
    ends_ms: int
    about: tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    """A day that was played: its events, and the scopes of all devices that took part. `played_ms`: by the clock."""

    begin_ms: int
    end_ms: int
    played_ms: int
    events: tuple[Event, ...]
    scopes: tuple[str, ...]


def write_truth(folder: Path, truth: Truth) -> None:
    """Keep the truth of the day that begins."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.part"
    part.write_text(json.dumps(asdict(truth), ensure_ascii=False))
    part.replace(folder / FILE)


def read_truth(folder: Path) -> Truth | None:
    """The truth of the last day that was played, None where none was."""
    try:
        data = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return None
    events = [
        Event(**{**one, "families": tuple(one["families"]), "about": tuple(one["about"])}) for one in data["events"]
    ]
    return Truth(data["begin_ms"], data["end_ms"], data["played_ms"], tuple(events), tuple(data["scopes"]))


@dataclass(frozen=True)
class Said:
    """An alert as it is compared: whose, of which family, since when, when it was raised."""

    scope: str
    family: str
    onset_ms: int


@dataclass(frozen=True)
class Line:
    """Of one kind of event: how many are over or going on, how many of these were found."""

    kind: str
    planted: int
    found: int
    is_real: bool


@dataclass(frozen=True)
class Score:
    """`false`: alerts that belong to nothing real, by family."""

    lines: tuple[Line, ...]
    alerts: int
    false: dict[str, int]
    missed: tuple[Event, ...]

    @property
    def planted(self) -> int:
        """Real events so far."""
        return sum(line.planted for line in self.lines if line.is_real)

    @property
    def found(self) -> int:
        """Real events with an alert."""
        return sum(line.found for line in self.lines if line.is_real)

    @property
    def false_total(self) -> int:
        """All of those."""
        return sum(self.false.values())

    @property
    def recall(self) -> float | None:
        """Found of all real ones; None before the first."""
        return self.found / self.planted if self.planted else None


def score(truth: Truth, said: Sequence[Said], until_ms: int) -> Score:
    """Compare alerts with what has happened up to `until_ms`: an event counts once its time for a verdict is over."""
    happened = [event for event in truth.events if event.begins_ms <= until_ms]
    planted: Counter[tuple[str, bool]] = Counter()
    found: Counter[str] = Counter()
    missed = []
    for event in happened:
        hit = any(_tells(event, one) for one in said)
        if hit or event.ends_ms <= until_ms:
            planted[event.kind, event.is_real] += 1
            found[event.kind] += hit
            if not hit and event.is_real:
                missed.append(event)
    real = [event for event in truth.events if event.is_real]
    false = Counter(one.family for one in said if not any(_tells(event, one) for event in real))
    lines = tuple(Line(kind, count, found[kind], is_real) for (kind, is_real), count in sorted(planted.items()))
    return Score(lines, len(said), dict(sorted(false.items())), tuple(missed))


def _tells(event: Event, said: Said) -> bool:
    return (
        said.family in event.families
        and event.begins_ms <= said.onset_ms <= event.ends_ms
        and said.scope in event.about
    )


def alerts_of(truth: Truth) -> list[Said]:
    """Alerts over devices with an onset in the played day, about whatever took part. One statement."""
    begin, end = (instant_of(at) for at in (truth.begin_ms, truth.end_ms))
    played = instant_of(truth.played_ms)
    rows = Alert.objects.filter(onset__range=(begin, end), detected_at__gte=played, rule__over=Rule.Over.DEVICES)
    scopes = set(truth.scopes)
    return [
        Said(scope, family, int(onset.timestamp() * 1000))
        for scope, family, onset in rows.values_list("scope", "family", "onset")
        if scope in scopes
    ]
