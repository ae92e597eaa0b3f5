"""The settings of the process, from Django's (docs/operate/ingest.md)."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from yinling.devices.ingest.bridge import Broker


@dataclass(frozen=True)
class Folders:
    """Where telemetry lies."""

    root: Path

    @property
    def journal(self) -> Path:
        """Segments of the journal."""
        return self.root / "journal"

    @property
    def history(self) -> Path:
        """Parquet by day and shard."""
        return self.root / "history"

    @property
    def latest(self) -> Path:
        """The last value of each channel."""
        return self.root / "latest"

    @property
    def faults(self) -> Path:
        """What did not hold."""
        return self.root / "faults.json"

    @property
    def state(self) -> Path:
        """How the process is."""
        return self.root / "state.json"


@dataclass(frozen=True)
class Options:
    """What an operator chooses. `broker` None: devices talk to our own door."""

    folders: Folders
    host: str
    mqtt_port: int
    http_port: int
    broker: Broker | None
    certificate: str
    key: str
    authority: str

    def server_tls(self) -> ssl.SSLContext | None:
        """For our own doors; None without a certificate."""
        if not self.certificate:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key or None)
        return context

    def client_tls(self) -> ssl.SSLContext:
        """For a broker with TLS; its certificate is checked."""
        return ssl.create_default_context(cafile=self.authority or None)


def folders() -> Folders:
    """Where telemetry lies on this machine."""
    return Folders(Path(settings.TELEMETRY_DIR))


def options() -> Options:
    """Everything as set. Raises ValueError for a broker that cannot be read."""
    return Options(
        folders=folders(),
        host=settings.INGEST_HOST,
        mqtt_port=settings.MQTT_PORT,
        http_port=settings.INGEST_PORT,
        broker=Broker.parse(settings.MQTT_BROKER) if settings.MQTT_BROKER else None,
        certificate=settings.MQTT_CERTIFICATE,
        key=settings.MQTT_KEY,
        authority=settings.MQTT_AUTHORITY,
    )
