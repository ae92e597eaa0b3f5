"""`python -m yinling.devices.ingest`."""

import os
import sys
from importlib import import_module

import django


def main() -> int:
    """Set Django up, then run the process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
    django.setup()
    process = import_module("yinling.devices.ingest.process")  # its models need django.setup() first
    return int(process.main(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
