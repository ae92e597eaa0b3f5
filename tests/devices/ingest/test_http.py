"""The HTTP door: 200 only when it is on disk, every refusal with its limit."""

import asyncio
import http.client
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.asynchronous import run_to_end
from tests.devices.ingest.builders import DETECTOR, GATEWAY, TEMPERATURE, keys, options_in, running, stored, token_of
from yinling.devices.ingest import binary
from yinling.devices.ingest.limits import RateLimit
from yinling.devices.ingest.process import Ingest

AT = 1_763_900_000_000
TELEMETRY, BATCH = "/ingest/v1/telemetry", "/ingest/v1/gateway/telemetry"
Answer = tuple[int, dict[str, Any], dict[str, str]]
Post = Callable[..., Answer]


def with_http(tmp_path: Path, story: Callable[[Post, Ingest], None]) -> None:
    """Run a story in a thread, against the process."""

    async def run() -> None:
        async with running(options_in(tmp_path)) as ingest:
            connection = http.client.HTTPConnection("127.0.0.1", ingest.http_port, timeout=10)

            def post(path: str, body: bytes | object, token: str = token_of(DETECTOR), method: str = "POST") -> Answer:
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                connection.request(method, path, raw, {"Authorization": f"Bearer {token}"})
                with connection.getresponse() as got:
                    return got.status, json.loads(got.read()), dict(got.headers)

            await asyncio.to_thread(story, post, ingest)
            connection.close()

    run_to_end(run())


def test_two_hundred_means_that_it_is_on_disk(tmp_path: Path) -> None:
    def story(post: Post, _: Ingest) -> None:
        for number in range(3):  # one connection, kept
            content = {"ts": AT + number, "values": {"temperature": 20, "radon": 1}, "batch": "b"}
            status, said, _headers = post(TELEMETRY, content)
            assert (status, said) == (200, {"batch": "b", "accepted": 1, "refused": 1})
            assert (DETECTOR, TEMPERATURE, AT + number) in keys(stored(tmp_path))

    with_http(tmp_path, story)


def test_a_gateway_may_send_the_compact_form(tmp_path: Path) -> None:
    count = 500
    message = binary.Packed(
        "c1", ["d2"], ["temperature"], np.zeros(count, np.uint16), np.zeros(count, np.uint16),
        AT + np.arange(count), np.full(count, 20.0),
    )  # fmt: skip

    def story(post: Post, _: Ingest) -> None:
        status, said, _headers = post(BATCH, binary.pack(message), token_of(GATEWAY))
        assert (status, said) == (200, {"batch": "c1", "accepted": count, "refused": 0})
        assert len(stored(tmp_path)) == count

    with_http(tmp_path, story)


@pytest.mark.parametrize(
    ("path", "token", "method", "status", "words"),
    [
        (TELEMETRY, "wrong", "POST", 401, "Bearer"),
        (TELEMETRY, token_of(DETECTOR), "GET", 405, "POST"),
        ("/ingest/v2/telemetry", token_of(DETECTOR), "POST", 404, TELEMETRY),
    ],
)
def test_a_refusal_says_what_to_do(tmp_path: Path, path: str, token: str, method: str, status: int, words: str) -> None:
    def story(post: Post, _: Ingest) -> None:
        got, said, _headers = post(path, {"temperature": 20}, token, method)
        assert got == status
        assert words in said["error"]
        assert not len(stored(tmp_path))

    with_http(tmp_path, story)


def test_too_much_at_once_names_the_limit(tmp_path: Path) -> None:
    def story(post: Post, ingest: Ingest) -> None:
        status, said, _headers = post(TELEMETRY, b" " * 1_100_000)
        assert status == 413
        assert "1,048,576" in said["error"]
        assert post(TELEMETRY, {"temperature": 20})[0] == 200

    with_http(tmp_path, story)


def test_too_often_is_told_when_to_come_again(tmp_path: Path) -> None:
    def story(post: Post, ingest: Ingest) -> None:
        ingest.http.limit = RateLimit(per_s=0.1, burst=2)
        assert [post(TELEMETRY, {"temperature": 20})[0] for _ in range(3)] == [200, 200, 429]
        assert int(post(TELEMETRY, {})[2]["Retry-After"]) >= 9

    with_http(tmp_path, story)


def test_whatever_is_not_http_is_closed_and_the_door_stays_open(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(options_in(tmp_path)) as ingest:
            reader, writer = await asyncio.open_connection("127.0.0.1", ingest.http_port)
            writer.write(b"\x00\x01\x02 hello\r\n\r\n")
            async with asyncio.timeout(5):
                assert b"400" in await reader.read()
            writer.close()

    run_to_end(run())
    with_http(tmp_path, lambda post, _: None)
