"""What pages show of telemetry: last values and the last 24 hours of a device, in words and as drawings."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yinling.devices import telemetry
from yinling.devices.curves import Curve, curve
from yinling.devices.ingest import state
from yinling.devices.ingest.faults import Fault, Seen
from yinling.devices.ingest.faults import read as read_faults
from yinling.devices.ingest.options import folders
from yinling.devices.models import Device, Metric
from yinling.devices.permissions import Devices
from yinling.devices.queries.consents import POSITION, VITAL_SIGNS, allowed_metrics, watched_by
from yinling.devices.telemetry import LastValue
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, instant_of, ms_of, now
from yinling.people.models import Person
from yinling.places.queries import city

DAY = dt.timedelta(hours=24)
MARK_EVERY = dt.timedelta(hours=6)
MOST_CHARTS = 12
MOST_FAULTS = 200


@dataclass(frozen=True)
class Channel:
    """One metric of a device: the last value, and a day as a drawing."""

    metric: Metric
    last: str
    last_at: dt.datetime | None
    chart: Curve | None  # None when the day has no reading
    low: str
    high: str
    label: str


@dataclass(frozen=True)
class FaultRow:
    """One kind of fault of one device; `device` None for senders that are not in the register."""

    device: Device | None
    words: str
    seen: Seen
    at: dt.datetime


@dataclass(frozen=True)
class Drawn:
    """A device with what it may show; `vital`: whose vital signs it reports besides, to be opened with a reason."""

    device: Device
    channels: list[Channel]
    vital: list[Person]


def drawn(devices: Iterable[Device]) -> list[Drawn]:
    """Devices as their panels show them."""
    return [Drawn(one, channels_of(one), _vital_of(one)) for one in devices]


def _vital_of(device: Device) -> list[Person]:
    """Persons under whose consent a device reports vital signs."""
    is_vital = any(metric.purpose == VITAL_SIGNS for metric in allowed_metrics(device))
    return watched_by(device) if is_vital else []


def channels_of(device: Device) -> list[Channel]:
    """The metrics of a device that whoever sees it may see, drawn ones first. Positions and vital signs are left out:
    they are opened on purpose, and every look at them leaves a line (`services.look_at_vital_signs`)."""
    return _channels(device, lambda metric: metric.purpose not in (POSITION, VITAL_SIGNS))


def vital_signs_of(device: Device) -> list[Channel]:
    """Heart and breath of a device, under the consents in force. For whoever has opened them."""
    return _channels(device, lambda metric: metric.purpose == VITAL_SIGNS)


def _channels(device: Device, shows: Callable[[Metric], bool]) -> list[Channel]:
    end = now()
    last = {value.metric: value for value in telemetry.last_values([device.number])}
    shown = [metric for metric in allowed_metrics(device) if shows(metric)][:MOST_CHARTS]
    found = [_channel(device, metric, last.get(metric.number), end) for metric in shown]
    return sorted(found, key=lambda one: one.chart is None)


def _channel(device: Device, metric: Metric, last: LastValue | None, end: dt.datetime) -> Channel:
    start = end - DAY
    held = telemetry.history(device.number, metric.number, start, end)
    words = _value(last.value, metric) if last else ""
    at = instant_of(min(last.ts_ms, last.received_ms)) if last else None
    if not len(held.at_ms):
        return Channel(metric, words, at, None, "", "", "")
    interval_s = int(device.profile.data["metrics"].get(metric.key, 3600))
    chart = curve(held.at_ms, held.value, ms_of(start), ms_of(end), interval_s, _marks(start, end))
    low, high = _value(chart.low, metric), _value(chart.high, metric)
    text = _("{metric} in the last 24 hours: from {low} to {high}, last {last}; {gaps} gaps without data.")
    label = text.format(metric=metric, low=low, high=high, last=words, gaps=len(chart.gaps))
    return Channel(metric, words, at, chart, f"{chart.low:.4g}", f"{chart.high:.4g}", label)


def _marks(start: dt.datetime, end: dt.datetime) -> list[tuple[int, str]]:
    """Every six hours by the clock of the city."""
    local = start.astimezone(CITY_ZONE)
    at = local.replace(hour=local.hour // 6 * 6, minute=0, second=0, microsecond=0) + MARK_EVERY
    found = []
    while at < end:
        found.append((ms_of(at), f"{at:%H:%M}"))
        at += MARK_EVERY
    return found


def faults_for(by: Actor) -> list[FaultRow]:
    """What did not hold, of devices that `by` sees, newest first. Whoever sees the whole city sees strangers too."""
    held = read_faults(folders().faults)
    numbers = {sender for sender, _kind, _seen in held if sender}
    devices = {one.number: one for one in _visible(by, numbers)}
    strangers = by.may(Devices.EDIT, city().key)
    rows = [
        FaultRow(devices.get(sender), fault_words(kind), seen, instant_of(seen.at_ms))
        for sender, kind, seen in held
        if sender in devices or (not sender and strangers)
    ]
    return sorted(rows, key=lambda row: row.seen.at_ms, reverse=True)[:MOST_FAULTS]


def health_in_words() -> tuple[bool, str]:
    """Whether readings are being taken in, and a sentence on it."""
    held = telemetry.process_state()
    if held is None:
        return True, _("Readings have not been taken in here yet.")
    at = instant_of(int(held.at * 1000)).astimezone(CITY_ZONE)
    if held.is_stopped:
        return True, _("Taking readings in was stopped at {at:%Y-%m-%d %H:%M}.").format(at=at)
    if held.age_s > state.STALE_S:
        text = _("Readings have not been taken in since {at:%Y-%m-%d %H:%M}. Tell the operator of the platform.")
        return False, text.format(at=at)
    if held.trouble:
        return False, _("Readings are not acknowledged now: {trouble}").format(trouble=held.trouble)
    text = _("Readings are being taken in: {readings:,} since {since:%Y-%m-%d %H:%M}, {lag:.1f} s behind.")
    since = instant_of(int(held.started_at * 1000)).astimezone(CITY_ZONE)
    return True, text.format(readings=held.readings, since=since, lag=held.lag_s)


def _visible(by: Actor, numbers: Iterable[int]) -> list[Device]:
    wanted = sorted(numbers)
    found: list[Device] = []
    for start in range(0, len(wanted), 500):
        some = Device.objects.visible_to(by).filter(number__in=wanted[start : start + 500])
        found += list(some.select_related("profile"))
    return found


def fault_words(kind: str) -> str:
    """A kind of fault in words."""
    words = {
        Fault.UNREADABLE: _("Cannot be read"),
        Fault.TOO_LARGE: _("Message too large"),
        Fault.NOT_ITS_TOPIC: _("Not its own topic"),
        Fault.UNKNOWN_DEVICE: _("Device not in the register, or not in use"),
        Fault.NOT_ITS_GATEWAY: _("Sent for a device that does not hang on it"),
        Fault.UNKNOWN_METRIC: _("No such metric"),
        Fault.NOT_MEASURED: _("Its model does not measure this"),
        Fault.NO_CONSENT: _("No consent in force: not kept"),
        Fault.WRONG_TYPE: _("Not a number but text or nothing"),
        Fault.NOT_A_NUMBER: _("Not a finite number"),
        Fault.OUT_OF_RANGE: _("Outside of what the sensor can report"),
        Fault.CLOCK_AHEAD: _("Clock ahead: kept"),
        Fault.CLOCK_LOST: _("Clock lost: kept at the time of arrival"),
        Fault.WRONG_TOKEN: _("Wrong token"),
    }
    return words.get(Fault(kind), kind)


def _value(value: float, metric: Metric) -> str:
    return f"{value:,.4g} {metric.unit}".strip() if abs(value) < 1e6 else f"{value:,.0f} {metric.unit}".strip()
