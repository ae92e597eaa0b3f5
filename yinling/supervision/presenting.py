"""Alerts and rules in words: lines of lists, tiles of the board, the steps of one alert, its readings drawn."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yinling.devices.models import Metric
from yinling.kernel.clock import CITY_ZONE, now
from yinling.kernel.names import mask_name
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.supervision import readings, rules
from yinling.supervision.drawing import Chart, chart_of
from yinling.supervision.models import Alert, Step
from yinling.supervision.permissions import Supervision
from yinling.supervision.queries import Board, Division, Line
from yinling.supervision.warnings.showing import facts_on_file
from yinling.supervision.wording import limit_of
from yinling.web import words
from yinling.web.pieces import Chip, Tile
from yinling.web.pieces import Step as LoopStep
from yinling.web.sentences import sentence

STATE_TONES = {"closed": "ok", "verified": "ok", "resolved": "doubt", "raised": "bad", "reopened": "bad"}
HISTORY_SHOWN = 40
POSITION = "position"  # latitude and longitude as rules judge them
JOINT = {True: "，", False: ", "}


def language() -> str:
    """The reader's."""
    return get_language() or "zh-hans"


def is_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return language().startswith("zh")


@dataclass(frozen=True)
class AlertLine:
    """One alert in a list or on the board. `waits`: what is missing, in words."""

    alert: Alert
    title: str
    where: str
    waits: str
    is_late: bool
    tone: str
    url: str


def lines_of(alerts: Iterable[Alert], at: dt.datetime | None = None) -> list[AlertLine]:
    """Lines in their order; names of persons are masked."""
    moment, places = at or now(), tree()
    return [
        AlertLine(
            alert=one, title=sentence(one.rule.title), where=where_of(one, places.path(one.place_key)),
            waits=waits_for(one, moment), is_late=is_late(one, moment), tone=STATE_TONES.get(one.state, ""),
            url=reverse("supervision:alert", args=[one.uid]),
        )
        for one in alerts
    ]  # fmt: skip


def where_of(alert: Alert, place: str) -> str:
    """青松敬老院，溆浦县 桥江镇; a person's name is masked."""
    who = alert.institution.name if alert.institution else mask_name(alert.person.name) if alert.person else ""
    return JOINT[is_chinese()].join(part for part in (who, place, alert.spot) if part)


def is_late(alert: Alert, at: dt.datetime) -> bool:
    """Whether the step that is next is overdue."""
    return alert.state in rules.UNCLOSED and alert.due_at is not None and alert.due_at < at


def waits_for(alert: Alert, at: dt.datetime) -> str:
    """6 minutes late: not acknowledged; or what comes next and until when."""
    if alert.state == Alert.State.CLOSED:
        return str(alert.get_state_display())
    if alert.held_back_by_id is not None:
        return _("explained by another alert")
    if alert.due_at is None:
        return str(alert.get_state_display())
    step = step_words(alert)
    if is_late(alert, at):
        minutes = int((at - alert.due_at).total_seconds() // 60)
        return _("{step}, {time} late").format(step=step, time=words.duration(minutes, language=language()))
    local, here = alert.due_at.astimezone(CITY_ZONE), at.astimezone(CITY_ZONE)
    return _("{step} by {time}").format(step=step, time=words.moment(local, now=here, language=language()))


def step_words(alert: Alert) -> str:
    """What is next."""
    if alert.is_waiting:
        return _("to be acknowledged")
    if alert.state == Alert.State.ON_SITE:
        return _("to be resolved")
    if alert.state in rules.ANSWERED:
        return _("somebody to be there")
    return _("to be closed") if alert.state == Alert.State.VERIFIED else _("to be verified by somebody else")


def loop_of(alert: Alert, history: Sequence[Line]) -> list[LoopStep]:
    """The loop of an alert for `{% steps %}`: done, where it stands, to come."""
    at = {line.step.verb: line.step.at for line in history}
    made = [
        (_("Raised"), alert.detected_at), (_("Told"), at.get(Step.Verb.NOTIFIED)),
        (_("Acknowledged"), alert.acknowledged_at), (_("Somebody there"), alert.on_site_at),
        (_("Resolved") if not alert.is_false else _("False alarm"), alert.resolved_at),
        (_("Verified by somebody else"), alert.verified_at), (pgettext("step of an alert", "Closed"), alert.closed_at),
    ]  # fmt: skip
    reached = max((n for n, (_words, when) in enumerate(made) if when), default=0)
    return [
        LoopStep(text, _moment(when) if when else "", _mark(n, reached, when)) for n, (text, when) in enumerate(made)
    ]


def _mark(number: int, reached: int, when: dt.datetime | None) -> str:
    """done, now (where it stands), or "" (to come)."""
    if when is not None or number < reached:
        return "done"
    return "now" if number == reached + 1 else ""


def _moment(at: dt.datetime) -> str:
    """15:04 today, 11-23 before: the column is narrow."""
    here = at.astimezone(CITY_ZONE)
    return f"{here:%H:%M}" if here.date() == now().astimezone(CITY_ZONE).date() else f"{here:%m-%d}"


def tiles_of(board: Board, current: int | None = None) -> list[Tile]:
    """The schematic map: how many stand open in each county, coloured by the gravest."""
    by_key = {one.key: one for one in board.divisions}
    found = []
    for key, (row, column) in tile_places().items():
        one = by_key.get(key) or Division(key, tree().name(key))
        tone = rules.LEVELS[one.level] if one.level >= 0 else ""
        found.append(
            Tile(
                name=short_name(tree().name(key)),
                value=str(one.count),
                url=f"?place={key}",
                row=row,
                column=column,
                tone=tone,
                late=one.late,
                is_current=key == current,
                words=_("alerts, nothing open") if not one.count else _("alerts open"),
            )
        )
    return found


def tile_places() -> dict[int, tuple[int, int]]:
    """County key -> square, from the city's pack; empty for a city without a schematic map."""
    file = Path(settings.PACKS_DIR) / settings.CITY_PACK / "tiles.yaml"
    if not file.exists():
        return {}
    squares = yaml.safe_load(file.read_text(encoding="utf-8"))["squares"]
    known = tree().divisions
    return {int(one["key"]): (one["row"], one["column"]) for one in squares if int(one["key"]) in known}


def short_name(name: str) -> str:
    """新晃侗族自治县 → 新晃县: the tile is small."""
    for ending in ("苗族侗族自治县", "侗族自治县", "苗族自治县"):
        if name.endswith(ending):
            return name.removesuffix(ending) + "县"
    bare = name.removeprefix("怀化市") if len(name) > 4 else name
    return bare.replace("管理区", "\u200b管理区")  # a tile is five letters wide: here it may break


def drawn(alert: Alert, *, is_opened: bool = False) -> Chart | None:
    """Readings around the onset: the history of the device, else what came with the alert. What needs a consent is
    drawn only for whoever has opened it a moment ago: the board is redrawn every few seconds for everybody."""
    rows = [row for row in alert.evidence if isinstance(row.get("value"), int | float) and row.get("at")]
    device = alert.subject_uid if alert.subject_kind == "device" else None
    metric = str(rows[-1].get("metric", "")) if rows else ""
    if not is_opened and (metric == POSITION or Metric.objects.filter(key=metric).exclude(purpose="").exists()):
        return None
    points = readings.around(device, metric, alert.onset, alert.last_seen_at) if device and metric else []
    own = [(dt.datetime.fromisoformat(str(row["at"])), float(row["value"])) for row in rows]
    return chart_of(points or own, alert.onset, limit_of(alert.rule, alert.level_name), CITY_ZONE)


def metric_words(alert: Alert) -> str:
    """燃气浓度，%LEL."""
    key = next((str(row["metric"]) for row in alert.evidence if row.get("metric")), "")
    metric = Metric.objects.filter(key=key).first() if key else None
    return JOINT[is_chinese()].join(part for part in (str(metric), metric.unit) if part) if metric else key


def facts_in(alert: Alert) -> list[tuple[str, Any]]:
    """Evidence that is no reading: facts on file, each with the page where it is mended."""
    plain = [row for row in alert.evidence if "fact" in row and not isinstance(row.get("words"), dict)]
    return [*facts_on_file(alert), *((str(row["fact"]), row.get("words", row.get("value", ""))) for row in plain)]


def buttons(alert: Alert, user: Any) -> dict[str, bool]:
    """Which steps this user may take now."""
    answer, verify = user.may(Supervision.ANSWER), user.may(Supervision.VERIFY, alert.place_key)
    state = alert.state
    on_spot_only = rules.needs_somebody_there(alert.family, alert.level)
    return {
        "acknowledge": answer and alert.is_waiting,
        "dispatch": answer and state in rules.OPEN and state != Alert.State.ON_SITE,
        "arrive": answer and state in rules.OPEN and state != Alert.State.ON_SITE,
        "resolve": answer and (state == Alert.State.ON_SITE or (state in rules.ANSWERED and not on_spot_only)),
        "false": answer and state in rules.OPEN,
        "note": answer and state != Alert.State.CLOSED,
        "verify": verify and state == Alert.State.RESOLVED and str(alert.resolved_by) != str(user.uid),
        "close": verify and state == Alert.State.VERIFIED,
        "reopen": verify and state not in rules.OPEN,
        "silence": user.may(Supervision.SWITCH, alert.place_key) and not rules.is_never_suppressed(alert.family),
    }  # fmt: skip


def step_note(line: Line) -> str:
    """What stands beside a step: words of a person, a cause, whom it was sent to."""
    data, parts = line.step.data, [line.note]
    if data.get("cause"):
        parts.append(label("alert_false_cause", data["cause"]))
    if data.get("to"):
        parts.append(str(data["to"]))
    if data.get("why"):
        parts.append(stopped_words().get(data["why"], ""))
    if "told" in data:
        parts.append(_("{count} told").format(count=data["told"]))
    return " · ".join(part for part in parts if part)


def stopped_words() -> dict[str, str]:
    """Why nobody watches what an alert is about any more."""
    return {
        "consent": _("The consent was withdrawn or has ended."),
        "rule": _("The rule was changed or taken out of use."),
        "device": _("The device is out of use or stands somewhere else."),
    }


def why_stopped(alert: Alert, history: list[Line]) -> str:
    """The words for the panel, while the evaluator's last word is that it has stopped; empty otherwise."""
    if alert.last_signal != "stopped":
        return ""
    steps = [line.step for line in history if line.step.verb == Step.Verb.STOPPED]
    return stopped_words().get(steps[-1].data.get("why", ""), "") if steps else ""


def level_chips() -> list[Chip]:
    """Filter by level, the gravest first."""
    return [Chip(rules.LEVELS[value], str(text)) for value, text in reversed(Alert.Level.choices)]


def state_chips() -> list[Chip]:
    """Filter by state."""
    return [
        Chip("open", _("Not closed")), Chip("late", _("Late, alert")), Chip("false", _("False alarms")),
        Chip("closed", _("Closed, alert")),
    ]  # fmt: skip
