"""The process with the register of these tests, to be killed: `python -m tests.devices.ingest.process FOLDER PORT HTTP
BROKER`. Needs no database."""

import asyncio
import signal
import sys
from pathlib import Path

import django

django.setup()

from tests.devices.ingest.builders import a_register, nobody_withdrew, nothing_new, options_in  # noqa: E402
from yinling.devices.ingest.process import Ingest  # noqa: E402


async def main(folder: Path, port: int, http_port: int, broker: str) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await Ingest(options_in(folder, broker, port, http_port), a_register(), nothing_new, nobody_withdrew).run(stopping)


if __name__ == "__main__":
    words = sys.argv[1:]
    asyncio.run(main(Path(words[0]), int(words[1]), int(words[2]), words[3]))
