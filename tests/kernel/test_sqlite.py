"""Writers on SQLite wait in one fair queue: none starves, none is told that the database is locked."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

WRITER = textwrap.dedent(
    """
    import sys, time
    import django
    django.setup()
    from django.db import transaction
    from yinling.kernel.models import Sequence, next_number
    end, count = time.monotonic() + float(sys.argv[1]), 0
    while time.monotonic() < end:
        with transaction.atomic():
            next_number("tests")
        count += 1
    print(count)
    """
)


def test_four_writers_share_the_database_fairly_and_lose_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "YINLING_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "yinling.config.settings"}
    environment.pop("YINLING_DATABASE", None)
    run = [sys.executable, "-m", "django", "migrate", "kernel", "-v", "0"]
    subprocess.run(run, env=environment, check=True)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, "2"], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    counts = [int(writer.communicate(timeout=60)[0]) for writer in writers]
    assert min(counts) > 0
    read = (
        "import django; django.setup(); from yinling.kernel.models import Sequence; print(Sequence.objects.get().last)"
    )
    last = subprocess.run([sys.executable, "-c", read], env=environment, capture_output=True, text=True, check=True)
    assert int(last.stdout) == sum(counts)
