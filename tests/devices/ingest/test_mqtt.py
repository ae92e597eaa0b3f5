"""Our own MQTT door, spoken to by a client library that is not ours."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import gmqtt
import pytest
from gmqtt.mqtt.handler import MQTTConnectError
from hypothesis import given
from hypothesis import strategies as st

from tests.asynchronous import run_to_end
from tests.devices.ingest.builders import (
    DETECTOR,
    GATEWAY,
    STRANGER,
    TEMPERATURE,
    a_register,
    keys,
    nothing_new,
    options_in,
    running,
    stored,
    token_of,
)  # fmt: skip
from yinling.devices.ingest import latest, packets, state, topics
from yinling.devices.ingest.packets import Malformed, Packet
from yinling.devices.ingest.process import Ingest
from yinling.devices.ingest.register import NOT_IN_USE

AT = 1_763_900_000_000
BOTH = pytest.mark.parametrize("version", [4, 5])


class Device:
    """A device with an ordinary client."""

    def __init__(self, number: int, name: str = "") -> None:
        self.client: Any = gmqtt.Client(name or f"device-{number}")
        self.client.set_config({"reconnect_retries": 0})
        self.heard: list[tuple[str, Any]] = []
        self.granted: list[tuple[int, ...]] = []
        self.client.on_message = lambda c, topic, payload, qos, properties: self.heard.append(
            (topic, json.loads(payload))
        )
        self.client.on_subscribe = lambda c, mid, qos, properties: self.granted.append(tuple(qos))
        self.client.set_auth_credentials(f"d{number}", token_of(number))

    async def send(self, content: object, topic: str = "v1/devices/me/telemetry", qos: int = 1) -> None:
        raw = content if isinstance(content, bytes) else json.dumps(content)
        self.client.publish(topic, raw, qos=qos)

    async def hears(self, count: int = 1) -> list[tuple[str, Any]]:
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                await asyncio.sleep(0.01)
        return self.heard


@asynccontextmanager
async def connected(ingest: Ingest, number: int, version: int = 5, ack: str = "me") -> AsyncIterator[Device]:
    device = Device(number)
    await device.client.connect("127.0.0.1", ingest.mqtt_port, version=version)
    device.client.subscribe(f"v1/devices/{ack}/ack", qos=1)
    while not device.granted:
        await asyncio.sleep(0.01)
    try:
        yield device
    finally:
        await device.client.disconnect()


def with_a_door(tmp_path: Path, story: Callable[[Ingest], Awaitable[None]]) -> None:
    """Run a story against the process."""

    async def run() -> None:
        async with running(options_in(tmp_path)) as ingest:
            await story(ingest)

    run_to_end(run())


@BOTH
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_device_sends_and_hears_that_its_batch_is_on_disk(tmp_path: Path, version: int, qos: int) -> None:
    async def story(ingest: Ingest) -> None:
        async with connected(ingest, DETECTOR, version) as device:
            await device.send({"ts": AT, "values": {"temperature": 20}, "batch": "b1"}, qos=qos)
            assert await device.hears() == [("v1/devices/me/ack", {"batches": ["b1"]})]
            assert keys(stored(tmp_path)) == {(DETECTOR, TEMPERATURE, AT)}
            assert [v.value for v in latest.read(tmp_path / "latest", [DETECTOR])] == [20.0]

    with_a_door(tmp_path, story)


def test_the_acknowledgement_is_heard_under_the_device_s_own_name_too(tmp_path: Path) -> None:
    async def story(ingest: Ingest) -> None:
        async with connected(ingest, DETECTOR, ack="d2") as device:
            await device.send({"temperature": 20, "batch": 1}, topic="v1/devices/d2/telemetry")
            assert await device.hears() == [("v1/devices/d2/ack", {"batches": ["1"]})]

    with_a_door(tmp_path, story)


def test_a_gateway_hears_how_much_of_its_batch_did_not_hold(tmp_path: Path) -> None:
    async def story(ingest: Ingest) -> None:
        async with connected(ingest, GATEWAY) as gateway:
            content = {"d2": [{"temperature": 1}], "d6": [{"temperature": 2}], "batch": "g"}
            await gateway.send(content, topic="v1/gateway/telemetry")
            assert await gateway.hears() == [("v1/devices/me/ack", {"batches": ["g"], "refused": 1})]

    with_a_door(tmp_path, story)


@BOTH
@pytest.mark.parametrize(
    ("username", "token"), [("d2", "wrong"), ("d6", token_of(2)), ("d5", token_of(5)), ("nobody", "x"), ("", "")]
)
def test_a_wrong_token_is_refused_and_counted(tmp_path: Path, version: int, username: str, token: str) -> None:
    async def story(ingest: Ingest) -> None:
        device = Device(2)
        device.client.set_auth_credentials(username, token)
        with pytest.raises(MQTTConnectError):
            await device.client.connect("127.0.0.1", ingest.mqtt_port, version=version)
        assert [kind for _, kind in ingest.faults.seen] == ["wrong_token"]
        await device.client.disconnect()

    with_a_door(tmp_path, story)


def test_a_token_as_user_name_without_password_opens_too(tmp_path: Path) -> None:
    async def story(ingest: Ingest) -> None:
        device = Device(2)
        device.client.set_auth_credentials(token_of(2), None)
        await device.client.connect("127.0.0.1", ingest.mqtt_port, version=4)
        await device.client.disconnect()

    with_a_door(tmp_path, story)


@BOTH
def test_a_device_writes_and_hears_only_its_own_topics(tmp_path: Path, version: int) -> None:
    async def story(ingest: Ingest) -> None:
        async with connected(ingest, STRANGER, version) as spy, connected(ingest, DETECTOR, version) as device:
            for topic in ("v1/devices/d2/ack", "#", "v1/devices/+/telemetry", "v1/devices/d2/telemetry"):
                spy.client.subscribe(topic)
            while len(spy.granted) < 5:
                await asyncio.sleep(0.01)
            assert all(code >= 0x80 for granted in spy.granted[1:] for code in granted)
            await spy.send({"temperature": 99, "batch": 1}, topic="v1/devices/d2/telemetry")
            await device.send({"temperature": 20, "batch": 2})
            await device.hears()
            assert stored(tmp_path).value.tolist() == [20.0]
            assert not spy.heard
            assert ingest.faults.seen[(STRANGER, "not_its_topic")].count == 1

    with_a_door(tmp_path, story)


def test_ten_megabytes_are_counted_and_the_connection_goes_on(tmp_path: Path) -> None:
    async def story(ingest: Ingest) -> None:
        async with connected(ingest, DETECTOR) as device:
            await device.send(b" " * 10_000_000)
            await device.send({"temperature": 20, "batch": 2})
            assert await device.hears() == [("v1/devices/me/ack", {"batches": ["2"]})]
            assert ingest.faults.seen[(DETECTOR, "too_large")].count == 1

    with_a_door(tmp_path, story)


def test_the_same_name_again_takes_the_connection_over(tmp_path: Path) -> None:
    async def story(ingest: Ingest) -> None:
        async with connected(ingest, DETECTOR) as first, connected(ingest, DETECTOR) as second:
            await second.send({"temperature": 20, "batch": 2})
            await second.hears()
            assert len(ingest.listener.connections) == 1
            assert not first.heard

    with_a_door(tmp_path, story)


def test_a_device_taken_out_of_use_is_shut_out_within_seconds(tmp_path: Path) -> None:
    async def story() -> None:
        register = a_register()
        async with running(options_in(tmp_path), register) as ingest, connected(ingest, DETECTOR) as device:
            register.profile[DETECTOR] = NOT_IN_USE
            await device.send({"temperature": 20, "batch": 2})
            assert (await device.hears())[0][1] == {"batches": ["2"], "refused": 1}
            async with asyncio.timeout(7):
                while ingest.listener.connections:
                    await asyncio.sleep(0.1)
        assert not len(stored(tmp_path))

    run_to_end(story())


def test_the_state_says_how_things_go_and_that_it_was_stopped(tmp_path: Path) -> None:
    async def story(ingest: Ingest) -> None:
        async with connected(ingest, DETECTOR) as device:
            await device.send({"temperature": 20, "batch": 2})
            await device.hears()
            await asyncio.sleep(1.2)
            held = state.read(tmp_path / "state.json")
            assert held is not None and (held.readings, held.connections, held.trouble) == (1, 1, "")
            assert all(sound for sound, _ in state.findings(held))

    with_a_door(tmp_path, story)
    assert state.findings(state.read(tmp_path / "state.json")) == [(True, "ingest was stopped")]
    assert state.findings(None) == [(True, "ingest has not run here")]


def test_a_start_brings_the_last_values_up_to_date_from_the_journal(tmp_path: Path) -> None:
    async def story(ingest: Ingest) -> None:
        async with connected(ingest, DETECTOR) as device:
            await device.send({"ts": AT, "values": {"temperature": 21}, "batch": 2})
            await device.hears()

    with_a_door(tmp_path, story)
    (tmp_path / "latest").unlink()
    Ingest(options_in(tmp_path), a_register(), nothing_new).journal.close()
    assert [v.value for v in latest.read(tmp_path / "latest", [DETECTOR])] == [21.0]


@given(st.binary(max_size=40), st.integers(0, 255))
def test_whatever_bytes_arrive_they_are_packets_or_malformed(raw: bytes, flags: int) -> None:
    buffer = bytearray(raw)
    try:
        found = list(packets.split(buffer, 1000))
    except Malformed:
        found = []
    for packet in [*found, Packet(3, flags & 15, raw)]:
        for parse in (
            lambda p: packets.parse_publish(p, 5), lambda p: packets.parse_connect(p.body),
            lambda p: packets.parse_subscribe(p.body, 5), lambda p: packets.packet_id(p.body),
        ):  # fmt: skip
            with suppress(Malformed):
                parse(packet)


@pytest.mark.parametrize("topic", ["v1/devices/me/telemetry/x", "v1/devices/telemetry", "telemetry", "v1/gateway/x/y"])
def test_other_topics_are_of_no_use(topic: str) -> None:
    assert topics.read(topic.encode()) is None
