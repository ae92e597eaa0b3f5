"""`python -m yinling.supervision.spark`: judge by Spark until SIGTERM."""

import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
django.setup()

try:
    from yinling.supervision.spark.command import run
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"spark: {missing.name} is not installed. Install the group: pip install 'yinling[spark]'"
    ) from missing


def main() -> int:
    """Run until asked to stop."""
    asked = False

    def stop(*_: object) -> None:
        nonlocal asked
        asked = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return run(sys.argv[1:], lambda: asked)


if __name__ == "__main__":
    raise SystemExit(main())
