"""Reads of the module: the table for processes, consents, tokens, lists and pages."""

from yinling.devices.queries.consents import (
    OPENABLE,
    agreed_to,
    allowed_metrics,
    answers_alert,
    has_opened,
    in_force,
    may_see_position,
    offer_answers,
    person_to_open,
    watched_by,
)
from yinling.devices.queries.credentials import Pass, Passes, credentials, username_of
from yinling.devices.queries.lists import (
    Filters,
    camera,
    children_of,
    counts_in,
    device,
    device_page,
    devices_about,
    devices_for,
    devices_on,
    gateways_near,
    looks_of,
    maintenance_of,
    placements_of,
    tokens_of,
)
from yinling.devices.queries.table import DeviceTable, Mark, MetricRow, device_table, is_behind, mark
from yinling.devices.queries.withdrawing import Agreed, still_agreed

__all__ = [
    "OPENABLE", "Agreed", "DeviceTable", "Filters", "Mark", "MetricRow", "Pass", "Passes", "agreed_to",
    "allowed_metrics",
    "answers_alert", "camera", "children_of", "counts_in", "credentials", "device", "device_page", "device_table",
    "devices_about", "devices_for", "devices_on", "gateways_near", "has_opened", "in_force", "is_behind",
    "looks_of", "maintenance_of", "mark", "may_see_position", "offer_answers", "person_to_open",
    "placements_of", "still_agreed", "tokens_of", "username_of", "watched_by",
]  # fmt: skip
