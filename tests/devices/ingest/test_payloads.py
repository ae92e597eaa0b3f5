"""The shapes that device makers send, and what is made of each."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.devices.ingest.builders import (
    DETECTOR,
    GATEWAY,
    HEART,
    MAT,
    SHY_MAT,
    SMOKE,
    STRANGER,
    TEMPERATURE,
    a_register,
)  # fmt: skip
from yinling.devices.ingest import binary
from yinling.devices.ingest.faults import Fault, Faults
from yinling.devices.ingest.flush import Flush, weighed
from yinling.devices.ingest.messages import Done, Message
from yinling.devices.ingest.payloads import Form

NOW = 1_763_900_000_000
REGISTER = a_register()


class NoDoor:
    """Nobody to answer."""

    def acknowledge(self, done: list[Done]) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...


def flush(*payloads: bytes | object, sender: int = DETECTOR, form: Form = Form.TELEMETRY) -> tuple[Flush, Faults]:
    """These messages, read and weighed; bytes as they are, anything else as JSON."""
    faults = Faults(Path("/nonexistent/faults"))
    raw = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in payloads]
    messages = [Message(NoDoor(), sender, form, payload, None) for payload in raw]
    return weighed(messages, REGISTER, faults, NOW), faults


def rows(of: Flush) -> list[tuple[int, int, int, float]]:
    """Device, metric, time after NOW, value."""
    r = of.readings
    return list(zip(r.device.tolist(), r.metric.tolist(), (r.ts_ms - NOW).tolist(), r.value.tolist(), strict=True))


def kinds(faults: Faults) -> dict[str, int]:
    return {kind: seen.count for (_, kind), seen in faults.seen.items()}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"smoke": 0.5}, [(DETECTOR, SMOKE, 0, 0.5)]),
        ({"smoke": 1, "temperature": 20.5}, [(DETECTOR, SMOKE, 0, 1.0), (DETECTOR, TEMPERATURE, 0, 20.5)]),
        ({"smoke": True}, [(DETECTOR, SMOKE, 0, 1.0)]),
        ({"ts": NOW - 5, "values": {"smoke": 0.5}}, [(DETECTOR, SMOKE, -5, 0.5)]),
        ({"ts": float(NOW - 5), "values": {"smoke": 0.5}}, [(DETECTOR, SMOKE, -5, 0.5)]),
        (
            [{"ts": NOW - 5, "values": {"smoke": 0}}, {"smoke": 1}],
            [(DETECTOR, SMOKE, -5, 0.0), (DETECTOR, SMOKE, 0, 1.0)],
        ),
        ({"values": {"smoke": 0.5}, "batch": "17"}, [(DETECTOR, SMOKE, 0, 0.5)]),
        ({}, []),
        ([], []),
    ],
)  # fmt: skip
def test_a_device_may_send_any_of_these_shapes(payload: object, expected: list[tuple[int, int, int, float]]) -> None:
    found, faults = flush(payload)
    assert rows(found) == expected
    assert not faults.seen


@pytest.mark.parametrize(
    ("payload", "batch"),
    [({"smoke": 1, "batch": "17"}, "17"), ({"values": {}, "batch": 17}, "17"), ([{"smoke": 1, "batch": "a"}], "a"),
     ({"smoke": 1}, None)],
)  # fmt: skip
def test_a_batch_id_is_said_back(payload: object, batch: str | None) -> None:
    found, faults = flush(payload)
    assert found.done[0].batch == batch
    assert not faults.seen


def test_a_gateway_sends_for_what_hangs_on_it_by_user_name_or_serial() -> None:
    payload = {
        "d2": [{"ts": NOW - 1, "values": {"smoke": 0.1}}],
        "SN-2": [{"smoke": 0.2}],
        "d3": [{"values": {"heart_rate": 61, "temperature": 36}}],
        "batch": "g1",
    }
    found, faults = flush(payload, sender=GATEWAY, form=Form.GATEWAY)
    assert rows(found) == [
        (DETECTOR, SMOKE, -1, 0.1), (DETECTOR, SMOKE, 0, 0.2), (MAT, HEART, 0, 61.0), (MAT, TEMPERATURE, 0, 36.0)
    ]  # fmt: skip
    assert (found.done[0].batch, found.done[0].accepted, found.done[0].refused) == ("g1", 4, 0)
    assert not faults.seen


def test_a_gateway_message_that_breaks_off_in_the_middle_is_not_taken_by_half() -> None:
    whole = b'{"d2": [{"smoke": 0.5}]}'
    for broken in (b'{"d2": [{"smoke": 0.1}], "d3": 7}', b'{"d2": [{"smoke": 0.1}, 7]}'):
        found, faults = flush(whole, broken, whole, sender=GATEWAY, form=Form.GATEWAY)
        assert rows(found) == [(DETECTOR, SMOKE, 0, 0.5)] * 2
        assert [(done.accepted, done.refused) for done in found.done] == [(1, 0), (0, 1), (1, 0)]
        assert kinds(faults) == {Fault.UNREADABLE: 1}


def test_attributes_that_are_metrics_are_readings_and_the_others_are_no_faults() -> None:
    found, faults = flush({"temperature": 20, "firmware": "1.2.3"}, form=Form.ATTRIBUTES)
    assert rows(found) == [(DETECTOR, TEMPERATURE, 0, 20.0)]
    assert not faults.seen


@pytest.mark.parametrize(
    ("payload", "sender", "form", "kind"),
    [
        (b"not json", DETECTOR, Form.TELEMETRY, Fault.UNREADABLE),
        (b"\xff\xfe\x00", DETECTOR, Form.TELEMETRY, Fault.UNREADABLE),
        (b"7", DETECTOR, Form.TELEMETRY, Fault.UNREADABLE),
        (b"null", DETECTOR, Form.GATEWAY, Fault.UNREADABLE),
        (b"[7]", DETECTOR, Form.TELEMETRY, Fault.UNREADABLE),
        (b'{"values": 7}', DETECTOR, Form.TELEMETRY, Fault.UNREADABLE),
        (b'{"d2": {"smoke": 1}}', GATEWAY, Form.GATEWAY, Fault.UNREADABLE),
        (b"YLB1short", DETECTOR, Form.TELEMETRY, Fault.UNREADABLE),
        (b" " * 10_000_000, DETECTOR, Form.TELEMETRY, Fault.TOO_LARGE),
        (b'{"d99": [{"smoke": 1}]}', GATEWAY, Form.GATEWAY, Fault.UNKNOWN_DEVICE),
        (b'{"d5": [{"smoke": 1}]}', GATEWAY, Form.GATEWAY, Fault.UNKNOWN_DEVICE),
        (b'{"d6": [{"smoke": 1}]}', GATEWAY, Form.GATEWAY, Fault.NOT_ITS_GATEWAY),
        (b'{"d1": [{"temperature": 1}]}', STRANGER, Form.GATEWAY, Fault.NOT_ITS_GATEWAY),
        (b'{"radon": 1}', DETECTOR, Form.TELEMETRY, Fault.UNKNOWN_METRIC),
        (b'{"heart_rate": 60}', DETECTOR, Form.TELEMETRY, Fault.NOT_MEASURED),
        (b'{"heart_rate": 60}', SHY_MAT, Form.TELEMETRY, Fault.NO_CONSENT),
        (b'{"smoke": "0.5"}', DETECTOR, Form.TELEMETRY, Fault.WRONG_TYPE),
        (b'{"smoke": null}', DETECTOR, Form.TELEMETRY, Fault.WRONG_TYPE),
        (b'{"smoke": [1]}', DETECTOR, Form.TELEMETRY, Fault.WRONG_TYPE),
        (b'{"smoke": NaN}', DETECTOR, Form.TELEMETRY, Fault.NOT_A_NUMBER),
        (b'{"smoke": Infinity}', DETECTOR, Form.TELEMETRY, Fault.NOT_A_NUMBER),
        (b'{"smoke": 1.01}', DETECTOR, Form.TELEMETRY, Fault.OUT_OF_RANGE),
        (b'{"smoke": -1e300}', DETECTOR, Form.TELEMETRY, Fault.OUT_OF_RANGE),
        (b'{"smoke": 99999999999999999999999999}', DETECTOR, Form.TELEMETRY, Fault.OUT_OF_RANGE),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_counted_and_the_rest_of_the_flush_goes_on(
    payload: bytes, sender: int, form: Form, kind: Fault
) -> None:
    found, faults = flush(payload, sender=sender, form=form)
    assert not len(found.readings)
    assert kinds(faults) == {kind: 1}
    assert found.done[0].refused == 1
    good, _ = flush({"temperature": 20}, payload, {"temperature": 21}, sender=sender)
    assert len(good.readings) == 2


def test_a_fault_without_consent_does_not_keep_the_value() -> None:
    _, faults = flush({"heart_rate": 77}, sender=SHY_MAT)
    assert "77" not in faults.seen[(SHY_MAT, Fault.NO_CONSENT)].sample


def test_a_clock_ahead_is_counted_and_its_reading_kept_as_it_is() -> None:
    found, faults = flush({"ts": NOW + 3_600_000, "values": {"smoke": 1}})
    assert rows(found) == [(DETECTOR, SMOKE, 3_600_000, 1.0)]
    assert kinds(faults) == {Fault.CLOCK_AHEAD: 1}


@pytest.mark.parametrize("at", [0, -5, 1_763_900_000, 10**18, 10**30, "yesterday", None, [1]])
def test_a_clock_that_has_lost_itself_is_not_believed_and_the_reading_kept(at: object) -> None:
    found, faults = flush({"ts": at, "values": {"smoke": 1}})
    assert rows(found) == [(DETECTOR, SMOKE, 0, 1.0)]
    assert kinds(faults) == {Fault.CLOCK_LOST: 1}


def packed(device: list[str], places: list[int], values: list[float]) -> bytes:
    count = len(values)
    return binary.pack(
        binary.Packed(
            "b9", device, ["smoke"], np.array(places, np.uint16), np.zeros(count, np.uint16),
            NOW + np.arange(count), np.array(values),
        )
    )  # fmt: skip


def test_the_compact_form_says_the_same_in_sixteen_bytes_a_reading() -> None:
    message = packed(["d2", "SN-2", "d99"], [0, 1, 2], [0.25, 0.5, 1])
    found, faults = flush(message, sender=GATEWAY, form=Form.GATEWAY)
    assert rows(found) == [(DETECTOR, SMOKE, 0, 0.25), (DETECTOR, SMOKE, 1, 0.5)]
    assert (found.done[0].batch, found.done[0].accepted, found.done[0].refused) == ("b9", 2, 1)
    assert kinds(faults) == {Fault.UNKNOWN_DEVICE: 1}


def test_an_empty_name_in_the_compact_form_is_the_sender() -> None:
    assert rows(flush(packed([""], [0], [0.25]))[0]) == [(DETECTOR, SMOKE, 0, 0.25)]


@given(st.integers(0, 60), st.integers(0, 255))
def test_a_damaged_compact_message_never_stops_the_stream(at: int, byte: int) -> None:
    whole = packed(["d2"], [0, 0], [0.25, 0.5])
    damaged = whole[: at % len(whole)] + bytes([byte]) + whole[at % len(whole) + 1 :]
    found, _ = flush(damaged, {"smoke": 1})
    assert found.done[1].accepted == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["ts", "values", "batch", "smoke", "d2", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, st.sampled_from(Form))
def test_whatever_json_arrives_the_stream_goes_on(content: object, form: Form) -> None:
    good = {"d2": [{"smoke": 1}]} if form is Form.GATEWAY else {"smoke": 1}
    found, _ = flush(content, good, form=form)
    assert found.done[1].accepted == 1
