"""One finding raised by two processes at once, and by one that was killed in between."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from yinling.supervision.models import Alert, Step

ROOT = Path(__file__).resolve().parents[2]
SAME = """
import os, sys, datetime as dt
from uuid import UUID
import django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from yinling.kernel.actors import System
from yinling.supervision.services import Finding, raise_alert
for n in range(int(sys.argv[2])):
    onset = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC) + dt.timedelta(seconds=n)
    device = UUID(int=n + 1)
    raise_alert(finding=Finding("smoke", 3, "device", device, 431224100001, onset), by=System("watch"))
    print(n, flush=True)
"""
COUNT = 40


def a_process() -> "subprocess.Popen[str]":
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", SAME, name, str(COUNT)], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "yinling.config.settings"},
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the other processes open the SQLite file by its name")
def test_two_processes_and_one_killed_raise_every_alert_once() -> None:
    connection.close()
    one, two, killed = a_process(), a_process(), a_process()
    assert killed.stdout is not None
    killed.stdout.readline()
    time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    assert one.wait(120) == 0 and two.wait(120) == 0
    killed.wait(10)
    again = a_process()
    assert again.wait(120) == 0
    assert Alert.objects.count() == COUNT
    assert Step.objects.filter(verb="raised").count() == COUNT
    assert set(Alert.objects.values_list("count", flat=True)) == {1}
