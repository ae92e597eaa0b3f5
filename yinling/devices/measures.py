"""What others may count of devices: by kind and by state, per place. (The share on line comes with telemetry.)"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from yinling.devices.models import Device, Placement
from yinling.kernel.clock import start_of
from yinling.kernel.measures import Count, Measure, PerPlace

URL = "devices:list"
STATES = Device.State


def _standing(kinds: tuple[str, ...] = ()) -> Count:
    """Counts devices that stood somewhere at the end of a day, of these kinds (of all, where none is named)."""

    def count(day: dt.date, known_at: dt.datetime) -> PerPlace:
        end = start_of(day + dt.timedelta(days=1))
        stood = Placement.objects.filter(placed_at__lt=end, recorded_at__lte=known_at)
        stood = stood.filter(Q(taken_down_at__isnull=True) | Q(taken_down_at__gte=end))
        return _per_place(stood.filter(device__profile__kind__in=kinds) if kinds else stood)

    return count


def _in_state(state: str) -> Count:
    """Counts devices by the state they are in now: the past of a state is in the record of changes, not here."""

    def count(day: dt.date, known_at: dt.datetime) -> PerPlace:
        return _per_place(Device.objects.filter(state=state, created_at__lte=known_at))

    return count


def _per_place(rows: Any) -> PerPlace:
    found: PerPlace = defaultdict(int)
    for key, count in rows.order_by().values_list("place_key").annotate(count=CountOf("id")):
        found[key] += count
    return dict(found)


DEVICES = Measure("devices", _("Devices standing somewhere"), _("devices"), _standing(), URL)
FIRE = Measure("devices_fire", _("Smoke and gas detectors"), _("devices"), _standing(("smoke", "gas")), URL)
CALLS = Measure("devices_sos", _("SOS buttons and wearables"), _("devices"), _standing(("sos", "wearable")), URL)
BEDSIDE = Measure(
    "devices_bedside", _("Bed mats and fall radars"), _("devices"), _standing(("bed_mat", "fall_radar")), URL
)
CAMERAS = Measure("devices_camera", _("Cameras of public areas"), _("devices"), _standing(("camera",)), URL)
FAULTY = Measure(
    "devices_faulty", _("Faulty devices"), _("devices"), _in_state(STATES.FAULTY), URL, more_is_better=False
)
IN_STORE = Measure("devices_in_store", _("Devices in store"), _("devices"), _in_state(STATES.IN_STORE), URL)

MEASURES = (DEVICES, FIRE, CALLS, BEDSIDE, CAMERAS, FAULTY, IN_STORE)
