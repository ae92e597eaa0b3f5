"""The process that prepares a large roster: `python -m yinling.spreadsheets.preparing_process IMPORT PATH`.

Writes pickles to its standard output (see `preparing.write_pieces`).
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import django


def main(words: list[str]) -> None:
    """Read one import's file and hand over its batches."""
    out = os.fdopen(os.dup(1), "wb", buffering=1024 * 1024)
    os.dup2(2, 1)  # whatever prints must not end up between the pickles
    django.setup()
    # Modules with tables can be imported only after that.
    importing, preparing = (import_module(f"yinling.spreadsheets.{name}") for name in ("importing", "preparing"))
    try:
        preparing.write_pieces(importing.work_of(words[0], Path(words[1])), out)
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more


if __name__ == "__main__":
    main(sys.argv[1:])
