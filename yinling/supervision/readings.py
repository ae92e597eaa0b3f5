"""Values of a device around an onset, from the history of its readings, where the consent they need is in force."""

import datetime as dt
from uuid import UUID

from yinling.devices import telemetry
from yinling.devices.models import Device, Metric
from yinling.devices.queries import allowed_metrics
from yinling.kernel.clock import instant_of

BEFORE, AFTER = dt.timedelta(minutes=20), dt.timedelta(minutes=20)
MOST_DRAWN = 400


def around(
    device_uid: UUID | None, metric: str, onset: dt.datetime, until: dt.datetime
) -> list[tuple[dt.datetime, float]]:
    """(instant, value) from before the onset until after `until`, oldest first, thinned out; empty without any."""
    device = Device.objects.filter(uid=device_uid).first() if device_uid else None
    known = Metric.objects.filter(key=metric).first()
    if device is None or known is None or known not in allowed_metrics(device):
        return []
    found = telemetry.history(device.number, known.number, onset - BEFORE, until + AFTER)
    every = max(len(found.at_ms) // MOST_DRAWN, 1)
    return [
        (instant_of(at), float(value))
        for at, value in zip(found.at_ms[::every].tolist(), found.value[::every].tolist(), strict=True)
    ]
