"""`python -m yinling.supervision.watching`: watch until SIGTERM."""

import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
django.setup()

from yinling.supervision.watching.beats import folder  # noqa: E402
from yinling.supervision.watching.rereading import Beside  # noqa: E402
from yinling.supervision.watching.watcher import AlreadyRunning, Watcher  # noqa: E402


def main() -> int:
    """Run until asked to stop."""
    asked = False

    def stop(*_: object) -> None:
        nonlocal asked
        asked = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        watcher = Watcher(folder(), Beside)
    except AlreadyRunning as refusal:
        print(f"watch: {refusal}", file=sys.stderr)
        return 1
    watcher.run(lambda: asked)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
