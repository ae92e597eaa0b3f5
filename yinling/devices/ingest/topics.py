"""Topics in the shape that device makers use, and what each is for.

`me` is whoever the connection belongs to (our own door). A broker between us and the device does not say who that was,
so there the device's user name stands in the topic, and the broker's access list sees that it is the device's own.
"""

from yinling.devices.ingest.payloads import Form

DEVICES, GATEWAY, ME = b"v1/devices/", b"v1/gateway/", b"me"
ENDS = {b"telemetry": Form.TELEMETRY, b"attributes": Form.ATTRIBUTES}
FILTERS = ["v1/devices/+/telemetry", "v1/devices/+/attributes", "v1/gateway/+/telemetry"]


def read(topic: bytes) -> tuple[bytes, Form] | None:
    """Whose topic it is (`me` or a user name) and what it carries; None for a topic of no use here."""
    if topic.startswith(DEVICES):
        user, _, end = topic[len(DEVICES) :].partition(b"/")
        form = ENDS.get(end)
        return None if form is None else (user, form)
    if topic == b"v1/gateway/telemetry":
        return ME, Form.GATEWAY
    if topic.startswith(GATEWAY):
        user, _, end = topic[len(GATEWAY) :].partition(b"/")
        return (user, Form.GATEWAY) if end == b"telemetry" else None
    return None


def acknowledgement(user: bytes) -> bytes:
    """Where a device hears that its messages are on disk."""
    return DEVICES + user + b"/ack"


def may_hear(topic_filter: str, username: str) -> bool:
    """Whether a device may subscribe to this: what is its own."""
    own = [f"v1/{kind}/{user}" for kind in ("devices", "gateway") for user in ("me", username)]
    return "#" not in username and any(topic_filter == one or topic_filter.startswith(one + "/") for one in own)


def hears(filters: set[str], username: str) -> list[bytes]:
    """The topics on which a device with these subscriptions hears acknowledgements."""
    return [acknowledgement(user) for user in (ME, username.encode()) if _matches(filters, user.decode())]


def _matches(filters: set[str], user: str) -> bool:
    return not filters.isdisjoint({f"v1/devices/{user}/ack", f"v1/devices/{user}/+", f"v1/devices/{user}/#"})
