"""Reads of the module: the table for processes, consents, tokens, lists and pages."""

from yinling.devices.queries.consents import (
    agreed_to,
    allowed_metrics,
    in_force,
    may_see_position,
    watched_by,
)
from yinling.devices.queries.credentials import Pass, Passes, credentials
from yinling.devices.queries.lists import (
    Filters,
    camera,
    children_of,
    counts_in,
    device,
    device_page,
    devices_about,
    devices_for,
    gateways_near,
    looks_of,
    maintenance_of,
    placements_of,
    tokens_of,
)
from yinling.devices.queries.table import DeviceTable, Mark, MetricRow, device_table, is_behind, mark

__all__ = [
    "DeviceTable", "Filters", "Mark", "MetricRow", "Pass", "Passes", "agreed_to", "allowed_metrics", "camera",
    "children_of", "counts_in", "credentials", "device", "device_page", "device_table", "devices_about",
    "devices_for", "gateways_near", "in_force", "is_behind", "looks_of", "maintenance_of", "mark",
    "may_see_position", "placements_of", "tokens_of", "watched_by",
]  # fmt: skip
