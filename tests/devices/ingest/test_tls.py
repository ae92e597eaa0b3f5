"""Both doors behind a certificate, and our side of a broker that has one."""

import asyncio
import datetime as dt
import http.client
import ssl
from dataclasses import replace
from pathlib import Path

import gmqtt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.asynchronous import run_to_end
from tests.devices.ingest.builders import options_in, running, token_of
from yinling.devices.ingest.bridge import Broker


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate for localhost and its key."""
    folder, key, now = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pkcs8 = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_both_doors_speak_tls_and_nothing_else(tmp_path: Path, pair: tuple[str, str]) -> None:
    async def story() -> None:
        trust = ssl.create_default_context(cafile=pair[0])
        async with running(replace(options_in(tmp_path), certificate=pair[0], key=pair[1])) as ingest:
            client = gmqtt.Client("tls")
            client.set_auth_credentials("d2", token_of(2))
            await client.connect("localhost", ingest.mqtt_port, ssl=trust)
            await client.disconnect()
            assert await asyncio.to_thread(posted, ingest.http_port, trust) == 200
            _, writer = await asyncio.open_connection("127.0.0.1", ingest.mqtt_port)
            writer.write(b"\x10\x00")
            writer.close()

    run_to_end(story())


def posted(port: int, trust: ssl.SSLContext) -> int:
    connection = http.client.HTTPSConnection("localhost", port, context=trust, timeout=5)
    connection.request("POST", "/ingest/v1/telemetry", "{}", {"Authorization": f"Bearer {token_of(2)}"})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("mqtt://localhost", Broker("localhost", 1883)),
        ("mqtts://us:p%40ss@broker.city:8884/second", Broker("broker.city", 8884, "us", "p@ss", True, "second")),
    ],
)
def test_the_address_of_a_broker_is_read(url: str, broker: Broker) -> None:
    assert Broker.parse(url) == broker


@pytest.mark.parametrize("url", ["localhost:1883", "http://broker", "mqtt://"])
def test_an_address_that_cannot_be_read_says_how_it_must_look(url: str) -> None:
    with pytest.raises(ValueError, match="mqtt://user:password@host:1883"):
        Broker.parse(url)
