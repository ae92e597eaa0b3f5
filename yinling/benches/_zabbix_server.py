"""A Zabbix of bench `zabbix`'s own, from Debian's packages: PostgreSQL cluster, server and web API, all temporary.

The cluster is nobody else's, so the CPU of everything below its first process belongs to Zabbix. How it is tuned, and
why so, stands in benchmarks/zabbix/README.md.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from yinling.benches._broker import a_free_port
from yinling.benches._cpu import cpu_s
from yinling.benches._zabbix_api import Api

INSTALL = (
    "apt-get install --no-install-recommends zabbix-server-pgsql zabbix-agent zabbix-frontend-php php-cli php-pgsql "
    "postgresql"
)
SCHEMA, PAGES = Path("/usr/share/zabbix-server-pgsql"), Path("/usr/share/zabbix")
BINARIES = "/usr/sbin:/usr/bin:/usr/local/bin"
ACCOUNT = "zabbix"  # the package makes it; neither server nor database runs as root
HIGHEST_PORT = 32_767  # of its ListenPort
POSTGRESQL = {
    "shared_buffers": "512MB", "synchronous_commit": "off", "max_wal_size": "4GB", "checkpoint_timeout": "15min",
    "wal_compression": "off", "max_connections": "60", "listen_addresses": "127.0.0.1",
}  # fmt: skip
SETTINGS = """\
ListenIP=127.0.0.1
ListenPort={port}
LogFile={folder}/zabbix_server.log
PidFile={folder}/zabbix_server.pid
SocketDir={folder}
DBHost={folder}
DBPort={database_port}
DBName=zabbix
DBUser=zabbix
StartPollers=0
StartPollersUnreachable=0
StartPingers=0
StartDiscoverers=0
StartHTTPPollers=0
StartTrappers=4
StartPreprocessors=2
StartDBSyncers=4
HousekeepingFrequency=0
CacheUpdateFrequency=3600
CacheSize=256M
HistoryCacheSize=256M
HistoryIndexCacheSize=64M
TrendCacheSize=32M
ValueCacheSize=512M
"""
FRONTEND = """<?php
$DB['TYPE'] = 'POSTGRESQL'; $DB['SERVER'] = '127.0.0.1'; $DB['PORT'] = '{database_port}'; $DB['DATABASE'] = 'zabbix';
$DB['USER'] = 'zabbix'; $DB['PASSWORD'] = ''; $DB['SCHEMA'] = ''; $DB['ENCRYPTION'] = false; $DB['KEY_FILE'] = '';
$DB['CERT_FILE'] = ''; $DB['CA_FILE'] = ''; $DB['VERIFY_HOST'] = false; $DB['CIPHER_LIST'] = '';
$DB['VAULT_URL'] = ''; $DB['VAULT_DB_PATH'] = ''; $DB['VAULT_TOKEN'] = ''; $DB['DOUBLE_IEEE754'] = true;
$ZBX_SERVER_NAME = ''; $IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
"""


@dataclass(frozen=True)
class Zabbix:
    """A running server."""

    api: Api
    port: int
    database: str
    roots: tuple[int, int]  # the server's first process, and PostgreSQL's

    def used_s(self) -> dict[str, float]:
        """CPU seconds of the server and of its database so far."""
        return {"zabbix_server": cpu_s(self.roots[0]), "its PostgreSQL": cpu_s(self.roots[1])}

    def stored(self) -> int:
        """How many values stand in its history."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute("SELECT count(*) FROM history").fetchone()
        return int(row[0]) if row else 0


def why_not() -> str | None:
    """What is missing for this bench and how to get it; None when all is there."""
    missing = [name for name in ("zabbix_server", "zabbix_sender", "php") if not program(name)]
    missing += [] if _postgresql() else ["PostgreSQL's programs"]
    missing += [str(path) for path in (SCHEMA / "schema.sql.gz", PAGES / "api_jsonrpc.php") if not path.exists()]
    if not missing:
        return None
    return f"Zabbix is not installed here ({', '.join(missing)} not found). Install it: {INSTALL}"


def program(name: str) -> str | None:
    """Where a program is; servers are not on everybody's path."""
    return shutil.which(name) or shutil.which(name, path=BINARIES)


def version() -> str:
    """Which Zabbix this is."""
    said = subprocess.run([str(program("zabbix_server")), "-V"], capture_output=True, text=True).stdout
    return said.split("\n")[0].rpartition(" ")[2]


@dataclass(frozen=True)
class Filled:
    """All that a server needs, and does not run yet."""

    folder: Path
    api: Api
    postgresql: int
    database_port: int


@contextmanager
def a_filled_zabbix(devices: int, silent_s: int, limit: float, times: int) -> Iterator[Filled]:
    """So many hosts, each with one item and the trigger, and nothing yet that judges. Gone afterwards, data and all."""
    with tempfile.TemporaryDirectory(prefix="yinling-zabbix-") as name, ExitStack() as running:
        folder = Path(name)
        _give(folder)
        postgresql, database_port = running.enter_context(_a_cluster(folder))
        _fill(folder, database_port)
        api = Api(running.enter_context(_an_api(folder, database_port)))
        api.prepare(devices, silent_s, limit, times)
        with psycopg.connect(_address(database_port), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        yield Filled(folder, api, postgresql, database_port)


def _address(database_port: int) -> str:
    return f"postgresql://zabbix@127.0.0.1:{database_port}/zabbix"


@contextmanager
def _a_cluster(folder: Path) -> Iterator[tuple[int, int]]:
    binaries, port, data = _binaries(), a_free_port(), folder / "data"
    _run(str(binaries / "initdb"), "-D", str(data), "-U", "zabbix", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = {**POSTGRESQL, "port": str(port), "unix_socket_directories": str(folder)}
    words = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
    with _running(str(binaries / "postgres"), "-D", str(data), *words, log=folder / "postgresql.log") as process:
        _until_open(process, port, folder / "postgresql.log")
        _until_ready(port)
        yield process.pid, port


def _until_ready(port: int) -> None:
    for _ in range(600):
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"postgresql://zabbix@127.0.0.1:{port}/postgres").close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL on port {port} lets nobody in.")


def _fill(folder: Path, port: int) -> None:
    """Database and tables, as README.Debian of the package says."""
    psql = [
        str(_binaries() / "psql"),
        "-qX",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        str(folder),
        "-p",
        str(port),
        "-U",
        "zabbix",
    ]
    _run(*psql, "-d", "postgres", "-c", "CREATE DATABASE zabbix")
    for name in ("schema", "images", "data"):
        words = " ".join(psql)
        _run("sh", "-c", f"zcat {SCHEMA}/{name}.sql.gz | {words} -d zabbix >/dev/null")
    _run(*psql, "-d", "zabbix", "-c", "ANALYZE")  # without it the first call of the API alone takes a minute


@contextmanager
def _an_api(folder: Path, database_port: int) -> Iterator[int]:
    """Zabbix's own pages under PHP's own web server. They know one place for their settings; a copy knows another."""
    pages, port = folder / "pages", a_free_port()
    shutil.copytree(PAGES, pages, ignore=shutil.ignore_patterns("locale", "COPYING"), ignore_dangling_symlinks=True)
    settings, place = folder / "zabbix.conf.php", pages / "include/classes/core/CConfigFile.php"
    settings.write_text(FRONTEND.format(database_port=database_port))
    place.write_text(place.read_text().replace("/etc/zabbix/zabbix.conf.php", str(settings)))
    words = [
        "-d",
        "memory_limit=1G",
        "-d",
        "max_execution_time=600",
        "-d",
        "post_max_size=64M",
        "-d",
        "display_errors=0",
    ]
    command = (str(program("php")), *words, "-S", f"127.0.0.1:{port}", "-t", str(pages))
    with _running(*command, log=folder / "php.log") as process:
        _until_open(process, port, folder / "php.log")
        yield port


@contextmanager
def a_zabbix(filled: Filled) -> Iterator[Zabbix]:
    """The server, listening. From now on it waits for readings."""
    port, folder, file = _a_low_port(), filled.folder, filled.folder / "zabbix_server.conf"
    file.write_text(SETTINGS.format(port=port, folder=folder, database_port=filled.database_port))
    with _running(str(program("zabbix_server")), "-f", "-c", str(file), log=folder / "started.log") as process:
        _until_open(process, port, folder / "zabbix_server.log")
        yield Zabbix(filled.api, port, _address(filled.database_port), (process.pid, filled.postgresql))


@contextmanager
def _running(*words: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    account = _account()
    with log.open("ab") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, user=account, group=account, extra_groups=_groups())
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL would wait for its clients after SIGTERM
        process.wait(timeout=120)


def _run(*words: str) -> None:
    account = _account()
    done = subprocess.run(words, capture_output=True, text=True, user=account, group=account, extra_groups=_groups())
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stderr[-800:]}")


def _a_low_port() -> int:
    """A free port among those that Zabbix takes."""
    for port in range(20_051, HIGHEST_PORT):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError(f"no port between 20051 and {HIGHEST_PORT} is free")


def _until_open(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    said = "".join(file.read_text()[-800:] for file in log.parent.glob("*.log"))
    raise RuntimeError(f"{log.stem} does not answer on port {port}. {said}")


def _postgresql() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    plain = shutil.which("initdb")
    return found[-1].parent if found else Path(plain).parent if plain else None


def _binaries() -> Path:
    found = _postgresql()
    if found is None:
        raise RuntimeError(f"PostgreSQL's programs are not found. Install them: {INSTALL}")
    return found


def _account() -> str | None:
    """Whom to be instead of root; oneself where one is not root."""
    return ACCOUNT if os.geteuid() == 0 else None


def _groups() -> list[str] | None:
    return [] if os.geteuid() == 0 else None


def _give(folder: Path) -> None:
    if os.geteuid() == 0:
        person = pwd.getpwnam(ACCOUNT)
        os.chown(folder, person.pw_uid, person.pw_gid)
